"""What stands in the way, over the API: the same as on the page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backbone_app.models import Failure, Pair, Reconciliation, Synchronization
from tests.support.app import Jira
from tests.support.machine import Machine
from tests.support.sandbox import VirtualClock
from tests.support.trouble import add_failure, add_pair, embody, say

WORDS = "Field 'priority' cannot be set on Operation Teapot."


@pytest.fixture
def running(alice: Machine, accepted: str) -> str:
    """The id of the running synchronization of ALPHA and BETA."""
    assert alice.post(f"synchronizations/{accepted}/start").status == 204
    Reconciliation.objects.update(whole=False)
    return accepted


@pytest.fixture
def failure(jira: Jira, clock: VirtualClock, running: str) -> Failure:
    """BETA refused the priority of ALPHA-1's twin, in its Jira's own words."""
    failure = add_failure(jira, 1, row="priority", now=clock())
    embody(jira, failure.pair)
    say(failure, WORDS, now=clock())
    return failure


def test_errors_are_told_with_place_field_remedy_and_ways_out(
    alice: Machine, bob: Machine, failure: Failure
) -> None:
    path = f"synchronizations/{failure.synchronization_id}/errors"

    ours, theirs = alice.get(path).said, bob.get(path).said

    (error,), (seen_there,) = ours["open"], theirs["open"]
    assert (error["own"]["key"], error["partner_key"]) == ("ALPHA-1", "BETA-1")
    assert (error["place"], error["field"]) == ("partner", "Priority")
    assert error["code"] == "field_not_on_screen"
    assert error["sentence"].startswith("The field is not on the screen")
    assert error["ways_out"] == ["retry", "ignore"]
    assert (error["said"], seen_there["said"]) == ("", WORDS)
    assert seen_there["place"] == "own"
    assert (ours["health"]["pairs"], ours["health"]["failing"], ours["health"]["checking"]) == (1, 1, False)


def test_an_error_is_retried_ignored_and_retried_with_all_others(
    alice: Machine, jira: Jira, clock: VirtualClock, failure: Failure
) -> None:
    add_failure(jira, 2, row="labels", now=clock())
    path = f"synchronizations/{failure.synchronization_id}/errors"

    ignored = alice.post(f"{path}/{failure.pk}/ignore")
    rest = alice.post(f"{path}/retry")
    again = alice.post(f"{path}/{failure.pk}/retry")

    assert (ignored.status, again.status) == (204, 204)
    assert (rest.status, rest.said) == (200, {"retried": 1})
    assert list(Pair.objects.values_list("due", flat=True)) == [1, 1]
    assert alice.get(path).said["health"]["at_work"] == 2


def test_a_new_twin_comes_only_where_that_is_a_way_out(
    alice: Machine, jira: Jira, clock: VirtualClock, failure: Failure
) -> None:
    gone = add_failure(jira, 2, code="remote_missing", now=clock())
    path = f"synchronizations/{failure.synchronization_id}/errors"

    refused, made = alice.post(f"{path}/{failure.pk}/twin"), alice.post(f"{path}/{gone.pk}/twin")

    assert (refused.status, refused.said["code"], made.status) == (409, "outdated", 204)
    assert gone.pair.sides.get(side="right").item == ""


def test_fifty_errors_are_a_page(alice: Machine, jira: Jira, clock: VirtualClock, running: str) -> None:
    for number in range(51):
        add_failure(jira, number, row="priority", now=clock() + timedelta(seconds=number))

    pages = [alice.get(f"synchronizations/{running}/errors", page=page).said for page in (1, 2, 3)]

    assert [len(each["open"]) for each in pages] == [50, 1, 0]
    assert {(each["pages"], each["health"]["failing"]) for each in pages} == {(2, 51)}


def test_what_waits_and_why_it_is_paused_are_told(
    alice: Machine, jira: Jira, clock: VirtualClock, running: str
) -> None:
    add_pair(jira, 1, now=clock(), reason="remote_busy", not_before=clock() + timedelta(minutes=1), due=1)
    Synchronization.objects.update(state="paused", pause_reason="space_missing", paused_at=clock())

    said = alice.get(f"synchronizations/{running}/errors").said

    waits = [(each["code"], each["sentence"]) for each in said["waiting"]]
    assert waits == [("remote_busy", "Jira asked us to wait; it is tried again.")]
    paused = said["health"]["paused"]
    assert (paused["code"], paused["place"]) == ("space_missing", "")
    assert paused["sentence"].startswith("The space is gone")
    assert said["health"]["at_work"] == 0


def test_a_check_is_under_way_once_it_is_asked_for(alice: Machine, running: str) -> None:
    asked = alice.post(f"synchronizations/{running}/check")
    health = alice.get(f"synchronizations/{running}/errors").said["health"]

    assert (asked.status, health["checking"]) == (204, True)


def test_only_admins_of_one_of_its_spaces_come_in(jira: Jira, other_jira: Jira, failure: Failure) -> None:
    path = f"synchronizations/{failure.synchronization_id}/errors"
    paths = [f"{path}/retry", *(f"{path}/{failure.pk}/{act}" for act in ("retry", "ignore", "twin"))]
    callers = (
        Machine(jira, "carol", "ALPHA"),
        Machine(jira, "dana", "GAMMA"),
        Machine(other_jira, "alice", "ALPHA"),
    )

    answers = [{caller.get(path).status, *(caller.post(one).status for one in paths)} for caller in callers]

    assert answers == [{403}, {404}, {404}]
    assert Pair.objects.get().due == 0


def test_the_number_of_queries_does_not_grow_with_the_errors(
    alice: Machine, jira: Jira, clock: VirtualClock, failure: Failure
) -> None:
    path = f"synchronizations/{failure.synchronization_id}/errors"
    alice.get(path)
    with CaptureQueriesContext(connection) as one:
        alice.get(path)
    for number in (2, 3):
        say(add_failure(jira, number, row="priority", now=clock()), WORDS, now=clock())
    with CaptureQueriesContext(connection) as three:
        alice.get(path)

    assert len(one) == len(three)
