"""Where Atlassian's descriptions are wrong, or silent, and how that is known: one ``Known`` a product.

The ``errors`` excuse single violations; a whole run in which one of them is not needed fails (``plugin``).
The rest, in ``silences``, concerns all operations alike.
"""

import threading
from collections.abc import Mapping, Set
from dataclasses import dataclass

from tests.support.conformance.known_errors import data_center, several, silences, table
from tests.support.conformance.known_errors.several import How
from tests.support.conformance.known_errors.silences import ALIKE, SCRIPTED
from tests.support.conformance.known_errors.table import Excusable, KnownError

__all__ = [
    "ALIKE",
    "CLOUD",
    "DATA_CENTER",
    "KNOWN_ERRORS",
    "SCRIPTED",
    "Excusable",
    "Known",
    "KnownError",
    "needed",
    "unneeded",
]

_needed: set[KnownError] = set()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one description; the members are explained where they are filled."""

    errors: tuple[KnownError, ...]
    every_operation: Mapping[int, str]
    before_any_operation: Mapping[tuple[int, str], str]
    open_schemas: Mapping[str, str]
    undescribed: Mapping[str, str]
    several: Mapping[str, How]

    def excuses(self, violation: Excusable) -> bool:
        """Whether a known error covers the violation; remembers which was needed."""
        covering = [each for each in self.errors if each.covers(violation)]
        with _lock:
            _needed.update(covering)
        return bool(covering)


CLOUD = Known(
    errors=table.KNOWN_ERRORS,
    every_operation=silences.EVERY_OPERATION,
    before_any_operation=silences.BEFORE_ANY_OPERATION,
    open_schemas=silences.OPEN_SCHEMAS,
    undescribed={},
    several={},
)
DATA_CENTER = Known(
    errors=(*data_center.KNOWN_ERRORS, *several.KNOWN_ERRORS),
    every_operation=data_center.EVERY_OPERATION,
    before_any_operation=data_center.BEFORE_ANY_OPERATION,
    open_schemas=data_center.OPEN_SCHEMAS,
    undescribed=data_center.UNDESCRIBED,
    several=several.OPERATIONS,
)
KNOWN_ERRORS = (*CLOUD.errors, *DATA_CENTER.errors)


def needed() -> frozenset[int]:
    """Which known errors were needed in this process so far, by position among all."""
    with _lock:
        return frozenset(number for number, each in enumerate(KNOWN_ERRORS) if each in _needed)


def unneeded(needed: Set[int]) -> list[KnownError]:
    """The known errors at all other positions than the ``needed`` ones."""
    return [each for number, each in enumerate(KNOWN_ERRORS) if number not in needed]
