"""The question to the owner of an address whether it is wanted, and that nobody is asked too often."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from backbone_app.ledger.notices.addresses import mailbox_digest
from backbone_app.models import NoticeAddress, NoticeMail
from backbone_app.models.notice import MailState
from backbone_app.models.sealing import seal

AGAIN_AFTER: Final = timedelta(hours=1)
MOST: Final = ((timedelta(days=1), 5), (timedelta(days=30), 10))
"""So many questions a mailbox gets in so long, whoever typed it wherever."""


def has_waited(row: NoticeAddress, *, now: datetime) -> bool:
    """Whether its owner was asked long enough ago to be asked again."""
    return row.asked_at <= now - AGAIN_AFTER


def asked_by(site_id: UUID, *, since: datetime) -> int:
    """Count the questions that admins of a site had sent after ``since``."""
    return NoticeMail.objects.filter(site=site_id, is_confirmation=True, made_at__gt=since).count()


def open_question(row: NoticeAddress, address: str, ticket: str, *, now: datetime) -> bool:
    """Have ``address`` asked with this ticket; in the transaction that keeps the ticket's digest.

    What was to be asked before is asked no more. False: its mailbox was asked too often already, and is
    left alone; nobody is told, who typed it elsewhere is no concern of this site.
    """
    mailbox = mailbox_digest(address)
    asked = NoticeMail.objects.filter(mailbox_digest=mailbox, is_confirmation=True)
    row.mails.filter(is_confirmation=True, state=MailState.WAITING).update(
        state=MailState.DROPPED, ticket_sealed=b""
    )
    if any(asked.filter(made_at__gt=now - period).count() >= most for period, most in MOST):
        return False
    NoticeMail.objects.create(
        site_id=row.site_id,
        address=row,
        mailbox_digest=mailbox,
        is_confirmation=True,
        ticket_sealed=seal(ticket.encode(), at=NoticeMail.ticket_sealed.field.at(row.site_id)),
        made_at=now,
        not_before=now,
    )
    return True
