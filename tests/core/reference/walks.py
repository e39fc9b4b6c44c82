"""The next step of a status, by enumerating every walk (product.md §3, design.md §5 "Workflow")."""

from collections.abc import Collection, Iterator

from backbone_app.core.workflow import Edge
from tests.core.reference.trees import Workflow

Walk = tuple[Edge, ...]


def next_edge(workflow: Workflow, at: str, to: str) -> Edge | None:
    """The first edge of the shortest walk to the target; with none known, of that to an unseen status.

    To look around, no edge is taken that ends the work, nor one further on of which nobody knows
    whether it does. A transition that asks for a field is never taken.
    """
    if at == to:
        return None
    arriving = [walk for walk in _walks(workflow, at) if walk[-1].target == to]
    if arriving:
        return min(arriving, key=_rank)[0]
    seen = {at, *workflow.explored, *(edge.source for edge in workflow.edges)}
    looking = [walk for walk in _walks(workflow, at) if walk[-1].target not in seen and _is_harmless(walk)]
    return min(looking, key=_rank)[0] if looking else None


def _is_harmless(walk: Walk) -> bool:
    known = all(edge.category not in {"", "done"} for edge in walk[1:])
    return walk[0].category != "done" and known


def _rank(walk: Walk) -> tuple[int, bool, int, str, str]:
    """Shorter first, then the lowest number, then the text of what is no number."""
    first = walk[0].transition
    number = int(first) if first.isdecimal() else 0
    return len(walk), not first.isdecimal(), number, first, walk[0].target


def _walks(workflow: Workflow, at: str) -> Iterator[Walk]:
    """Every walk that visits no status twice; from where the item is, over what is offered now."""
    for edge in workflow.offered:
        if not edge.required and edge.target != at:
            yield from _longer(workflow, (edge,), {at, edge.target})


def _longer(workflow: Workflow, walk: Walk, been: Collection[str]) -> Iterator[Walk]:
    yield walk
    for edge in workflow.edges:
        if edge.source == walk[-1].target and edge.target not in been and not edge.required:
            yield from _longer(workflow, (*walk, edge), {*been, edge.target})
