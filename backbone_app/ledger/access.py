"""Whether a person may act for a space: always Jira's answer, never ours.

What changes something asks freshly; what only shows may use a *yes* that is at
most a minute old. While we must not call the site, a *yes* of the last hour is
enough for that: else nobody could read why nothing goes on. A *no* is never
remembered, so that a right just given works.
"""

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache

from backbone_app.errors import HeldOff, NotAllowed, NotFound
from backbone_app.jira import read
from backbone_app.jira.client import JiraClient

ADMINISTER_SPACE: Final = "ADMINISTER_PROJECTS"
KNOWN_FOR: Final = timedelta(seconds=60)
KNOWN_IN_A_HOLD: Final = timedelta(hours=1)


def ask_space_admin(
    client: JiraClient, *, site_id: uuid.UUID, account: str | None, space: str, now: datetime
) -> None:
    """Ask Jira now whether ``account`` administers ``space`` (its id); before every change.

    Raises NotAllowed with what is needed and whom to ask, NotFound for what is no
    space id, and RemoteError when the site does not answer.
    """
    if account is None:
        raise NotAllowed(
            "Backbone Work Sync needs to know who you are. Sign in to Jira and open the page again."
        )
    if not space.isdecimal() or not space.isascii():
        raise NotFound("space")
    remembered = _cache_key(site_id, account, space)
    if not read.may(client, account=account, space=space, permission=ADMINISTER_SPACE):
        cache.delete(remembered)
        raise NotAllowed(
            "This needs the permission Administer Space in this space. "
            "Ask an admin of the space, or a Jira admin, to give it to you."
        )
    cache.set(remembered, now, timeout=KNOWN_IN_A_HOLD.total_seconds())


def known_space_admin(
    client: JiraClient, *, site_id: uuid.UUID, account: str | None, space: str, now: datetime
) -> None:
    """Make sure that ``account`` administered ``space`` within the last minute; enough for reading.

    Within the last hour, while the gate lets no question out (``HeldOff``); a site
    that was asked and did not answer is no yes. Raises what ``ask_space_admin`` raises.
    """
    asked_at = cache.get(_cache_key(site_id, account, space))
    if _is_within(asked_at, KNOWN_FOR, now):
        return
    try:
        ask_space_admin(client, site_id=site_id, account=account, space=space, now=now)
    except HeldOff:
        if not _is_within(asked_at, KNOWN_IN_A_HOLD, now):
            raise


def _is_within(asked_at: object, period: timedelta, now: datetime) -> bool:
    return isinstance(asked_at, datetime) and timedelta(0) <= now - asked_at <= period


def _cache_key(site_id: uuid.UUID, account: str | None, space: str) -> str:
    """Name one answer; hashed, since both parts come from outside and the cache restricts its keys."""
    asked = hashlib.sha256(f"{account}\n{space}".encode()).hexdigest()
    return f"space-admin:{site_id}:{asked}"
