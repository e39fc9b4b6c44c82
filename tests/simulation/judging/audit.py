"""I14: each remote write has exactly one row with its cause, laid down before it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.simulation.witness import Call


@dataclass(frozen=True, slots=True)
class Row:
    """An intent as the app keeps it; ``lines`` counts what the feed says of it, conflicts left out."""

    kind: str
    state: str
    item: str
    lines: int
    deadline: datetime | None = None


def unaccounted(calls: Sequence[Call], rows: Mapping[str, Row], effects: Mapping[str, int]) -> Iterator[str]:
    """Say a sentence for each write without its own row, and for each row that tells of it wrongly.

    ``effects`` counts by intent what came about on the sites.
    """
    for call in calls:
        row = rows.get(call.intent)
        if call.intent and (row is None or row.kind != call.kind):
            yield f"I14: {call} names {call.intent}, which is {row.kind if row else 'no row'}"
        elif not call.intent and call.kind in {"create", "edit", "move"}:
            yield f"I14: {call} does not say why"
    for intent, times in Counter(call.intent for call in calls if call.intent).items():
        if times > 1:
            yield f"I14: {times} writes were sent for the one row {intent}"
    yield from _nameless(calls, rows)
    for intent, row in rows.items():
        yield from _mistold(intent, row, effects.get(intent, 0))


def _mistold(intent: str, row: Row, times: int) -> Iterator[str]:
    if row.state == "void" and (row.lines or times):
        yield (
            f"I14: {row.kind} {intent} of {row.item} is void, yet it has {row.lines} lines in the feed "
            f"and came about {times} times"
        )
    elif row.state != "void" and row.lines != 1:
        yield f"I14: {row.kind} {intent} of {row.item} ({row.state}) has {row.lines} lines in the feed"


def _nameless(calls: Sequence[Call], rows: Mapping[str, Row]) -> Iterator[str]:
    """Count writes whose kind names no row against the rows there are for them."""
    for kind in ("comment", "unmark"):
        sent = Counter(call.item for call in calls if call.kind == kind and not call.intent)
        named = {call.intent for call in calls if call.intent}
        kept = Counter(row.item for intent, row in rows.items() if row.kind == kind and intent not in named)
        for item, times in sent.items():
            if times > kept[item]:
                yield f"I14: {times} writes ({kind}) went to {item}, and there are {kept[item]} rows"
