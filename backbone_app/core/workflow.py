"""The way of a work item through a workflow that we only know in part.

Jira shows which transitions are offered right now, not the whole workflow.
What was offered before is remembered as edges; the shortest way over them is
walked step by step, and looked for anew after each step.
Statuses are named, transitions have ids.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from backbone_app.core.operations import Operation

_NOT_A_NUMBER: Final = float("inf")


@dataclass(frozen=True, slots=True)
class Edge:
    """A transition from one status to another.

    ``transition`` is its id, ``required`` the ids of the fields that its screen
    asks for and that have no default.
    """

    source: str
    transition: str
    name: str
    target: str
    required: tuple[str, ...] = ()


def next_step(
    edges: Iterable[Edge],
    offered: Sequence[Edge],
    *,
    at: str,
    to: str,
    explored: frozenset[str] = frozenset(),
) -> Edge | None:
    """Choose the transition to take now; None: stay, there is no way, or none is needed.

    It is the first step of the shortest way over ``edges``, of which only those
    ``offered`` right now lead away from ``at``; of equally short ways the
    transition with the lowest id decides. Transitions that ask for a field are
    no way. With no way known, one step goes to a status whose own transitions
    nobody has seen yet; ``explored`` are those that were seen, so that each is
    tried once.
    """
    raise NotImplementedError


def step(operation: Operation, to: str, *, key: bytes) -> Operation:
    """Give a transition's operation as one step of its way, which arrives at status ``to``.

    Short of the target only the written side's base moves: the other side's
    change is still to be carried, so a broken walk is walked on and never flows
    back. ``key`` is the digest key of the written side.
    """
    raise NotImplementedError


def explain(offered: Sequence[Edge], *, at: str, to: str) -> str:
    """Say for a person why a work item stays where it is, and which transitions it has."""
    raise NotImplementedError
