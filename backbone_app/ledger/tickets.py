"""Tickets for downloads: what a browser may fetch by itself, once and within a minute.

Whoever knows a ticket may use it, so only its digest is stored, and it is good for
the one thing that one person was allowed when they asked for it.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from backbone_app.models import DownloadTicket
from backbone_app.models.callers import Caller
from backbone_app.models.site import SiteStatus

VALID_FOR: Final = timedelta(seconds=60)


class What(StrEnum):
    """What can be fetched."""

    PAIRS = "pairs"
    AUDIT_LOG = "audit_log"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a ticket was good for, and whose it was; a person of that site, as far as the log is concerned."""

    site_id: uuid.UUID
    account: str
    page: str
    what: What
    space: str
    synchronization: uuid.UUID | None


def issue(
    caller: Caller,
    what: What,
    ticket: str,
    *,
    space: str = "",
    synchronization: uuid.UUID | None = None,
    now: datetime,
) -> None:
    """Make ``ticket``, which nobody can guess (256 bits), good for one download by ``caller``."""
    DownloadTicket.objects.create(
        digest=_digest(ticket),
        site_id=caller.site_id,
        account=caller.account or "",
        page=caller.page,
        what=what,
        space=space,
        synchronization=synchronization,
        expires_at=now + VALID_FOR,
    )


def redeem(ticket: str, *, now: datetime) -> Grant | None:
    """Use a ticket up; None for one that is used, too old, unknown, or of a site that is not enabled."""
    valid = DownloadTicket.objects.filter(expires_at__gt=now, site__status=SiteStatus.ENABLED)
    row = valid.filter(digest=_digest(ticket)).first()
    # Of two who come with it at the same time one deletes the row.
    if row is None or not DownloadTicket.objects.filter(pk=row.pk).delete()[0]:
        return None
    return Grant(row.site_id, row.account, row.page, What(row.what), row.space, row.synchronization)


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
