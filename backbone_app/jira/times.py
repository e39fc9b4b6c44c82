"""Jira's spellings of a moment."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST_MILLIS: Final = 253_370_764_800_000
"""The beginning of the year 9999: margins and offsets can still be added to any moment before it."""


def moment(value: object) -> datetime | None:
    """Read a time as Jira writes it, in UTC; None for what is no time.

    Both forms occur in one and the same place: ``2026-11-22T01:02:03.456+0000``, and
    milliseconds since 1970 as a number or as a string. A time before 1970 or from the
    year 9999 on is none: no work item was touched then, and a clock's offset must fit.
    """
    if isinstance(value, str) and not value.isdecimal():
        return _from_text(value)
    if isinstance(value, str) and len(value) <= 15:
        return _from_millis(int(value))
    return _from_millis(value) if type(value) is int else None


def http_date(text: str) -> datetime | None:
    """Read a time of an HTTP header; None for what is no time."""
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date


def _from_text(value: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    millis = (at - EPOCH).total_seconds() * 1000  # unlike astimezone, it cannot overflow near the year 1
    return at.astimezone(UTC) if 0 <= millis <= LATEST_MILLIS else None


def _from_millis(value: int) -> datetime | None:
    return datetime.fromtimestamp(value / 1000, UTC) if 0 <= value <= LATEST_MILLIS else None
