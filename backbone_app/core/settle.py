"""After a write: did it happen, what is the base now, and whom did it overwrite?

The same judgement serves the answer to a write and a later look at the work
item after an answer was lost. What is needed for it is kept with the intent,
before the call: digests only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backbone_app.core.operations import Operation
from backbone_app.core.state import BaseChange
from backbone_app.core.values import Edit, Item, Side, Value


@dataclass(frozen=True, slots=True)
class Expected:
    """One write as it should be found: ``sent`` is the digest of the value, None for labels."""

    row: str
    field: str
    sent: str | None
    becomes: BaseChange


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an operation should have done to its side, in digests."""

    side: Side
    writes: tuple[Expected, ...]
    also: tuple[BaseChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Crossed:
    """A person's value that our write overwrote before we had seen it."""

    value: Value
    edit: Edit


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a write; ``crossed`` is by field id of the written side."""

    applied: bool
    becomes: tuple[BaseChange, ...]
    crossed: Mapping[str, Crossed]


def expect(operation: Operation, *, key: bytes) -> Expectation:
    """What to look for after ``operation``; ``key`` is the digest key of the side it writes."""
    raise NotImplementedError


def to_json(expectation: Expectation) -> dict[str, object]:
    """The expectation as an intent's row stores it; ``from_json`` is its inverse."""
    raise NotImplementedError


def from_json(document: Mapping[str, Any]) -> Expectation:
    """Read what ``to_json`` made; anything else is a bug and raises ``KeyError`` or ``TypeError``."""
    raise NotImplementedError


def judge(
    expectation: Expectation,
    answer: Item,
    *,
    intent: str,
    account: str,
    seen: int | None,
    window: tuple[datetime, datetime],
    key: bytes,
) -> Verdict:
    """Judge an edit by what its work item shows afterwards.

    ``seen`` is the newest changelog id the plan had seen (None: no entry yet),
    ``account`` our own on that site, ``window`` the time the call may have
    taken effect in, ``key`` the digest key of the written side.
    """
    raise NotImplementedError


def creation_becomes(expectation: Expectation) -> tuple[BaseChange, ...]:
    """The base of a pair whose twin was created: all as it was sent."""
    raise NotImplementedError
