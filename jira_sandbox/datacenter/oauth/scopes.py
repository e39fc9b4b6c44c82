"""Scopes of the provider: what each lets an application do, and for whom."""

from types import MappingProxyType
from typing import Final

from jira_sandbox.routing import Scope as Operation
from jira_sandbox.state.provider import SCOPES, Scope
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import User

ADMINS: Final = MappingProxyType({"ADMIN": "ADMINISTER", "SYSTEM_ADMIN": "SYSTEM_ADMIN"})
"""By scope the global permission without which a person has it not to give."""
_READING: Final = frozenset[Operation]({"NONE", "READ"})
_WRITING: Final = _READING | {"WRITE", "DELETE"}
_LEADING: Final = _WRITING | {"PROJECT_ADMIN", "ADMIN"}
_OPERATIONS: Final = MappingProxyType(
    {"READ": _READING, "WRITE": _WRITING, "ADMIN": _LEADING, "SYSTEM_ADMIN": _LEADING}
)


def named(text: str) -> Scope | None:
    """Find the widest of the scopes named, with blanks between them; None for none, or an unknown one."""
    names = text.split()
    known = [each for each in SCOPES if each in names]
    return known[-1] if known and set(names) <= set(known) else None


def includes(wide: Scope, narrow: Scope) -> bool:
    """Whether who has ``wide`` has ``narrow`` too."""
    return SCOPES.index(narrow) <= SCOPES.index(wide)


def operations(site: Site, person: User, scope: Scope) -> frozenset[str]:
    """Give what routes may ask for that ``scope`` covers; nobody's leave goes beyond that person's rights."""
    held = [each for each in SCOPES if each not in ADMINS or site.may(person, ADMINS[each])]
    return _OPERATIONS[max((each for each in held if includes(scope, each)), key=SCOPES.index)]
