"""The mails that wait: made of notices, claimed by one worker at a time, and what became of them."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from backbone_app.errors import SecretUnreadable
from backbone_app.ledger.notices.addresses import listening, mailbox_digest
from backbone_app.models import Notice, NoticeAddress, NoticeMail
from backbone_app.models.notice import MailState
from backbone_app.models.prepared import Rows
from backbone_app.models.sealing import unseal

LEASE: Final = timedelta(minutes=5)
"""A worker that has not said by then what became of a mail is dead: another one sends it again."""
APART: Final = timedelta(minutes=10)
"""An address gets a mail so often; what happens meanwhile stands together in the next one."""
MOST_IN_ONE: Final = 50
BATCH: Final = 100
_NEW: Final = Rows(lambda: Notice.objects.filter(mail=None).values_list("pk")[:1])
_WAITING: Final = Rows(
    lambda now: NoticeMail.objects.filter(state=MailState.WAITING, not_before__lte=now).values_list("pk")[:1]
)
_LISTENING: Final = Rows(lambda: listening().values_list("pk")[:1])


def is_wanted(now: datetime, *, is_round: bool) -> bool:
    """Whether there is a mail to make or to send, or, when it is time to look around, anybody to tell."""
    return _NEW.exist() or _WAITING.exist(now) or (is_round and _LISTENING.exist())


def gather(now: datetime) -> None:
    """Make mails of notices, one for each address that has had none lately."""
    new = Notice.objects.filter(mail=None).order_by("address_id").values_list("address_id", flat=True)
    for address_id in list(new.distinct()[:BATCH]):
        with suppress(SecretUnreadable), transaction.atomic():  # that is an alarm of its own in the log
            _gather(address_id, now)


def _gather(address_id: int, now: datetime) -> None:
    # The row's lock: of two workers the other one finds nothing left to gather.
    row = NoticeAddress.objects.select_for_update().filter(pk=address_id).first()
    mine = Notice.objects.filter(address_id=address_id, mail=None)
    if row is None:
        mine.delete()
        return
    lately = row.mails.filter(is_confirmation=False, made_at__gt=now - APART)
    ids = list(mine.order_by("pk").values_list("pk", flat=True)[:MOST_IN_ONE])
    if not ids or lately.exists():
        return
    address = unseal(row.address_sealed, at=NoticeAddress.address_sealed.field.at(row.site_id)).decode()
    mail = NoticeMail.objects.create(
        site_id=row.site_id,
        address=row,
        mailbox_digest=mailbox_digest(address),
        made_at=now,
        not_before=now,
    )
    Notice.objects.filter(pk__in=ids).update(mail=mail)


def claim(now: datetime) -> NoticeMail | None:
    """Take the mail that is longest due, for ``LEASE``; None where there is none.

    Two workers that see the same one: the conditional UPDATE gives it to one of them.
    """
    due = NoticeMail.objects.filter(state=MailState.WAITING, not_before__lte=now)
    for mail in due.order_by("not_before", "made_at")[:BATCH]:
        same = due.filter(pk=mail.pk, attempts=mail.attempts)
        if same.update(attempts=F("attempts") + 1, not_before=now + LEASE):
            mail.attempts += 1
            return mail
    return None


def put_off(mail: NoticeMail, *, until: datetime) -> None:
    """Have it tried again then."""
    NoticeMail.objects.filter(pk=mail.pk, state=MailState.WAITING).update(not_before=until)


def settle(mail: NoticeMail) -> None:
    """Note that the server has taken it: what it told is told, and only its reader knows its ticket."""
    _end(mail, MailState.SENT)


def drop(mail: NoticeMail) -> None:
    """Give it up, with all that it would have told."""
    _end(mail, MailState.DROPPED)


@transaction.atomic
def _end(mail: NoticeMail, state: MailState) -> None:
    NoticeMail.objects.filter(pk=mail.pk).update(state=state, ticket_sealed=b"")
    Notice.objects.filter(mail=mail).delete()
