"""Whom a site has told by mail, what they are to be told, and the mails that wait.

A notice is written in the transaction of its cause: what did not happen is told to nobody, and what happened
is told although a worker dies. It goes to addresses of the own space, and to those of the site where it
concerns the site; of the partner's half it says what that space's page says. Mail itself is sent by
``services.notifying``, at least once: whoever gets one twice gets it under the same Message-ID.
"""

from backbone_app.ledger.notices.addresses import (
    CONFIRM_WITHIN,
    digest,
    for_log,
    listening,
    of_place,
    ticket_digest,
)
from backbone_app.ledger.notices.asking import asked_by, has_waited, open_question
from backbone_app.ledger.notices.noting import failed, note, note_half, note_mended, note_paused, note_resumed
from backbone_app.ledger.notices.outbox import claim, drop, gather, is_wanted, put_off, settle

__all__ = [
    "CONFIRM_WITHIN",
    "asked_by",
    "claim",
    "digest",
    "drop",
    "failed",
    "for_log",
    "gather",
    "has_waited",
    "is_wanted",
    "listening",
    "note",
    "note_half",
    "note_mended",
    "note_paused",
    "note_resumed",
    "of_place",
    "open_question",
    "put_off",
    "settle",
    "ticket_digest",
]
