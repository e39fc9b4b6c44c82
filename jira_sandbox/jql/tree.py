"""What a JQL query consists of, once read."""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["", "asc", "desc"]
"""How a term of ORDER BY runs; empty when the query does not say, which is ``asc`` for most fields."""


@dataclass(frozen=True, slots=True)
class Value:
    """A text or number as the query has it, without quotes."""

    text: str


@dataclass(frozen=True, slots=True)
class Function:
    """A call like ``startOfDay("-1d")``."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Empty:
    """``EMPTY`` or ``NULL``."""


Single = Value | Function | Empty


@dataclass(frozen=True, slots=True)
class Many:
    """A list in parentheses."""

    items: tuple[Single, ...]


Operand = Single | Many


@dataclass(frozen=True, slots=True)
class Field:
    """A field as the query names it; of ``issue.property[key].path`` ``name`` is ``issue.property``."""

    name: str
    key: str = ""
    path: str = ""

    @property
    def text(self) -> str:
        """The field as messages show it."""
        return f"{self.name}[{self.key}]{'.' if self.path else ''}{self.path}" if self.key else self.name


@dataclass(frozen=True, slots=True)
class Predicate:
    """What narrows WAS and CHANGED: ``word`` is after, before, on, during, by, from or to."""

    word: str
    operand: Operand


@dataclass(frozen=True, slots=True)
class Clause:
    """``operator`` in lower case, ``was not in`` for instance; ``operand`` is None for ``changed``."""

    field: Field
    operator: str
    operand: Operand | None
    predicates: tuple[Predicate, ...] = ()


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Opposite:
    """The part does not hold."""

    part: "Tree"


Tree = Clause | All | Some | Opposite


@dataclass(frozen=True, slots=True)
class Term:
    """One field of ORDER BY."""

    field: Field
    direction: Direction = ""


@dataclass(frozen=True, slots=True)
class Query:
    """``restriction`` is None for a query that would give everything."""

    restriction: Tree | None
    order: tuple[Term, ...] = ()

    def clauses(self) -> list[Clause]:
        """List all clauses, from left to right."""
        return _clauses(self.restriction) if self.restriction else []


def _clauses(tree: Tree) -> list[Clause]:
    match tree:
        case Clause():
            return [tree]
        case Opposite(part):
            return _clauses(part)
        case All(parts) | Some(parts):
            return [clause for part in parts for clause in _clauses(part)]
