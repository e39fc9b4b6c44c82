"""View Request, and what can be done there."""

import pytest

from backbone_app.models import Synchronization
from tests.support.app import Jira
from tests.support.pages import Reader, parse
from tests.support.sandbox import VirtualClock


def test_the_asked_side_is_told_what_acceptance_will_show(bob: Reader, requested: None) -> None:
    bob.press("View Request")

    told = bob.page.one("div", class_="section-message")
    assert bob.page.one("h1").text == "ALPHA \N{EN DASH} BETA"
    assert told.one("h2").text == "What acceptance will show"
    assert "Alpha" in told.text
    assert [each.text for each in told.all("li")] == [
        "its work types,",
        "its fields,",
        "its users, where a field names them.",
    ]


def test_before_acceptance_neither_side_sees_more_than_names(
    alice: Reader, bob: Reader, requested: None
) -> None:
    for reader in (alice, bob):
        reader.press("View Request")
        shown = reader.last.content.decode()
        assert not [word for word in ("Epic", "Story", "Highest", "712020:") if word in shown]


def test_accept_leads_to_the_overview_which_asks_for_the_start(bob: Reader, requested: None) -> None:
    bob.press("View Request")
    bob.press("Accept Request")

    assert bob.status() == "STOPPED"
    assert "choose Start in Actions" in bob.page.one("tbody").text
    assert bob.flag()["title"] == "Request accepted"


def test_decline_asks_first_and_its_message_reaches_the_other_side(
    alice: Reader, bob: Reader, requested: None
) -> None:
    bob.press("View Request")
    assert "declined in both spaces" in bob.page.one("form").attributes["hx-confirm"]
    bob.press("Decline", message="Not <b>now</b>")
    alice.reload()
    alice.press("View Request")

    assert bob.status() == "DECLINED"
    assert alice.page.all("b") == []
    assert "Not <b>now</b>" in [each.text for each in alice.page.all("dd")]
    assert alice.page.one("h2").text == "This request was declined"


def test_a_message_that_is_too_long_is_said_beside_the_field(bob: Reader, requested: None) -> None:
    bob.press("View Request")
    bob.press("Decline", message="x" * 1001)

    assert "1000" in bob.page.one("ul", class_="errorlist").text
    assert Synchronization.objects.get().state == "requested"


def test_the_sending_side_can_withdraw_and_nothing_else(alice: Reader, bob: Reader, requested: None) -> None:
    alice.press("View Request")
    labels = [each.text for each in alice.page.all("button")]
    alice.press("Withdraw Request")
    bob.reload()

    assert labels == ["← Overview", "Withdraw Request"]
    assert alice.flag()["title"] == "Request withdrawn"
    assert bob.page.all("table") == []


@pytest.mark.parametrize("action", ["accept", "decline"])
def test_case_59_the_sending_side_cannot_answer_its_own_request(
    alice: Reader, requested: None, action: str
) -> None:
    row = Synchronization.objects.get()

    response = alice.visitor.post(f"/spaces/{alice.space}/requests/{row.id}/{action}")

    assert response.status_code == 409
    assert Synchronization.objects.get().state == "requested"


def test_case_59_a_site_it_was_not_sent_to_finds_no_such_request(
    bob: Reader, other_jira: Jira, requested: None
) -> None:
    row, stranger = Synchronization.objects.get(), other_jira.visitor("bob")
    address = f"/spaces/{bob.space}/requests/{row.id}"
    assert other_jira.space_id("BETA") == bob.space

    answers = [
        stranger.get(address),
        *(stranger.post(f"{address}/{what}") for what in ("accept", "decline", "withdraw")),
    ]

    assert [each.status_code for each in answers] == [404, 404, 404, 404]
    assert Synchronization.objects.get().state == "requested"


def test_case_59_the_same_person_may_accept_in_the_other_space(
    alice: Reader, jira: Jira, requested: None
) -> None:
    jira.site.grant(jira.site.user("alice"), "ADMINISTER_PROJECTS", space=jira.site.space("BETA"))
    there = Reader(alice.visitor, jira.space_id("BETA"))

    there.press("View Request")
    there.press("Accept Request")

    assert there.status() == "STOPPED"


def test_case_62_looking_at_an_address_that_acts_does_nothing(bob: Reader, requested: None) -> None:
    row = Synchronization.objects.get()
    actions = ("accept", "decline", "withdraw")

    answers = [bob.visitor.get(f"/spaces/{bob.space}/requests/{row.id}/{each}") for each in actions]

    assert [each.status_code for each in answers] == [405, 405, 405]
    assert Synchronization.objects.get().state == "requested"


def test_an_ordinary_member_of_the_asked_space_cannot_answer(
    bob: Reader, jira: Jira, requested: None
) -> None:
    row, carol = Synchronization.objects.get(), jira.visitor("carol")

    seen = carol.get(f"/spaces/{bob.space}/requests/{row.id}")
    accepted = carol.post(f"/spaces/{bob.space}/requests/{row.id}/accept")

    assert (seen.status_code, accepted.status_code) == (403, 403)
    assert Synchronization.objects.get().state == "requested"


def test_an_expired_request_is_shown_as_expired_and_cannot_be_accepted(
    alice: Reader, bob: Reader, clock: VirtualClock, requested: None
) -> None:
    bob.press("View Request")
    clock.advance(days=30)
    refused = bob.send("Accept Request")
    bob.reload()
    alice.reload()
    statuses = (alice.status(), bob.status())
    bob.press("View Request")

    assert refused.status_code == 410
    assert "expired" in parse(refused).text
    assert statuses == ("EXPIRED", "EXPIRED")
    assert "Accept Request" not in [each.text for each in bob.page.all("button")]


def test_an_unknown_request_is_not_found(alice: Reader) -> None:
    address = f"/spaces/{alice.space}/requests/00000000-0000-4000-8000-000000000000"

    assert alice.visitor.get(address).status_code == 404
    assert alice.visitor.post(f"{address}/withdraw").status_code == 404
