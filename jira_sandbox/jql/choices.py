"""Fields that hold one or several of a set of things: people, spaces, statuses, labels, work items."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from operator import ge, gt, le, lt
from typing import Any, Literal

from jira_sandbox.jql import functions, history
from jira_sandbox.jql.kinds import (
    COMPARES,
    EMPTINESS,
    EQUALS,
    HISTORY,
    LAST,
    LISTS,
    Asking,
    Key,
    NoSuchValueError,
    Test,
    asks_emptiness,
    empty_misused,
    items,
    no_function,
    no_value,
)
from jira_sandbox.jql.tree import Clause, Empty, Function, Many, Operand, Single, Value
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Refusal

CHOICE = EQUALS | LISTS | EMPTINESS
RANKED = CHOICE | COMPARES
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
Kind = Literal[
    "component",
    "custom",
    "group",
    "issue",
    "label",
    "level",
    "option",
    "priority",
    "resolution",
    "space",
    "sprint",
    "status",
    "type",
    "user",
    "version",
]
"""What the ids of a field are ids of; a function fits where its kind does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A field of ids. ``find`` gives the ids a text of the query means, none when there is no such thing.

    ``rank`` gives the place of an id among all, None for one that has none. ``recorded`` is the field's id in
    the history, for fields whose past can be searched. What does not exist is refused, in the words of
    ``missing`` if there are any, unless ``is_free``. ``empty_word`` is a text that means EMPTY.
    """

    name: str
    kind: Kind
    read: Callable[[Asking, Issue], Collection[str]]
    find: Callable[[Asking, str], Collection[str]]
    aliases: tuple[str, ...] = ()
    operators: frozenset[str] = CHOICE
    types: tuple[str, ...] = ("java.lang.String",)
    rank: Callable[[Asking, str], Any] | None = None
    recorded: str = ""
    is_free: bool = False
    empty_word: str = ""
    missing: str = ""

    def test(self, asking: Asking, clause: Clause) -> Test:
        """Compare what the work item holds with the ids the operand means."""
        clause = self._with_emptiness(clause)
        if clause.operator in HISTORY:
            return history.test(asking, self.recorded, clause, lambda each: self.meant(asking, each, clause))
        wants_empty = asks_emptiness(clause)
        if wants_empty is not None:
            return lambda issue: (not self.read(asking, issue)) == wants_empty
        if clause.operator in _COMPARISONS:
            return self._compared(asking, clause)
        return self._listed(asking, clause)

    def key(self, asking: Asking) -> Key | None:
        """Order by rank; a field without ranks cannot be ordered by."""
        rank = self.rank
        if rank is None:
            return None

        def key(issue: Issue) -> tuple[Any, ...]:
            held = [rank(asking, each) for each in self.read(asking, issue)]
            return (0, min(held)) if held else LAST

        return key

    def meant(self, asking: Asking, operand: Operand, clause: Clause) -> set[str]:
        """Give the ids that one part of an operand means; Refusal 400 when nothing is called so."""
        match operand:
            case Value(text):
                found = set(self.find(asking, text))
                if not found and not self.is_free and not asking.is_lenient:
                    raise self._missing(text, clause)
                return found
            case Function(name, arguments):
                kind, found = functions.called(asking, name, arguments)
                if kind != self.kind:
                    raise no_function(name, clause)
                return found
            case _:
                raise empty_misused(clause)

    def _missing(self, text: str, clause: Clause) -> Refusal:
        if self.missing:
            return NoSuchValueError(self.missing.format(text))
        return no_value(text, clause.field.text)

    def _with_emptiness(self, clause: Clause) -> Clause:
        """Put EMPTY where the query says the same with a word of the field's own."""
        if not self.empty_word:
            return clause
        match clause.operand:
            case None:
                return clause
            case Many(parts):
                return replace(clause, operand=Many(tuple(self._or_empty(each) for each in parts)))
            case single:
                return replace(clause, operand=self._or_empty(single))

    def _or_empty(self, operand: Single) -> Single:
        is_empty = isinstance(operand, Value) and operand.text.lower() == self.empty_word
        return Empty() if is_empty else operand

    def _listed(self, asking: Asking, clause: Clause) -> Test:
        parts = items(clause.operand)
        takes_empty = any(isinstance(each, Empty) for each in parts)
        wanted: set[str] = set()
        for each in parts:
            if not isinstance(each, Empty):
                wanted |= self.meant(asking, each, clause)
        wants, read = clause.operator in {"=", "in"}, self.read
        empty_fits, differs = takes_empty and wants, wanted.isdisjoint

        def fits(issue: Issue) -> bool:
            held = read(asking, issue)
            return differs(held) is not wants if held else empty_fits

        return fits

    def _compared(self, asking: Asking, clause: Clause) -> Test:
        rank = self.rank
        if rank is None or clause.operand is None:
            raise empty_misused(clause)
        limits = [rank(asking, each) for each in self.meant(asking, clause.operand, clause)]
        holds = _COMPARISONS[clause.operator]
        return lambda issue: any(
            holds(rank(asking, each), limit) for each in self.read(asking, issue) for limit in limits
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A field of which a query can only ask whether anything is there, as attachments are."""

    name: str
    has: Callable[[Issue], bool]
    aliases: tuple[str, ...] = ()
    operators: frozenset[str] = EMPTINESS
    types: tuple[str, ...] = ("java.lang.String",)

    def test(self, _asking: Asking, clause: Clause) -> Test:
        """Look whether anything is there."""
        wants_empty = asks_emptiness(clause)
        return lambda issue: self.has(issue) is not wants_empty

    def key(self, _asking: Asking) -> Key | None:
        """Give no order."""
        return None
