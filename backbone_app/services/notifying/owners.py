"""What the owner of an address can do with the links of a mail: say yes, and say no more.

Whoever has the ticket is the owner: it was sent to nobody else. Looking changes nothing, since mail programs
and scanners fetch what a mail links to.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import QuerySet

from backbone_app.core.notices import LABELS
from backbone_app.errors import LinkSpent
from backbone_app.ledger import audit, notices
from backbone_app.ledger.audit import Act
from backbone_app.models import NoticeAddress, Site
from backbone_app.models.site import SiteStatus

_TICKET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""What 256 bits are in base64."""


class Purpose(StrEnum):
    """What a link of a mail is for."""

    CONFIRM = "confirm"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whoever was sent the ticket. ``place`` names the space by its key, or only the site: nothing was typed.

    ``kinds`` says what the address is told, or would be, in words.
    """

    address_id: int
    digest: str = field(repr=False)
    place: str
    kinds: tuple[str, ...]
    is_confirmed: bool


def owner_of(ticket: str, purpose: Purpose, *, now: datetime) -> Owner:
    """Tell whose a ticket is, and leave it as it is; raises LinkSpent, for whatever reason alike."""
    digest = notices.ticket_digest(ticket) if _TICKET.fullmatch(ticket) else ""
    row = _rows(digest, purpose, now).select_related("site").first() if digest else None
    if row is None:
        raise LinkSpent
    kinds = tuple(LABELS[kind] for kind in row.kinds)
    return Owner(row.pk, digest, place_of(row, row.site), kinds, row.confirmed_at is not None)


def confirm(owner: Owner, *, now: datetime) -> None:
    """Have the address told from now on; raises LinkSpent where the ticket is worth nothing any more."""
    waiting = NoticeAddress.objects.filter(pk=owner.address_id, confirm_digest=owner.digest)
    with transaction.atomic():
        row = waiting.select_for_update().first()
        if row is None:
            raise LinkSpent
        row.confirmed_at = row.failures_until = now
        row.confirm_digest, row.confirm_until = "", None
        row.save()
        audit.note_owner(
            row.site_id, Act.MAIL_CONFIRMED, space=row.space, detail=notices.for_log(row), now=now
        )


def leave(owner: Owner, *, now: datetime) -> None:
    """Forget the address; the admin sees that it is gone. Raises LinkSpent where it is gone already."""
    with transaction.atomic():
        row = NoticeAddress.objects.select_for_update().filter(pk=owner.address_id).first()
        if row is None:
            raise LinkSpent
        audit.note_owner(row.site_id, Act.MAIL_LEFT, space=row.space, detail=notices.for_log(row), now=now)
        row.delete()


def place_of(row: NoticeAddress, site: Site) -> str:
    """Name the place of an address to its owner."""
    host = urlsplit(site.display_url or site.base_url).netloc
    return f"space {row.space_key} on {host}" if row.space else host


def _rows(digest: str, purpose: Purpose, now: datetime) -> QuerySet[NoticeAddress]:
    if purpose is Purpose.LEAVE:
        return NoticeAddress.objects.filter(leave_digest=digest)
    here = NoticeAddress.objects.filter(site__status=SiteStatus.ENABLED, confirmed_at=None)
    return here.filter(confirm_digest=digest, confirm_until__gt=now)
