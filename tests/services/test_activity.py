"""What the feed tells each side, and what it keeps to itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backbone_app.core.configuration import from_document, to_document
from backbone_app.errors import NotAllowed, NotFound
from backbone_app.ledger import journal
from backbone_app.models import Intent, JournalEntry, PublishedConfiguration, Site
from backbone_app.services import activity
from backbone_app.services.activity import Activity, Flow, Line, Only, Stretch, Values
from backbone_app.services.tenants import Caller
from tests.support.scenario import Story, story

__all__ = ["story"]


def person(story: Story, name: str) -> Caller:
    return replace(story.alice, account=story.jira.account(name))


def feed(
    story: Story,
    name: str = "alice",
    space: str = "ALPHA",
    *,
    only: Only = Only.ALL,
    before: int | None = None,
    down_to: int | None = None,
) -> Activity:
    """The synchronization's feed as the admin of a space reads it."""
    return activity.of_synchronization(
        person(story, name),
        story.jira.space_id(space),
        story.synchronization_id,
        stretch=Stretch(before, down_to),
        only=only,
        now=story.clock(),
    )


def newest(story: Story, name: str = "alice", space: str = "ALPHA") -> Line:
    return feed(story, name, space).lines[0]


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest."""
    left = story.create("ALPHA", "Broken lamp", labels=["hall"], priority={"name": "Low"})
    story.settle()
    return left, story.twin_of(left)


# --- what a line says --------------------------------------------------------------------------


def test_a_creation_names_creator_time_work_types_and_both_keys(story: Story, pair: tuple[str, str]) -> None:
    origin, twin = (story.issue(item) for item in pair)

    line = newest(story, "bob", "BETA")

    assert (line.kind, line.flow, line.sentence) == (
        "created",
        Flow.RECEIVED,
        f"Created as the twin of {origin.key}",
    )
    assert (line.item_key, line.twin_key, line.rule) == (twin.key, origin.key, "Work types: Task ↔ Task")
    assert [(one.by.name, one.at, one.is_own) for one in line.sources] == [
        ("Alice Archer", origin.created, False)
    ]
    assert line.history_url.startswith(f"https://acme.atlassian.net/browse/{twin.key}?page=")
    rows = {row.field: row for row in line.rows}
    assert rows["Summary"].after == "Broken lamp"
    assert rows["Summary"].sources[0].by.name == "Alice Archer"


def test_a_change_tells_before_after_author_and_rule_of_each_field(
    story: Story, pair: tuple[str, str]
) -> None:
    left, _ = pair
    story.edit("alice", left, summary="Mended lamp")
    story.edit("carol", left, labels=["hall", "urgent"])
    story.settle()

    line = newest(story, "bob", "BETA")

    assert line.sentence == "Labels and Summary changed"
    labels, summary = line.rows
    assert (summary.before, summary.after, summary.rule) == (
        "Broken lamp",
        "Mended lamp",
        "Fields: Summary ↔ Summary",
    )
    assert (labels.before, labels.after) == ("hall", "hall, urgent")
    assert [row.sources[0].by.name for row in line.rows] == ["Carol Cook", "Alice Archer"]
    assert summary.sources[0].entry == story.issue(left).changelog[-2].id
    assert line.version == 1


def test_labels_of_several_people_in_one_write_name_all_of_them(story: Story, pair: tuple[str, str]) -> None:
    left, _ = pair
    story.edit("alice", left, labels=["hall", "urgent"])
    story.edit("carol", left, labels=["urgent", "hall", "glass"])
    story.edit("frank", left, labels=["urgent", "hall", "glass", "north"])
    story.edit("frank", left, labels=["urgent", "hall", "glass"])
    story.settle()

    (row,) = newest(story, "bob", "BETA").rows

    assert [one.by.name for one in row.sources] == ["Alice Archer", "Carol Cook"]


def test_the_side_that_sent_sees_that_it_did_but_none_of_the_partners_values(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Mended lamp")
    story.settle()

    line = newest(story)

    assert (line.flow, line.sentence) == (Flow.SENT, f"Summary changed in {story.issue(right).key}")
    (row,) = line.rows
    assert (row.values, row.before, row.after) == (Values.NONE, None, "")
    assert (row.sources[0].by.name, row.sources[0].is_own) == ("Alice Archer", True)


def test_a_walk_of_several_steps_names_its_goal_and_the_edit_that_set_it_off(
    story: Story, pair: tuple[str, str]
) -> None:
    left, _ = pair
    story.move("alice", left, "In Progress")
    story.settle()

    moves = [line for line in feed(story, "bob", "BETA").lines if line.kind == "moved"]

    assert [line.sentence for line in moves] == [
        "Status moved to In Progress",
        "Status moved to Selected, on the way to In Progress",
    ]
    assert {line.rows[0].rule for line in moves} == {"Workflow: In Progress → In Progress"}
    assert {line.rows[0].sources[0].by.name for line in moves} == {"Alice Archer"}


def test_a_conflict_is_told_to_both_with_both_edits_each_with_its_own_value(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Older")
    story.clock.advance(seconds=10)
    story.edit("bob", right, summary="Newer")
    story.settle()

    (lost,) = feed(story, only=Only.CONFLICTS).lines
    (won,) = feed(story, "bob", "BETA", only=Only.CONFLICTS).lines

    keys = story.issue(left).key, story.issue(right).key
    assert lost.sentence == f"Conflict on Summary: the newer edit won, made in {keys[1]}"
    assert won.sentence == "Conflict on Summary: the newer edit won, made here"
    assert (lost.rows[0].after, won.rows[0].after) == ("Older", "Newer")
    for line, own, met in ((lost, "Alice Archer", "Bob Baker"), (won, "Bob Baker", "Alice Archer")):
        (row,) = line.rows
        assert row.gave_way is not None
        assert (row.sources[0].by.name, row.gave_way.by.name) == (own, met)
        assert row.rule == "Conflicts: the newer edit wins"


def test_two_edits_too_close_to_tell_are_told_as_such(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.edit("alice", left, summary="One")
    story.edit("bob", right, summary="Other")
    story.settle()

    (lost,) = feed(story, "bob", "BETA", only=Only.CONFLICTS).lines

    assert lost.sentence == (
        "Conflict on Summary: nobody can tell which edit was newer, "
        f"the one made in {story.issue(left).key} won"
    )


def test_comments_name_who_wrote_the_original_and_say_why_a_copy_goes(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    comment = story.comment("carol", left, "First")
    story.settle()
    story.change_comment("carol", left, comment, "Second")
    story.settle()
    story.delete_comment("carol", left, comment)
    story.settle()

    lines = feed(story, "bob", "BETA", only=Only.COMMENTS).lines
    sent = feed(story, only=Only.COMMENTS).lines

    assert [line.sentence for line in lines] == [
        "Comment removed: its original was deleted",
        "Comment changed",
        "Comment added",
    ]
    assert {(line.rows[0].about, line.rows[0].sources[0].by.name) for line in lines} == {
        (comment, "Carol Cook")
    }
    assert lines[1].rows[0].after.endswith("Second")
    twin = story.issue(right).key
    assert [line.sentence for line in sent] == [
        f"Comment removed from {twin}",
        f"Comment changed in {twin}",
        f"Comment copied to {twin}",
    ]


def test_a_copy_that_somebody_changed_is_told_where_it_was_changed_only(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.comment("carol", left, "First")
    story.settle()
    (copy,) = story.comment_ids(right)
    story.change_comment("bob", right, copy, "Changed over there")
    story.settle()

    here, there = newest(story, "bob", "BETA"), newest(story)

    assert here.sentence == "A copied comment was edited here; it stays until its original changes"
    assert there.kind != "comment left"


def test_a_clone_is_told_to_be_one(story: Story, pair: tuple[str, str]) -> None:
    _, right = pair
    mark = story.issue(right).properties["backbone-twin"]
    clone = story.create("BETA", "A clone")
    story.issue(clone).properties["backbone-twin"] = dict(mark)
    story.hold_back(clone)
    story.edit("bob", clone, summary="A clone of the lamp")
    story.settle()

    line = next(line for line in feed(story, "bob", "BETA").lines if line.kind == "unmarked")

    assert line.sentence == "Taken for what it is: a clone, a work item of its own"
    assert (line.sources[0].by.name, line.item_key) == ("Bob Baker", story.issue(clone).key)
    assert all(line.kind != "unmarked" for line in feed(story).lines)


def test_a_status_without_a_way_says_so_with_the_transitions_there_are(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.forbid_moves(right)
    story.move("alice", left, "In Progress")
    story.settle()

    (line,) = feed(story, "bob", "BETA", only=Only.TROUBLE).lines
    (sent,) = feed(story, only=Only.TROUBLE).lines

    assert line.sentence == sent.sentence == "Status could not be moved"
    assert "no way from there" in line.rows[0].after
    assert sent.rows[0].after == ""


# --- who may know what -------------------------------------------------------------------------


def test_people_of_the_partner_go_without_a_name_where_the_author_line_names_nobody(
    story: Story, pair: tuple[str, str]
) -> None:
    left, _ = pair
    published = PublishedConfiguration.objects.get()
    configuration = from_document(published.document)
    silent = replace(configuration, comments=replace(configuration.comments, author_line="A partner wrote:"))
    PublishedConfiguration.objects.update(document=to_document(silent))
    story.edit("alice", left, summary="Mended lamp")
    story.settle()

    received, sent = newest(story, "bob", "BETA"), newest(story)

    assert received.rows[0].sources[0].by == activity.Person("somebody in the partner space", "")
    assert sent.rows[0].sources[0].by.name == "Alice Archer"


def test_values_of_a_work_item_that_the_admin_may_not_see_are_not_shown(
    story: Story, pair: tuple[str, str]
) -> None:
    site = story.jira.site
    site.revoke(site.user("bob"), "BROWSE_PROJECTS", space=site.space("BETA"))

    line = newest(story, "bob", "BETA")

    assert {row.values for row in line.rows} == {Values.HIDDEN}
    assert {row.after for row in line.rows} == {""}


def test_only_admins_of_a_space_that_takes_part_read_the_feed(story: Story, pair: tuple[str, str]) -> None:
    with pytest.raises(NotAllowed):
        feed(story, "carol")
    with pytest.raises(NotFound):
        feed(story, "dana", "GAMMA")


def test_a_work_items_activity_is_for_whoever_may_see_it(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    hidden = story.person_creates("dana", "GAMMA", "Not for carol")

    shown = activity.of_item(person(story, "carol"), right, now=story.clock())
    sent = activity.of_item(person(story, "carol"), left, now=story.clock())

    assert [line.flow for line in shown.lines] == [Flow.RECEIVED]
    assert [line.flow for line in sent.lines] == [Flow.SENT]
    with pytest.raises(NotFound):
        activity.of_item(person(story, "carol"), hidden, now=story.clock())


def test_without_an_answer_of_jira_people_go_without_names(story: Story, pair: tuple[str, str]) -> None:
    newest(story, "bob", "BETA")
    names = [key for key in list(cache._cache) if ":name:" in key]  # type: ignore[attr-defined]  # the local cache
    assert names
    for key in names:
        cache.delete(key.split(":", 2)[2])
    story.jira.site.users.pop(story.jira.account("alice"))

    line = newest(story, "bob", "BETA")

    assert line.sources[0].by.name == "somebody in the partner space"


# --- pages, filters, costs ---------------------------------------------------------------------


def test_each_filter_gives_its_own_lines(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.comment("alice", left, "Hello")
    story.edit("bob", right, summary="From there")
    story.settle()

    kinds = {only: [line.kind for line in feed(story, only=only).lines] for only in Only}

    assert kinds == {
        Only.ALL: ["commented", "edited", "created"],
        Only.RECEIVED: ["edited"],
        Only.SENT: ["commented", "created"],
        Only.COMMENTS: ["commented"],
        Only.CONFLICTS: [],
        Only.TROUBLE: [],
    }


def test_pages_follow_one_another_without_gaps(
    story: Story, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    left, _ = pair
    monkeypatch.setattr(activity, "PAGE", 2)
    for number in range(4):
        story.edit("alice", left, summary=f"Number {number}")
        story.settle()

    pages: list[list[int]] = []
    older: int | None = None
    while not pages or older:
        shown = feed(story, before=older)
        pages.append([line.id for line in shown.lines])
        older = shown.older

    assert [len(page) for page in pages] == [2, 2, 1]
    ids = [line for page in pages for line in page]
    assert ids == sorted(ids, reverse=True)
    assert [line.id for line in feed(story, down_to=pages[1][1]).lines] == pages[0] + pages[1]


def test_the_number_of_queries_does_not_grow_with_the_lines(story: Story) -> None:
    counts = []
    for number in range(3):
        story.create("ALPHA", f"Item {number}")
        story.settle()
        if number in (0, 2):
            feed(story, "bob", "BETA")
            with CaptureQueriesContext(
                connection,
            ) as captured:
                lines = feed(story, "bob", "BETA").lines
            counts.append((len(lines), len(captured)))

    (few, first), (many, second) = counts
    assert (few, many) == (1, 3)
    assert first == second


def test_a_write_without_an_answer_yet_is_shown_as_under_way(story: Story, pair: tuple[str, str]) -> None:
    Intent.objects.filter(journal=JournalEntry.objects.latest("pk")).update(state="open")

    assert newest(story, "bob", "BETA").is_open


# --- retention ---------------------------------------------------------------------------------


def test_a_feed_without_values_still_tells_who_when_and_why(story: Story, pair: tuple[str, str]) -> None:
    left, _ = pair
    Site.objects.update(retention_days=0)
    story.edit("alice", left, summary="Mended lamp")
    story.move("alice", left, "In Progress")
    story.settle()

    lines = feed(story, "bob", "BETA").lines

    entries = JournalEntry.objects.exclude(kind="created")
    assert {(bytes(one.values_sealed), bytes(one.before_sealed)) for one in entries} == {(b"", b"")}
    assert [line.sentence for line in lines[:3]] == ["Status changed", "Status changed", "Summary changed"]
    row = lines[2].rows[0]
    assert (row.values, row.before, row.after) == (Values.FORGOTTEN, None, "")
    assert (row.sources[0].by.name, row.rule) == ("Alice Archer", "Fields: Summary ↔ Summary")
    assert lines[0].rows[0].rule == "Workflow"


def test_after_its_retention_a_line_says_that_the_value_is_gone(story: Story, pair: tuple[str, str]) -> None:
    story.clock.advance(days=31)

    assert journal.forget_values(story.clock() - timedelta(days=2), 100) == 0
    assert journal.forget_values(story.clock(), 100) == 1

    line = newest(story, "bob", "BETA")
    assert {row.values for row in line.rows} == {Values.FORGOTTEN}
    assert line.sources[0].by.name == "Alice Archer"
