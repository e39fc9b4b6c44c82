"""Finding people: by what is typed, by a property, by what they may do."""

import json
import re
from collections.abc import Iterable

from jira_sandbox.jql.reading import property_values
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import User

MOST = 1000
"""Jira's searches for people look no further than the thousandth of them."""
_WORDS = re.compile(r"[\s.\-_@]+")


def may_browse(site: Site, viewer: User) -> bool:
    """Whether somebody may look through people and groups; strangers may not."""
    return site.may(viewer, "USER_PICKER")


def active(site: Site) -> list[User]:
    """List the accounts that are not deactivated, by name."""
    return sorted((each for each in site.users.values() if each.active), key=by_name)


def by_name(person: User) -> tuple[str, str]:
    """Give what people are ordered by."""
    return person.display_name.lower(), person.account_id


def is_meant(person: User, typed: str) -> bool:
    """Whether what was typed begins a part of the name or address; a hidden address must be typed in full."""
    wanted = typed.lower().strip()
    if person.hides_email and wanted == person.email.lower():
        return True
    told = [person.display_name.lower()]
    if not person.hides_email and person.email:
        told.append(person.email.lower())
    return any(each.startswith(wanted) or _has_word(each, wanted) for each in told)


def has_property(site: Site, person: User, asked: str) -> bool:
    """Whether a property of the account holds what ``key.path=value`` says; LookupError for another form."""
    place, sign, value = asked.partition("=")
    key, _, path = place.strip().partition(".")
    if not sign or not key:
        raise LookupError(asked)
    return is_held(site, person, key=key, path=path, value=value.strip())


def is_held(site: Site, person: User, *, key: str, path: str, value: str) -> bool:
    """Whether a property of the account holds ``value`` at a path; numbers as JSON writes them."""
    held = property_values(site.user_properties.get(person.account_id, {}), key, path)
    return any(value == (each if isinstance(each, str) else json.dumps(each)) for each in held)


def chosen(people: Iterable[User], *, typed: str, account_id: str) -> list[User]:
    """Choose by an account id, or by what was typed; all when nothing was."""
    if account_id:
        return [each for each in people if each.account_id == account_id]
    return [each for each in people if is_meant(each, typed)] if typed else list(people)


def _has_word(text: str, wanted: str) -> bool:
    return any(word.startswith(wanted) for word in _WORDS.split(text))
