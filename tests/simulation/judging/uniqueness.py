"""I4: at most one twin of a work item for each synchronization, at most one copy of a comment on each side.

All that ever came into being counts, whether or not it was deleted since: so it holds after every step.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from tests.simulation.witness import Made


def duplicates(made: Sequence[Made], *, name: Callable[[str], str]) -> Iterator[str]:
    """Say a sentence for each original that was copied more often than once."""
    by_original: defaultdict[tuple[str, ...], list[Made]] = defaultdict(list)
    for one in made:
        by_original[_original(one)].append(one)
    for original, copies in by_original.items():
        if len(copies) > 1:
            shown = ", ".join(f"{name(one.item)} {one.comment}".strip() for one in copies)
            yield f"I4: {' '.join(original)} was copied {len(copies)} times: {shown}"


def _original(one: Made) -> tuple[str, ...]:
    if one.comment:
        return "comment on", one.item, one.marks.get("originItem", ""), one.marks.get("originComment", "")
    return "item", one.marks.get("synchronization", ""), one.marks.get("originItem", "")
