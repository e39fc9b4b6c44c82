"""Whether a person may see a work item, and where that is: Jira's answer, at most a minute old.

A *no* is never remembered. The answer belongs to one person: what one may see
tells another one nothing.
"""

import hashlib
import re
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache

from backbone_app.errors import NotAllowed, NotFound, RemoteMissing
from backbone_app.jira import glance
from backbone_app.jira.client import JiraClient
from backbone_app.jira.glance import Place

KNOWN_FOR: Final = timedelta(seconds=60)
_ITEM_ID: Final = re.compile(r"[0-9]{1,18}")


def known_place(
    client: JiraClient, *, site_id: uuid.UUID, account: str | None, item: str, now: datetime
) -> Place:
    """Tell where the work item is, to somebody who may browse it.

    Raises NotFound for one that does not exist and for one the person may not see,
    NotAllowed where Jira did not say who asks, and RemoteError.
    """
    if account is None:
        raise NotAllowed(
            "Backbone Work Sync needs to know who you are. Sign in to Jira and open the page again."
        )
    if _ITEM_ID.fullmatch(item) is None:
        raise NotFound("work item")
    remembered = _cache_key(site_id, account, item)
    known: tuple[datetime, Place] | None = cache.get(remembered)
    if known is not None and timedelta(0) <= now - known[0] <= KNOWN_FOR:
        return known[1]
    found = _asked(client, account, item)
    cache.set(remembered, (now, found), timeout=KNOWN_FOR.total_seconds())
    return found


def browsable(
    client: JiraClient, *, site_id: uuid.UUID, account: str, items: Collection[str], now: datetime
) -> frozenset[str]:
    """Leave the work items that the person may see, in at most one call; raises RemoteError."""
    known = remembered(site_id=site_id, account=account, items=items, now=now)
    unknown = sorted(set(items) - known)
    if not unknown:
        return known
    found = glance.browsable(client, account=account, item_ids=unknown)
    granted = {_seen_key(site_id, account, item): now for item in found}
    cache.set_many(granted, timeout=int(KNOWN_FOR.total_seconds()))
    return found | known


def remembered(*, site_id: uuid.UUID, account: str, items: Collection[str], now: datetime) -> frozenset[str]:
    """Leave the work items that ``browsable`` still knows the person to see, without a call."""
    names = {_seen_key(site_id, account, item): item for item in items}
    found = cache.get_many(names).items()
    return frozenset(names[name] for name, at in found if timedelta(0) <= now - at <= KNOWN_FOR)


def _asked(client: JiraClient, account: str, item: str) -> Place:
    if not glance.may_browse(client, account=account, item_id=item):
        raise NotFound("work item")
    try:
        return glance.place(client, item)
    except RemoteMissing as missing:
        raise NotFound("work item") from missing  # deleted between the two calls, or hidden from the app


def _seen_key(site_id: uuid.UUID, account: str, item: str) -> str:
    return f"seen:{_cache_key(site_id, account, item)}"


def _cache_key(site_id: uuid.UUID, account: str, item: str) -> str:
    """Name one answer; hashed, since the cache restricts its keys."""
    asked = hashlib.sha256(f"{account}\n{item}".encode()).hexdigest()
    return f"glance:{site_id}:{asked}"
