"""Addresses that are told by mail, as rows, and their owners, who read what arrives."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from django.http import HttpResponse

from backbone_app import jobs
from backbone_app.core.notices import OF_SITE, OF_SPACE
from backbone_app.ledger import notices
from backbone_app.models import NoticeAddress
from backbone_app.models.sealing import seal
from tests.support.app import Jira, call_app
from tests.support.environment import APP
from tests.support.mail import Post
from tests.support.sandbox import VirtualClock

LINK = re.compile(rf"{re.escape(APP)}(/mail/(confirm|leave)/[A-Za-z0-9_-]{{43}})")


def add_address(
    jira: Jira, address: str, *, space: str = "", now: datetime, is_confirmed: bool = False
) -> NoticeAddress:
    """An address of the space with this key, or of the whole site, that is told of everything."""
    row, leave = jira.row, secrets.token_urlsafe(32)
    return NoticeAddress.objects.create(
        site=row,
        space=jira.space_id(space) if space else "",
        space_key=space,
        address_sealed=seal(address.encode(), at=NoticeAddress.address_sealed.field.at(row.pk)),
        digest=notices.digest(address),
        kinds=[str(kind) for kind in (OF_SPACE if space else OF_SITE)],
        added_at=now,
        asked_at=now,
        confirm_digest="" if is_confirmed else notices.ticket_digest(secrets.token_urlsafe(32)),
        confirm_until=None if is_confirmed else now + timedelta(days=7),
        confirmed_at=now if is_confirmed else None,
        failures_until=now if is_confirmed else None,
        leave_sealed=seal(leave.encode(), at=NoticeAddress.leave_sealed.field.at(row.pk)),
        leave_digest=notices.ticket_digest(leave),
    )


def links(mail: EmailMessage) -> dict[str, str]:
    """The links of ours in a mail, as paths, by what they are for."""
    return {purpose: path for path, purpose in LINK.findall(mail.get_content())}


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody with a mailbox, outside Jira: reads what arrives and follows its links in a browser."""

    post: Post
    address: str

    @property
    def mails(self) -> list[EmailMessage]:
        """What arrived, oldest first."""
        return self.post.to(self.address)

    @property
    def subjects(self) -> list[str]:
        """What the mails say they are about."""
        return [str(mail["Subject"]).strip() for mail in self.mails]

    def open(self, purpose: str, *, method: str = "GET") -> HttpResponse:
        """Follow a link of the newest mail, or press the button of its page (POST)."""
        return call_app(method, links(self.mails[-1])[purpose], headers={"Accept": "text/html"})

    def confirm(self) -> None:
        """Confirm as the newest mail asks."""
        assert self.open("confirm", method="POST").status_code == 200


def send_mails(clock: VirtualClock, **later: float) -> None:
    """Let time pass and the worker send what is due."""
    clock.advance(**later)
    jobs.sweep()
    jobs.send_notices()
