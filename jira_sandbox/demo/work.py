"""What people do once the synchronization runs: create, edit, and get in each other's way."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from jira_sandbox.demo import record
from jira_sandbox.demo.costs import STILL, Cost, measured, wait_until_reached
from jira_sandbox.demo.history import PRESENT, Cells, Change, Dispute, label_cell
from jira_sandbox.demo.people import Person
from jira_sandbox.demo.stage import Stage

SPACES: Final = ("ALPHA", "BETA")
EACH: Final = 6
PATIENCE: Final = 60.0
_THINGS = ("pump", "gate", "invoice", "login page", "wiring", "price list", "roof", "backup")
_DEEDS = ("Check", "Replace", "Paint", "Order", "Measure", "Describe", "Repair", "Test")
_DIFFERENT = (
    ("summary", "priority"),
    ("priority", "summary"),
    ("label", "summary"),
    ("summary", "label"),
    ("priority", "label"),
)
_SAME = ("summary", "summary", "priority", "priority", "summary")
Say = Callable[[str], None]


@dataclass(slots=True)
class Work:
    """Alice works in ALPHA, Bob in BETA; ``pairs`` are the work items both keep returning to.

    Without a twin to work on (the app is silent) they work on items of their own instead.
    """

    stage: Stage
    chance: random.Random
    say: Say
    changes: list[Change] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _people: tuple[Person, Person] = field(init=False)

    def __post_init__(self) -> None:
        """Let Alice and Bob come in, left and right."""
        self._people = tuple(Person(self.stage, name, self.changes) for name in ("alice", "bob"))  # type: ignore[assignment]

    def begin(self) -> None:
        """Create work items on both sides and find their twins."""
        made = [(self._create(0), self._create(1)) for _ in range(EACH)]
        for both in made:
            for change in both:
                wait_until_reached(self.stage, change)
        self._settle(f"{2 * EACH} work items created, half of them on each side")
        with self.stage.lock:
            for left, right in made:
                twins = [record.twin_of(self.stage.site, each.item) for each in (left, right)]
                self.pairs += [(left.item, twins[0] or right.item), (twins[1] or left.item, right.item)]

    def measure(self) -> None:
        """Make one change of each kind on each side, alone, and count what it costs."""
        for side in (0, 1):
            item = self.pairs[side][side]
            self._measure(f"creation in {SPACES[side]}", lambda side=side: self._create(side))  # type: ignore[misc]
            label = label_cell(f"measured-{SPACES[side].lower()}")
            kinds = {
                "summary": {"summary": self._summary()},
                "priority": self._cells("priority", item),
                "label added": {label: PRESENT},
                "label removed": {label: ""},
            }
            for kind, cells in kinds.items():
                name = f"{kind} in {SPACES[side]}"
                edit = self._people[side].edit
                self._measure(name, lambda edit=edit, item=item, cells=cells: edit(item, cells))  # type: ignore[misc]

    def get_busy(self) -> None:
        """Edit all items in a hurry, some twice, so that the app has to put things together."""
        before = len(self.changes)
        for pair in self.chance.sample(self.pairs, len(self.pairs)):
            side = self.chance.randrange(2)
            for kind in self.chance.sample(("summary", "priority", "label"), self.chance.choice((1, 1, 2))):
                self._edit(side, pair, kind)
            time.sleep(self.chance.uniform(0, 0.05))
        for _ in range(3):
            self._edit(0, self.pairs[0], "summary")
        self._settle(f"{len(self.changes) - before} edits in a hurry, each item on one side")

    def think_again(self) -> None:
        """Let the other one overwrite what has just arrived, having seen it."""
        for pair in self.pairs[:4]:
            wait_until_reached(self.stage, self._edit(0, pair, "summary"))
            self._edit(1, pair, "summary")
        self._settle("4 summaries renamed in ALPHA and, once they had arrived, renamed again in BETA")

    def cross(self) -> None:
        """Let both edit both sides of the same item, before either side's news is delivered."""
        for kinds, pair in zip(_DIFFERENT, self.pairs[:5], strict=True):
            self._dispute(pair, *kinds)
        self._settle("5 items edited on both sides at once, different fields: both must stay")
        for kind, pair in zip(_SAME, self.pairs[5:10], strict=True):
            self._dispute(pair, kind, kind)
        self._settle("5 items edited on both sides at once, the same field: left wins, the loser is kept")

    def _dispute(self, pair: tuple[str, str], left: str, right: str) -> None:
        wishes = (self._cells(left, pair[0]), self._cells(right, pair[1], further=1))
        with self.stage.deliveries_held():
            edits = [
                person.edit(item, cells)
                for person, item, cells in zip(self._people, pair, wishes, strict=True)
            ]
        self.disputes.append(Dispute(left=edits[0], right=edits[1]))

    def _measure(self, kind: str, act: Callable[[], Change]) -> None:
        cost = measured(self.stage, kind, act)
        self.costs.append(cost)
        self.say(f"{kind}: on the other side after {cost.seconds:.2f} s")

    def _settle(self, what: str) -> None:
        began = time.monotonic()
        self.stage.wait_until_quiet(still=STILL, within=PATIENCE)
        self.say(f"{what}; quiet after {max(0.0, time.monotonic() - began - STILL):.1f} s")

    def _create(self, side: int) -> Change:
        cells = {"summary": self._summary(), "priority": str(self.chance.randint(1, 5)), **self._label()}
        return self._people[side].create(SPACES[side], cells)

    def _edit(self, side: int, pair: tuple[str, str], kind: str) -> Change:
        return self._people[side].edit(pair[side], self._cells(kind, pair[side]))

    def _cells(self, kind: str, item: str, *, further: int = 0) -> Cells:
        """Think of a new value; ``further`` keeps two people from thinking of the same priority."""
        if kind == "priority":
            with self.stage.lock:
                now = int(self.stage.site.issues[item].fields["priority"])
            return {"priority": str((now + further) % 5 + 1)}
        return self._label() if kind == "label" else {"summary": self._summary()}

    def _label(self) -> Cells:
        return {label_cell(f"note-{next(self._numbers)}"): PRESENT}

    def _summary(self) -> str:
        deed, thing = self.chance.choice(_DEEDS), self.chance.choice(_THINGS)
        return f"{deed} the {thing} ({next(self._numbers)})"
