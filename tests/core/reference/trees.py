"""What the reference is given: three whole trees, and what was decided about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backbone_app.core.configuration import Configuration, ConflictPolicy
from backbone_app.core.state import View
from backbone_app.core.values import Side, Value
from backbone_app.core.workflow import Edge

Fact = tuple[Any, ...]
"""One thing that follows: a word for its kind, then what it is about."""
Known = Value | str | None
"""What a side held when a row was agreed on; ``UNDER_WAY``; None: this side never agreed."""
Agreed = tuple[Known, Known]
Members = frozenset[tuple[str, str]]
"""The agreed names of a set, each as the left and as the right calls it."""
Tree = Mapping[str, Agreed | Members]
"""What was agreed on, by row."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """What is known of one side's workflow; the edges from where an item is are those offered now."""

    edges: tuple[Edge, ...] = ()
    offered: tuple[Edge, ...] = ()
    explored: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Triple:
    """Base, left and right of one pair.

    ``published`` is the configuration that the guard is asked with: another one where somebody edited it
    between plan and write. ``keys`` are the digest keys; equal ones mean that both spaces are on one site.
    """

    configuration: Configuration
    published: Configuration
    base: Tree
    left: View | None
    right: View | None
    keys: tuple[bytes, bytes]
    workflows: tuple[Workflow, Workflow] = (Workflow(), Workflow())
    twin_people: frozenset[str] | None = None
    origin: Side | None = None
    choice: ConflictPolicy | None = None

    def view(self, side: Side) -> View | None:
        return self.left if side is Side.LEFT else self.right

    def workflow(self, side: Side) -> Workflow:
        return self.workflows[0] if side is Side.LEFT else self.workflows[1]
