"""Rows of a pair's elements are deleted.

1. A pair is in step: labels, fields and comments of both sides have their rows.
2. The rows of the one kind or the other, or all, are deleted, as by a hand in the database.
3. Before or after that somebody edits what they told of; or nobody does, and everything is checked.

What the rows told is learnt again from what stands in Jira: nothing is doubled and nothing is removed, on
either side. An edit that could mean two things without them is asked about, or both keep what they have.
"""

import itertools
from typing import Final

import pytest
from django.db.models import Model

from backbone_app.models import CommentTwin, ElementBase, FieldBase
from tests.support.ending import Ending
from tests.support.scenario import Story
from tests.support.slices import slice_of

TABLES: Final[dict[str, tuple[type[Model], ...]]] = {
    "labels": (ElementBase,),
    "comments": (CommentTwin,),
    "fields": (FieldBase,),
    "all": (ElementBase, CommentTwin, FieldBase),
}
HARMLESS: Final = ("nothing", "a label there", "a label here", "a comment more", "a comment changed")
CASES: Final = [
    case
    for case in itertools.product(TABLES, HARMLESS, ("before", "after"), ("told", "lost"))
    if not (case[0] in {"fields", "all"} and "label" in case[1])
]


@pytest.fixture
def rich(story: Story, pair: tuple[str, str]) -> tuple[str, str]:
    """The pair with two labels and a comment of each side."""
    left, right = pair
    story.edit("alice", left, labels=["hall", "red"])
    story.comment("alice", left, "From alice")
    story.comment("bob", right, "From bob")
    story.settle()
    return pair


def act_on(story: Story, left: str, right: str, what: str) -> None:
    """Let somebody do what means the same whether the rows are there or not."""
    match what:
        case "a label there":
            story.edit("bob", right, labels=["hall", "red", "there"])
        case "a label here":
            story.edit("alice", left, labels=["hall", "red", "here"])
        case "a comment more":
            story.comment("bob", right, "One more")
        case "a comment changed":
            story.change_comment("alice", left, story.comment_ids(left)[0], "Changed")


@pytest.mark.parametrize(("table", "act", "moment", "news"), slice_of(CASES, 2))
def test_what_deleted_rows_told_of_is_learnt_again_and_nothing_is_doubled_or_removed(
    story: Story, ending: Ending, rich: tuple[str, str], table: str, act: str, moment: str, news: str
) -> None:
    left, right = rich

    if moment == "before":
        act_on(story, left, right, act)
    for model in TABLES[table]:
        model._default_manager.all().delete()
    if moment == "after":
        act_on(story, left, right, act)
    if news == "lost":
        story.lose()

    assert ending.faults() == []
    assert len(story.comments(left)) == len(story.comments(right)) == 2 + (act == "a comment more")
    assert {"hall", "red"} <= set(story.field(left, "labels"))
    assert len(story.jira.site.issues) == 2


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_a_label_that_was_removed_when_nobody_knows_it_was_agreed_comes_back(
    story: Story, ending: Ending, rich: tuple[str, str], who: str
) -> None:
    left, right = rich
    ElementBase.objects.all().delete()

    story.edit(who, left if who == "alice" else right, labels=["hall"])
    ending.rest()

    assert story.holds(left)["labels"] == story.holds(right)["labels"] == ["hall", "red"]


@pytest.mark.parametrize(("who", "name"), [("alice", "summary"), ("bob", "labels")])
def test_a_field_that_was_edited_when_nobody_knows_what_was_agreed_is_asked_about(
    story: Story, ending: Ending, rich: tuple[str, str], who: str, name: str
) -> None:
    here, there = rich if who == "alice" else (rich[1], rich[0])
    before = story.field(there, name)
    FieldBase.objects.all().delete()

    new = {"summary": "New words", "labels": ["hall", "new"]}[name]
    story.edit(who, here, **{name: new})
    ending.rest()

    assert (story.field(here, name), story.field(there, name)) == (new, before)
    assert story.pair().reason == "needs_decision"


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_a_comment_that_was_deleted_when_nobody_knows_its_copy_is_not_copied_back(
    story: Story, ending: Ending, rich: tuple[str, str], who: str
) -> None:
    left, right = rich
    item, other = (left, right) if who == "alice" else (right, left)
    (own,) = [one.id for one in story.issue(item).comments if one.author == story.jira.account(who)]
    CommentTwin.objects.all().delete()

    story.delete_comment(who, item, own)

    assert ending.faults(besides=("comment",)) == []
    assert len(story.comments(item)) == 1
    assert len(story.comments(other)) in {1, 2}
