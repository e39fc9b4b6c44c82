"""One person at work in one space: what they do next, on which work item, having looked at it first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from jira_sandbox.demo.history import PRESENT, Cells, Change, label_cell
from jira_sandbox.demo.ideas import Ideas
from jira_sandbox.demo.people import Person
from jira_sandbox.demo.stage import Stage, lines_of
from tests.support.ordeal.sights import Sight
from tests.support.ordeal.turns import Moves, Turns

PRIORITIES = {"ALPHA": ("Highest", "High"), "BETA": ("Low", "Lowest"), "GOLD": ("Medium",)}
"""Each space has its own, so that a priority says where it was chosen."""
RECENT = 12
"""So many work items of a space are worked on at a time: people are to meet."""
WEIGHTS = {
    "create": 6,
    "summary": 12,
    "priority": 8,
    "label": 9,
    "unlabel": 5,
    "duedate": 8,
    "description": 9,
    "several": 8,
    "move": 10,
    "comment": 10,
    "rewrite": 8,
    "erase": 4,
    "withdraw": 2,
    "confide": 1,
}


class Onlooker(Person):
    """A person who looks before acting."""

    def look(self, item: str) -> Cells:
        """Read what can be edited."""
        fields: Any = self._call("GET", f"issue/{item}?fields=summary,priority,labels,duedate,description")[
            "fields"
        ]
        return {
            "summary": fields["summary"],
            "priority": fields["priority"]["name"],
            "duedate": fields["duedate"] or "",
            "description": lines_of(fields["description"]),
            **{label_cell(label): PRESENT for label in fields["labels"]},
        }


@dataclass(slots=True)
class Shared:
    """What all people have in common: the sites, what was done and seen, and who is at which work item.

    ``priorities`` are those that a work item has had: nobody goes back to one. Where a value returns to what
    it was, nobody can say from the outside whose it is.
    """

    stage: Stage
    changes: list[Change] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    priorities: set[tuple[str, str]] = field(default_factory=set)
    turns: Turns = field(default_factory=Turns)
    moves: Moves = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing."""
        self.moves = Moves(self.stage, self.changes)


class Hand:
    """Does one thing after the other; ``number`` sets the texts apart from everybody else's."""

    def __init__(self, shared: Shared, name: str, space: str, *, number: int, chance: Random) -> None:
        self.space, self._shared, self._chance = space, shared, chance
        self.person = Onlooker(shared.stage, name, space, changes=shared.changes, secrets=shared.secrets)
        self._ideas = Ideas(shared.stage, chance, numbers=count(number * 100_000 + 1))
        self._said: list[Change] = []

    def act(self) -> None:
        """Do something to one of the work items of late."""
        items = self._recent()
        (what,) = self._chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
        if what == "create" or not items:
            self.create()
            return
        item, remark = self._chance.choice(items), self._ideas.remark()
        acts: dict[str, Callable[[], object]] = {
            "move": lambda: self._shared.moves.make(self.person, item, self._ideas),
            "comment": lambda: self._said.append(self.person.comment(item, remark)),
            "rewrite": lambda: self._with_remark(
                lambda said: self._said.append(self.person.rewrite(said, remark))
            ),
            "erase": lambda: self._with_remark(self.person.erase),
            "withdraw": lambda: self._with_remark(lambda said: self.person.withdraw(said, remark)),
            "confide": lambda: self.person.confide(item, remark),
        }
        act = acts.get(what)
        if act:
            act()
            return
        with self._shared.turns.of(item):
            self.edit(item, what, self.person.look(item))

    def create(self) -> None:
        """Create a work item."""
        priority = self._chance.choice(PRIORITIES[self.space])
        made = self.person.create({**self._ideas.new_item(), "priority": priority})
        self._shared.priorities.add((made.item, priority))

    def edit(self, item: str, what: str, seen: Cells) -> None:
        """Change something, having seen what there is; nothing where nothing comes to mind."""
        kinds = self._chance.sample(("summary", "duedate", "description"), 2) if what == "several" else [what]
        cells = {cell: value for kind in kinds for cell, value in self._cells(kind, item, seen).items()}
        if cells:
            self._shared.sights.append(Sight(self.person.edit(item, cells), seen))

    def _cells(self, kind: str, item: str, seen: Cells) -> Cells:
        match kind:
            case "priority":
                return self._priority(item, seen[kind])
            case "label":
                return {label_cell(f"{self.space.lower()}-{next(self._ideas.numbers)}"): PRESENT}
            case "unlabel":
                own = sorted(each for each in seen if each.startswith(label_cell(f"{self.space.lower()}-")))
                return {self._chance.choice(own): ""} if own else {}
            case _:
                return self._ideas.cells(kind, "")

    def _priority(self, item: str, seen: str) -> Cells:
        known = self._shared.priorities
        known.add((item, seen))
        others = [each for each in PRIORITIES[self.space] if (item, each) not in known]
        if not others:
            return {}
        chosen = self._chance.choice(others)
        known.add((item, chosen))
        return {"priority": chosen}

    def _recent(self) -> list[str]:
        with self._shared.stage.lock:
            site = self._shared.stage.site_of(self.space)
            found = [each.id for each in site.issues.values() if site.space_of(each).key == self.space]
        return found[-RECENT:]

    def _with_remark(self, act: Callable[[Change], object]) -> None:
        """Act on one of the own comments, if there is any."""
        if self._said:
            act(self._said.pop(self._chance.randrange(len(self._said))))
