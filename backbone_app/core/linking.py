"""What a link needs: which Data Centers have the provider, and what our account there has to be allowed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Final

OLDEST: Final = (8, 22)
"""The first Data Center with an OAuth 2.0 provider, as ``versionNumbers`` tell it."""
DATA_CENTER_SCOPE: Final = "ADMIN"
"""What a Data Center is asked for: Backbone creates versions and registers its webhook there."""
CLOUD_SCOPE: Final = "read and write work items, see who people are, manage its own webhook"
"""What a Cloud site is asked for, in words."""
COPIED_LASTS: Final = timedelta(days=7)
"""How long a link can be opened that is sent to somebody."""
OWN_LASTS: Final = timedelta(hours=1)
"""How long one can that whoever asks opens themself."""

NEEDED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "BROWSE_PROJECTS": ("Browse Projects", "nothing can be synchronized"),
        "CREATE_ISSUES": ("Create Issues", "no work item gets a twin there"),
        "EDIT_ISSUES": ("Edit Issues", "no field is written there"),
        "TRANSITION_ISSUES": ("Transition Issues", "no status is synchronized there"),
        "ADD_COMMENTS": ("Add Comments", "no comment arrives there"),
        "EDIT_OWN_COMMENTS": ("Edit Own Comments", "an edited comment stays as it was there"),
        "DELETE_OWN_COMMENTS": ("Delete Own Comments", "a deleted comment stays there"),
    }
)
"""What our account has to be allowed in the space: Jira's own label by its key, and what is lost without."""


def is_too_old(version: Sequence[int]) -> bool:
    """Whether a Data Center of this version has no OAuth 2.0 provider; one that tells none may have it."""
    return bool(version) and tuple(version[:2]) < OLDEST


def missing(granted: Collection[str]) -> tuple[tuple[str, str], ...]:
    """List what our account lacks, as Jira's label and what it costs."""
    return tuple(told for permission, told in NEEDED.items() if permission not in granted)
