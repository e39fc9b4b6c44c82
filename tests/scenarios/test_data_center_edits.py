"""A Cloud site and a Data Center in step: edits that meet, news that come twice, late or never, and comments.

Each story is one that two Cloud sites live through in ``test_kernel`` and ``test_real_work``.
"""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from backbone_app.models import Delivery, Reconciliation, Synchronization
from tests.support.beyond import Beyond, beyond, pair, world
from tests.support.beyond import some_edition as edition
from tests.support.scenario import paragraphs

__all__ = ["beyond", "edition", "pair", "world"]

AUDIENCES = [{"type": "role", "value": "Administrators"}, {"type": "group", "value": "jira-administrators"}]
"""Among whom a comment may stay: gina, as whom we call, is of the role and not of the group."""
Act = Callable[[Beyond, tuple[str, str], dict[str, str]], None]
CLOUD, DATA_CENTER = "on the Cloud", "on the Data Center"
SIDES = (CLOUD, DATA_CENTER)


def edit(beyond: Beyond, pair: tuple[str, str], side: str, **fields: Any) -> None:
    """Let somebody of this side set fields."""
    left, right = pair
    if side == CLOUD:
        beyond.acme.edit("alice", left, **fields)
    else:
        beyond.office.edit("alice", right, **fields)


def shown(beyond: Beyond, pair: tuple[str, str]) -> tuple[dict[str, object], dict[str, object]]:
    """What people see of the plain fields on both sides."""
    return beyond.acme.holds(pair[0]), beyond.office.holds(pair[1])


def last_lines(texts: list[str]) -> list[str]:
    """What comments say, without who is said to have said it."""
    return [text.splitlines()[-1] for text in texts]


# --- edits that meet ---------------------------------------------------------------------------


def test_labels_of_both_sides_merge_by_additions_and_removals(beyond: Beyond, pair: tuple[str, str]) -> None:
    beyond.acme.edit("alice", pair[0], labels=["lamp"])
    beyond.office.edit("alice", pair[1], labels=["hall", "urgent"])
    beyond.settle()

    cloud, data_center = shown(beyond, pair)
    assert cloud["labels"] == data_center["labels"] == ["lamp", "urgent"]
    assert beyond.conflicts() == []


def test_edits_of_different_fields_on_both_sides_both_survive(beyond: Beyond, pair: tuple[str, str]) -> None:
    beyond.acme.edit("alice", pair[0], summary="New words", description=paragraphs("From the Cloud"))
    beyond.office.edit("alice", pair[1], priority={"name": "Low"}, duedate="2026-12-24")
    beyond.settle()

    expected = {"summary": "New words", "priority": "Low", "labels": ["hall"]}
    assert shown(beyond, pair) == (expected, expected)
    assert beyond.office.field(pair[1], "description") == "From the Cloud"
    assert beyond.acme.field(pair[0], "duedate") == "2026-12-24"
    assert beyond.conflicts() == []


@pytest.mark.parametrize("first", SIDES)
def test_edits_of_the_same_moment_are_decided_for_the_left(
    beyond: Beyond, pair: tuple[str, str], first: str
) -> None:
    began = beyond.acme.clock()
    for side in sorted(SIDES, key=lambda each: each != first):
        edit(beyond, pair, side, summary=side)
        beyond.acme.clock.advance(seconds=(began - beyond.acme.clock()).total_seconds())
    beyond.acme.clock.advance(seconds=1)
    beyond.settle()

    assert [each["summary"] for each in shown(beyond, pair)] == [CLOUD, CLOUD]
    assert beyond.conflicts() == ["summary"]


@pytest.mark.parametrize("side", SIDES)
def test_a_due_date_and_a_description_are_set_changed_and_emptied(
    beyond: Beyond, pair: tuple[str, str], side: str
) -> None:
    for due, text in (("2026-12-24", "First"), ("2027-01-06", "Second"), (None, None)):
        described = paragraphs(text) if text and side == CLOUD else text
        edit(beyond, pair, side, duedate=due, description=described)
        beyond.settle()

        assert beyond.acme.field(pair[0], "duedate") == beyond.office.field(pair[1], "duedate") == due
        assert beyond.office.field(pair[1], "description") == text
        assert (text is None) == (beyond.acme.field(pair[0], "description") is None)

    assert beyond.conflicts() == []


def test_a_work_item_deleted_on_the_cloud_leaves_its_twin_alone(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    left, right = pair

    beyond.acme.jira.person("dana").delete(f"/rest/api/3/issue/{left}")
    beyond.settle()
    beyond.office.edit("alice", right, summary="Goes on alone")
    beyond.settle()

    assert beyond.office.holds(right)["summary"] == "Goes on alone"
    assert (beyond.acme.pair().state, beyond.acme.pair().reason) == ("set aside", "deleted")
    assert beyond.acme.twins_of(right) == []


@pytest.mark.parametrize("news", ["told", "lost"])
@pytest.mark.parametrize("side", SIDES)
def test_what_was_edited_while_it_was_stopped_arrives_after_the_start(
    beyond: Beyond, pair: tuple[str, str], side: str, news: str
) -> None:
    beyond.acme.stop()
    edit(beyond, pair, side, summary="While stopped")
    if news == "lost":
        beyond.acme.lose()
    beyond.settle()
    assert {each["summary"] for each in shown(beyond, pair)} == {"Broken lamp", "While stopped"}

    beyond.acme.start()
    beyond.wait(minutes=1)

    assert {each["summary"] for each in shown(beyond, pair)} == {"While stopped"}
    assert beyond.conflicts() == []


def test_a_work_item_older_than_the_start_gets_no_twin_by_itself(beyond: Beyond) -> None:
    beyond.acme.stop()
    mine, theirs = beyond.acme.create("ALPHA", "Old"), beyond.office.create("alice", "Old")
    beyond.settle()
    beyond.acme.start()
    beyond.acme.clock.advance(seconds=60)

    beyond.acme.edit("alice", mine, summary="Old, edited")
    beyond.office.edit("alice", theirs, summary="Old, edited")
    beyond.settle()
    beyond.wait(minutes=30)

    assert (beyond.office.twins_of(mine), beyond.acme.twins_of(theirs)) == ([], [])


# --- news that come twice, late or never -------------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_news_in_any_order_and_each_of_them_twice_end_in_the_newest_state(
    beyond: Beyond, pair: tuple[str, str], order: tuple[int, ...]
) -> None:
    left, right = pair
    beyond.office.edit("alice", right, summary="First", labels=["one"])
    beyond.office.edit("alice", right, summary="Second")
    beyond.office.edit("alice", right, labels=["two"])
    told = beyond.office.hold_back()
    assert len(told) == 3

    for number in (*order, *reversed(order)):
        beyond.hear(told[number])
        beyond.settle()

    expected = {"summary": "Second", "priority": "Medium", "labels": ["two"]}
    assert shown(beyond, pair) == (expected, expected)
    assert Delivery.objects.filter(key=told[0].identifier).count() == 1
    assert beyond.conflicts() == []
    assert len(beyond.acme.issue(left).changelog) <= 3


def test_where_news_overtake_each_other_all_that_happened_arrives(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    left, right = pair
    beyond.office.site.hooks_unordered = True
    said = beyond.office.comment("alice", right, "Frist")
    for number in range(8):
        beyond.office.edit("alice", right, summary=f"Take {number}", labels=[f"take-{number}"])
    beyond.office.change_comment("alice", right, said, "First")
    beyond.office.move("alice", right, "In Progress")
    new = beyond.office.create("alice", "New")
    beyond.office.edit("alice", new, summary="New, edited")
    waiting = beyond.office.world.outbox
    overtakes = waiting != sorted(waiting, key=lambda one: one.due)
    assert overtakes is beyond.office.site.edition.sends_webhooks_later

    beyond.settle()

    assert beyond.acme.holds(left) == beyond.office.holds(right)
    assert beyond.acme.holds(left)["summary"] == "Take 7"
    assert beyond.acme.status(left) == "In Progress"
    assert last_lines(beyond.acme.comments(left)) == ["First"]
    (twin,) = beyond.acme.twins_of(new)
    assert beyond.acme.holds(twin)["summary"] == "New, edited"
    assert beyond.conflicts() == []


def test_what_a_data_center_had_to_tell_while_it_was_down_is_found_by_a_check(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    left, right = pair
    beyond.office.edit("alice", right, summary="Before the net was gone")
    beyond.office.comment("alice", right, "Said before")
    new = beyond.office.create("alice", "New")
    beyond.office.world.take_down("initech")
    beyond.acme.edit("alice", left, labels=["hall", "meanwhile"])
    beyond.acme.jira.deliver_all()
    assert beyond.deliver() == 0
    beyond.acme.work()
    assert beyond.office.world.outbox == []

    beyond.office.world.bring_up("initech")
    beyond.acme.clock.advance(minutes=10)
    beyond.settle()
    beyond.wait(minutes=30)

    expected = {"summary": "Before the net was gone", "priority": "Medium", "labels": ["hall", "meanwhile"]}
    assert shown(beyond, pair) == (expected, expected)
    assert last_lines(beyond.acme.comments(left)) == ["Said before"]
    assert len(beyond.acme.twins_of(new)) == 1
    assert beyond.conflicts() == []


def test_a_check_of_many_pairs_misses_none_where_a_search_shows_few_at_once(beyond: Beyond) -> None:
    items = [beyond.acme.create("ALPHA", f"Lamp {number}") for number in range(13)]
    beyond.settle()
    beyond.office.site.most_found = 2
    beyond.office.edit("alice", beyond.twin_of(items[-1]), summary="Unheard of")
    beyond.office.lose()

    Reconciliation.objects.update(whole=True)
    beyond.wait(hours=2)

    assert not Reconciliation.objects.filter(whole=True).exists()
    assert Synchronization.objects.get().state == "running"
    assert beyond.acme.holds(items[-1])["summary"] == "Unheard of"


# --- comments ----------------------------------------------------------------------------------


def written(beyond: Beyond, pair: tuple[str, str], audience: dict[str, str]) -> None:
    """A comment that was never for everybody."""
    beyond.office.comment("dana", pair[1], "Among us", visibility=audience)


def restricted_later(beyond: Beyond, pair: tuple[str, str], audience: dict[str, str]) -> None:
    """A comment that was for everybody and has been copied."""
    said = beyond.office.comment("dana", pair[1], "For everybody")
    beyond.settle()
    assert last_lines(beyond.acme.comments(pair[0])) == ["For everybody"]
    beyond.office.change_comment("dana", pair[1], said, "Among us", visibility=audience)


def restricted_at_once(beyond: Beyond, pair: tuple[str, str], audience: dict[str, str]) -> None:
    """A comment that was for everybody until its news arrived."""
    said = beyond.office.comment("dana", pair[1], "For everybody")
    beyond.office.change_comment("dana", pair[1], said, "Among us", visibility=audience)


@pytest.mark.parametrize("audience", AUDIENCES, ids=["we are one of", "hidden from us"])
@pytest.mark.parametrize("happens", [written, restricted_later, restricted_at_once])
@pytest.mark.parametrize("news", ["in order", "backwards and twice", "lost"])
def test_a_comment_restricted_on_the_data_center_does_not_leave_it_and_a_copy_is_taken_back(
    beyond: Beyond, pair: tuple[str, str], happens: Act, audience: dict[str, str], news: str
) -> None:
    left, right = pair
    happens(beyond, pair, audience)
    told = beyond.office.hold_back()
    if news != "lost":
        beyond.hear(*(told if news == "in order" else [*reversed(told), *told]))
    beyond.settle()
    beyond.wait(minutes=30)

    assert beyond.acme.comments(left) == []
    assert beyond.office.comments(right) == ["Among us"]

    (said,) = beyond.office.listed(right)
    beyond.office.change_comment("dana", right, said["id"], "Again for everybody", visibility=None)
    beyond.settle()
    assert last_lines(beyond.acme.comments(left)) == ["Again for everybody"]


@pytest.mark.parametrize("audience", AUDIENCES, ids=["we are one of", "hidden from us"])
def test_a_comment_restricted_on_the_data_center_while_it_is_being_copied_is_taken_back(
    beyond: Beyond, pair: tuple[str, str], audience: dict[str, str]
) -> None:
    left, right = pair
    said = beyond.office.comment("dana", right, "For everybody")

    def restrict(_: object) -> None:
        beyond.office.change_comment("dana", right, said, "Among us", visibility=audience)

    beyond.office.world.hooks.before("POST", f"/issue/{left}/comment$", restrict)
    beyond.settle()

    assert beyond.acme.comments(left) == []
    assert beyond.office.comments(right) == ["Among us"]
