"""Where Atlassian's description of Jira Cloud is wrong, or silent, and how that is known.

``KNOWN_ERRORS`` excuse single violations; a whole run in which one of them is not needed fails (``plugin``).
The rest is silence that concerns all operations alike.
"""

import threading
from dataclasses import dataclass
from typing import Final, Protocol

EVERY_OPERATION: Final[dict[int, str]] = {
    401: "556 of 616 operations list it; wrong credentials are refused before an operation is looked at",
    408: "a gateway's answer, as the description has it for two operations",
    429: "listed for 10 operations; Atlassian's page on rate limiting: any operation",
    500: "listed for 6 operations; any server can fail",
    502: "gateways in front of Jira answer by themselves",
    503: "listed for 4 operations; sites are down for maintenance as a whole",
    504: "listed for 1 operation; gateways in front of Jira answer by themselves",
}
"""Statuses that any operation may answer, described or not; and how that is known.

Also for all alike: times have a zone without colon (``2021-01-17T12:34:00.000+0000`` in the description's own
examples of ``date-time``); lists in a query may be separated by commas (its parameters say "comma-separated
list"); ``additionalProperties: false`` beside ``oneOf`` or ``anyOf`` would forbid what its own choices
require; a refusal described without a schema has that of all others, ErrorCollection.
"""

BEFORE_ANY_OPERATION: Final[dict[bytes, str]] = {
    b"does not have the scope": "403 to an app without an operation's scope, whichever it is",
    b"The app is disabled": "403 to an app that the site's administrators switched off, everywhere",
    b"Try again later.": "no answer of Jira's: a misfortune that a test scripted, of a status it chose",
}
"""What is said by whoever answers before an operation is looked at, and why it is no error of ours."""


class Excusable(Protocol):
    """A violation, as far as an excuse looks at it."""

    @property
    def operation(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def rule(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownError:
    """A mistake of the description.

    ``place`` is a schema's name with the way to a member (``Comment/author``) or an operation's name;
    ``rule`` is what a violation of it is called. ``operation`` narrows it to answers of that one.
    """

    place: str
    rule: str
    described: str
    jira: str
    evidence: str
    operation: str = ""

    def covers(self, violation: Excusable) -> bool:
        """Whether this is what the violation is about."""
        return (self.place, self.rule) == (violation.place, violation.rule) and (
            not self.operation or self.operation == violation.operation
        )


_CHANGE = "nulls in its own example of GET /issue/{issueIdOrKey}/changelog, and in the changelogs of webhooks"


def _nulls_in_changes() -> tuple[KnownError, ...]:
    """Sides of a change that had no value; each member for itself."""
    return tuple(
        KnownError(
            place=f"ChangeDetails/{member}",
            rule="type",
            described="a string",
            jira="null where there was or is no value",
            evidence=_CHANGE,
        )
        for member in ("from", "to", "fromString", "toString")
    )


KNOWN_ERRORS: Final[tuple[KnownError, ...]] = (
    *_nulls_in_changes(),
    KnownError(
        place="GET /rest/atlassian-connect/1/addons/{addonKey}",
        rule="operation",
        described="nothing: of an app's own resources only its properties and dynamic modules",
        jira="answers with the app's state and licence",
        evidence="Atlassian's pages on Connect, License API: GET /rest/atlassian-connect/1/addons/{appKey}",
    ),
)

_needed: set[KnownError] = set()
_lock = threading.Lock()


def excuses(violation: Excusable) -> bool:
    """Whether a known error of the description covers the violation; remembers which was needed."""
    covering = [each for each in KNOWN_ERRORS if each.covers(violation)]
    with _lock:
        _needed.update(covering)
    return bool(covering)


def needed() -> frozenset[int]:
    """Which known errors were needed in this process so far, by position in the table."""
    with _lock:
        return frozenset(number for number, each in enumerate(KNOWN_ERRORS) if each in _needed)
