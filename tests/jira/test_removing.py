"""Our properties are taken off, many by a task of Jira's."""

import pytest

from backbone_app.core import richtext
from backbone_app.core.values import Rich
from backbone_app.errors import OutcomeUnknown, RemoteMoved, RemoteRefused
from backbone_app.jira import removing, write
from backbone_app.jira.egress import Door
from backbone_app.jira.removing import Progress
from tests.jira.conftest import Play, scripted
from tests.support.sandbox import document


def test_many_work_items_lose_our_property_by_one_task_and_keep_all_others(play: Play) -> None:
    ids = [play.alice.create("ALPHA", f"Item {number}") for number in range(3)]
    for item in ids:
        play.site.issues[item].properties |= {"backbone-twin": {"nonce": "n"}, "theirs": 1}

    task = removing.remove_marks(play.client, ids[:2], timeout=5)

    assert removing.progress(play.client, task) is Progress.DONE
    assert [sorted(play.site.issues[item].properties) for item in ids] == [
        ["theirs"],
        ["theirs"],
        ["backbone-twin", "theirs"],
    ]


def test_a_comment_loses_our_property_and_losing_it_twice_is_fine(play: Play) -> None:
    item = play.alice.create("ALPHA", "Item")
    body = richtext.canonical(document("Said"))
    assert isinstance(body, Rich)
    made = write.add_comment(play.client, item, body, nonce="n", original=("1", "2"), timeout=5)
    (kept,) = play.site.issues[item].comments
    before = set(kept.properties)

    removing.remove_copy_mark(play.client, made.id, timeout=5)
    removing.remove_copy_mark(play.client, made.id, timeout=5)

    assert before - set(kept.properties) == {"backbone-copy"}


def test_a_beginning_without_a_task_settles_nothing(door: Door) -> None:
    with scripted(door, 303) as jira, pytest.raises(OutcomeUnknown):
        removing.remove_marks(jira.client, ["1"], timeout=5)


def test_a_beginning_that_is_answered_with_something_else_settles_nothing(door: Door) -> None:
    with scripted(door, {"done": True}) as jira, pytest.raises(OutcomeUnknown):
        removing.remove_marks(jira.client, ["1"], timeout=5)


@pytest.mark.parametrize(
    ("status", "error"), [(400, RemoteRefused), (403, RemoteRefused), (302, RemoteMoved)]
)
def test_a_refused_beginning_says_so(door: Door, status: int, error: type[RemoteRefused]) -> None:
    with scripted(door, status) as jira, pytest.raises(error):
        removing.remove_marks(jira.client, ["1"], timeout=5)


@pytest.mark.parametrize(
    ("status", "progress"),
    [
        ("ENQUEUED", Progress.UNDER_WAY),
        ("RUNNING", Progress.UNDER_WAY),
        ("CANCEL_REQUESTED", Progress.UNDER_WAY),
        ("COMPLETE", Progress.DONE),
        ("FAILED", Progress.FAILED),
        ("CANCELLED", Progress.FAILED),
        ("DEAD", Progress.FAILED),
        ("", Progress.FAILED),
    ],
)
def test_the_words_of_a_task_are_read(door: Door, status: str, progress: Progress) -> None:
    with scripted(door, {"id": "4711", "status": status}) as jira:
        assert removing.progress(jira.client, "4711") is progress


def test_a_task_that_jira_forgot_counts_as_failed(door: Door) -> None:
    with scripted(door, 404) as jira:
        assert removing.progress(jira.client, "4711") is Progress.FAILED
