"""What people do in any weather: edit, move, create and talk in a hurry, without waiting for anything."""

import time
from collections.abc import Callable, Collection
from functools import partial

from jira_sandbox.demo.history import STATUS, Change
from jira_sandbox.demo.ideas import KINDS
from jira_sandbox.demo.work import LEADS, Work

MORE_EDITS = 3
LAST_EDITS = 2
Act = Callable[[str], object]
"""Something the lead of a space does there."""


class Rush:
    """Three people in a hurry, each with work items of their own at hand: nobody works against another.

    Nobody moves a work item twice: whoever takes a goal back while the app walks towards it may find its
    twin halfway, in a status that means the same.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._chance = work.chance
        self._ideas = work.ideas
        self._at_hand: dict[str, list[str]] = {space: [] for space in LEADS}
        self._said: dict[str, list[Change]] = {space: [] for space in LEADS}
        self._moved: set[str] = set()
        families = [each for several in work.families.values() for each in several]
        for family in self._chance.sample(families, len(families)):
            space = min(family, key=lambda each: len(self._at_hand[each]))
            self._at_hand[space].append(family[space])

    def spell(self, spaces: Collection[str], *, seconds: float) -> None:
        """Let the leads of these spaces be busy for so long, each with some of everything."""
        acts = [partial(act, space) for space in spaces for act in self._some_of_everything()]
        self._chance.shuffle(acts)
        for act in acts:
            act()
            time.sleep(seconds / len(acts))

    def last_words(self) -> None:
        """Let everybody do a few more things of different kinds, at once."""
        for space in LEADS:
            kinds = self._chance.sample(KINDS, LAST_EDITS)
            edits: list[Act] = [partial(self._edit, kind=kind) for kind in kinds]
            for act in (*edits, self._create, self._comment, self._erase, self._withdraw):
                act(space)

    def _some_of_everything(self) -> list[Act]:
        kinds = (*KINDS, *self._chance.sample(KINDS, MORE_EDITS))
        edits = [partial(self._edit, kind=kind) for kind in kinds]
        talk = [self._comment, self._comment, self._rewrite, self._erase, self._withdraw, self._confide]
        return [self._create, *edits, *talk]

    def _create(self, space: str) -> None:
        made = self._work.people[space].create(self._ideas.new_item())
        self._at_hand[space].append(made.item)

    def _edit(self, space: str, kind: str) -> None:
        items = [each for each in self._at_hand[space] if kind != STATUS or each not in self._moved]
        if not items:
            return
        item = self._chance.choice(items)
        self._moved |= {item} if kind == STATUS else set()
        self._work.edit(item, space, kind)

    def _comment(self, space: str) -> None:
        item = self._chance.choice(self._at_hand[space])
        self._said[space].append(self._work.people[space].comment(item, self._ideas.remark()))

    def _rewrite(self, space: str) -> None:
        said = self._some_remark(space)
        self._said[space].append(self._work.people[space].rewrite(said, self._ideas.remark()))

    def _erase(self, space: str) -> None:
        self._work.people[space].erase(self._some_remark(space))

    def _withdraw(self, space: str) -> None:
        self._work.people[space].withdraw(self._some_remark(space), self._ideas.remark())

    def _confide(self, space: str) -> None:
        item = self._chance.choice(self._at_hand[space])
        self._work.people[space].confide(item, self._ideas.remark())

    def _some_remark(self, space: str) -> Change:
        """Take one of the own comments that everybody still sees; one is written first if need be."""
        if not self._said[space]:
            self._comment(space)
        return self._said[space].pop(self._chance.randrange(len(self._said[space])))
