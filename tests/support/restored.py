"""People at work on two sites while the tables are backed up, lost and restored."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

import pytest
from django.core.management import call_command

from backbone_app import jobs
from backbone_app.core.values import Side
from backbone_app.ledger.points import QUIET
from backbone_app.models import ServiceHold
from tests.support.scenario import Story, paragraphs
from tests.support.two_sites import Across

WHO = {Side.LEFT: ("alice", "ALPHA"), Side.RIGHT: ("gina", "GOLD")}
PRIORITIES = ("Highest", "High", "Low", "Lowest")
READING = tuple(f"POST /rest/api/3/{one}" for one in ("search/jql", "issue/bulkfetch", "permissions/check"))


DEEDS = (
    "create",
    "edit",
    "edit",
    "edit",
    "label",
    "comment",
    "comment",
    "change",
    "remove",
    "move",
    "settle",
)


@dataclass(slots=True)
class Drill:
    """Two sites in step, and what people last wanted of each work item.

    ``wanted`` is by original: what the last edit of each field made of it, on whichever side.
    """

    across: Across
    chance: Random = field(default_factory=lambda: Random(0))
    originals: list[tuple[Side, str]] = field(default_factory=list)
    wanted: dict[tuple[Side, str], dict[str, Any]] = field(default_factory=dict)

    def story(self, side: Side) -> Story:
        return self.across.acme if side is Side.LEFT else self.across.initech

    def now(self) -> datetime:
        return self.across.acme.clock()

    def later(self, **span: float) -> None:
        self.across.acme.clock.advance(**span)

    def create(self, side: Side = Side.LEFT) -> tuple[Side, str]:
        """Let the admin of that side's space create a task."""
        who, space = WHO[side]
        summary = f"Task {self.chance.randrange(10**9)}"
        item = side, self.story(side).person_creates(who, space, summary, labels=["first"])
        self.originals.append(item)
        self.wanted[item] = {"summary": summary}
        return item

    def on(self, item: tuple[Side, str], side: Side) -> str:
        """Name the work item, or its one twin."""
        here, name = item
        if here is side:
            return name
        (twin,) = self.story(side).twins_of(name)
        return twin

    def edit(self, item: tuple[Side, str], side: Side, **fields: Any) -> None:
        """Let somebody edit it on ``side``; edits are far enough apart for their order to be known."""
        self.later(seconds=10)
        self.story(side).edit(WHO[side][0], self.on(item, side), **fields)
        self.wanted[item] |= fields

    def comment(self, item: tuple[Side, str], side: Side) -> str:
        text = f"Comment {self.chance.randrange(10**9)}"
        return self.story(side).comment(WHO[side][0], self.on(item, side), text)

    def act(self) -> None:
        """Let somebody do one thing, by chance, and sometimes let it arrive."""
        deed = self.chance.choice(DEEDS)
        side = self.chance.choice(list(Side))
        paired = [one for one in self.originals if self.story(one[0].other).twins_of(one[1])]
        if deed == "create" or not paired:
            self.create(side)
        elif deed == "settle":
            self.across.settle()
        else:
            self._touch(deed, self.chance.choice(paired), side)

    def _touch(self, deed: str, item: tuple[Side, str], side: Side) -> None:
        story, who = self.story(side), WHO[side][0]
        number = self.chance.randrange(10**9)
        match deed:
            case "edit":
                values = {
                    "summary": f"Summary {number}",
                    "priority": {"name": self.chance.choice(PRIORITIES)},
                    "duedate": f"2027-{number % 12 + 1:02}-{number % 28 + 1:02}",
                    "description": paragraphs(f"Text {number}"),
                }
                name = self.chance.choice(sorted(values))
                self.edit(item, side, **{name: values[name]})
            case "comment":
                self.comment(item, side)
            case "change":
                if mine := self._own_comments(item, side):
                    text = f"Changed {number}"
                    story.change_comment(who, self.on(item, side), self.chance.choice(mine), text)
            case "label":
                held = set(story.field(self.on(item, side), "labels"))
                names = held ^ {self.chance.choice(("hall", "urgent", "north"))}
                story.edit(who, self.on(item, side), labels=sorted(names))
            case "remove":
                if mine := self._own_comments(item, side):
                    story.delete_comment(who, self.on(item, side), self.chance.choice(mine))
            case _:
                self.across.settle()  # a move that crosses another one is for other tests
                story.move(who, self.on(item, side), _way_on(story, who, self.on(item, side), self.chance))

    def _own_comments(self, item: tuple[Side, str], side: Side) -> list[str]:
        """The comments that this side's own admin wrote there."""
        story = self.story(side)
        author = story.jira.account(WHO[side][0])
        return [one.id for one in story.issue(self.on(item, side)).comments if one.author == author]

    def lose_the_news(self) -> None:
        """Nobody hears of what happened while the tables were away."""
        self.across.acme.lose()
        self.across.initech.lose()

    def after_restore(self, taken_at: datetime) -> None:
        """Run the command, and let the time pass until the checks begin."""
        call_command("after_restore", taken_at=taken_at)
        self.later(seconds=QUIET.total_seconds() + 1)

    def check(self) -> None:
        """Let the workers do their checks, and end the hold where it may end."""
        jobs.sweep()
        jobs.reconcile()
        jobs.sweep()

    def recover(self, taken_at: datetime) -> None:
        """Go the whole way: hold, checks, release, and everything brought over."""
        self.after_restore(taken_at)
        self.check()
        assert not ServiceHold.objects.exists()
        self.settle()

    def settle(self) -> None:
        for _ in range(3):  # what was put off for a minute is taken up then
            self.across.settle()
            self.later(minutes=2)
            jobs.sweep()
        self.across.settle()

    def writes(self) -> int:
        """How many calls of the app since the counters were reset changed anything."""
        return sum(not call.startswith(("GET ", *READING)) for call in self.across.acme.app_calls())

    def faults(self) -> list[str]:
        """What is not as it has to be: lost, doubled or out of step; an empty list."""
        return [fault for item in self.originals for fault in self._faults_of(item)]

    def _faults_of(self, item: tuple[Side, str]) -> list[str]:
        side, name = item
        twins = self.story(side.other).twins_of(name)
        if len(twins) != 1:
            return [f"{name} has {len(twins)} twins"]
        mine, theirs = self._shown(side, name), self._shown(side.other, twins[0])
        found = [
            f"{name}: {key} {mine[key]!r} and {theirs[key]!r}" for key in mine if mine[key] != theirs[key]
        ]
        wanted = {key: _plain(value) for key, value in self.wanted[item].items()}
        found += [f"{name}: {key} lost {value!r}" for key, value in wanted.items() if mine[key] != value]
        return found + self._comment_faults(item, twins[0])

    def _comment_faults(self, item: tuple[Side, str], twin: str) -> list[str]:
        here, there = (self._comments(side, name) for side, name in (item, (item[0].other, twin)))
        return [] if here == there else [f"{item[1]}: comments {here} and {there}"]

    def _comments(self, side: Side, name: str) -> list[str]:
        """The last line of each comment: a copy says first who wrote it."""
        return sorted(text.splitlines()[-1] for text in self.story(side).comments(name))

    def _shown(self, side: Side, name: str) -> dict[str, Any]:
        fields = ("summary", "priority", "labels", "duedate", "description", "status")
        query = ",".join(fields)
        who = self.story(side).jira.person(WHO[side][0])
        shown = who.get(f"/rest/api/3/issue/{name}?fields={query}").json()["fields"]
        return {key: _plain(shown[key]) for key in fields}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return value.get("name") or [_plain(one) for one in value.get("content", [])] or value.get("text")
    return sorted(value) if isinstance(value, list) else value


def _way_on(story: Story, who: str, item: str, chance: Random) -> str:
    """Choose one of the statuses that the work item can be moved to now."""
    offered = story.jira.person(who).get(f"/rest/api/3/issue/{item}/transitions").json()["transitions"]
    return str(chance.choice(sorted(one["to"]["name"] for one in offered)))


@pytest.fixture
def drill(across: Across) -> Drill:
    """Two sites in step, and nothing happened yet."""
    return Drill(across)


@pytest.fixture
def item(drill: Drill) -> tuple[Side, str]:
    """A work item of ALPHA that has its twin."""
    made = drill.create()
    drill.across.settle()
    return made
