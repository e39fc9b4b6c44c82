"""The page on which admins say who is told by mail, for a space and for the site."""

import pytest
from django.conf import LazySettings

from backbone_app.models import AuditEntry, NoticeAddress
from tests.support.addressees import add_address
from tests.support.app import Jira
from tests.support.mail import NOWHERE
from tests.support.pages import Reader
from tests.support.sandbox import VirtualClock

ADDRESS = "ops@customer.example"


@pytest.fixture(autouse=True)
def with_mail(settings: LazySettings) -> None:
    settings.BACKBONE_MAIL = NOWHERE


@pytest.fixture
def alice(alice: Reader) -> Reader:
    """Alice on the page of ALPHA."""
    alice.press("Notifications")
    return alice


@pytest.fixture
def dana(jira: Jira) -> Reader:
    """Dana on the page of the site."""
    dana = Reader(jira.visitor("dana"), jira.space_id("ALPHA"))
    dana.show(dana.visitor.get("/settings/access"))
    dana.press("Notifications")
    return dana


def test_an_empty_page_says_what_it_is_for(alice: Reader, dana: Reader) -> None:
    assert alice.page.one("h1").text == dana.page.one("h1").text == "Notifications"
    assert "Nobody is told by mail yet." in alice.page.text
    assert [each.text for each in alice.page.all("label", class_="box")] == [
        "Requests",
        "Errors",
        "Pauses",
        "Links",
    ]
    assert [each.text for each in dana.page.all("label", class_="box")] == ["Pauses", "Links", "Licence"]
    assert dana.page.one("button", aria_current="page").text == "Notifications"


def test_without_a_mail_server_it_says_so_and_offers_nothing(
    jira: Jira, clock: VirtualClock, settings: LazySettings
) -> None:
    settings.BACKBONE_MAIL = None
    add_address(jira, ADDRESS, space="ALPHA", now=clock())
    alice = Reader(jira.visitor("alice"), jira.space_id("ALPHA"))

    page = alice.press("Notifications")

    assert "has not set up a mail server" in page.text
    assert not page.all("form")
    assert [each.label for each in page.all("button")] == ["← Overview", f"Remove {ADDRESS}"]
    path = f"/spaces/{jira.space_id('ALPHA')}/notifications"
    answer = alice.visitor.post(path, address="b@c.example", pause="on")
    assert (answer.status_code, b"has not set up a mail server" in answer.content) == (200, True)
    assert NoticeAddress.objects.count() == 1


def test_an_address_is_added_asked_again_and_removed(alice: Reader, clock: VirtualClock) -> None:
    added = alice.press("Add", address=f" {ADDRESS} ")
    flag = alice.flag()["title"]
    clock.advance(hours=1)
    alice.press(f"Ask again: {ADDRESS}")
    again = alice.flag()["title"]
    question = next(each for each in alice.page.all("button") if each.label == f"Remove {ADDRESS}")
    removed = alice.press(f"Remove {ADDRESS}")

    assert added.one("span", class_="lozenge").text == "WAITING"
    assert ADDRESS in added.text
    assert "Requests, Errors, Pauses, Links" in added.text
    assert (flag, again) == ("Address added", "Its owner is asked again")
    assert question.attributes["hx-confirm"].startswith(f"Remove {ADDRESS}? Nothing is sent there any more")
    assert "Nobody is told by mail yet." in removed.text
    acts = AuditEntry.objects.filter(act__startswith="mail_").order_by("pk")
    assert list(acts.values_list("act", flat=True)) == ["mail_added", "mail_asked", "mail_removed"]
    assert ADDRESS not in repr([vars(entry) for entry in acts])


def test_each_state_of_an_address_is_told(jira: Jira, clock: VirtualClock) -> None:
    for number, confirmed in enumerate((True, False, False)):
        add_address(jira, f"a{number}@b.example", space="ALPHA", now=clock(), is_confirmed=confirmed)
        clock.advance(days=5)
    alice = Reader(jira.visitor("alice"), jira.space_id("ALPHA"))

    page = alice.press("Notifications")

    assert [each.text for each in page.all("span", class_="lozenge")] == ["CONFIRMED", "EXPIRED", "WAITING"]
    asking = [each.label for each in page.all("button") if each.label.startswith("Ask")]
    assert asking == ["Ask again: a1@b.example", "Ask again: a2@b.example"]


@pytest.mark.parametrize(
    "typed",
    ["ops", "ops@customer.example, eve@evil.example", "a@b.example\r\nBcc: eve@evil.example", "ö@b.example"],
)
def test_what_is_no_address_is_said_beside_the_field_and_kept_there(alice: Reader, typed: str) -> None:
    page = alice.press("Add", address=typed)

    field = page.one("input", name="address")
    assert field.attributes["aria-invalid"] == "true"
    assert "This is no mail address that can be used" in page.one("ul", class_="errorlist").text
    assert not NoticeAddress.objects.exists()


def test_ten_kilobytes_are_no_address(jira: Jira) -> None:
    path = f"/spaces/{jira.space_id('ALPHA')}/notifications"

    answer = jira.visitor("alice").post(path, address="a" * 10_000 + "@b.example", pause="on")

    assert answer.status_code == 200
    assert b"Enter one mail address." in answer.content


def test_the_same_address_twice_and_nothing_to_tell_are_said(alice: Reader, jira: Jira) -> None:
    path = f"/spaces/{jira.space_id('ALPHA')}/notifications"
    alice.press("Add", address=ADDRESS)

    twice = alice.press("Add", address=ADDRESS.upper().replace("CUSTOMER", "customer"))
    nothing = alice.show(alice.visitor.post(path, address="other@customer.example"))

    assert "This address is listed already." in twice.one("ul", class_="errorlist").text
    assert "Choose at least one thing" in nothing.one("ul", class_="errorlist").text
    assert NoticeAddress.objects.count() == 1


def test_there_can_be_twenty(jira: Jira, clock: VirtualClock) -> None:
    for number in range(20):
        add_address(jira, f"a{number}@b.example", space="ALPHA", now=clock())
    alice = Reader(jira.visitor("alice"), jira.space_id("ALPHA"))
    path = f"/spaces/{jira.space_id('ALPHA')}/notifications"

    page = alice.press("Notifications")
    more = alice.visitor.post(path, address=ADDRESS, pause="on")

    assert "There can be 20 addresses." in page.text
    assert not page.all("form")
    assert more.status_code == 200
    assert NoticeAddress.objects.count() == 20


def test_a_jira_admin_lists_those_of_the_site_and_sees_none_of_a_spaces(
    dana: Reader, jira: Jira, clock: VirtualClock
) -> None:
    add_address(jira, "alpha@customer.example", space="ALPHA", now=clock())

    page = dana.press("Add", address=ADDRESS)

    assert ADDRESS in page.text
    assert "alpha@" not in page.text
    assert NoticeAddress.objects.filter(space="", kinds=["pause", "link", "licence"]).count() == 1
    dana.press(f"Remove {ADDRESS}")
    assert NoticeAddress.objects.get().space == jira.space_id("ALPHA")


def test_the_log_says_it_in_words(dana: Reader) -> None:
    dana.press("Add", address=ADDRESS)

    page = dana.show(dana.visitor.get("/settings/audit"))

    assert "Mail address added for pauses, links, licence" in page.all("li", class_="line")[0].text


def test_who_lost_the_right_adds_nothing_from_an_open_page(alice: Reader, jira: Jira) -> None:
    jira.site.revoke(jira.site.user("alice"), "ADMINISTER_PROJECTS", space=jira.site.space("ALPHA"))

    assert alice.send("Add", address=ADDRESS).status_code == 403
    assert not NoticeAddress.objects.exists()
