"""Webhooks of linked sites: in which form each takes them, when they are looked at and renewed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from backbone_app.core.waits import Waits

LOOK_EVERY: Final = timedelta(days=1)
"""How often it is looked whether a webhook still is as it was made: an upgrade changes the form it takes."""
RENEWED_BELOW: Final = timedelta(days=23)
"""A Cloud site forgets one after thirty days: it is renewed once a week."""
NO_ANSWER: Final = Waits(timedelta(minutes=1), timedelta(hours=6))
"""When a site that did not answer is asked again."""
MOST_TRIES: Final = 10
"""So often it is tried to take away a webhook that nobody needs any more."""


class HookForm(StrEnum):
    """How webhooks are registered: up to 9 with ``filters`` and unsigned, from 10 on with a secret.

    From 10 on the older form is taken as well, and silently not heeded (JRASERVER-78733). A Cloud site takes
    them dynamically, from our OAuth app, and signs with the secret of that; one made by hand has its own.
    """

    FILTERS = "filters"
    CONFIGURATION = "configuration"
    DYNAMIC = "dynamic"


def form_of(version: Sequence[int]) -> HookForm:
    """Tell the form that a Data Center of this version (``versionNumbers``) takes."""
    return HookForm.FILTERS if version and version[0] < 10 else HookForm.CONFIGURATION


def is_to_be_renewed(lasts_until: datetime | None, now: datetime) -> bool:
    """Whether the webhook of a Cloud site is to be renewed now, as one is that does not say how it lasts."""
    return lasts_until is None or lasts_until < now + RENEWED_BELOW
