"""Why did this change? For every change we wrote, the feed names the true edits, authors and rule."""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import pytest

from backbone_app.core.values import Side
from backbone_app.services import activity
from backbone_app.services.activity import Flow, Line, Row, Source, Stretch
from backbone_app.services.tenants import Caller
from tests.support.scenario import Story
from tests.support.truth import Act, People, true_edits
from tests.support.two_sites import Across, across, world

__all__ = ["across", "world"]

CHANGES = int(os.environ.get("CHANGES", "60"))
"""A slice; ``make heavy`` asks for 200 and more on either database."""
RULES = {
    "summary": "Fields: Summary ↔ Summary",
    "priority": "Fields: Priority ↔ Priority",
    "labels": "Fields: Labels ↔ Labels",
    "duedate": "Fields: Due date ↔ Due date",
    "description": "Fields: Description ↔ Description",
    "comment": "Comments: author's original",
}


@dataclass(frozen=True, slots=True)
class Play:
    """People at work, how their changes are carried, and how each side reads its feed."""

    people: People
    settle: Callable[[], None]
    readers: dict[Side, Caller]

    def run(self, *, pairs: int) -> None:
        """Create a few work items on both sides, then change them, several times between two deliveries."""
        for number in range(pairs):
            side = list(Side)[number % 2]
            story = self.people.stories[side]
            who = self.people.staff[side][number % len(self.people.staff[side])]
            item = story.person_creates(who, self.people.spaces[side], f"Item {number}", labels=["hall"])
            self.settle()
            other = self.people.stories[side.other]
            self.people.pairs.append({side: item, side.other: other.twin_of(item)})
        while self.people.acts < CHANGES:
            for _ in range(self.people.chance.choice((1, 1, 2, 3, 5))):
                self.people.act(self.people.chance.randrange(pairs))
                self.people.stories[Side.LEFT].clock.advance(seconds=self.people.chance.randrange(8))
            self.settle()

    def received(self, side: Side) -> list[Line]:
        """Every change that came to this side, oldest first, as its admin reads them page by page."""
        story, lines = self.people.stories[side], list[Line]()
        space = story.jira.space_id(self.people.spaces[side])
        older: int | None = None
        while True:
            shown = activity.of_synchronization(
                self.readers[side],
                space,
                story.synchronization_id,
                stretch=Stretch(before=older),
                now=story.clock(),
            )
            lines += shown.lines
            older = shown.older
            if older is None:
                return [line for line in reversed(lines) if line.flow is Flow.RECEIVED]


@pytest.fixture
def chance() -> Random:
    """The same chance each time."""
    return Random(20_270_514)


@pytest.fixture
def one_site(story: Story, chance: Random) -> Play:
    """ALPHA and BETA of one site."""
    staff = {Side.LEFT: ("alice", "carol", "frank"), Side.RIGHT: ("bob", "carol", "frank")}
    people = People(dict.fromkeys(Side, story), {Side.LEFT: "ALPHA", Side.RIGHT: "BETA"}, staff, chance)
    bob = Caller(story.alice.site_id, story.jira.account("bob"), story.alice.base_url)
    return Play(people, story.settle, {Side.LEFT: story.alice, Side.RIGHT: bob})


@pytest.fixture
def two_sites(across: Across, chance: Random) -> Play:
    """ALPHA on acme and GOLD on initech."""
    staff = {Side.LEFT: ("alice", "carol", "frank"), Side.RIGHT: ("gina", "alice", "erin")}
    stories = {Side.LEFT: across.acme, Side.RIGHT: across.initech}
    people = People(stories, {Side.LEFT: "ALPHA", Side.RIGHT: "GOLD"}, staff, chance)
    return Play(people, across.settle, {Side.LEFT: across.acme.alice, Side.RIGHT: across.initech.alice})


def named(sources: tuple[Source, ...]) -> set[tuple[str, int | None]]:
    return {(one.by.account or one.by.name, one.entry) for one in sources}


def known(play: Play, side: Side, acts: set[Act]) -> set[tuple[str, int | None]]:
    """The edits as this side may know them: who is not on its site has no name there."""
    users = play.people.stories[side].jira.site.users
    return {
        (one.author if one.author in users else "somebody in the partner space", one.entry) for one in acts
    }


def rule_of(row: Row, written: Act, edits: set[Act]) -> str:
    if row.key != "status":
        return RULES[row.key]
    (edit,) = edits
    return f"Workflow: {edit.after} → "


def check_fields(play: Play, side: Side, lines: list[Line]) -> tuple[Counter[str], list[object]]:
    """Hold every step that our app wrote against what the feed says of it."""
    told: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for line in lines:
        for row in line.rows if line.kind in {"edited", "moved"} else ():
            told[line.item_key, row.key].append(row)
    counted: Counter[str] = Counter()
    wrong: list[object] = []
    for key, name, steps, acts in written_steps(play, side):
        rows = told.pop((key, name), [])
        if len(rows) != len(steps):
            wrong.append((key, name, len(rows), len(steps)))
        for step, row in zip(steps, rows, strict=False):
            counted[name] += 1
            truth = true_edits(step, acts)
            if not _is_right(play, side, row, step, truth):
                wrong.append((step, truth, row))
    return counted, [*wrong, *told.items()]


def written_steps(play: Play, side: Side) -> Iterator[tuple[str, str, list[Act], list[Act]]]:
    """Give by work item and field what our app wrote there, and everything that people did to the pair."""
    for pair in play.people.pairs:
        acts = [one for each in Side for one in play.people.history(each, pair[each], ours=False)]
        acts.sort(key=lambda one: (one.at, one.entry))
        written: dict[str, list[Act]] = defaultdict(list)
        for act in play.people.history(side, pair[side], ours=True):
            written[act.field].append(act)
        key = play.people.stories[side].issue(pair[side]).key
        yield from ((key, name, steps, acts) for name, steps in written.items())


def _is_right(play: Play, side: Side, row: Row, step: Act, truth: set[Act]) -> bool:
    if not truth or named(row.sources) != known(play, side, truth):
        return False
    times = {one.at for one in row.sources} == {one.at for one in truth}
    after = step.after if step.field != "labels" else ", ".join(sorted(step.after.split()))
    is_said = row.after == after or step.field == "description"
    return times and is_said and row.rule.startswith(rule_of(row, step, truth))


def check_comments(play: Play, side: Side, lines: list[Line]) -> tuple[Counter[str], list[object]]:
    """Hold every copy that we wrote, changed or deleted against what people did to its original."""
    counted: Counter[str] = Counter()
    wrong: list[object] = []
    for line in lines:
        if not line.kind.startswith("comment"):
            continue
        (row,) = line.rows
        counted[line.kind] += 1
        before = [
            one
            for one in play.people.remarks
            if (one.side, one.id) == (side.other, row.about) and one.at <= line.at
        ]
        last = before[-1] if before else None
        users = play.people.stories[side].jira.site.users
        author = last.author if last and last.author in users else "somebody in the partner space"
        said = [(one.by.account or one.by.name, one.at) for one in row.sources]
        kept = line.kind == "comment removed" or "omment" in row.after or "hanged" in row.after
        if last is None or said != [(author, last.at)] or row.rule != RULES["comment"] or not kept:
            wrong.append((line, last))
    return counted, wrong


def check(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    """Let people work, then ask of every change on both sides why it was made."""
    play.run(pairs=5)

    counted: Counter[str] = Counter()
    wrong: list[object] = []
    for side in Side:
        lines = play.received(side)
        for checked in (check_fields, check_comments):
            found, faults = checked(play, side, lines)
            counted += found
            wrong += faults
    with capsys.disabled():
        sys.stdout.write(f"\n{counted.total() - len(wrong)}/{counted.total()} named truly: {dict(counted)}\n")
    assert wrong == []
    assert counted.total() >= CHANGES
    assert set(counted) == {*RULES, "status", "commented", "comment changed", "comment removed"} - {"comment"}


def test_the_feed_names_the_true_edit_author_and_rule_of_every_change_on_one_site(
    one_site: Play, capsys: pytest.CaptureFixture[str]
) -> None:
    check(one_site, capsys)


def test_the_feed_names_the_true_edit_author_and_rule_of_every_change_across_two_sites(
    two_sites: Play, capsys: pytest.CaptureFixture[str]
) -> None:
    check(two_sites, capsys)
