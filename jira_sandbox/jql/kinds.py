"""What a field that can be searched is to JQL, and how one is asked and refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from jira_sandbox.jql.tree import Clause, Empty, Many, Operand
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, User
from jira_sandbox.wire import Refusal

Test = Callable[[Issue], bool]
"""Whether a work item is found."""
Key = Callable[[Issue], tuple[Any, ...]]
"""By what work items are ordered, the empty ones last."""
EQUALS = frozenset({"=", "!="})
LISTS = frozenset({"in", "not in"})
EMPTINESS = frozenset({"is", "is not"})
COMPARES = frozenset({"<", "<=", ">", ">="})
MATCHES = frozenset({"~", "!~"})
HISTORY = frozenset({"was", "was not", "was in", "was not in", "changed"})
OPPOSITES = {
    "=": "!=",
    "in": "not in",
    "~": "!~",
    "is": "is not",
    "<": ">=",
    ">": "<=",
    "was": "was not",
    "was in": "was not in",
}
OPPOSITES |= {after: before for before, after in OPPOSITES.items()}
LAST: tuple[Any, ...] = (1,)
"""The key of a work item that has nothing to be ordered by."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks which site, and when; ``notes`` keeps what was found out during one query.

    To who is lenient a value that nothing has finds nothing, rather than being refused.
    """

    site: Site
    viewer: User
    now: datetime
    is_lenient: bool = False
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def zone(self) -> tzinfo:
        """The time zone in which the asking person's times are meant."""
        return ZoneInfo(self.viewer.time_zone)

    def noted(self, name: str, find: Callable[[], Any]) -> Any:
        """Find something out once a query."""
        if name not in self.notes:
            self.notes[name] = find()
        return self.notes[name]


class Searchable(Protocol):
    """A field that can be searched."""

    @property
    def name(self) -> str:
        """The name as Jira writes it."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names, in lower case."""

    @property
    def operators(self) -> frozenset[str]:
        """The operators it can be asked with, in lower case."""

    @property
    def types(self) -> tuple[str, ...]:
        """The Java classes of its values, which Jira's own editor asks for."""

    def test(self, asking: Asking, clause: Clause) -> Test:
        """Make the test of a clause whose operator is one of its own; Refusal 400 for a wrong operand."""

    def key(self, asking: Asking) -> Key | None:
        """Make the key to order by; None when it gives no order."""


class NoSuchValueError(Refusal):
    """The query is sound but names something that is not there, which a lenient check only warns of."""

    def __init__(self, words: str) -> None:
        super().__init__(400, words)


def no_value(text: str, name: str) -> NoSuchValueError:
    """Refuse a value that nothing has."""
    return NoSuchValueError(f"The value '{text}' does not exist for the field '{name}'.")


def no_function(name: str, clause: Clause) -> Refusal:
    """Refuse a function that gives something else than the field holds."""
    return Refusal(
        400, f"A value provided by the function '{name}' is invalid for the field '{clause.field.text}'."
    )


def asks_emptiness(clause: Clause) -> bool | None:
    """Tell whether the clause wants the empty (True) or the filled (False), or None when it names values.

    Refusal 400 for EMPTY with an operator that compares, and for IS with anything else.
    """
    if isinstance(clause.operand, Empty) and clause.operator in {"is", "is not", "=", "!="}:
        return clause.operator in {"is", "="}
    if isinstance(clause.operand, Empty) or clause.operator in EMPTINESS:
        raise empty_misused(clause)
    return None


def items(operand: Operand | None) -> tuple[Operand, ...]:
    """List the parts of an operand, which is its only one unless it is a list."""
    if operand is None:
        return ()
    return operand.items if isinstance(operand, Many) else (operand,)


def empty_misused(clause: Clause) -> Refusal:
    """Refuse EMPTY for an operator that compares, or anything else for IS."""
    if clause.operator in EMPTINESS:
        return Refusal(
            400,
            f"The operator '{clause.operator}' for the field '{clause.field.text}' only supports the value "
            "'EMPTY'.",
        )
    return Refusal(
        400, f"The field '{clause.field.text}' does not support EMPTY with the operator '{clause.operator}'."
    )
