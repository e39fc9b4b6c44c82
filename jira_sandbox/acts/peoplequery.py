"""The structured queries for people: ``is assignee of PROJ AND [location].city is "Sydney"``."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from jira_sandbox.acts.peoplesearch import is_held
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, User
from jira_sandbox.wire import Refusal

Test = Callable[[User], bool]
_TOKEN = re.compile(r'\s*(?:\[([^\]]+)\]((?:\.[\w\-]+)*)|"((?:\\.|[^"\\])*)"|([(),])|([^\s(),"\[\]]+))')
_ROLES: dict[str, Callable[[Issue], set[str]]] = {
    "assignee": lambda issue: {issue.fields.get("assignee") or ""},
    "reporter": lambda issue: {issue.fields.get("reporter") or ""},
    "watcher": lambda issue: set(issue.watchers),
    "voter": lambda issue: set(issue.voters),
    "commenter": lambda issue: {each.author for each in issue.comments},
    "transitioner": lambda issue: {
        entry.author for entry in issue.changelog if any(item.field_id == "status" for item in entry.items)
    },
}


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    key: str = ""


def found(site: Site, viewer: User, people: list[User], text: str) -> list[User]:
    """Choose the people a query means; Refusal 400 when it is none."""
    fits = _Reader(site, viewer, _tokens(text), text).whole()
    return [each for each in people if fits(each)]


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        piece = _TOKEN.match(text, at)
        if piece is None:
            raise _wrong(text)
        key, path, quoted, sign, word = piece.groups()
        tokens.append(_Token(path.lstrip("."), key) if key else _Token(quoted or sign or word or ""))
        at = piece.end()
    return tokens


class _Reader:
    """Reads a query from left to right; AND binds more than OR."""

    def __init__(self, site: Site, viewer: User, tokens: list[_Token], text: str) -> None:
        self._site = site
        self._viewer = viewer
        self._tokens = tokens
        self._text = text

    def whole(self) -> Test:
        """Read all of it."""
        fits = self._some()
        if self._tokens:
            raise _wrong(self._text)
        return fits

    def _some(self) -> Test:
        tests = [self._all()]
        while self._takes("or"):
            tests.append(self._all())
        return lambda person: any(fits(person) for fits in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._takes("and"):
            tests.append(self._one())
        return lambda person: all(fits(person) for fits in tests)

    def _one(self) -> Test:
        if self._takes("("):
            inner = self._some()
            self._must_take(")")
            return inner
        if self._tokens and self._tokens[0].key:
            return self._property()
        self._must_take("is")
        role = _ROLES.get(self._next().text.lower())
        if role is None:
            raise _wrong(self._text)
        self._must_take("of")
        those = {account for issue in self._issues() for account in role(issue)}
        return lambda person: person.account_id in those

    def _property(self) -> Test:
        place = self._next()
        self._must_take("is")
        value = self._next().text
        return lambda person: is_held(self._site, person, key=place.key, path=place.text, value=value)

    def _issues(self) -> list[Issue]:
        if not self._takes("("):
            return self._named(self._next().text)
        listed = self._named(self._next().text)
        while self._takes(","):
            listed += self._named(self._next().text)
        self._must_take(")")
        return listed

    def _named(self, name: str) -> list[Issue]:
        """List the work item of that key, or those of the space; what one does not see is not there."""
        seen = self._site.issues_seen_by(self._viewer)
        listed = [
            each
            for each in seen
            if name.upper() == each.key or name.upper() == self._site.spaces[each.space_id].key
        ]
        if not listed and name.upper() not in {each.key for each in self._site.spaces.values()}:
            raise Refusal(400, f"The project or issue '{name}' does not exist.")
        return listed

    def _takes(self, word: str) -> bool:
        if self._tokens and not self._tokens[0].key and self._tokens[0].text.lower() == word:
            self._tokens = self._tokens[1:]
            return True
        return False

    def _must_take(self, word: str) -> None:
        if not self._takes(word):
            raise _wrong(self._text)

    def _next(self) -> _Token:
        if not self._tokens:
            raise _wrong(self._text)
        token, *self._tokens = self._tokens
        return token


def _wrong(text: str) -> Refusal:
    return Refusal(400, f"The query '{text}' is not valid.")
