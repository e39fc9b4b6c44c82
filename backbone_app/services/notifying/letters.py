"""The two kinds of mail: the question to the owner of an address, and the news they agreed to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings

from backbone_app.core.notices import LABELS
from backbone_app.mail import Letter
from backbone_app.models import Notice, NoticeAddress
from backbone_app.services.notifying.owners import Purpose, place_of
from backbone_app.services.notifying.words import words

_END: Final = "-- "
"""What mail programs take for the beginning of a signature (RFC 3676)."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Which mail it is and to whom; ``leave`` is the ticket to unsubscribe with."""

    mail_id: UUID
    row: NoticeAddress
    address: str = field(repr=False)
    leave: str = field(repr=False)
    at: datetime

    def letter(self, subject: str, *paragraphs: str) -> Letter:
        """Put a text into it."""
        text = "\n\n".join(paragraphs) + "\n"
        unsubscribe = _link(Purpose.LEAVE, self.leave)
        return Letter(str(self.mail_id), self.address, subject, text, unsubscribe, self.at)


def question(envelope: Envelope, ticket: str) -> Letter:
    """Ask the owner of an address; nothing in it was typed by anybody but the key of a space."""
    place = place_of(envelope.row, envelope.row.site)
    kinds = ", ".join(LABELS[kind].lower() for kind in envelope.row.kinds)
    return envelope.letter(
        f"Mail from Backbone Work Sync for {place}: please confirm",
        f"An admin of {place} would like Backbone Work Sync to send mail to this address when something "
        f"there needs attention: {kinds}.",
        f"If you want that, open this page within 7 days and confirm it:\n{_link(Purpose.CONFIRM, ticket)}",
        "If you do not, do nothing: nothing of this is sent then. To have the address removed at once:\n"
        f"{_link(Purpose.LEAVE, envelope.leave)}",
    )


def news(envelope: Envelope, notices: Sequence[Notice]) -> Letter:
    """Tell what happened, oldest first."""
    row = envelope.row
    place = place_of(row, row.site)
    told = [words(notice.event, notice.detail) for notice in notices]
    subject = told[0].subject if len(told) == 1 else f"{len(told)} notices for {place}"
    address = row.site.display_url or row.site.base_url
    return envelope.letter(
        f"Backbone: {subject}",
        *(f"{each.text}\n{each.where}" for each in told),
        f"In Jira: {address}/browse/{row.space_key}" if row.space else f"In Jira: {address}",
        f"{_END}\nAn admin of {place} typed this address, and its owner confirmed it.\n"
        f"No more mail: {_link(Purpose.LEAVE, envelope.leave)}",
    )


def _link(purpose: Purpose, ticket: str) -> str:
    return f"{settings.BACKBONE_BASE_URL}/mail/{purpose}/{ticket}"
