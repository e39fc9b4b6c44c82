"""Fields that hold a time or a date, and the ways a query can say when."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import eq, ge, gt, le, lt, ne
from typing import Literal

from jira_sandbox.jql.kinds import (
    COMPARES,
    EMPTINESS,
    EQUALS,
    LAST,
    LISTS,
    Asking,
    Key,
    Test,
    asks_emptiness,
    empty_misused,
    items,
    no_function,
)
from jira_sandbox.jql.tree import Clause, Empty, Function, Operand, Value
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Refusal

_FORMATS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
_PERIOD = re.compile(r"([+-]?)\s*((?:\d+[wdhm]\s*)+)")
_PART = re.compile(r"(\d+)([wdhm])")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
_STEP = re.compile(r"([+-]?)(\d+)([yMwdhm]?)")
_BOUND = re.compile(r"(start|end)Of(Day|Week|Month|Year)", re.IGNORECASE)
_Comparison = Callable[[datetime, datetime], bool]
_COMPARISONS: dict[str, _Comparison] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}
_WEEK, _YEAR = 7, 12
Span = Literal["day", "week", "month", "year"]
FUNCTIONS = (
    "now",
    *(f"{end}Of{span}" for end in ("start", "end") for span in ("Day", "Week", "Month", "Year")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """A field that holds times, or with ``is_date`` days; a work item may hold several or none."""

    name: str
    read: Callable[[Asking, Issue], list[datetime]]
    aliases: tuple[str, ...] = ()
    is_date: bool = False
    types: tuple[str, ...] = ("java.util.Date",)
    operators: frozenset[str] = EQUALS | COMPARES | LISTS | EMPTINESS

    def test(self, asking: Asking, clause: Clause) -> Test:
        """Compare with each moment of the operand; one that holds will do, none may for != and NOT IN."""
        operand = clause.operand
        wants_empty = asks_emptiness(clause)
        if wants_empty is not None:
            return lambda issue: (not self.read(asking, issue)) == wants_empty
        limits = [self._limit(asking, each, clause) for each in items(operand)]
        operator = {"in": "=", "not in": "!="}.get(clause.operator, clause.operator)
        fits, read = _fitting(_COMPARISONS[operator], limits, must_all=operator == "!="), self.read
        return lambda issue: any(map(fits, read(asking, issue)))

    def key(self, asking: Asking) -> Key:
        """Order by the first time, the empty last."""

        def key(issue: Issue) -> tuple[object, ...]:
            held = self.read(asking, issue)
            return (0, held[0]) if held else LAST

        return key

    def _limit(self, asking: Asking, operand: Operand, clause: Clause) -> datetime:
        if isinstance(operand, Empty):
            raise empty_misused(clause)
        limit = moment(asking, operand, clause)
        return midnight(asking, limit.astimezone(asking.zone).date()) if self.is_date else limit


def _fitting(holds: _Comparison, limits: list[datetime], *, must_all: bool) -> Callable[[datetime], bool]:
    """Make the test of one moment; with one limit, as usual, a short one, asked of every work item."""
    if len(limits) == 1:
        only = limits[0]
        return lambda held: holds(held, only)
    combine = all if must_all else any
    return lambda held: combine(holds(held, limit) for limit in limits)


def midnight(asking: Asking, day: date) -> datetime:
    """Give the moment at which a day begins for the asking person."""
    return datetime.combine(day, time.min, asking.zone)


def moment(asking: Asking, operand: Operand, clause: Clause) -> datetime:
    """Read a date, a period like ``-2w 3d`` or a function of time; Refusal 400 for anything else."""
    try:
        return _moment(asking, operand, clause)
    except (ValueError, OverflowError, OSError):
        raise Refusal(
            400, f"Date value for field '{clause.field.text}' is invalid: no calendar goes so far."
        ) from None


def _moment(asking: Asking, operand: Operand, clause: Clause) -> datetime:
    match operand:
        case Function(name, arguments) if name.lower() in {each.lower() for each in FUNCTIONS}:
            return _called(asking, name, arguments)
        case Function(name):
            raise no_function(name, clause)
        case Value(text):
            found = _written(asking, text)
            if found is not None:
                return found
            raise Refusal(
                400,
                f"Date value '{text}' for field '{clause.field.text}' is invalid. Valid formats include: "
                "'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. "
                "'-5d', '4w 2d'.",
            )
        case _:
            raise empty_misused(clause)


def whole_day(asking: Asking, operand: Operand, clause: Clause) -> tuple[datetime, datetime]:
    """Give the beginning and the end of the day that a moment lies in."""
    day = min(moment(asking, operand, clause).astimezone(asking.zone).date(), date.max - timedelta(days=1))
    return midnight(asking, day), midnight(asking, day + timedelta(days=1))


def _written(asking: Asking, text: str) -> datetime | None:
    period = _PERIOD.fullmatch(text.strip())
    if period:
        parts = _PART.findall(period[2])
        step = timedelta()
        for count, unit in parts:
            step += timedelta(**{_UNITS[unit]: int(count)})
        return asking.now - step if period[1] == "-" else asking.now + step
    if text.isdigit():
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=asking.zone)
        except ValueError:
            continue
    return None


def _called(asking: Asking, name: str, arguments: tuple[str, ...]) -> datetime:
    most = 0 if name.lower() == "now" else 1
    if len(arguments) > most:
        raise Refusal(
            400,
            f"Function '{name}' expected between '0' and '{most}' arguments but received '{len(arguments)}'.",
        )
    bound = _BOUND.fullmatch(name)
    if bound is None:
        return asking.now
    span = _span(bound[2].lower())
    months, step = _increment(name, arguments, span)
    first = _in_months(_first_day(asking.now.astimezone(asking.zone).date(), span), months)
    if bound[1].lower() == "start":
        return midnight(asking, first) + step
    return midnight(asking, _next_first_day(first, span)) - timedelta(milliseconds=1) + step


def _span(word: str) -> Span:
    spans: dict[str, Span] = {"day": "day", "week": "week", "month": "month", "year": "year"}
    return spans[word]


def _increment(name: str, arguments: tuple[str, ...], span: Span) -> tuple[int, timedelta]:
    """Read an increment like ``-1`` (of the function's own unit) or ``+2d``: months, and a fixed time.

    It is added to the beginning of the span: ``startOfDay(9h)`` is nine in the morning.
    """
    if not arguments:
        return 0, timedelta()
    step = _STEP.fullmatch(arguments[0].strip())
    if step is None:
        raise Refusal(
            400,
            f"Increment value '{arguments[0]}' for function '{name}' is invalid. The format should be "
            "(+/-)n(yMwdhm), e.g. -1M for 1 month earlier.",
        )
    count = int(step[2]) * (-1 if step[1] == "-" else 1)
    unit = step[3] or {"day": "d", "week": "w", "month": "M", "year": "y"}[span]
    if unit in _UNITS:
        return 0, timedelta(**{_UNITS[unit]: count})
    return count * (_YEAR if unit == "y" else 1), timedelta()


def _in_months(day: date, count: int) -> date:
    year, month = divmod(day.year * _YEAR + day.month - 1 + count, _YEAR)
    first = day.replace(year=year, month=month + 1, day=1)
    last_day = (_next_first_day(first, "month") - timedelta(days=1)).day
    return first.replace(day=min(day.day, last_day))


def _first_day(day: date, span: Span) -> date:
    match span:
        case "week":  # Jira's weeks begin as the site's locale has it; en_US begins them on Sunday
            return day - timedelta(days=day.isoweekday() % _WEEK)
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return day


def _next_first_day(first: date, span: Span) -> date:
    if span in {"day", "week"}:
        return first + timedelta(days=1 if span == "day" else _WEEK)
    later = first + timedelta(days=32 if span == "month" else 367)
    return _first_day(later, span)
