"""What people are told by mail: kinds, events, the form of an address, and when it is time.

Who typed an address decides nothing alone: nothing but the question whether it is wanted goes to one whose
owner has not confirmed it.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from backbone_app.core.waits import Waits


class Kind(StrEnum):
    """What an address is told; an admin chooses among them."""

    REQUEST = "request"
    FAILURE = "failure"
    PAUSE = "pause"
    LINK = "link"
    LICENCE = "licence"


LABELS: Final[Mapping[str, str]] = {
    Kind.REQUEST: "Requests",
    Kind.FAILURE: "Errors",
    Kind.PAUSE: "Pauses",
    Kind.LINK: "Links",
    Kind.LICENCE: "Licence",
}
"""What a page calls them."""
OF_SPACE: Final = (Kind.REQUEST, Kind.FAILURE, Kind.PAUSE, Kind.LINK)
"""What concerns one space: its admins say who is told."""
OF_SITE: Final = (Kind.PAUSE, Kind.LINK, Kind.LICENCE)
"""What concerns a whole site, pauses and links of any of its spaces among it: its Jira admins say who."""


class Event(StrEnum):
    """What happened; the codes stay as they are, rows that wait hold them."""

    REQUEST_SENT = "request_sent"
    REQUEST_WAITS = "request_waits"
    REQUEST_ACCEPTED = "request_accepted"
    REQUEST_DECLINED = "request_declined"
    REQUEST_WITHDRAWN = "request_withdrawn"
    REQUEST_EXPIRED = "request_expired"
    FAILED = "failed"
    PAUSED = "paused"
    RESUMED = "resumed"
    LINK_BROKEN = "link_broken"
    LINK_MENDED = "link_mended"
    LICENCE_ENDS = "licence_ends"
    LICENCE_ENDED = "licence_ended"


KIND_OF: Final[Mapping[Event, Kind]] = {
    Event.REQUEST_SENT: Kind.REQUEST,
    Event.REQUEST_WAITS: Kind.REQUEST,
    Event.REQUEST_ACCEPTED: Kind.REQUEST,
    Event.REQUEST_DECLINED: Kind.REQUEST,
    Event.REQUEST_WITHDRAWN: Kind.REQUEST,
    Event.REQUEST_EXPIRED: Kind.REQUEST,
    Event.FAILED: Kind.FAILURE,
    Event.PAUSED: Kind.PAUSE,
    Event.RESUMED: Kind.PAUSE,
    Event.LINK_BROKEN: Kind.LINK,
    Event.LINK_MENDED: Kind.LINK,
    Event.LICENCE_ENDS: Kind.LICENCE,
    Event.LICENCE_ENDED: Kind.LICENCE,
}

LONGEST_ADDRESS: Final = 254
"""RFC 5321 has room for no more."""
_LOCAL: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS: Final = re.compile(rf"(?=[^@]{{1,64}}@){_LOCAL}@(?:{_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}")

RETRY: Final = Waits(timedelta(minutes=1), timedelta(hours=2))
"""After a mail server that did not take a mail."""
GIVEN_UP_AFTER: Final = timedelta(days=1)
LOOK_EVERY: Final = timedelta(minutes=5)
"""How often it is looked for errors and requests that people are to be told of."""
BUNDLED_FOR: Final = timedelta(hours=1)
"""So long errors are gathered before they are told: what mends by itself meanwhile is never told."""
REMINDERS: Final = (7, 23)
"""On which days of a request its addressee is reminded."""
EXPIRED: Final = 30
"""Stands for the day on which the sender is told that nobody answered."""

_UNSEEN: Final = re.compile(
    r"[\x00-\x20\x7f-\xa0\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+"
)
_LINKING: Final = re.compile(r"(?i)(?<=[a-z]):(?=//)|(?<=\w)\.(?=\w)|@")


def one_form(typed: str) -> str:
    """Bring an address into the form in which it is kept; empty for what we send nothing to.

    Taken is what every mail server takes: one address of ASCII letters, without quotes, comments, names or
    numbers in brackets. A domain in other letters can be typed in its ``xn--`` form.
    """
    if len(typed) > LONGEST_ADDRESS + 64:  # nothing that long becomes one by losing its blanks
        return ""
    local, _, domain = typed.strip(" ").rpartition("@")
    address = f"{local}@{domain.lower()}"
    return address if len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address) else ""


def mailbox(address: str) -> str:
    """Name the mailbox behind an address: ``me+one@`` and ``me+two@`` are mostly one person's."""
    local, _, domain = address.lower().partition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def tame(text: str, *, longest: int = 80) -> str:
    """Make a name that somebody typed fit for a mail: one line, not too long, and nothing in it is a link.

    A mail of ours is believed, and the name of a space may be a stranger's.
    """
    line = _UNSEEN.sub(" ", text[: longest * 4]).strip()
    harmless = _LINKING.sub(lambda found: {".": ". ", ":": " ", "@": " at "}[found[0]], line)
    return harmless if len(harmless) <= longest else f"{harmless[: longest - 1]}\N{HORIZONTAL ELLIPSIS}"


def turn(sent_at: datetime, expires_at: datetime, now: datetime) -> int:
    """Tell which turn of an open request came last: a day of ``REMINDERS``, ``EXPIRED``, or 0: none yet."""
    if now >= expires_at:
        return EXPIRED
    return max((day for day in REMINDERS if now >= sent_at + timedelta(days=day)), default=0)
