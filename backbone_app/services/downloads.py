"""Take a download ticket: the right was asked of Jira when it was issued, a minute ago at most."""

import re
from datetime import datetime
from typing import Final

from backbone_app.errors import Gone
from backbone_app.ledger import tickets
from backbone_app.ledger.tickets import Grant, What

__all__ = ["Grant", "What", "redeem"]

_TICKET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""What 256 bits are in base64."""


def redeem(ticket: str, *, now: datetime) -> Grant:
    """Tell what a ticket is good for, and use it up; raises Gone, for whatever reason alike."""
    grant = tickets.redeem(ticket, now=now) if _TICKET.fullmatch(ticket) else None
    if grant is None:
        raise Gone
    return grant
