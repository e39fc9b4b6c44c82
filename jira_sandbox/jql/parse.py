"""JQL text into a tree. Everything Jira would not understand is a Refusal with status 400."""

import re
from dataclasses import dataclass

from jira_sandbox.wire import Refusal

_TOKEN = re.compile(
    r"""\s*(?: "(?P<double>(?:\\.|[^"\\])*)" | '(?P<single>(?:\\.|[^'\\])*)'
      | (?P<sign><=|>=|!=|!~|[=<>~(),]) | (?P<word>[^\s"'=<>!~(),]+(?:\(\))?) )""",
    re.VERBOSE,
)
_COMPARISONS = frozenset({"=", "!=", "~", "!~", "<", "<=", ">", ">="})
_RESERVED = frozenset({"and", "or", "not", "in", "is", "order", "by", "empty", "null"})


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; ``quoted`` keeps a value apart from a keyword."""

    text: str
    quoted: bool = False

    def says(self, word: str) -> bool:
        """Whether it is this keyword or sign."""
        return not self.quoted and self.text.lower() == word


@dataclass(frozen=True, slots=True)
class Clause:
    """``field`` in lower case; ``operator`` one of = != ~ !~ < <= > >= in, not in, is, is not."""

    field: str
    operator: str
    values: tuple[str, ...]


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
class Query:
    """``restriction`` is None for a query that would give everything; ``order`` is (field, "asc"|"desc")."""

    restriction: Tree | None
    order: tuple[tuple[str, str], ...]


def parse(text: str) -> Query:
    """Parse ``text``; Refusal 400 if it is not JQL."""
    return _Parser(_tokens(text)).query()


def _tokens(text: str) -> list[Token]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Refusal(400, f"Error in the JQL Query: character {at + 1} is unexpected.")
        quoted = found["double"] if found["double"] is not None else found["single"]
        if quoted is not None:
            tokens.append(Token(re.sub(r"\\(.)", r"\1", quoted), quoted=True))
        else:
            tokens.append(Token(found["sign"] or found["word"]))
        at = found.end()
    return tokens


class _Parser:
    """Recursive descent, one method a rule; ``_rest`` is what has not been read yet."""

    def __init__(self, tokens: list[Token]) -> None:
        self._rest = tokens

    def query(self) -> Query:
        starts = not self._rest or self._sees("order")
        restriction = None if starts else self._some()
        order = self._order()
        if self._rest:
            raise self._unexpected()
        return Query(restriction, order)

    def _some(self) -> Tree:
        parts = [self._all()]
        while self._takes("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _all(self) -> Tree:
        parts = [self._one()]
        while self._takes("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self) -> Tree:
        if self._takes("not"):
            return Opposite(self._one())
        if self._takes("("):
            inner = self._some()
            self._expect(")")
            return inner
        return self._clause()

    def _clause(self) -> Clause:
        field = self._next()
        if not field.quoted and (field.text.lower() in _RESERVED or field.text in {")", ","}):
            raise Refusal(400, f"Error in the JQL Query: '{field.text}' is a reserved JQL word or sign.")
        name = field.text.lower()
        if self._takes("is"):
            operator = "is not" if self._takes("not") else "is"
            if not (self._takes("empty") or self._takes("null")):
                raise self._unexpected()
            return Clause(name, operator, ())
        if self._takes("not"):
            self._expect("in")
            return Clause(name, "not in", self._list())
        if self._takes("in"):
            return Clause(name, "in", self._list())
        sign = self._next()
        if sign.quoted or sign.text not in _COMPARISONS:
            raise Refusal(400, f"Error in the JQL Query: Expecting operator but got '{sign.text}'.")
        return Clause(name, sign.text, (self._value(),))

    def _list(self) -> tuple[str, ...]:
        self._expect("(")
        values = [self._value()]
        while self._takes(","):
            values.append(self._value())
        self._expect(")")
        return tuple(values)

    def _value(self) -> str:
        token = self._next()
        if not token.quoted and (token.text in {"(", ")", ","} or token.text in _COMPARISONS):
            raise Refusal(400, f"Error in the JQL Query: Expecting a value but got '{token.text}'.")
        return token.text

    def _order(self) -> tuple[tuple[str, str], ...]:
        if not self._takes("order"):
            return ()
        self._expect("by")
        terms = [self._term()]
        while self._takes(","):
            terms.append(self._term())
        return tuple(terms)

    def _term(self) -> tuple[str, str]:
        field = self._next().text.lower()
        if self._takes("desc"):
            return field, "desc"
        self._takes("asc")
        return field, "asc"

    def _sees(self, word: str) -> bool:
        return bool(self._rest) and self._rest[0].says(word)

    def _takes(self, word: str) -> bool:
        if self._sees(word):
            self._rest = self._rest[1:]
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._takes(word):
            raise self._unexpected()

    def _next(self) -> Token:
        if not self._rest:
            raise self._unexpected()
        token, *self._rest = self._rest
        return token

    def _unexpected(self) -> Refusal:
        where = f"'{self._rest[0].text}'" if self._rest else "the end of the query"
        return Refusal(400, f"Error in the JQL Query: {where} is not expected here.")
