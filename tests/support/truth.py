"""What people really did, recorded from the sandbox, and what became of it on the other side."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from backbone_app.core.values import Side
from tests.support.scenario import Story, paragraphs

PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")
LABELS = ("hall", "urgent", "ready", "glass", "north")


@dataclass(frozen=True, slots=True)
class Act:
    """One step of one person: a field from ``before`` to ``after``, as the site's history tells it."""

    side: Side
    item: str
    field: str
    before: str
    after: str
    author: str
    at: datetime
    entry: int

    def names(self) -> tuple[frozenset[str], frozenset[str]]:
        """Which labels it added and which it took away."""
        was, became = frozenset(self.before.split()), frozenset(self.after.split())
        return became - was, was - became


@dataclass(frozen=True, slots=True)
class Remark:
    """What a person did to a comment; ``id`` is the comment's."""

    side: Side
    item: str
    id: str
    author: str
    at: datetime
    what: str


@dataclass(slots=True)
class People:
    """Several people at work on pairs of work items, by chance but the same each time.

    ``stories`` and ``spaces`` are by side; ``staff`` are who may work there.
    """

    stories: dict[Side, Story]
    spaces: dict[Side, str]
    staff: Mapping[Side, tuple[str, ...]]
    chance: Random
    pairs: list[dict[Side, str]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    acts: int = 0

    def act(self, item: int) -> None:
        """Let somebody do something to one work item of that pair."""
        side = self.chance.choice(list(Side))
        name, issue = self.pairs[item][side], self.chance.choice(self.staff[side])
        deed = self.chance.choices(
            (self._edit, self._move, self._comment, self._change_comment, self._delete_comment),
            (60, 15, 12, 8, 5),
        )[0]
        self.acts += deed(side, name, issue)

    def _edit(self, side: Side, item: str, who: str) -> bool:
        fields = self.chance.sample(
            ("summary", "priority", "labels", "duedate", "description"), self.chance.choice((1, 1, 2, 3))
        )
        story, number = self.stories[side], self.chance.randrange(10**9)
        values: dict[str, Any] = {
            "summary": f"Summary {number}",
            "priority": {"name": self.chance.choice(PRIORITIES)},
            "labels": sorted(self.chance.sample(LABELS, self.chance.randrange(4))),
            "duedate": f"2027-{self.chance.randrange(1, 13):02}-{self.chance.randrange(1, 29):02}",
            "description": paragraphs(f"Text {number}", f"by {who}"),
        }
        known = len(story.issue(item).changelog)
        story.edit(who, item, **{name: values[name] for name in fields})
        return len(story.issue(item).changelog) > known

    def _move(self, side: Side, item: str, who: str) -> bool:
        story = self.stories[side]
        offered = story.jira.person(who).get(f"/rest/api/3/issue/{item}/transitions").json()["transitions"]
        story.move(who, item, self.chance.choice(sorted(one["to"]["name"] for one in offered)))
        return True

    def _comment(self, side: Side, item: str, who: str) -> bool:
        made = self.stories[side].comment(who, item, f"Comment {self.chance.randrange(10**9)}")
        self._remark(side, item, made, who, "comment")
        return True

    def _change_comment(self, side: Side, item: str, _who: str) -> bool:
        own = self._own_comments(side, item)
        if not own:
            return False
        comment, who = self.chance.choice(own)
        self.stories[side].change_comment(who, item, comment, f"Changed {self.chance.randrange(10**9)}")
        self._remark(side, item, comment, who, "comment changed")
        return True

    def _delete_comment(self, side: Side, item: str, _who: str) -> bool:
        own = self._own_comments(side, item)
        if not own:
            return False
        comment, who = self.chance.choice(own)
        self.stories[side].delete_comment(who, item, comment)
        self._remark(side, item, comment, who, "comment removed")
        return True

    def _own_comments(self, side: Side, item: str) -> list[tuple[str, str]]:
        """The comments that people wrote here, each with who did."""
        jira = self.stories[side].jira
        names = {jira.account(who): who for who in self.staff[side]}
        return [(one.id, names[one.author]) for one in jira.site.issues[item].comments if one.author in names]

    def _remark(self, side: Side, item: str, comment: str, who: str, what: str) -> None:
        story = self.stories[side]
        at = story.clock()
        self.remarks.append(Remark(side, item, comment, story.jira.account(who), at, what))

    def history(self, side: Side, item: str, *, ours: bool) -> Iterator[Act]:
        """What happened to the fields of a work item, oldest first: by people, or by our app."""
        site = self.stories[side].jira.site
        for entry in site.issues[item].changelog:
            if (entry.author == site.app.user.account_id) is ours:
                for one in entry.items:
                    before, after = one.as_written
                    yield Act(side, item, one.field_id, before, after, entry.author, entry.created, entry.id)


def true_edits(written: Act, people: Iterable[Act]) -> set[Act]:
    """Name the edits that a change written by our app carries, a step of a walk the edit that set it off.

    Of a set, for each name the last edit that added or removed it over there;
    of everything else the last edit before that made the value it now has.
    """
    earlier = [one for one in people if one.field == written.field and one.at <= written.at]
    if written.field == "labels":
        return set(_shares(written, [one for one in earlier if one.side is not written.side]))
    if written.field == "status":
        return set([one for one in earlier if one.side is not written.side][-1:])
    same = [one for one in earlier if one.after == written.after]
    return {max(same, key=lambda one: (one.at, one.entry))} if same else set()


def _shares(written: Act, earlier: list[Act]) -> Iterator[Act]:
    joined, left = written.names()
    for number, names in enumerate((joined, left)):
        for name in names:
            yield from [one for one in earlier if name in one.names()[number]][-1:]
