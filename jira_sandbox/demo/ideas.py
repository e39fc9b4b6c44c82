"""What comes to people's minds: new values for a work item's cells, texts for comments."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Final

from jira_sandbox.demo.history import PRESENT, STATUS, Cells, label_cell
from jira_sandbox.demo.stage import Stage

KINDS: Final = ("summary", "priority", "label", "duedate", "description", STATUS)
PRIORITIES: Final = ("Highest", "High", "Medium", "Low", "Lowest")
ROUNDS: Final = {
    "ALPHA": ("To Do", "In Progress", "Done"),
    "BETA": ("Open", "Selected", "In Progress", "In Review", "Done"),
    "GOLD": ("To Do", "In Progress", "In Review", "Done"),
}
"""The statuses of each space in a ring: a transition leads from each to the next."""
_THINGS = ("pump", "gate", "invoice", "login page", "wiring", "price list", "roof", "backup")
_DEEDS = ("Check", "Replace", "Paint", "Order", "Measure", "Describe", "Repair", "Test")
_REMARKS = (
    "Is this still so?",
    "I have had a look.",
    "The customer asked again.",
    "Done by Friday, I think.",
)
_FIRST_DAY: Final = date(2027, 1, 1)


@dataclass(slots=True)
class Ideas:
    """No two texts are alike, so that each can be told from all others wherever it turns up.

    Where several people have ideas of their own, each has ``numbers`` of their own to tell them apart by.
    """

    stage: Stage
    chance: random.Random
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def new_item(self) -> Cells:
        """Think of a new work item, with or without a description and a due date."""
        cells = {"summary": self.summary(), "priority": self.chance.choice(PRIORITIES), **self.label()}
        for kind in ("description", "duedate"):
            if self.chance.random() < 0.5:
                cells |= self.cells(kind, "")
        return cells

    def cells(self, kind: str, item: str, *, further: int = 0) -> Cells:
        """Think of another value; ``further`` keeps two people from thinking of the same priority."""
        match kind:
            case "priority":
                at = PRIORITIES.index(self._held(item))
                return {kind: PRIORITIES[(at + further + 1) % len(PRIORITIES)]}
            case "label":
                return self.label()
            case "duedate":
                return {kind: (_FIRST_DAY + timedelta(days=next(self.numbers))).isoformat()}
            case "description":
                return {kind: f"{self.summary()}\nAs we said on the phone.\n{self.remark()}"}
            case _:
                return {"summary": self.summary()}

    def next_status(self, item: str) -> str:
        """Give the status that comes next in the rounds of the item's space."""
        with self.stage.lock:
            site, issue = self.stage.home_of(item), self.stage.issue(item)
            way = ROUNDS[site.space_of(issue).key]
            return way[(way.index(site.status(issue.status_id).name) + 1) % len(way)]

    def label(self) -> Cells:
        """Think of a label nothing bears yet."""
        return {label_cell(f"note-{next(self.numbers)}"): PRESENT}

    def summary(self) -> str:
        """Think of something to do."""
        deed, thing = self.chance.choice(_DEEDS), self.chance.choice(_THINGS)
        return f"{deed} the {thing} ({next(self.numbers)})"

    def remark(self) -> str:
        """Think of something to say."""
        return f"{self.chance.choice(_REMARKS)} ({next(self.numbers)})"

    def _held(self, item: str) -> str:
        with self.stage.lock:
            return self.stage.home_of(item).priority(self.stage.issue(item).fields["priority"]).name
