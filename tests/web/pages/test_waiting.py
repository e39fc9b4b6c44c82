"""A request that waits for its answer, on both overviews, day by day; and one that waited too long."""

import pytest

from backbone_app.models import Synchronization
from tests.support.app import Jira
from tests.support.pages import Element, Reader, parse
from tests.support.sandbox import VirtualClock


def banners(reader: Reader) -> list[str]:
    """What stands above the table."""
    return [each.text for each in reader.page.all("div", class_="section-message")]


def menu(reader: Reader) -> list[str]:
    """What can be chosen in the only line."""
    return [each.text for each in reader.page.one("div", class_="menu-list").all("button")]


def told(reader: Reader) -> str:
    """What the status column says."""
    return reader.page.one("td", class_="column-status").text


def after_days(clock: VirtualClock, days: int, *readers: Reader) -> None:
    """Let so many days pass, then have everybody look."""
    clock.advance(days=days)
    for reader in readers:
        reader.reload()


def test_both_sides_are_told_since_when_and_until_when(alice: Reader, bob: Reader, requested: None) -> None:
    row = Synchronization.objects.get()
    since, end = (f"{day.day} {day:%B %Y}" for day in (row.created_at, row.expires_at))

    alice.reload()
    assert told(alice) == f"REQUEST SENT Sent on {since}, expires on {end}."
    assert f"Waiting since {since}, expires on {end}." in told(bob)
    assert banners(alice) == banners(bob) == []


@pytest.mark.parametrize(("days", "is_reminded"), [(6, False), (7, True), (23, True), (29, True)])
def test_from_the_first_reminder_on_it_cannot_be_overlooked(
    alice: Reader, bob: Reader, clock: VirtualClock, requested: None, days: int, is_reminded: bool
) -> None:
    after_days(clock, days, alice, bob)

    banner = [text for text in banners(bob) if f"has been waiting for {days} days" in text]
    assert bool(banner) is is_reminded
    assert (f"Not answered for {days} days." in told(alice)) is is_reminded
    assert banners(alice) == []


def test_the_reminder_leads_to_the_request(bob: Reader, clock: VirtualClock, requested: None) -> None:
    after_days(clock, 7, bob)

    bob.press("View the request of Alpha (ALPHA)")

    assert "Accept Request" in [each.text for each in bob.page.all("button")]


def test_a_page_that_polls_is_told_of_a_new_day(bob: Reader, clock: VirtualClock, requested: None) -> None:
    def polled() -> int:
        (poll,) = [each for each in bob.page.all("span") if "every" in each.attributes.get("hx-trigger", "")]
        seen = poll.attributes["hx-vals"].split('"')[3]
        return bob.visitor.get(f"/spaces/{bob.space}/overview", seen=seen).status_code

    before = polled()
    clock.advance(days=1)

    assert (before, polled()) == (204, 200)


def test_who_asks_is_fetched_by_the_page_itself(bob: Reader, jira: Jira, requested: None) -> None:
    (part,) = [each for each in bob.page.all("div") if each.attributes.get("hx-trigger") == "load"]

    said = parse(bob.visitor.get(part.attributes["hx-get"]))

    assert part.attributes["hx-target"] == "this"
    assert said.text == f"Asked by {jira.site.user('alice').display_name}"
    assert "712020:" not in said.text


def test_an_expired_request_is_deleted_by_either_side_and_says_so_before(
    alice: Reader, bob: Reader, clock: VirtualClock, requested: None
) -> None:
    after_days(clock, 30, alice, bob)
    offered = menu(alice), menu(bob)
    question = delete_button(bob).attributes["hx-confirm"]
    bob.press("Delete")
    alice.reload()

    assert offered == (["View Request", "Delete"], ["View Request", "Delete"])
    assert "Delete the request" in question
    assert "cannot be undone" in question
    assert alice.page.all("table") == bob.page.all("table") == []


def delete_button(reader: Reader) -> Element:
    """The button that deletes the only line."""
    (button,) = [each for each in reader.page.all("button") if each.text == "Delete"]
    return button


def test_after_an_expired_one_either_side_can_ask_anew(
    alice: Reader, bob: Reader, jira: Jira, clock: VirtualClock, requested: None
) -> None:
    after_days(clock, 30, alice, bob)
    bob.press("New Synchronization")
    bob.press("Synchronize with another space on this instance")
    bob.press("Next", partner=jira.space_id("ALPHA"))
    bob.press("Next")
    bob.press("Send Request")
    alice.reload()

    assert (alice.status(), bob.status()) == ("INCOMING REQUEST", "REQUEST SENT")
