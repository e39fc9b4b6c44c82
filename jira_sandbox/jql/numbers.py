"""Fields that hold a number, or a duration, which is a number of seconds."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne

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
from jira_sandbox.jql.tree import Clause, Function, Operand, Value
from jira_sandbox.state import durations
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Refusal

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "=": eq,
    "in": eq,
    "!=": ne,
    "not in": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A field that holds a number; with ``is_duration`` the query may say ``2h 30m``, in working days."""

    name: str
    read: Callable[[Issue], float | None]
    aliases: tuple[str, ...] = ()
    is_duration: bool = False
    types: tuple[str, ...] = ("java.lang.Number",)
    operators: frozenset[str] = EQUALS | COMPARES | LISTS | EMPTINESS

    def test(self, asking: Asking, clause: Clause) -> Test:
        """Compare with the numbers of the operand."""
        operand = clause.operand
        wants_empty = asks_emptiness(clause)
        if wants_empty is not None:
            return lambda issue: (self.read(issue) is None) == wants_empty
        limits = [self._limit(asking, each, clause) for each in items(operand)]
        holds = _COMPARISONS[clause.operator]
        combine = all if clause.operator in {"!=", "not in"} else any

        def fits(issue: Issue) -> bool:
            held = self.read(issue)
            return held is not None and combine(holds(held, limit) for limit in limits)

        return fits

    def key(self, _asking: Asking) -> Key:
        """Order by the number, the empty last."""

        def key(issue: Issue) -> tuple[object, ...]:
            held = self.read(issue)
            return LAST if held is None else (0, held)

        return key

    def _limit(self, asking: Asking, operand: Operand, clause: Clause) -> float:
        match operand:
            case Value(text):
                found = self._number(asking, text)
                if found is not None:
                    return found
                kind = "duration" if self.is_duration else "number"
                raise Refusal(
                    400, f"The value '{text}' is not a valid {kind} for the field '{clause.field.text}'."
                )
            case Function(name):
                raise no_function(name, clause)
            case _:
                raise empty_misused(clause)

    def _number(self, asking: Asking, text: str) -> float | None:
        try:
            if self.is_duration:
                return durations.parsed(text, asking.site.time_tracking)
            return float(text)
        except ValueError:
            return None
