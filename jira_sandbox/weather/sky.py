"""The weather over a world: the faults that are going on, and how each of them is ended."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # the world has a weather
    from jira_sandbox.agenda import Entry
    from jira_sandbox.world import World

Undo = Callable[[], None]


class Fault(Protocol):
    """One thing that can go wrong."""

    def begin(self, world: "World") -> Undo:
        """Let it go wrong from now on, and give what ends it; LookupError if its object is not there."""


@dataclass(slots=True, eq=False)
class Spell:
    """A fault that is going on; ``end`` may be called more than once."""

    fault: Fault
    undo: Undo
    is_over: bool = False

    def end(self) -> None:
        """Let it be over."""
        if not self.is_over:
            self.is_over = True
            self.undo()


@dataclass(slots=True)
class Weather:
    """What goes wrong over a world. ``log`` has the name of each kind of fault that struck, in that order."""

    world: "World"
    spells: list[Spell] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    _planned: list["Entry"] = field(default_factory=list)

    def script(self, fault: Fault, *, lasting: timedelta | None = None, name: str = "") -> Spell:
        """Let ``fault`` go wrong now; ``lasting`` by the world's clock, or until it is ended or all is.

        It is logged under ``name``, by default that of its class.
        """
        spell = Spell(fault, fault.begin(self.world))
        self.spells = [each for each in self.spells if not each.is_over]
        self.spells.append(spell)
        self.log.append(name or type(fault).__name__)
        if lasting is not None:
            self.plan(lasting, spell.end)
        return spell

    def plan(self, delay: timedelta, act: Callable[[], None]) -> None:
        """Do ``act`` so much later, unless the weather clears before."""
        self._planned = [each for each in self._planned if not each.is_off]
        self._planned.append(self.world.agenda.at(self.world.clock() + delay, act))

    def clear(self) -> None:
        """End everything, the last first, so that things can settle; what had its effect stays."""
        for entry in self._planned:
            entry.is_off = True
        self._planned.clear()
        while self.spells:
            self.spells.pop().end()
