"""Requests over the API: choose, send, look, answer; the same rules as on the pages."""

from typing import Any

import pytest

from backbone_app.models import Synchronization, SynchronizationSide
from tests.support.app import Jira
from tests.support.machine import Machine


def test_the_spaces_one_can_ask_are_those_the_person_sees(alice: Machine, jira: Jira) -> None:
    alice_there = jira.site.user("alice")
    jira.site.grant(alice_there, "BROWSE_PROJECTS", space=jira.site.space("BETA"))
    jira.site.revoke(alice_there, "BROWSE_PROJECTS", space=jira.site.space("GAMMA"))

    answer = alice.get("partners")

    assert answer.status == 200
    assert answer.said["own"] == {"id": jira.space_id("ALPHA"), "key": "ALPHA", "name": "Alpha"}
    assert answer.said["others"] == [{"id": jira.space_id("BETA"), "key": "BETA", "name": "Beta"}]


def test_a_request_is_sent_and_both_spaces_see_their_side_of_it(
    alice: Machine, bob: Machine, sent: str
) -> None:
    ours, theirs = alice.get(f"requests/{sent}"), bob.get(f"requests/{sent}")

    assert (ours.status, theirs.status) == (200, 200)
    assert (ours.said["status"], ours.said["actions"]) == ("REQUEST SENT", ["withdraw"])
    assert (theirs.said["status"], theirs.said["actions"]) == ("INCOMING REQUEST", ["accept", "decline"])
    assert theirs.said["partner"] == {"key": "ALPHA", "name": "Alpha", "base_url": None}
    assert theirs.said["own"]["key"] == "BETA"
    assert theirs.said["expires_at"] > theirs.said["sent_at"]


def test_accepting_leads_to_a_stopped_synchronization(alice: Machine, accepted: str) -> None:
    (row,) = alice.get("synchronizations").said

    assert (row["id"], row["status"], row["actions"]) == (accepted, "STOPPED", ["start", "delete"])


def test_a_declined_request_says_why(alice: Machine, bob: Machine, sent: str) -> None:
    declined = bob.post(f"requests/{sent}/decline", message="Not this year.")

    seen = alice.get(f"requests/{sent}").said
    assert declined.status == 204
    assert (seen["status"], seen["message"]) == ("DECLINED", "Not this year.")


def test_a_withdrawn_request_is_gone_for_both(alice: Machine, bob: Machine, sent: str) -> None:
    assert alice.post(f"requests/{sent}/withdraw").status == 204

    assert [each.get(f"requests/{sent}").status for each in (alice, bob)] == [404, 404]


def test_a_second_request_to_the_same_space_is_refused(alice: Machine, sent: str, jira: Jira) -> None:
    answer = alice.post("requests", partner_space=jira.space_id("BETA"), name="Again")

    assert (answer.status, answer.said["code"]) == (409, "outdated")
    assert Synchronization.objects.count() == 1


def test_the_sending_side_cannot_answer_its_own_request(alice: Machine, sent: str) -> None:
    answers = [alice.post(f"requests/{sent}/{step}") for step in ("accept", "decline")]

    assert [(each.status, each.said["code"]) for each in answers] == [(409, "outdated")] * 2
    assert Synchronization.objects.get().state == "requested"


def test_case_50_whoever_does_not_administer_the_space_is_told_what_is_missing(jira: Jira, sent: str) -> None:
    carol = Machine(jira, "carol", "BETA")

    answers = [carol.get(f"requests/{sent}"), carol.post(f"requests/{sent}/accept"), carol.get("partners")]

    assert [(each.status, each.said["code"]) for each in answers] == [(403, "not_allowed")] * 3
    assert "Administer Space" in answers[0].said["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"partner_space": "1", "name": "n", "tenant_id": "x"}, "tenant_id"),
        ({"partner_space": "1", "name": "n", "role": "admin", "secret": "x"}, "role"),
        ({"partner_space": "1", "name": "n", "state": "running"}, "state"),
        ({"name": "n"}, "partner_space"),
        ({"partner_space": "1", "name": "x" * 121}, "name"),
        ({"partner_space": "1", "name": ["n"]}, "name"),
        ({"partner_space": "1", "name": "a\0b"}, "name"),
        ({"partner_space": "1", "name": "  "}, "name"),
    ],
)
def test_case_52_what_is_not_understood_is_refused_by_name(
    alice: Machine, body: dict[str, Any], field: str
) -> None:
    answer = alice.post("requests", **body)

    assert (answer.status, answer.said["code"], answer.said["field"]) == (400, "malformed", field)
    assert field in answer.said["message"]
    assert not Synchronization.objects.exists()


def test_a_space_that_cannot_be_asked_is_named_as_the_fault(alice: Machine, jira: Jira) -> None:
    answers = [
        alice.post("requests", partner_space=space, name="n") for space in (jira.space_id("ALPHA"), "99999")
    ]

    assert [(each.status, each.said["field"]) for each in answers] == [(422, "partner_space")] * 2


def test_every_unknown_field_is_named(alice: Machine) -> None:
    answer = alice.post("requests", partner_space="1", name="n", zone="x", admin="y")

    assert answer.said["message"] == "admin: There is no such field. zone: There is no such field."


@pytest.mark.parametrize("step", ["accept", "decline", "withdraw"])
def test_a_step_takes_nothing_it_does_not_know(bob: Machine, sent: str, step: str) -> None:
    in_body = bob.post(f"requests/{sent}/{step}", account="somebody else")
    in_query = bob.call("POST", f"requests/{sent}/{step}?account=x")

    assert [(each.status, each.said["field"]) for each in (in_body, in_query)] == [(400, "account")] * 2
    assert Synchronization.objects.get().state == "requested"


def test_a_space_of_another_site_is_asked_by_address_and_key(
    alice: Machine, jira: Jira, other_jira: Jira
) -> None:
    address = {"base_url": other_jira.site.base_url, "space_key": "beta"}

    told = alice.get("addressee", **address)
    answer = alice.post("requests/across", **address, name="Alpha and Beta")

    bob_there = Machine(other_jira, "bob", "BETA")
    (incoming,) = bob_there.get("synchronizations").said
    assert told.said == {"base_url": other_jira.site.base_url, "space_key": "BETA", "has_app": True}
    assert answer.status == 201
    assert incoming["id"] == answer.said["id"]
    assert incoming["partner"] == {"key": "ALPHA", "name": "Alpha", "base_url": jira.site.base_url}
    assert bob_there.post(f"requests/{incoming['id']}/accept").status == 204
    assert alice.post(f"synchronizations/{incoming['id']}/start").status == 204
    assert bob_there.get("synchronizations").said[0]["status"] == "RUNNING"


def test_an_unknown_space_of_another_site_gets_the_answer_of_a_known_one(
    alice: Machine, other_jira: Jira
) -> None:
    sent = [
        alice.post("requests/across", base_url=other_jira.site.base_url, space_key=key, name="n")
        for key in ("BETA", "NOWHERE")
    ]
    seen = [alice.get(f"requests/{each.said['id']}").said for each in sent]

    assert [each.status for each in sent] == [201, 201]
    for key, each in zip(("BETA", "NOWHERE"), seen, strict=True):
        assert each.pop("partner") == {"key": key, "name": "", "base_url": other_jira.site.base_url}
        each.pop("id")
    assert seen[0] == seen[1]
    what_could_leak = SynchronizationSide.objects.filter(site=other_jira.row, space_name="Beta")
    assert what_could_leak.count() == 1


def test_a_site_without_the_app_is_named_as_the_fault(alice: Machine) -> None:
    address = {"base_url": "https://nobody.atlassian.net", "space_key": "X1"}

    told = alice.get("addressee", **address)
    answer = alice.post("requests/across", **address, name="n")

    assert told.said["has_app"] is False
    assert (answer.status, answer.said["field"]) == (422, "base_url")
