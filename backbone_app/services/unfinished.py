"""A half-finished New Synchronization: kept for its author at each step, continued or begun anew.

Whoever may not act for the space any more is not shown their own one either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from backbone_app import gateway
from backbone_app.ledger import access, unfinished
from backbone_app.ledger.unfinished import ENTRIES, LONGEST, Way
from backbone_app.models import Site
from backbone_app.models.callers import Caller

__all__ = ["ENTRIES", "LONGEST", "Begun", "Way", "drop", "find", "keep"]


@dataclass(frozen=True, slots=True)
class Begun:
    """What its author entered so far, by the names of the fields; ``done`` steps are behind them."""

    way: Way
    entered: Mapping[str, str]
    done: int
    touched_at: datetime


def find(caller: Caller, space: str, *, now: datetime) -> Begun | None:
    """Give what the caller has begun to create from a space; None where there is nothing."""
    kept = unfinished.find(caller.site_id, space, _author(caller, space, now=now), now=now)
    return Begun(Way(kept.way), kept.entered, kept.done, kept.touched_at) if kept else None


def keep(
    caller: Caller, space: str, way: Way, *, entered: Mapping[str, str], done: int, now: datetime
) -> None:
    """Keep what the caller has entered so far; it takes the place of whatever they had begun there before.

    Entries that ``way`` does not keep (``ENTRIES``) or that are longer than ``LONGEST`` are left out.
    """
    author = _author(caller, space, now=now)
    unfinished.keep(caller.site_id, space, author, way=way, entered=entered, done=done, now=now)


def drop(caller: Caller, space: str, *, now: datetime) -> None:
    """Forget what the caller has begun, so that they can start over."""
    unfinished.drop(caller.site_id, space, _author(caller, space, now=now))


def _author(caller: Caller, space: str, *, now: datetime) -> str:
    # It is their own and changes nothing for anybody: an answer of Jira's of the last minute will do.
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.known_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    return caller.account or ""
