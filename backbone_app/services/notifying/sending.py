"""Send what is due, each mail by one worker; what the server does not take is tried again for a day."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from backbone_app import mail, metrics, queue
from backbone_app.core.notices import GIVEN_UP_AFTER, LOOK_EVERY, RETRY
from backbone_app.errors import SecretUnreadable
from backbone_app.ledger import heartbeats, notices
from backbone_app.mail import Letter, MailNotTaken, MailRefused
from backbone_app.models import NoticeAddress, NoticeMail
from backbone_app.models.sealing import unseal
from backbone_app.models.site import SiteStatus
from backbone_app.queue import Job
from backbone_app.services.notifying import letters
from backbone_app.services.notifying.gathering import gather_failures, remind, warn
from backbone_app.services.notifying.letters import Envelope

BUDGET: Final = timedelta(seconds=20)
"""How long one run goes on: the lane's other jobs want their turn."""

Clock = Callable[[], datetime]

log = structlog.get_logger()


def drain(clock: Clock) -> int:
    """Look for what is to be told, and send what is due, for at most ``BUDGET``; gives how many were sent."""
    queue.taken(Job.SEND_NOTICES)
    began = clock()
    if not mail.is_configured():
        return 0

    def may_go_on() -> bool:
        return clock() < began + BUDGET and not queue.must_yield(Job.SEND_NOTICES, since=began)

    if heartbeats.is_due(heartbeats.NOTICES, every=LOOK_EVERY, now=began):
        remind(began)
        warn(began)
        if gather_failures(began, may_go_on):
            heartbeats.end(heartbeats.NOTICES, now=began)
    notices.gather(clock())
    sent = 0
    while may_go_on():
        claimed = notices.claim(clock())
        if claimed is None:
            return sent
        sent += _try(claimed, clock)
    queue.wake(Job.SEND_NOTICES, now=clock())
    return sent


def _try(claimed: NoticeMail, clock: Clock) -> bool:
    """Send one mail, and note what came of it; whoever dies in between leaves it to another worker.

    Where that, or a bug, happens for a day it is given up before another try.
    """
    if claimed.attempts > 1 and clock() - claimed.made_at >= GIVEN_UP_AFTER:
        _give_up(claimed, "given_up", "unsettled")
        return False
    try:
        letter = _letter(claimed, clock())
        if letter is None:
            notices.drop(claimed)
            metrics.MAILS.up(result="void")
            return False
        mail.send(letter)
    except MailRefused as refused:
        _give_up(claimed, "refused", refused.trouble)
    except (MailNotTaken, SecretUnreadable) as trouble:
        _put_off(claimed, trouble, now=clock())
    else:
        notices.settle(claimed)
        metrics.MAILS.up(result="sent")
        return True
    return False


def _letter(claimed: NoticeMail, now: datetime) -> Letter | None:
    """Write the letter; None where nobody wants it any more."""
    wanted = NoticeAddress.objects.filter(mails=claimed, site__status=SiteStatus.ENABLED)
    row = wanted.select_related("site").first()
    if row is None:
        return None
    address = unseal(row.address_sealed, at=NoticeAddress.address_sealed.field.at(row.site_id)).decode()
    leave = unseal(row.leave_sealed, at=NoticeAddress.leave_sealed.field.at(row.site_id)).decode()
    envelope = Envelope(claimed.pk, row, address, leave, now)
    if not claimed.is_confirmation:
        told = list(claimed.notices.order_by("pk"))
        return letters.news(envelope, told) if told else None
    if row.confirmed_at is not None or not claimed.ticket_sealed:
        return None
    ticket = unseal(claimed.ticket_sealed, at=NoticeMail.ticket_sealed.field.at(row.site_id)).decode()
    return letters.question(envelope, ticket)


def _put_off(claimed: NoticeMail, trouble: MailNotTaken | SecretUnreadable, *, now: datetime) -> None:
    word = trouble.trouble if isinstance(trouble, MailNotTaken) else trouble.code
    if now - claimed.made_at >= GIVEN_UP_AFTER:
        _give_up(claimed, "given_up", word)
        return
    log.warning("mail_put_off", code=word, count=claimed.attempts)
    metrics.MAILS.up(result="put_off")
    notices.put_off(claimed, until=now + RETRY.after(claimed.attempts - 1))


def _give_up(claimed: NoticeMail, result: str, trouble: str) -> None:
    """Drop it, with an alarm: somebody was to know something, and does not."""
    log.error("mail_dropped", reason=result, code=trouble)
    metrics.MAILS.up(result=result)
    notices.drop(claimed)
