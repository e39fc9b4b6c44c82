"""Where Atlassian's description of Jira Cloud is wrong, or silent, and how that is known.

``KNOWN_ERRORS`` excuse single violations; a whole run in which one of them is not needed fails (``plugin``).
The rest, in ``silences``, concerns all operations alike.
"""

import threading
from collections.abc import Set

from tests.support.conformance.known_errors.silences import (
    ALIKE,
    BEFORE_ANY_OPERATION,
    EVERY_OPERATION,
    OPEN_SCHEMAS,
    SCRIPTED,
)
from tests.support.conformance.known_errors.table import KNOWN_ERRORS, Excusable, KnownError

__all__ = [
    "ALIKE",
    "BEFORE_ANY_OPERATION",
    "EVERY_OPERATION",
    "KNOWN_ERRORS",
    "OPEN_SCHEMAS",
    "SCRIPTED",
    "Excusable",
    "KnownError",
    "excuses",
    "needed",
    "unneeded",
]

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


def unneeded(needed: Set[int]) -> list[KnownError]:
    """The known errors at all other positions than the ``needed`` ones."""
    return [each for number, each in enumerate(KNOWN_ERRORS) if number not in needed]
