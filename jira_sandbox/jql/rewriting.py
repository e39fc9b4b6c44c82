"""Queries in which other words stand for the same things: account ids for people, ids for hidden spaces."""

from collections.abc import Callable
from dataclasses import replace

from jira_sandbox.jql.system import BY_NAME
from jira_sandbox.jql.tree import All, Clause, Many, Opposite, Query, Some, Tree, Value
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import User

_Word = Callable[[Value], Value]


def with_account_ids(site: Site, query: Query) -> tuple[Query, bool]:
    """Put account ids for the user names of old, and tell whether everybody was found."""
    strangers: list[str] = []

    def known(value: Value) -> Value:
        for user in site.users.values():
            if value.text in {user.account_id, user.name, user.display_name, user.email}:
                return Value(user.account_id)
        strangers.append(value.text)
        return Value("unknown")

    def word(clause: Clause) -> _Word | None:
        field = BY_NAME.get(clause.field.name.lower())
        return known if field and getattr(field, "kind", "") == "user" else None

    return _rewritten(query, word), not strangers


def sanitized(site: Site, reader: User, query: Query) -> Query | None:
    """Put ids for the names of spaces ``reader`` may not browse; None when there is nothing to put."""
    hidden = {
        name.lower(): space.id
        for space in site.spaces.values()
        if not site.may(reader, "BROWSE_PROJECTS", space=space)
        for name in (space.key, space.name)
    }

    def numbered(value: Value) -> Value:
        return Value(hidden.get(value.text.lower(), value.text))

    changed = _rewritten(query, lambda clause: numbered if clause.field.name.lower() == "project" else None)
    return None if changed == query else changed


def _rewritten(query: Query, word: Callable[[Clause], _Word | None]) -> Query:
    return replace(query, restriction=_tree(query.restriction, word)) if query.restriction else query


def _tree(tree: Tree, word: Callable[[Clause], _Word | None]) -> Tree:
    match tree:
        case All(parts):
            return All(tuple(_tree(each, word) for each in parts))
        case Some(parts):
            return Some(tuple(_tree(each, word) for each in parts))
        case Opposite(part):
            return Opposite(_tree(part, word))
        case Clause():
            return _clause(tree, word(tree))


def _clause(clause: Clause, word: _Word | None) -> Clause:
    if word is None:
        return clause
    match clause.operand:
        case Value():
            return replace(clause, operand=word(clause.operand))
        case Many(items):
            return replace(
                clause,
                operand=Many(tuple(word(each) if isinstance(each, Value) else each for each in items)),
            )
        case _:
            return clause
