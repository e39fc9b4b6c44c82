"""What a write should be found to have done: kept with its intent before the call, in digests only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backbone_app.core.canonical import digest
from backbone_app.core.operations import FieldWrite, Operation, Write
from backbone_app.core.state import BaseChange, ElementBase
from backbone_app.core.values import Side


@dataclass(frozen=True, slots=True)
class Expected:
    """One write as it should be found: ``sent`` is the digest of the value, None for labels.

    ``carries`` is the changelog entry of the edit that it brings across; None: of no edit that has one.
    """

    row: str
    field: str
    sent: str | None
    becomes: BaseChange
    carries: int | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an operation should have done to its side, in digests."""

    side: Side
    writes: tuple[Expected, ...]
    also: tuple[BaseChange, ...] = ()


def expect(operation: Operation, *, key: bytes) -> Expectation:
    """Say what to look for after ``operation``; ``key`` is the digest key of the side it writes."""
    writes = tuple(
        Expected(write.row, write.field, _sent(write, key), write.becomes, _carries(write))
        for write in operation.writes
    )
    return Expectation(operation.side, writes, operation.also)


def _sent(write: Write, key: bytes) -> str | None:
    return digest(key, write.field, write.value) if isinstance(write, FieldWrite) else None


def _carries(write: Write) -> int | None:
    puts_back = isinstance(write, FieldWrite) and write.puts_back
    return write.edit.entry if write.edit and not puts_back else None


def creation_becomes(expectation: Expectation) -> tuple[BaseChange, ...]:
    """Give the base of a pair whose twin was created: all as it was sent."""
    return (*(expected.becomes for expected in expectation.writes), *expectation.also)


def to_json(expectation: Expectation) -> dict[str, object]:
    """Give the expectation as an intent's row stores it; ``from_json`` is its inverse."""
    return {
        "side": expectation.side.value,
        "writes": [
            {
                "row": e.row,
                "field": e.field,
                "sent": e.sent,
                "becomes": _change_to_json(e.becomes),
                "carries": e.carries,
            }
            for e in expectation.writes
        ],
        "also": [_change_to_json(change) for change in expectation.also],
    }


def from_json(document: Mapping[str, Any]) -> Expectation:
    """Read what ``to_json`` made; anything else is a bug and raises ``KeyError`` or ``TypeError``."""
    return Expectation(
        side=Side(document["side"]),
        writes=tuple(
            Expected(e["row"], e["field"], e["sent"], _change_from_json(e["becomes"]), e.get("carries"))
            for e in document["writes"]
        ),
        also=tuple(_change_from_json(change) for change in document["also"]),
    )


def _change_to_json(change: BaseChange) -> dict[str, object]:
    return {
        "row": change.row,
        "left": change.left,
        "right": change.right,
        "add": [[member.left, member.right] for member in change.add],
        "remove": [[member.left, member.right] for member in change.remove],
    }


def _change_from_json(document: Mapping[str, Any]) -> BaseChange:
    return BaseChange(
        row=document["row"],
        left=document["left"],
        right=document["right"],
        add=tuple(ElementBase(*pair) for pair in document["add"]),
        remove=tuple(ElementBase(*pair) for pair in document["remove"]),
    )
