"""Requests that are answered again, too late, by others, or without anybody meaning it (cases 55 to 62).

In every case nothing changes, and Jira is asked for nobody but whoever calls.
"""

import pytest

from backbone_app.models import Synchronization
from tests.support.app import INITECH, Jira, call_app
from tests.support.hostile import affairs
from tests.support.machine import Machine
from tests.support.sandbox import VirtualClock

ANSWERS = ("accept", "decline", "withdraw")


@pytest.fixture
def alice(jira: Jira) -> Machine:
    """Who asks: the admin of ALPHA on acme."""
    return Machine(jira, "alice", "ALPHA")


@pytest.fixture(params=["one site", "two sites"])
def bob(request: pytest.FixtureRequest, jira: Jira, other_jira: Jira) -> Machine:
    """Who is asked: the admin of BETA, there or on initech."""
    return Machine(jira if request.param == "one site" else other_jira, "bob", "BETA")


@pytest.fixture
def sent(alice: Machine, bob: Machine) -> str:
    """The id of a request from ALPHA to BETA."""
    if bob.jira == alice.jira:
        answer = alice.post("requests", partner_space=bob.jira.space_id("BETA"), name="Ours")
    else:
        answer = alice.post("requests/across", base_url=INITECH, space_key="BETA", name="Ours")
    assert answer.status == 201, answer.said
    return str(answer.said["id"])


def other_calls(jira: Jira) -> int:
    """How many calls of the app there were but those that ask for somebody's right."""
    rows = jira.world.meters.snapshot()
    mine = [row for row in rows if row["caller"] == "app" and "permissions/check" not in str(row["route"])]
    return sum(int(row["calls"]) for row in mine)


def refused(machine: Machine, sent: str, *acts: str) -> list[tuple[int, str]]:
    """What this person is refused with; nothing is changed, and Jira asked for nothing else."""
    before, calls = affairs(), other_calls(machine.jira)
    answers = [machine.post(f"requests/{sent}/{act}") for act in acts]
    assert affairs() == before
    assert other_calls(machine.jira) == calls
    return [(answer.status, answer.said["code"]) for answer in answers]


def test_case_55_an_accepted_request_is_accepted_no_second_time(
    alice: Machine, bob: Machine, sent: str
) -> None:
    assert bob.post(f"requests/{sent}/accept").status == 204

    assert refused(bob, sent, *ANSWERS) == [(410, "closed")] * 3
    assert refused(Machine(bob.jira, "dana", "BETA"), sent, "accept") == [(410, "closed")]
    assert refused(alice, sent, *ANSWERS) == [(410, "closed")] * 3


def test_case_55_a_declined_request_cannot_be_accepted_after_all(
    alice: Machine, bob: Machine, sent: str
) -> None:
    assert bob.post(f"requests/{sent}/decline").status == 204

    assert refused(bob, sent, *ANSWERS) == [(410, "closed")] * 3
    assert refused(alice, sent, *ANSWERS) == [(410, "closed")] * 3


def test_case_56_an_expired_request_is_closed_to_both_sides(
    alice: Machine, bob: Machine, sent: str, clock: VirtualClock
) -> None:
    clock.advance(days=30)

    assert refused(bob, sent, *ANSWERS) == [(410, "closed")] * 3
    assert refused(alice, sent, *ANSWERS) == [(410, "closed")] * 3
    assert Synchronization.objects.get().state == "requested"


def test_case_57_a_withdrawn_request_is_gone_for_both_sides(alice: Machine, bob: Machine, sent: str) -> None:
    assert alice.post(f"requests/{sent}/withdraw").status == 204

    assert refused(bob, sent, *ANSWERS) == [(404, "not_found")] * 3
    assert refused(alice, sent, *ANSWERS) == [(404, "not_found")] * 3
    assert [each.get(f"requests/{sent}").status for each in (alice, bob)] == [404, 404]


def test_case_59_a_site_or_space_it_was_not_sent_to_finds_none(
    alice: Machine, bob: Machine, sent: str, other_jira: Jira
) -> None:
    elsewhere = other_jira if bob.jira == alice.jira else alice.jira

    assert refused(Machine(elsewhere, "bob", "BETA"), sent, *ANSWERS) == [(404, "not_found")] * 3
    assert refused(Machine(bob.jira, "dana", "GAMMA"), sent, *ANSWERS) == [(404, "not_found")] * 3


def test_case_59_the_sending_side_answers_nothing_and_the_asked_side_withdraws_nothing(
    alice: Machine, bob: Machine, sent: str
) -> None:
    assert refused(alice, sent, "accept", "decline") == [(409, "outdated")] * 2
    assert refused(bob, sent, "withdraw") == [(409, "outdated")]


@pytest.mark.parametrize("act", ANSWERS)
def test_case_62_neither_a_link_nor_a_foreign_form_answers_a_request(
    alice: Machine, bob: Machine, sent: str, act: str
) -> None:
    machine = alice if act == "withdraw" else bob
    token, space = machine.jira.page_token(machine.name), machine.jira.space_id(machine.space)
    before = affairs()

    for address in (f"/api/1/spaces/{space}/requests/{sent}/{act}", f"/spaces/{space}/requests/{sent}/{act}"):
        ahead = {"Authorization": f"JWT {token}", "Sec-Purpose": "prefetch;prerender"}
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://evil.example"}
        said = [
            call_app("GET", address, headers=ahead),
            call_app("GET", f"{address}?jwt={token}"),
            call_app("POST", address, headers=form, body=f"jwt={token}".encode()),
            call_app("POST", f"{address}?jwt={token}", headers=form),
            call_app("POST", address, headers={**form, "Cookie": f"jwt={token}; session={token}"}),
        ]
        assert [each.status_code for each in said] == [405, 405, 401, 401, 401]

    assert affairs() == before
    assert machine.post(f"requests/{sent}/{act}").status == 204
