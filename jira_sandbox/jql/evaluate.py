"""Which work items a JQL query gives, in its order.

A query becomes one test for a work item, made once: names are looked up when it is made, not for each of
thousands. ``NOT`` is taken inwards, so that ``NOT labels = x`` finds what ``labels != x`` finds, which does
not include work items without labels.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from jira_sandbox.jql import custom, properties
from jira_sandbox.jql.kinds import (
    EMPTINESS,
    HISTORY,
    LISTS,
    OPPOSITES,
    Asking,
    Key,
    NoSuchValueError,
    Searchable,
    Test,
)
from jira_sandbox.jql.parse import parse
from jira_sandbox.jql.system import BY_NAME
from jira_sandbox.jql.tree import (
    All,
    Clause,
    Empty,
    Field,
    Function,
    Many,
    Opposite,
    Query,
    Single,
    Some,
    Term,
    Tree,
    Value,
)
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, User
from jira_sandbox.wire import Refusal

_FIELD_IDS = {
    "affectedVersion": "versions",
    "component": "components",
    "due": "duedate",
    "fixVersion": "fixVersions",
    "level": "security",
}
"""Ids of fields that JQL calls otherwise; what is hidden from somebody cannot be searched either."""
_NEWEST_FIRST = Term(Field("created"), "desc")


def matching(
    site: Site, text: str, issues: Sequence[Issue], viewer: User, now: datetime, *, is_lenient: bool = False
) -> list[Issue]:
    """Those of ``issues`` that ``text`` gives, ordered by it (newest first unless it says).

    Times without a zone are meant in the zone of ``viewer``. Refusal 400 names all that is not known; to who
    ``is_lenient`` values that nothing has are no fault.
    """
    query = parse(text)
    asking = Asking(site, viewer, now, is_lenient)
    wrong = faults(asking, query)
    if wrong:
        raise Refusal(400, *wrong)
    found = list(issues)
    for part in _parts(query.restriction):
        fits = _test(asking, part, is_wanted=True)
        found = [issue for issue in found if fits(issue)]
    return _ordered(asking, query, found)


def faults(asking: Asking, query: Query) -> list[str]:
    """Tell in Jira's words all that is wrong with a query that could be read."""
    errors, missing = checked(asking, query)
    return errors + missing


def checked(asking: Asking, query: Query) -> tuple[list[str], list[str]]:
    """Tell what is wrong with a query in itself, and apart from that which of its values nothing has."""
    errors: dict[str, None] = {}
    missing: dict[str, None] = {}
    checks: list[Callable[[], object]] = [partial(_clause_test, asking, each) for each in query.clauses()]
    checks += [partial(_key, asking, each) for each in query.order]
    for check in checks:
        try:
            check()
        except NoSuchValueError as refusal:
            missing |= dict.fromkeys(refusal.messages)
        except Refusal as refusal:
            errors |= dict.fromkeys(refusal.messages)
    return list(errors), list(missing)


def field_named(asking: Asking, field: Field) -> Searchable:
    """Find the field a query names; Refusal 400 if there is none."""
    found: Searchable | None = None
    if not field.key:
        found = BY_NAME.get(field.name.lower())
    found = found or properties.found(asking, field) or custom.found(asking, field)
    if found is None or asking.site.hides(_FIELD_IDS.get(found.name, found.name), asking.viewer):
        raise Refusal(400, f"Field '{field.text}' does not exist or you do not have permission to view it.")
    return found


def _ordered(asking: Asking, query: Query, found: list[Issue]) -> list[Issue]:
    for term in reversed(query.order or (_NEWEST_FIRST,)):
        found.sort(key=_key(asking, term), reverse=term.direction == "desc")
    return found


def _key(asking: Asking, term: Term) -> Key:
    key = field_named(asking, term.field).key(asking)
    if key is None:
        raise Refusal(400, f"Not able to sort using field '{term.field.text}'.")
    return key


def _parts(restriction: Tree | None) -> tuple[Tree, ...]:
    """Give what must all be so: each part then looks only at what the others left."""
    if restriction is None:
        return ()
    return tuple(restriction.parts) if isinstance(restriction, All) else (restriction,)


def _test(asking: Asking, tree: Tree, *, is_wanted: bool) -> Test:
    match tree:
        case Clause():
            return _clause_test(asking, tree if is_wanted else _opposite(tree), is_wanted=is_wanted)
        case Opposite(part):
            return _test(asking, part, is_wanted=not is_wanted)
        case All(parts) | Some(parts):
            tests = [_test(asking, part, is_wanted=is_wanted) for part in parts]
            if isinstance(tree, All) is is_wanted:
                return lambda issue: all(fits(issue) for fits in tests)
            return lambda issue: any(fits(issue) for fits in tests)


def _opposite(clause: Clause) -> Clause:
    operator = OPPOSITES.get(clause.operator, clause.operator)
    return Clause(clause.field, operator, clause.operand, clause.predicates)


def _clause_test(asking: Asking, clause: Clause, *, is_wanted: bool = True) -> Test:
    field = field_named(asking, clause.field)
    _must_fit(clause)
    if clause.operator not in field.operators:
        raise Refusal(
            400,
            f"The operator '{clause.operator}' is not supported by the '{clause.field.text}' field.",
        )
    fits = field.test(asking, clause)
    if clause.operator == "changed" and not is_wanted:  # the only operator without an opposite
        return lambda issue: not fits(issue)
    return fits


def _must_fit(clause: Clause) -> None:
    """Refuse a list for an operator that compares with one value, and one value for an operator of lists."""
    takes_list = clause.operator in LISTS or clause.operator in {"was in", "was not in"}
    operand, name = clause.operand, clause.field.text
    if isinstance(operand, Many) and not takes_list:
        if clause.operator in HISTORY | EMPTINESS:
            return
        told = ", ".join(_told(each) for each in operand.items)
        raise Refusal(
            400,
            f"Operator '{clause.operator}' does not support the list value '({told})' for field '{name}'.",
        )
    if takes_list and operand is not None and not isinstance(operand, Many | Function):
        raise Refusal(
            400,
            f"Operator '{clause.operator}' does not support the non-list value '{_told(operand)}' for field "
            f"'{name}'.",
        )


def _told(operand: Single) -> str:
    match operand:
        case Empty():
            return "EMPTY"
        case Function(name):
            return f"{name}()"
        case Value(text):
            return f'"{text}"'
