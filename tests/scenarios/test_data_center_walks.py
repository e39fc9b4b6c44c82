"""Ways through the workflow of a Data Center, and from there through the Cloud's, as in ``test_walks``."""

import pytest

from tests.support.beyond import Beyond, beyond, pair, world
from tests.support.beyond import some_edition as edition
from tests.support.ways import lead_through

__all__ = ["beyond", "edition", "pair", "world"]


def test_a_dead_end_is_tried_once(beyond: Beyond) -> None:
    items = [beyond.acme.create("ALPHA", f"Lamp {number}") for number in range(3)]
    beyond.settle()
    twins = [beyond.twin_of(item) for item in items]
    site = beyond.office.site
    dead_end = ("To Do", "In Review")
    lead_through(site, twins[0], dead_end, ("To Do", "In Progress"), ("In Progress", "Done"))

    for item in items:
        beyond.acme.move("alice", item, "In Progress", "Done")
        beyond.settle()

    assert [beyond.office.statuses(twin) for twin in twins] == [["In Review"], *[["In Progress", "Done"]] * 2]


def test_a_dead_end_that_was_given_a_way_out_is_left_by_it(beyond: Beyond, pair: tuple[str, str]) -> None:
    left, right = pair
    site = beyond.office.site
    lead_through(site, right, ("To Do", "In Review"))
    beyond.acme.move("alice", left, "In Progress", "Done")
    beyond.settle()
    assert (beyond.office.status(right), beyond.acme.pair().reason) == ("In Review", "no_path")

    lead_through(site, right, ("In Review", "In Progress"), ("In Progress", "Done"))
    beyond.acme.edit("alice", left, summary="Any news")
    beyond.settle()

    assert (beyond.office.status(right), beyond.acme.pair().reason) == ("Done", "")


@pytest.mark.parametrize("news", ["all", "the last one", "none"])
def test_several_steps_on_the_data_center_are_walked_on_the_cloud(
    beyond: Beyond, pair: tuple[str, str], news: str
) -> None:
    left, right = pair

    beyond.office.move("alice", right, "In Progress", "In Review", "Done")
    told = beyond.office.hold_back()
    beyond.hear(*{"all": told, "the last one": told[-1:], "none": []}[news])
    beyond.settle()
    beyond.wait(minutes=30)

    assert beyond.acme.statuses(left) == ["In Progress", "Done"]
    assert beyond.office.statuses(right) == ["In Progress", "In Review", "Done"]
    assert beyond.acme.pair().reason == ""
    assert beyond.conflicts() == []


def test_a_status_that_the_cloud_has_not_is_one_of_its_kind_there_and_is_not_walked_back(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    left, right = pair
    beyond.office.move("alice", right, "In Progress")
    beyond.settle()
    beyond.office.move("alice", right, "In Review")
    beyond.settle()
    assert beyond.acme.statuses(left) == ["In Progress"]

    beyond.office.move("alice", right, "Done")
    beyond.settle()

    assert beyond.acme.statuses(left) == ["In Progress", "Done"]
    assert beyond.office.statuses(right) == ["In Progress", "In Review", "Done"]
    assert beyond.acme.pair().reason == ""


@pytest.mark.parametrize(("due", "arrives"), [("2026-12-24", "In Progress"), (None, "To Do")], ids=str)
def test_a_screen_there_that_asks_for_a_field_stands_in_the_way_only_where_the_field_is_empty(
    beyond: Beyond, pair: tuple[str, str], due: str | None, arrives: str
) -> None:
    left, right = pair
    beyond.acme.edit("alice", left, duedate=due)
    beyond.settle()
    space, kind = beyond.office.site.space("GOLD"), beyond.office.site.issues[right].type_id
    space.workflows[kind] = space.workflows[kind].changed("Begin", required=("duedate",))

    beyond.acme.move("alice", left, "In Progress")
    beyond.settle()

    assert beyond.office.status(right) == arrives
    assert beyond.acme.pair().reason == ("" if due else "no_path")

    beyond.office.edit("alice", right, duedate="2027-01-06")
    beyond.settle()
    beyond.wait(minutes=30)
    assert (beyond.office.status(right), beyond.acme.pair().reason) == ("In Progress", "")


def test_moves_on_both_sides_are_weighed_and_the_newer_one_stands(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    left, right = pair
    beyond.acme.move("alice", left, "In Progress")
    beyond.acme.clock.advance(seconds=10)
    beyond.office.move("alice", right, "In Progress", "In Review", "Done")
    beyond.settle()

    assert (beyond.acme.status(left), beyond.office.status(right)) == ("Done", "Done")
    assert beyond.conflicts() == ["status"]
