"""The way of a work item through a workflow that we only know in part.

Jira shows which transitions are offered right now, not the whole workflow.
What was offered before is remembered as edges; the shortest way over them is
walked step by step, and looked for anew after each step.
Statuses are named, transitions have ids.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Final

from backbone_app.core.canonical import digest
from backbone_app.core.operations import FieldWrite, Operation
from backbone_app.core.state import UNDER_WAY, BaseChange
from backbone_app.core.values import Option

DONE: Final = "done"
"""The category of statuses that end the work."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A transition from one status to another.

    ``transition`` is its id, ``required`` the ids of the fields that its screen
    asks for and that have no default. ``category`` is that of the target, as
    Jira names it (``new``, ``indeterminate``, ``done``), "" where nobody said.
    """

    source: str
    transition: str
    name: str
    target: str
    required: tuple[str, ...] = ()
    category: str = ""


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
    no way. With no way known, it goes to the nearest status whose own
    transitions nobody has seen yet; ``explored`` are those that were seen, so
    that each is tried once. Nobody's work is finished or cancelled to see what
    comes after it: a status of the category done is entered only as the target
    or on a known way.
    """
    if at == to:
        return None
    known = tuple(edges)
    usable = [edge for edge in offered if not edge.required and edge.target != at]
    further = [edge for edge in known if not edge.required and edge.source != at]
    begun = _nearest(usable, _distances(further, {to}))
    if begun is not None:
        return begun
    seen = explored | {at} | {edge.source for edge in known}
    harmless = [edge for edge in usable if edge.category != DONE]
    beyond = [edge for edge in further if edge.category not in {"", DONE}]
    unseen = {edge.target for edge in (*harmless, *beyond)} - seen
    return _nearest(harmless, _distances(beyond, unseen))


def _nearest(usable: Iterable[Edge], distances: Mapping[str, int]) -> Edge | None:
    leading = (edge for edge in usable if edge.target in distances)
    return min(leading, key=lambda edge: (distances[edge.target], _rank(edge)), default=None)


def _rank(edge: Edge) -> tuple[float, str, str]:
    number = int(edge.transition) if edge.transition.isdecimal() else inf
    return number, edge.transition, edge.target


def _distances(edges: Iterable[Edge], to: Collection[str]) -> Mapping[str, int]:
    """Count the steps from each status that leads to one of ``to``, the nearest one."""
    before: dict[str, list[str]] = {}
    for edge in edges:
        before.setdefault(edge.target, []).append(edge.source)
    distances, waiting = dict.fromkeys(to, 0), deque(to)
    while waiting:
        status = waiting.popleft()
        for source in before.get(status, ()):
            if source not in distances:
                distances[source] = distances[status] + 1
                waiting.append(source)
    return distances


def step(operation: Operation, to: str, *, key: bytes) -> Operation:
    """Give a transition's operation as one step of its way, which arrives at status ``to``.

    Short of the target the written side's base is the status reached and the
    other side's is ``UNDER_WAY``: its change is still to be carried, so a broken
    walk is walked on, or back if the other side has gone back meanwhile, and
    never flows back by itself. A crossed edit put back leaves the base alone until it has arrived:
    it stays open, and is not taken for the other side's change, whose form of it may say less.
    ``key`` is the digest key of the written side.
    Raises ``TypeError`` for an operation that moves no status.
    """
    (write,) = operation.writes
    if not isinstance(write, FieldWrite) or not isinstance(write.value, Option):
        raise TypeError("only a status is reached in steps")
    reached = Option(to)
    if reached == write.value:
        return operation
    becomes = BaseChange(write.row)
    if not write.puts_back:
        here = becomes.with_digest(operation.side, digest(key, write.field, reached))
        becomes = here.with_digest(operation.side.other, UNDER_WAY)
    return replace(operation, writes=(replace(write, value=reached, becomes=becomes),))


def explain(offered: Sequence[Edge], *, at: str, to: str) -> str:
    """Say for a person why a work item stays where it is, and which transitions it has."""
    ways = ", ".join(_described(edge) for edge in sorted(offered, key=_rank))
    offers = f"Jira offers: {ways}." if ways else "Jira offers no transition there."
    return f"The work item is in “{at}”, and no way from there to “{to}” is known. {offers}"


def _described(edge: Edge) -> str:
    asks = f", asks for {', '.join(edge.required)}" if edge.required else ""
    return f"“{edge.name}” (to “{edge.target}”{asks})"
