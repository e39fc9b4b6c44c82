"""What people entered to create a synchronization, until they send it: one for each of them and space.

It is bounded: each way says which entries it keeps, and none is longer than ``LONGEST``. A secret
is no such entry, whatever a form asks for: it is entered again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from backbone_app.models import Unfinished

KEPT: Final = timedelta(days=30)
"""So long after its last change it can be continued; housekeeping drops it then."""
LONGEST: Final = 2_000


class Way(StrEnum):
    """How a synchronization is to be created."""

    SPACE = "space"
    INSTANCE = "instance"
    DATA_CENTER = "data center"
    CLOUD = "cloud"


_TITLE: Final = frozenset({"named_for", "name", "description", "message"})
ENTRIES: Final[Mapping[Way, frozenset[str]]] = MappingProxyType(
    {
        Way.SPACE: _TITLE | {"partner"},
        Way.INSTANCE: _TITLE | {"base_url", "space_key", "mode"},
        Way.DATA_CENTER: _TITLE | {"application", "link", "partner"},
        Way.CLOUD: _TITLE | {"base_url", "space_key", "link", "partner"},
    }
)
"""What is kept of each way, by the names of its forms' fields."""


def keep(
    site_id: UUID,
    space: str,
    account: str,
    *,
    way: Way,
    entered: Mapping[str, str],
    done: int,
    now: datetime,
) -> None:
    """Keep what somebody has entered, instead of what was kept of them there before.

    What this way does not keep is left out, and so is what is too long or cannot be stored.
    """
    fitting = {
        name: value
        for name, value in sorted(entered.items())
        if name in ENTRIES[way] and len(value) <= LONGEST and "\0" not in value
    }
    changes = {"way": way, "entered": fitting, "done": done, "touched_at": now}
    Unfinished.objects.update_or_create(site_id=site_id, space=space, account=account, defaults=changes)


def find(site_id: UUID, space: str, account: str, *, now: datetime) -> Unfinished | None:
    """Give what is kept of somebody; None where nothing is, or nothing that this release can continue."""
    own = Unfinished.objects.filter(site=site_id, space=space, account=account, way__in=list(Way))
    return own.filter(touched_at__gte=now - KEPT).first()


def drop(site_id: UUID, space: str, account: str) -> None:
    """Drop what is kept of somebody; in the transaction of what they sent."""
    Unfinished.objects.filter(site=site_id, space=space, account=account).delete()
