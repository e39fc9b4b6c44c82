"""What is said of each event: keys, counts, names of spaces and synchronizations, and where to look further.

Never a text of a work item, and of the partner's half nothing but what the space's own page says. Names may
be a stranger's, and a mail of ours is believed: each is made harmless first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from backbone_app.core import moments
from backbone_app.core.failures import rule
from backbone_app.core.notices import Event, tame

Detail = Mapping[str, Any]
_PAGE: Final = "Space settings > Backbone Work Sync"
_REQUEST: Final = f"{_PAGE} > Actions ••• > View Request"
_TROUBLE: Final = f"{_PAGE} > Actions ••• > Troubleshoot"
_SETTINGS: Final = "Apps > Backbone Work Sync"


@dataclass(frozen=True, slots=True)
class Words:
    """Subject, text, and where in Jira to go on; ``{…}`` stands for a part of the notice."""

    subject: str
    text: str
    where: str

    def about(self, detail: Detail) -> "Words":
        """Fill in what a notice says."""
        parts = _parts(detail)
        return Words(self.subject.format_map(parts), self.text.format_map(parts), self.where)


def words(event: str, detail: Detail) -> Words:
    """Put a notice into words."""
    return _WORDS[Event(event)].about(detail)


def _parts(detail: Detail) -> dict[str, str]:
    name = tame(detail.get("name", ""))
    count, days = int(detail.get("count", 0)), int(detail.get("days", 0))
    return {
        "own": f"{tame(detail.get('space_name', ''))} ({tame(detail.get('space_key', ''))})",
        "partner": _partner(detail),
        "name": f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}",
        "expires": str(detail.get("expires", "")),
        "errors": "1 new error" if count == 1 else f"{count} new errors",
        "left": moments.within(days),
        "reason": _reason(detail) if "reason" in detail else "",
    }


def _partner(detail: Detail) -> str:
    host = urlsplit(detail.get("partner_site", "")).netloc
    key = tame(detail.get("partner_key", ""))
    return f"{key} on {host}" if host else key


def _reason(detail: Detail) -> str:
    """Say why it is paused, and in which space that lies, as the page does."""
    known = rule(detail["reason"])
    place = {"own": "In your space: ", "partner": "In the partner space: "}.get(detail.get("lies", ""), "")
    return f"{place}{known.sentence} {known.remedy}".strip()


_WORDS: Final[Mapping[Event, Words]] = MappingProxyType(
    {
        Event.REQUEST_SENT: Words(
            "request from {partner}",
            "{partner} asks to keep work items in step with {own}, as {name}. Nothing happens before an "
            "admin of the space answers; after 30 days the request expires.",
            _REQUEST,
        ),
        Event.REQUEST_WAITS: Words(
            "a request from {partner} still waits",
            "The request {name} of {partner} to {own} still waits for an answer. It expires on {expires}.",
            _REQUEST,
        ),
        Event.REQUEST_ACCEPTED: Words(
            "{partner} accepted your request",
            "{partner} accepted the request {name} of {own}. Start the synchronization to keep both spaces "
            "in step.",
            f"{_PAGE} > Actions ••• > Start",
        ),
        Event.REQUEST_DECLINED: Words(
            "{partner} declined your request",
            "{partner} declined the request {name} of {own}. If they said why, it stands with the request.",
            _REQUEST,
        ),
        Event.REQUEST_WITHDRAWN: Words(
            "{partner} withdrew its request",
            "{partner} withdrew the request {name} to {own}. Nothing is left to do.",
            _PAGE,
        ),
        Event.REQUEST_EXPIRED: Words(
            "your request to {partner} has expired",
            "Nobody answered the request {name} of {own} to {partner} within 30 days. You can send a new one "
            "at any time.",
            _PAGE,
        ),
        Event.FAILED: Words(
            "{errors} in {name}",
            "{own}, {name} with {partner}: {errors}. Everything else is kept in step.",
            _TROUBLE,
        ),
        Event.PAUSED: Words(
            "{name} is paused",
            "{own}, {name} with {partner} is paused. {reason} Nothing is lost: what changes meanwhile is "
            "brought over after the start.",
            _TROUBLE,
        ),
        Event.RESUMED: Words(
            "{name} goes on",
            "{own}, {name} with {partner} goes on by itself: why it was paused is over. What changed "
            "meanwhile is brought over.",
            _PAGE,
        ),
        Event.LINK_BROKEN: Words(
            "the link of {name} is broken",
            "{own}, {name}: the link to {partner} is broken, so it is paused. Nothing is lost: choose Mend "
            "the link and have somebody sign in there again.",
            _TROUBLE,
        ),
        Event.LINK_MENDED: Words(
            "the link of {name} is mended",
            "{own}, {name}: the link to {partner} works again. What changed meanwhile is brought over.",
            _PAGE,
        ),
        Event.LICENCE_ENDS: Words(
            "the remote licence ends {left}",
            "The licence for synchronizations with sites without the app ends {left}. They are paused then, "
            "and nothing is lost. A Jira admin can upload a new one before.",
            _SETTINGS,
        ),
        Event.LICENCE_ENDED: Words(
            "the remote licence has ended",
            "The licence for synchronizations with sites without the app has ended, so they are paused. "
            "Nothing is lost: with a new one they go on.",
            _SETTINGS,
        ),
    }
)
