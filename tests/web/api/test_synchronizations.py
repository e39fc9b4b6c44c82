"""Synchronizations over the API: list, look, start, stop, delete, pairs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backbone_app.models import Failure
from tests.support.app import Jira
from tests.support.machine import Machine
from tests.support.sandbox import VirtualClock
from tests.support.trouble import add_failure, add_pair

UNKNOWN = "7d444840-9dc0-11d1-b245-5ffdce74fad2"


def test_start_and_stop_count_for_both_sides(alice: Machine, bob: Machine, accepted: str) -> None:
    started = alice.post(f"synchronizations/{accepted}/start")
    running = bob.get(f"synchronizations/{accepted}").said
    stopped = bob.post(f"synchronizations/{accepted}/stop")

    assert (started.status, stopped.status) == (204, 204)
    assert (running["status"], running["partner"]["key"]) == ("RUNNING", "ALPHA")
    assert alice.get(f"synchronizations/{accepted}").said["status"] == "STOPPED"


def test_delete_takes_it_away_from_both(alice: Machine, bob: Machine, accepted: str) -> None:
    assert alice.post(f"synchronizations/{accepted}/delete").status == 204

    assert [each.get("synchronizations").said for each in (alice, bob)] == [[], []]


def test_what_does_not_fit_the_state_is_refused(alice: Machine, accepted: str) -> None:
    answer = alice.post(f"synchronizations/{accepted}/stop")

    assert (answer.status, answer.said["code"]) == (409, "outdated")


@pytest.mark.parametrize("path", ["", "/pairs"])
def test_an_unknown_one_does_not_exist(alice: Machine, accepted: str, path: str) -> None:
    answer = alice.get(f"synchronizations/{UNKNOWN}{path}")

    assert (answer.status, answer.said["code"]) == (404, "not_found")


def test_one_of_another_space_does_not_exist_here(jira: Jira, accepted: str) -> None:
    dana = Machine(jira, "dana", "GAMMA")

    answers = [dana.get(f"synchronizations/{accepted}{path}").status for path in ("", "/pairs")]

    assert answers == [404, 404]


def test_pairs_are_told_from_the_own_side_with_their_reasons(
    alice: Machine, bob: Machine, accepted: str, jira: Jira, clock: VirtualClock
) -> None:
    alice.post(f"synchronizations/{accepted}/start")
    add_pair(jira, 1, now=clock())
    add_pair(jira, 2, now=clock(), due=1)
    add_pair(jira, 3, now=clock(), twin=False, due=1)
    add_pair(jira, 4, now=clock(), state="set aside", reason="deleted")
    add_pair(jira, 5, now=clock(), reason="a code without a sentence")

    ours = alice.get(f"synchronizations/{accepted}/pairs").said
    theirs = bob.get(f"synchronizations/{accepted}/pairs").said

    deleted = "One of the two work items was deleted; the other one stays as it is."
    assert (ours["page"], ours["pages"], ours["total"]) == (1, 1, 5)
    assert [
        (each["own"]["key"], each["partner_key"], each["state"], each["reason"]) for each in ours["pairs"]
    ] == [
        ("ALPHA-1", "BETA-1", "in step", ""),
        ("ALPHA-2", "BETA-2", "waiting", ""),
        ("ALPHA-3", None, "being created", ""),
        ("ALPHA-4", "BETA-4", "set aside", deleted),
        ("ALPHA-5", "BETA-5", "waiting", "It cannot be kept in step at the moment."),
    ]
    assert ours["pairs"][0]["own"]["id"] == "15"
    assert theirs["pairs"][0]["own"] == {"id": "14", "key": "BETA-1"}
    assert (theirs["pairs"][2]["own"], theirs["pairs"][2]["partner_key"]) == (None, "ALPHA-3")


def test_what_is_ignored_on_a_pair_is_said_of_it(
    alice: Machine, accepted: str, jira: Jira, clock: VirtualClock
) -> None:
    alice.post(f"synchronizations/{accepted}/start")
    for number, row in ((1, "priority"), (2, "")):
        ignored = add_failure(jira, number, row=row, now=clock())
        alice.post(f"synchronizations/{accepted}/errors/{ignored.pk}/ignore")
    Failure.objects.filter(row="").update(code="edit_not_allowed")

    of_a_field, of_the_item = alice.get(f"synchronizations/{accepted}/pairs").said["pairs"]

    assert (of_a_field["state"], of_the_item["state"]) == ("ignored", "ignored")
    assert of_a_field["reason"] == "In step, but for what was ignored: Priority."
    assert of_the_item["reason"] == (
        "Not kept in step, and that is ignored: The app may not edit the work item there."
    )


def test_pairs_of_a_stopped_synchronization_are_not_called_in_step(
    alice: Machine, accepted: str, jira: Jira, clock: VirtualClock
) -> None:
    add_pair(jira, 1, now=clock())

    (row,) = alice.get(f"synchronizations/{accepted}/pairs").said["pairs"]

    assert row["state"] == "stopped"


def test_a_hundred_pairs_are_a_page(alice: Machine, accepted: str, jira: Jira, clock: VirtualClock) -> None:
    for number in range(101):
        add_pair(jira, number, now=clock())

    pages = [alice.get(f"synchronizations/{accepted}/pairs", page=page).said for page in (1, 2, 3)]

    assert [len(each["pairs"]) for each in pages] == [100, 1, 0]
    assert pages[1]["pairs"][0]["own"]["key"] == "ALPHA-100"
    assert {(each["pages"], each["total"]) for each in pages} == {(2, 101)}


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e9", "99999999999999999999"])
def test_a_page_that_is_no_page_is_refused(alice: Machine, accepted: str, page: str) -> None:
    answer = alice.get(f"synchronizations/{accepted}/pairs", page=page)

    assert (answer.status, answer.said["field"]) == (400, "page")


def test_the_number_of_queries_does_not_grow_with_the_pairs(
    alice: Machine, accepted: str, jira: Jira, clock: VirtualClock
) -> None:
    add_pair(jira, 1, now=clock())
    alice.get(f"synchronizations/{accepted}/pairs")
    with CaptureQueriesContext(connection) as one:
        alice.get(f"synchronizations/{accepted}/pairs")
    add_pair(jira, 2, now=clock())
    add_pair(jira, 3, now=clock())
    with CaptureQueriesContext(connection) as three:
        alice.get(f"synchronizations/{accepted}/pairs")

    assert len(one) == len(three)
