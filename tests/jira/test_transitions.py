"""Transitions: which are offered, and taking one, so that its history says why."""

from datetime import UTC, datetime

import pytest

from backbone_app.core.values import FieldStep, Option
from backbone_app.errors import OutcomeUnknown, RemoteMissing, RemoteRefused
from backbone_app.jira import read, write
from backbone_app.jira.egress import Door
from backbone_app.jira.read import Offered
from backbone_app.jira.write import Cause
from jira_sandbox.misfortunes import Kind, Misfortune
from tests.jira.conftest import Play, scripted

EDITED = datetime(2026, 11, 21, 23, 0, 0, 789_000, tzinfo=UTC)
CAUSE = Cause(intent="intent-1", edited=EDITED, actor="actor-1", note="From BETA-7")


def offered(play: Play, number: str, target: str) -> Offered:
    (found,) = (one for one in read.transitions(play.client, number, timeout=5) if one.target == target)
    return found


def test_what_is_offered_is_read_in_one_call(play: Play) -> None:
    number = play.alice.create("ALPHA", "a")
    play.world.meters.reset()

    found = read.transitions(play.client, number)

    assert play.calls == 1
    assert [one.target for one in found] == ["In Progress"]
    assert (found[0].id.isdecimal(), bool(found[0].name), found[0].required) == (True, True, ())


def test_fields_without_a_default_that_a_screen_insists_on_are_named(door: Door) -> None:
    screen = {
        "resolution": {"required": True, "hasDefaultValue": False},
        "fixVersions": {"required": True},
        "priority": {"required": True, "hasDefaultValue": True},
        "comment": {"required": False},
    }
    said = {
        "transitions": [
            {
                "id": "31",
                "name": "Close",
                "to": {"name": "Done", "statusCategory": {"key": "done"}},
                "fields": screen,
            }
        ]
    }

    with scripted(door, said) as jira:
        found = read.transitions(jira.client, "10001")

    assert jira.lines == ["GET /rest/api/3/issue/10001/transitions?expand=transitions.fields"]
    assert found == (Offered("31", "Close", "Done", "done", ("fixVersions", "resolution")),)


def test_a_transition_is_two_calls_and_the_item_comes_back_with_our_own_entry(play: Play) -> None:
    number = play.alice.create("ALPHA", "a")
    step = offered(play, number, "In Progress")
    play.world.meters.reset()

    found = write.transition(play.client, number, step.id, cause=CAUSE, timeout=5)

    assert play.calls == 2
    assert found.fields["status"] == Option("In Progress")
    ours = found.entries[-1]
    assert (ours.intent, ours.edited, ours.author) == ("intent-1", EDITED, play.client.account)
    assert FieldStep("status", Option("To Do"), Option("In Progress")) in ours.steps


def test_a_transition_that_is_not_offered_is_refused_and_changes_nothing(play: Play) -> None:
    number = play.alice.create("ALPHA", "a")

    with pytest.raises(RemoteRefused):
        write.transition(play.client, number, "99999", cause=CAUSE, timeout=5)

    assert read.item(play.client, number).fields["status"] == Option("To Do")


def test_transitions_of_what_is_gone_are_missing(play: Play) -> None:
    with pytest.raises(RemoteMissing):
        read.transitions(play.client, "99999")
    with pytest.raises(RemoteMissing):
        write.transition(play.client, "99999", "11", cause=CAUSE, timeout=5)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("lose_before_effect", 0),
        ("busy", 429),
        ("refuse_before_effect", 503),
        ("refuse_before_effect", 404),
        ("refuse_before_effect", 403),
    ],
)
def test_a_transition_that_was_taken_and_cannot_be_read_back_is_unknown(
    kind: Kind, status: int, play: Play
) -> None:
    number = play.alice.create("ALPHA", "a")
    step = offered(play, number, "In Progress")
    play.world.misfortunes.add(Misfortune(match=("GET", r"/issue/\d+$"), kind=kind, status=status))

    with pytest.raises(OutcomeUnknown):
        write.transition(play.client, number, step.id, cause=CAUSE, timeout=5)

    assert read.item(play.client, number).fields["status"] == Option("In Progress")


def test_a_lost_answer_to_a_transition_is_unknown_and_history_tells_that_it_was_taken(play: Play) -> None:
    number = play.alice.create("ALPHA", "a")
    step = offered(play, number, "In Progress")
    play.world.misfortunes.add(Misfortune(match=("POST", r"/transitions$"), kind="lose_answer_after_effect"))

    with pytest.raises(OutcomeUnknown):
        write.transition(play.client, number, step.id, cause=CAUSE, timeout=5)

    assert read.item(play.client, number).entries[-1].intent == "intent-1"
