"""JQL text into a tree. Everything Jira would not understand is a Refusal with status 400 in its words."""

from collections.abc import Callable
from functools import lru_cache

from jira_sandbox.jql.tokens import Token, broken, place, tokens_of
from jira_sandbox.jql.tree import (
    All,
    Clause,
    Empty,
    Field,
    Function,
    Many,
    Operand,
    Opposite,
    Predicate,
    Query,
    Single,
    Some,
    Term,
    Tree,
    Value,
)
from jira_sandbox.wire import Refusal

DEEPEST = 100
_SINGLE = frozenset({"=", "!=", "~", "!~", "<", "<=", ">", ">="})
_PREDICATES = ("after", "before", "on", "during", "by", "from", "to")
_OPERATORS = "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'"


@lru_cache(maxsize=512)
def parse(text: str) -> Query:
    """Parse ``text``; Refusal 400 if it is not JQL."""
    return _Parser(text).query()


class _Parser:
    """Recursive descent, one method a rule; ``_at`` counts the tokens read, ``_depth`` what is open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens_of(text)
        self._at = 0
        self._depth = 0

    def query(self) -> Query:
        restriction = None if self._next is None or self._sees("order") else self._some()
        order = self._order()
        if self._next is not None:
            expected = "','" if order else "either 'OR' or 'AND'"
            raise self._expecting(expected)
        return Query(restriction, order)

    @property
    def _next(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

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
            return Opposite(self._within(self._one))
        if self._takes("("):
            inner = self._within(self._some)
            self._must_take(")")
            return inner
        return self._clause()

    def _within(self, read: Callable[[], Tree]) -> Tree:
        self._depth += 1
        if self._depth > DEEPEST:
            raise broken("The query is nested too deeply.")
        inner = read()
        self._depth -= 1
        return inner

    def _clause(self) -> Clause:
        field = self._field()
        operator = self._operator()
        if operator == "changed":
            return Clause(field, operator, None, self._predicates())
        operand = self._operand()
        return Clause(field, operator, operand, self._predicates() if operator.startswith("was") else ())

    def _field(self) -> Field:
        token = self._next
        if token is None:
            raise broken("Expecting a field name at the end of the query.")
        if token.says("cf") and self._follows("["):
            self._at += 1
            return Field("cf", self._bracketed())
        if token.kind == "sign" or token.is_reserved:
            raise self._expecting("a field name", quotes_for="a field name")
        self._at += 1
        if token.kind == "word" and token.text.lower().endswith(".property") and self._sees("["):
            key = self._bracketed()
            return Field(token.text.lower(), key, self._path())
        return Field(token.text)

    def _bracketed(self) -> str:
        self._must_take("[")
        token = self._next
        if token is None or token.kind == "sign":
            raise self._expecting("a property key or a number")
        self._at += 1
        self._must_take("]")
        return token.text

    def _path(self) -> str:
        token = self._next
        if token is None or token.kind != "word" or not token.text.startswith("."):
            return ""
        self._at += 1
        return token.text[1:]

    def _operator(self) -> str:
        for word in ("changed", "in"):
            if self._takes(word):
                return word
        if self._takes("is"):
            return "is not" if self._takes("not") else "is"
        if self._takes("not"):
            self._must_take("in")
            return "not in"
        if self._takes("was"):
            return "was" + (" not" if self._takes("not") else "") + (" in" if self._takes("in") else "")
        token = self._next
        if token is None or token.text not in _SINGLE or token.kind != "sign":
            raise self._expecting("operator", after=f" The valid operators are {_OPERATORS}.")
        self._at += 1
        return token.text

    def _operand(self) -> Operand:
        if self._takes("("):
            items = [self._single()]
            while self._takes(","):
                items.append(self._single())
            self._must_take(")")
            return Many(tuple(items))
        return self._single()

    def _single(self) -> Single:
        if self._takes("empty") or self._takes("null"):
            return Empty()
        token = self._next
        if token is None or token.kind == "sign" or token.is_reserved:
            raise self._expecting("either a value, list or function", quotes_for="a value")
        self._at += 1
        if token.kind == "word" and self._takes("("):
            return Function(token.text, self._arguments())
        return Value(token.text)

    def _arguments(self) -> tuple[str, ...]:
        found: list[str] = []
        while not self._takes(")"):
            if found:
                self._must_take(",")
            token = self._next
            if token is None or token.kind == "sign":
                raise self._expecting("either ')' or a function argument")
            self._at += 1
            found.append(token.text)
        return tuple(found)

    def _predicates(self) -> tuple[Predicate, ...]:
        found: list[Predicate] = []
        while word := next((each for each in _PREDICATES if self._takes(each)), None):
            found.append(Predicate(word, self._operand()))
        return tuple(found)

    def _order(self) -> tuple[Term, ...]:
        if not self._takes("order"):
            return ()
        self._must_take("by")
        terms = [self._term()]
        while self._takes(","):
            terms.append(self._term())
        return tuple(terms)

    def _term(self) -> Term:
        field = self._field()
        if self._takes("desc"):
            return Term(field, "desc")
        return Term(field, "asc" if self._takes("asc") else "")

    def _sees(self, word: str) -> bool:
        return self._next is not None and self._next.says(word)

    def _follows(self, word: str) -> bool:
        after = self._tokens[self._at + 1 : self._at + 2]
        return bool(after) and after[0].says(word)

    def _takes(self, word: str) -> bool:
        if self._sees(word):
            self._at += 1
            return True
        return False

    def _must_take(self, word: str) -> None:
        if not self._takes(word):
            raise self._expecting(f"'{word}'")

    def _expecting(self, what: str, *, after: str = "", quotes_for: str = "") -> Refusal:
        token = self._next
        if token is None:
            return broken(f"Expecting {what} before the end of the query.{after}")
        where = place(self._text, token.at)
        if quotes_for and token.is_reserved:
            return broken(
                f"'{token.text}' is a reserved JQL word. You must surround it in quotation marks to use it "
                f"in a query. {where}"
            )
        if quotes_for and token.kind == "sign":
            after = f" You must surround '{token.text}' in quotation marks to use it as {quotes_for}."
        return broken(f"Expecting {what} but got '{token.text}'.{after} {where}")
