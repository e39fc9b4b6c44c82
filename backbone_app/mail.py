"""The one place where mail leaves: a letter is handed to the operator's server, or it is said why not.

TLS is the rule: with ``smtp://`` the server has to offer STARTTLS, and its certificate has to be for its
name. What a server says is not repeated anywhere, it may quote the address of a person.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, formataddr
from functools import cached_property
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from backbone_app.env import MailServer, Tls
from backbone_app.errors import BackboneError

NAME: Final = "Backbone Work Sync"
PATIENCE: Final = 15
"""Seconds for each answer of the server; a mail takes about ten of them."""


class MailNotTaken(BackboneError):
    """The server does not answer, or did not take a mail; ``trouble`` is a word for the log. Try again."""

    code = "mail_not_taken"
    retryable = True

    def __init__(self, trouble: str) -> None:
        super().__init__("The mail server did not take the mail.")
        self.trouble = trouble


class MailRefused(MailNotTaken):
    """The server refuses this very mail for good: there is no such mailbox, as a rule."""

    code = "mail_refused"
    retryable = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A plain text to one address. ``id`` names it for ever: who gets it twice can tell.

    ``unsubscribe`` is the address that a mail program posts to (RFC 8058): a ticket, like what ``text`` says.
    """

    id: str
    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    unsubscribe: str = field(repr=False)
    at: datetime


def is_configured() -> bool:
    """Whether the operator has named a server."""
    return settings.BACKBONE_MAIL is not None


def send(letter: Letter) -> None:
    """Hand a letter to the server; raises MailNotTaken and MailRefused.

    The server may have taken it also where this raises: nobody can know who never hears its last answer.
    """
    server = _server()
    headers = {
        "Message-ID": f"<{letter.id}@{server.sender.partition('@')[2]}>",
        "Date": format_datetime(letter.at),
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{letter.unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    written_by = formataddr((NAME, server.sender))
    message = EmailMessage(letter.subject, letter.text, written_by, [letter.to], headers=headers)
    try:
        with _opened(server) as door:
            door.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        raise _refusal(codes[0] if codes else 0, "recipient_refused") from None
    except smtplib.SMTPResponseException as refused:
        raise _refusal(refused.smtp_code, type(refused).__name__) from None
    except (OSError, smtplib.SMTPException) as trouble:
        raise MailNotTaken(type(trouble).__name__) from None


def reach() -> None:
    """Open a connection as a mail would and close it again; raises MailNotTaken."""
    try:
        with _opened(_server()):
            pass
    except (OSError, smtplib.SMTPException) as trouble:
        raise MailNotTaken(type(trouble).__name__) from None


class _Door(EmailBackend):
    """Django's, which believes the authorities of the system: where the operator names others, those."""

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        authorities = settings.BACKBONE_AUTHORITIES
        return ssl.create_default_context(cafile=str(authorities) if authorities else None)


@contextmanager
def _opened(server: MailServer) -> Iterator[_Door]:
    """Open a connection and end it whatever comes; that it ends badly takes back nothing that was taken."""
    door = _Door(
        host=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.tls is Tls.STARTTLS,
        use_ssl=server.tls is Tls.FROM_THE_START,
        timeout=PATIENCE,
    )
    try:
        door.open()
        yield door
    finally:
        with suppress(OSError, smtplib.SMTPException):
            door.close()


def _server() -> MailServer:
    server: MailServer | None = settings.BACKBONE_MAIL
    if server is None:
        raise MailNotTaken("not_configured")
    return server


def _refusal(status: int, trouble: str) -> MailNotTaken:
    """Tell what a status means: 5xx is for good, but for what the operator has to mend (login, sender)."""
    is_final = 500 <= status < 600 and trouble in {"recipient_refused", "SMTPDataError"}
    return MailRefused(trouble) if is_final else MailNotTaken(trouble)
