"""Addresses as they are kept: sealed, and found by keyed digests."""

import hashlib
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from backbone_app.core.notices import mailbox
from backbone_app.models import NoticeAddress
from backbone_app.models.site import SiteStatus

CONFIRM_WITHIN: Final = timedelta(days=7)
_SALT: Final = "backbone_app.ledger.notices"


def digest(address: str) -> str:
    """Give what an address is found by, in whatever case it was typed.

    The key is derived from ``BACKBONE_SECRET_KEY``: after a change of that an address may be typed a second
    time, and what its owner was asked before is counted no more.
    """
    return salted_hmac(_SALT, address.lower(), algorithm="sha256").hexdigest()


def mailbox_digest(address: str) -> str:
    """Give what the mailbox behind an address is counted by, on all sites together."""
    return salted_hmac(_SALT, f"mailbox {mailbox(address)}", algorithm="sha256").hexdigest()


def ticket_digest(ticket: str) -> str:
    """Give what a ticket is found by: the table alone opens nothing."""
    return hashlib.sha256(ticket.encode()).hexdigest()


def for_log(row: NoticeAddress) -> dict[str, str | int | list[str]]:
    """Say for the audit log what an address is told, and not which it is: its owner may take it back."""
    told: dict[str, str | int | list[str]] = {"kinds": list(row.kinds)}
    return told | ({"space_key": row.space_key} if row.space_key else {})


def of_place(site_id: UUID, space: str) -> QuerySet[NoticeAddress]:
    """Give the addresses of a space (Jira's id), or, where that is empty, of the whole site; oldest first."""
    return NoticeAddress.objects.filter(site=site_id, space=space).order_by("pk")


def listening() -> QuerySet[NoticeAddress]:
    """Give the addresses whose owners want to be told, of sites that have the app."""
    return NoticeAddress.objects.filter(confirmed_at__isnull=False, site__status=SiteStatus.ENABLED)
