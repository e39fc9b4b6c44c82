"""People who work in the simulated sites: they look before they edit, and clash now and then.

What they do is remembered at its true moment; nothing that the app learns is taken from here.
"""

from collections.abc import Callable
from itertools import count
from random import Random
from typing import NoReturn

import requests

from jira_sandbox.demo import record
from jira_sandbox.demo.history import Change, comment_cell, field_of, label_cell
from jira_sandbox.demo.ideas import Ideas
from jira_sandbox.demo.people import Person
from jira_sandbox.demo.trouble import NotOffered, Refused
from tests.simulation import chance
from tests.simulation.clock import clock
from tests.simulation.colleagues import Colleague
from tests.simulation.ground import LEADS, Ground
from tests.simulation.script import Happening
from tests.simulation.stage import Chronicle, Jira

FIELDS = ("summary", "summary", "priority", "duedate", "description")
Later = Callable[[float, Callable[[], None]], None]


class Crowd:
    """The leads of all spaces; ``changes`` is what they did.

    ``busy_until`` is the second of the life up to which they go on with what they have begun.
    """

    def __init__(self, ground: Ground, *, seed: int, later: Later) -> None:
        self.jira = ground.jira
        self.changes = Chronicle(self.jira.moments)
        self.told: list[tuple[float, str]] = []
        self.moved: dict[str, int] = {}
        self.busy_until = 0.0
        self._ground = ground
        self._seed = seed
        self._at = later
        self._numbers = count(1)
        self._people = {
            space: _worker(self.jira, space)(self.jira, LEADS[space], space, changes=self.changes, secrets=[])
            for each in ground.agreements
            for space in each.spaces
        }

    def act(self, happening: Happening) -> None:
        """Let somebody do what is to happen; what Jira refuses does not happen."""
        dice = chance.stream(self._seed, "act", happening.number)
        deeds: dict[str, Callable[[str, Random], None]] = {
            "create": self._create,
            "edit": self._edit,
            "two at once": self._edit_two,
            "clash": self._clash,
            "label": self._label,
            "unlabel": self._unlabel,
            "move": self._move,
            "comment": self._comment,
            "rewrite": self._rewrite,
            "erase": self._erase,
            "duel": self._duel,
            "burst": self._burst,
            "melee": self._melee,
            "agree": self._agree,
            "back": self._back,
            "tug": self._tug,
            "pounce": self._pounce,
        }
        self._try(lambda: deeds[happening.kind](happening.space, dice))

    def later(self, delay: float, deed: Callable[[], None]) -> None:
        """Let somebody go on with what they have begun, so many seconds from now."""
        self.busy_until = max(self.busy_until, clock.seconds + delay)
        self._at(delay, deed)

    def _try(self, deed: Callable[[], None]) -> None:
        before = len(self.changes)
        try:
            deed()
        except (Refused, NotOffered, requests.RequestException, LookupError) as hindered:
            self.told.append((clock.seconds, f"could not: {type(hindered).__name__} {str(hindered)[:160]}"))
        for change in self.changes[before:]:
            self.told.append((clock.seconds, f"{self._key(change.item)} {dict(change.values)}"))

    def _create(self, space: str, dice: Random) -> None:
        self._people[space].create(self._ideas(dice).new_item())

    def _edit(self, space: str, dice: Random) -> None:
        self._set(space, self._some_item(space, dice), dice.choice(FIELDS), dice)

    def _edit_two(self, space: str, dice: Random) -> None:
        item, ideas = self._some_item(space, dice), self._ideas(dice)
        one, two = dice.sample(sorted(set(FIELDS)), 2)
        self._people[space].edit(item, {**ideas.cells(one, item), **ideas.cells(two, item)})

    def _clash(self, space: str, dice: Random) -> None:
        """Let two people change the same field of a pair at about the same moment."""
        item, field = self._some_item(space, dice), dice.choice(FIELDS)
        others = [each for each in self._family(item) if each != item]
        self._set(space, item, field, dice)
        if others:
            other, delay = dice.choice(others), dice.choice((0.0, 0.0, 0.2, 2.0, 8.0)) * dice.random()
            there = self._space_of(other)
            self.later(delay, lambda: self._try(lambda: self._set(there, other, field, dice, further=1)))

    def _duel(self, space: str, dice: Random) -> None:
        """Let two people change the same field by turns, faster or slower than the app answers."""
        item, field = self._some_item(space, dice), dice.choice(FIELDS)
        sides, delay = self._family(item)[:2], 0.0
        for turn in range(dice.randint(2, 4)):
            self._set_later(delay, sides[turn % len(sides)], field, dice)
            delay += dice.choice((0.3, 5.0, 60.0)) * dice.random()

    def _burst(self, space: str, dice: Random) -> None:
        """Let somebody save five times within a second."""
        item, field = self._some_item(space, dice), dice.choice(FIELDS)
        for _ in range(5):
            self._set_later(dice.random(), item, dice.choice((field, field, *FIELDS)), dice)

    def _melee(self, space: str, dice: Random) -> None:
        """Let somebody on every side change the same field, and another one too."""
        item, field = self._some_item(space, dice), dice.choice(FIELDS)
        within = dice.choice((0.0, 0.5, 5.0))
        for each in self._family(item):
            self._set_later(within * dice.random(), each, field, dice)
            self._set_later(within * dice.random(), each, dice.choice(FIELDS), dice)

    def _agree(self, space: str, dice: Random) -> None:
        """Let people choose the same value on every side at the same moment."""
        item = self._some_item(space, dice)
        cells = self._ideas(dice).cells(dice.choice(("summary", "duedate", "description", "label")), item)
        for each in self._family(item):
            self._people[self._space_of(each)].edit(each, cells)

    def _back(self, space: str, dice: Random) -> None:
        """Let somebody change a summary and think better of it."""
        item = self._some_item(space, dice)
        before = {"summary": self.jira.issue(item).fields["summary"]}
        self._set(space, item, "summary", dice)
        delay = dice.choice((0.1, 1.0, 5.0)) * dice.random()
        self.later(delay, lambda: self._try(lambda: self._put_back(item, before)))

    def _put_back(self, item: str, cells: dict[str, str]) -> None:
        if self._is_there(item) and self.jira.issue(item).fields["summary"] != cells["summary"]:
            self._people[self._space_of(item)].edit(item, cells)

    def _tug(self, space: str, dice: Random) -> None:
        """Let people take the same label off on every side, and put others on."""
        item = self._some_item(space, dice)
        label = dice.choice(sorted(self.jira.issue(item).fields["labels"]))
        for each in self._family(item):
            there = self._people[self._space_of(each)]
            if label in self.jira.issue(each).fields["labels"] and dice.random() < 0.7:
                there.edit(each, {label_cell(label): ""})
            if dice.random() < 0.7:
                there.edit(each, self._ideas(dice).label())

    def _pounce(self, space: str, dice: Random) -> None:
        """Let somebody edit a new twin as soon as it is there, perhaps its original at that moment too."""
        made = self._people[space].create(self._ideas(dice).new_item())
        self._when_paired(made.item, dice, until=clock.seconds + 20)

    def _when_paired(self, item: str, dice: Random, *, until: float) -> None:
        family = self._family(item) if self._is_there(item) else []
        if len(family) < 2 and clock.seconds < until:
            self.later(0.05, lambda: self._when_paired(item, dice, until=until))
        elif len(family) > 1:
            twin, field = family[-1], dice.choice(FIELDS)
            deed = dice.choice((self._move_it, self._comment_on, self._label_it, None, None, None))
            self._try(lambda: deed(twin, dice) if deed else self._set_now(twin, field, dice))
            if dice.random() < 0.5:
                self._set_later(dice.random(), item, field, dice)

    def _set_later(self, delay: float, item: str, field: str, dice: Random) -> None:
        self.later(delay, lambda: self._try(lambda: self._set_now(item, field, dice)))

    def _set_now(self, item: str, field: str, dice: Random) -> None:
        if not self._is_there(item):
            _nothing_there()
        self._set(self._space_of(item), item, field, dice, further=dice.randint(0, 3))

    def _set(self, space: str, item: str, field: str, dice: Random, *, further: int = 0) -> None:
        self._people[space].edit(item, self._ideas(dice).cells(field, item, further=further))

    def _label(self, space: str, dice: Random) -> None:
        self._label_it(self._some_item(space, dice), dice)

    def _label_it(self, item: str, dice: Random) -> None:
        self._people[self._space_of(item)].edit(item, self._ideas(dice).label())

    def _unlabel(self, space: str, dice: Random) -> None:
        item = self._some_item(space, dice)
        label = dice.choice(sorted(self.jira.issue(item).fields["labels"]))
        self._people[space].edit(item, {label_cell(label): ""})

    def _move(self, space: str, dice: Random) -> None:
        """Let somebody take a transition that is offered."""
        self._move_it(self._some_item(space, dice), dice)

    def _move_it(self, item: str, dice: Random) -> None:
        site, issue = self.jira.home_of(item), self.jira.issue(item)
        flow = site.space_of(issue).workflows[issue.type_id]
        ways = [
            site.status(each.to).name
            for each in flow.transitions
            if each.sources is None or issue.status_id in each.sources
        ]
        self._people[self._space_of(item)].move(item, dice.choice(sorted(ways)))
        root = min(self._family(item))
        self.moved[root] = self.moved.get(root, 0) + 1

    def _comment(self, space: str, dice: Random) -> None:
        self._comment_on(self._some_item(space, dice), dice)

    def _comment_on(self, item: str, dice: Random) -> None:
        self._people[self._space_of(item)].comment(item, self._ideas(dice).remark())

    def _rewrite(self, space: str, dice: Random) -> None:
        self._people[space].rewrite(self._some_remark(space, dice), self._ideas(dice).remark())

    def _erase(self, space: str, dice: Random) -> None:
        self._people[space].erase(self._some_remark(space, dice))

    def _some_remark(self, space: str, dice: Random) -> Change:
        """Choose one of the space's own comments that still stand."""
        said = {
            cell: change
            for change in self.changes
            for cell in change.values
            if field_of(cell) == field_of(comment_cell("")) and self._is_in(change.item, space)
        }
        standing = sorted(cell for cell, change in said.items() if change.values[cell])
        return said[dice.choice(standing)] if standing else _nothing_there()

    def _some_item(self, space: str, dice: Random) -> str:
        site = self.jira.site_of(space)
        items = [each.id for each in site.issues.values() if self._is_in(each.id, space)]
        return dice.choice(sorted(items, key=int)) if items else _nothing_there()

    def _is_in(self, item: str, space: str) -> bool:
        site = self.jira.site_of(space)
        issue = site.issues.get(item)
        return issue is not None and site.space_of(issue).key == space

    def _is_there(self, item: str) -> bool:
        return any(item in site.issues for site in self.jira.sites.values())

    def _family(self, item: str) -> list[str]:
        return [each.id for each in record.family_of(self.jira, item)]

    def _space_of(self, item: str) -> str:
        return self.jira.home_of(item).space_of(self.jira.issue(item)).key

    def _key(self, item: str) -> str:
        return next((site.issues[item].key for site in self.jira.sites.values() if item in site.issues), item)

    def _ideas(self, dice: Random) -> Ideas:
        return Ideas(self.jira, dice, self._numbers)


def _worker(jira: Jira, space: str) -> type[Person]:
    return Person if jira.site_of(space).edition.is_cloud else Colleague


def _nothing_there() -> NoReturn:
    raise LookupError("there is nothing to do it to")
