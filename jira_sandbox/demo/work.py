"""What people do in calm weather: create, change one thing at a time, and get in each other's way."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from jira_sandbox.demo import record
from jira_sandbox.demo.costs import STILL, Cost, measured, wait_until_reached
from jira_sandbox.demo.history import PRESENT, STATUS, Change, Dispute, label_cell
from jira_sandbox.demo.ideas import Ideas
from jira_sandbox.demo.people import Person
from jira_sandbox.demo.stage import Stage

LEADS: Final = {"ALPHA": "alice", "BETA": "bob", "GOLD": "gina"}
EACH: Final = 4
PATIENCE: Final = 60.0
_DIFFERENT = (
    ("summary", "priority"),
    ("duedate", STATUS),
    ("label", "summary"),
    (STATUS, "description"),
    ("description", "label"),
)
_SAME = ("summary", "priority", "duedate", "description", "summary")
Say = Callable[[str], None]
Family = Mapping[str, str]
"""A work item and its twins, by space."""


@dataclass(slots=True)
class Work:
    """Alice works in ALPHA, Bob in BETA, Gina on another site in GOLD.

    ``families`` are the work items they keep returning to: those begun in ALPHA are in all three spaces, the
    others in their own and in ALPHA. Without twins (the app is silent) items of their own stand in.
    """

    stage: Stage
    chance: random.Random
    say: Say
    changes: list[Change] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    families: dict[str, list[Family]] = field(default_factory=dict)
    ideas: Ideas = field(init=False)
    people: dict[str, Person] = field(init=False)

    def __post_init__(self) -> None:
        """Let the leads of the spaces come in."""
        self.ideas = Ideas(self.stage, self.chance)
        self.people = {
            space: Person(self.stage, name, space, changes=self.changes, secrets=self.secrets)
            for space, name in LEADS.items()
        }

    def begin(self) -> None:
        """Create work items in all spaces and find their twins."""
        made = [
            {space: person.create(self.ideas.new_item()) for space, person in self.people.items()}
            for _ in range(EACH)
        ]
        for created in made:
            for change in created.values():
                self._wait_for(change)
        self.settle(f"{len(LEADS) * EACH} work items created, a third of them in each space")
        for space in LEADS:
            self.families[space] = [self._family(each, space) for each in made]

    def measure(self) -> None:
        """Make one change of each kind on one site and across, alone, and count what it costs."""
        for space, person in self.people.items():
            cells = {"summary": self.ideas.summary(), **self.ideas.label()}
            self._measure(f"creation in {space}", lambda person=person, cells=cells: person.create(cells))  # type: ignore[misc]
        self.people["BETA"].move(self.families["BETA"][0]["BETA"], "Selected")  # In Progress is one step each
        self.settle("Bob has selected what he will measure: no news for ALPHA, where this is still To Do")
        self._measure_in(self.families["BETA"][0], "ALPHA", ("summary", "label added", "duedate"))
        self._measure_in(
            self.families["BETA"][0], "BETA", ("priority", "label removed", "description", STATUS)
        )
        self._measure_talk(self.families["BETA"][0], "ALPHA")
        self._measure_in(self.families["GOLD"][0], "GOLD", ("summary", "label added", "duedate"))
        self._measure_in(
            self.families["GOLD"][0], "ALPHA", ("priority", "label removed", "description", STATUS)
        )
        self._measure_talk(self.families["GOLD"][0], "GOLD")

    def think_again(self) -> None:
        """Let the other one overwrite what has just arrived, having seen it."""
        kinds = ("summary", "duedate", "priority", "description")
        for kind, family in zip(kinds, self.families["ALPHA"], strict=True):
            there = self.chance.choice(("BETA", "GOLD"))
            self._wait_for(self.edit(family["ALPHA"], "ALPHA", kind))
            self.edit(family[there], there, kind)
        self.settle("4 fields changed in ALPHA and, once that had arrived, changed again in BETA or GOLD")

    def cross(self) -> None:
        """Let both edit both sides of the same pair, before either side's news is delivered."""
        families = [each for space in ("BETA", "GOLD", "ALPHA") for each in self.families[space]]
        for kinds, family in zip(_DIFFERENT, families[::2], strict=False):
            self._dispute(family, *kinds)
        self.settle("5 pairs edited on both sides at once, different fields: both must stay")
        for kind, family in zip(_SAME, families[1::2], strict=False):
            self._dispute(family, kind, kind)
        self.settle("5 pairs edited on both sides at once, the same field: left wins, the loser is kept")

    def edit(self, item: str, space: str, kind: str, *, further: int = 0) -> Change:
        """Let the lead of the space change one thing; ``further`` as for ``Ideas.cells``."""
        person = self.people[space]
        if kind == STATUS:
            return person.move(item, self.ideas.next_status(item))
        return person.edit(item, self.ideas.cells(kind, item, further=further))

    def settle(self, what: str) -> None:
        """Wait until nothing is under way any more, and say so."""
        began = time.monotonic()
        self.stage.wait_until_quiet(still=STILL, within=PATIENCE)
        self.say(f"{what}; quiet after {max(0.0, time.monotonic() - began - STILL):.1f} s")

    def _family(self, created: Mapping[str, Change], space: str) -> Family:
        with self.stage.lock:
            issues = record.family_of(self.stage, created[space].item)
            found = {self.stage.home_of(each.id).space_of(each).key: each.id for each in issues}
        return found if len(found) > 1 else {each: change.item for each, change in created.items()}

    def _measure_in(self, family: Family, space: str, kinds: tuple[str, ...]) -> None:
        label = label_cell(f"measured-{'-'.join(sorted(family)).lower()}")
        known = {"label added": {label: PRESENT}, "label removed": {label: ""}}
        item, edit = family[space], self.people[space].edit
        for kind in kinds:
            name = f"{kind}, {space} to {_other(family, space)}"
            if kind == STATUS:
                self._measure(name, lambda: self.edit(item, space, STATUS))
                continue
            cells = known.get(kind) or self.ideas.cells(kind, item)
            self._measure(name, lambda cells=cells: edit(item, cells))  # type: ignore[misc]

    def _measure_talk(self, family: Family, space: str) -> None:
        person, way = self.people[space], f"{space} to {_other(family, space)}"
        remarks = [self.ideas.remark() for _ in range(2)]
        said = self._measure(f"comment, {way}", lambda: person.comment(family[space], remarks[0]))
        self._measure(f"comment edited, {way}", lambda: person.rewrite(said, remarks[1]))
        self._measure(f"comment deleted, {way}", lambda: person.erase(said))

    def _measure(self, kind: str, act: Callable[[], Change]) -> Change:
        cost = measured(self.stage, kind, act, self.changes)
        self.costs.append(cost)
        self.say(f"{kind}: on the other side after {cost.seconds:.2f} s")
        return self.changes[-1]

    def _dispute(self, family: Family, left: str, right: str) -> None:
        there = self.chance.choice([space for space in family if space != "ALPHA"])
        with self.stage.deliveries_held():
            dispute = Dispute(
                left=self.edit(family["ALPHA"], "ALPHA", left),
                right=self.edit(family[there], there, right, further=1),
            )
        self.disputes.append(dispute)

    def _wait_for(self, change: Change) -> None:
        wait_until_reached(self.stage, change, self.changes)


def _other(family: Family, space: str) -> str:
    return next(each for each in family if each != space)
