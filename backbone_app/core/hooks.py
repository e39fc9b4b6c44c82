"""Webhooks of a Data Center: in which form its version takes them, and when they are looked at."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final

from backbone_app.core.waits import Waits

LOOK_EVERY: Final = timedelta(days=1)
"""How often it is looked whether a webhook still is as it was made: an upgrade changes the form it takes."""
NO_ANSWER: Final = Waits(timedelta(minutes=1), timedelta(hours=6))
"""When a Data Center that did not answer is asked again."""
MOST_TRIES: Final = 10
"""So often it is tried to take away a webhook that nobody needs any more."""


class HookForm(StrEnum):
    """How webhooks are registered: up to 9 with ``filters`` and unsigned, from 10 on with a secret.

    From 10 on the older form is taken as well, and silently not heeded (JRASERVER-78733).
    """

    FILTERS = "filters"
    CONFIGURATION = "configuration"


def form_of(version: Sequence[int]) -> HookForm:
    """Tell the form that a Data Center of this version (``versionNumbers``) takes."""
    return HookForm.FILTERS if version and version[0] < 10 else HookForm.CONFIGURATION
