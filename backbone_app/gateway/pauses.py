"""Pauses that all workers share: until when which part of Jira must not be called.

Each statement is short and by itself; none is open while a call is under way.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from backbone_app.jira.limits import Call, Scope
from backbone_app.models import Pause
from backbone_app.models.prepared import Rows, objects

UNREACHABLE: Final = "unreachable"
"""The reason that is ours: the site did not answer. Every other one is Jira's."""

_KNOWN: Final = Rows(
    lambda app, site, endpoint, item: Pause.objects.filter(pk__in=[app, site, endpoint, item])
)
Length = Callable[[int], timedelta]
"""How long the n-th pause in a row lasts."""


def names(site_id: UUID, call: Call) -> dict[Scope, str]:
    """Name the parts of Jira that the call touches, as ``Pause.scope`` has them."""
    touched = {
        Scope.APP: "app",
        Scope.SITE: f"site:{site_id}",
        Scope.ENDPOINT: f"endpoint:{site_id}:{call.method} {call.template}",
    }
    return touched | ({Scope.ITEM: f"item:{site_id}:{call.item}"} if call.item else {})


def known(scopes: Iterable[str]) -> tuple[Pause, ...]:
    """Give the pauses of these parts, those that are over too: their strikes count until a call succeeds."""
    app, site, *narrower = scopes
    endpoint, item = (*narrower, *[site] * (2 - len(narrower)))
    return tuple(objects(Pause, _KNOWN(app, site, endpoint, item)))


def begin(scope: str, *, site_id: UUID | None, reason: str, length: Length, now: datetime) -> datetime:
    """Pause a part of Jira and return until when.

    A pause that lasts only ever gets longer, and answers to calls that were under
    way together are one strike. That a site answers at all ends the strikes of an outage.
    """
    first = {"site_id": site_id, "reason": reason, "since": now, "until": now + length(1)}
    with transaction.atomic():
        row, is_new = Pause.objects.select_for_update().get_or_create(pk=scope, defaults=first)
        if is_new:
            return row.until
        if row.until <= now:
            has_come_back = row.reason == UNREACHABLE != reason
            row.strikes = 1 if has_come_back else row.strikes + 1
        until = now + length(row.strikes)
        if until > row.until:
            row.until, row.reason = until, reason
        row.save(update_fields=["strikes", "until", "reason"])
    return row.until


def forget(scopes: Collection[str], *, now: datetime) -> None:
    """Forget pauses that are over, and with them their strikes; one that was begun anew stays."""
    Pause.objects.filter(pk__in=scopes, until__lte=now).delete()


def forget_outage(site_id: UUID) -> None:
    """Forget that a site did not answer: it lives at another address now. What it asked for stands."""
    Pause.objects.filter(site=site_id, reason=UNREACHABLE).delete()
