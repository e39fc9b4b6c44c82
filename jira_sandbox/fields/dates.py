"""Dates and moments."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from jira_sandbox import render
from jira_sandbox.fields.kinds import NO_TEXT, Place, Told, wrong
from jira_sandbox.state.values import Json

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(field_id: str) -> Callable[[Place, Json], str | None]:
    """Read a date, ``YYYY-MM-DD``; an empty text clears it."""

    def read(_place: Place, raw: Json) -> str | None:
        if raw is None or raw == "":
            return None
        if not isinstance(raw, str):
            raise wrong(field_id, NO_TEXT)
        try:
            found = date.fromisoformat(raw) if len(raw) == len("2026-11-22") else None
        except ValueError:
            found = None
        if found is None:
            raise wrong(field_id, f"Error parsing date string: {raw}")
        return found.isoformat()

    return read


def moment(field_id: str) -> Callable[[Place, Json], str | None]:
    """Read a moment with its zone, ``2011-10-19T10:29:29.908+1100``; it is kept as UTC in the same form."""

    def read(_place: Place, raw: Json) -> str | None:
        if raw is None or raw == "":
            return None
        if not isinstance(raw, str):
            raise wrong(field_id, NO_TEXT)
        try:
            found = datetime.fromisoformat(raw)
            return render.moment(found if found.tzinfo else found.replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            raise wrong(field_id, f"Error parsing date string: {raw}") from None

    return read


def told_as_due(_place: Place, value: str | None) -> Told:
    """Tell the due date in history, as Jira does with a time nobody gave."""
    return value, f"{value} 00:00:00.0" if value else None


def told_as_day(_place: Place, value: str | None) -> Told:
    """Tell a date in history: as it is, and as people read it."""
    return value, _for_people(date.fromisoformat(value)) if value else None


def told_as_moment(_place: Place, value: str | None) -> Told:
    """Tell a moment in history, to the minute."""
    if value is None:
        return None, None
    found = datetime.fromisoformat(value)
    return found.strftime("%Y-%m-%dT%H:%M+0000"), for_people(found)


def for_people(when: datetime) -> str:
    """Write a moment as Jira shows it to people: ``22/Nov/26 1:02 AM``."""
    clock = f"{(when.hour + 11) % 12 + 1}:{when.minute:02d} {'PM' if when.hour >= 12 else 'AM'}"
    return f"{_for_people(when.date())} {clock}"


def _for_people(when: date) -> str:
    return f"{when.day:02d}/{_MONTHS[when.month - 1]}/{when.year % 100:02d}"
