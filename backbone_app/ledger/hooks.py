"""The webhooks of linked sites: which are to be looked at, what is known of each, how each stands."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from backbone_app.core.hooks import LOOK_EVERY, NO_ANSWER, HookForm
from backbone_app.models import Link, LinkHook, ServiceHold, SynchronizationSide
from backbone_app.models.link import LinkStatus
from backbone_app.models.prepared import Rows
from backbone_app.models.sealing import seal, unseal
from backbone_app.models.site import SiteStatus

HELD: Final = timedelta(minutes=5)
"""So long a row is with who looks at its webhook, which is a handful of calls."""
PLACE: Final = "/webhooks/link/"

Draw = Callable[[], str]
"""Draws what nobody can guess: 256 bits in base64."""


def is_due(now: datetime) -> bool:
    """Whether there is a webhook to make, to look at or to take away."""
    return _WANTED.exist(now) or _UNUSED.exist(now)


def wanted(now: datetime) -> QuerySet[Link]:
    """Give the links in use whose webhook was never made, or is to be looked at; who waited longest first."""
    due = Q(hook__isnull=True) | Q(hook__due_at__lte=now)
    used = Exists(SynchronizationSide.objects.filter(site=OuterRef("site")))
    held = Exists(ServiceHold.objects.all())
    working = {"status": LinkStatus.WORKING, "owner__status": SiteStatus.ENABLED}
    links = Link.objects.filter(due, used, ~held, **working)
    return links.select_related("site").order_by("hook__due_at", "site")


def unused(now: datetime) -> QuerySet[LinkHook]:
    """Give the webhooks to take away: of links that no synchronization goes over any more."""
    used = Exists(SynchronizationSide.objects.filter(site=OuterRef("link__site")))
    held = Exists(ServiceHold.objects.all())
    rows = LinkHook.objects.filter(~used, ~held, due_at__lte=now)
    return rows.select_related("link__site").order_by("due_at", "link")


def opened(link: Link, draw: Draw, *, now: datetime) -> LinkHook:
    """Give the row of a link, with a new token and secret where there is none: before anything is made."""
    token, secret = draw(), draw()
    defaults = {
        "digest": _digest(token),
        "token_sealed": seal(token.encode(), at=LinkHook.token_sealed.field.at(link.pk)),
        "secret_sealed": seal(secret.encode(), at=LinkHook.secret_sealed.field.at(link.pk)),
        "due_at": now,
    }
    return LinkHook.objects.get_or_create(link=link, defaults=defaults)[0]


def claim(row: LinkHook, *, now: datetime) -> bool:
    """Have the row to oneself for a while; False where somebody else was faster."""
    is_free = Q(held_until__isnull=True) | Q(held_until__lte=now)
    due = LinkHook.objects.filter(is_free, pk=row.pk, due_at__lte=now)
    return bool(due.update(held_until=now + HELD))


def by_token(token: str) -> LinkHook | None:
    """Find the webhook of a token; None for no such, or whose owner has removed the app."""
    rows = LinkHook.objects.filter(digest=_digest(token))
    return rows.exclude(link__owner__status=SiteStatus.UNINSTALLED).first()


def address(row: LinkHook) -> str:
    """Give the address that Jira delivers to, with the token in it."""
    token = unseal(row.token_sealed, at=LinkHook.token_sealed.field.at(row.link_id)).decode()
    return f"{settings.BACKBONE_BASE_URL}{PLACE}{token}"


def secret(row: LinkHook) -> str:
    """Give what Jira signs deliveries with, from 10 on, and the Cloud those of a webhook made by hand."""
    return unseal(row.secret_sealed, at=LinkHook.secret_sealed.field.at(row.link_id)).decode()


def takes(row: LinkHook, form: HookForm) -> None:
    """Note which form the site takes; what was made in another one counts as not made."""
    if row.form == form:
        return
    row.form, row.number, row.verified_at = form, "", None
    row.save(update_fields=["form", "number", "verified_at"])


def made(row: LinkHook, number: str, *, is_ours: bool, now: datetime) -> None:
    """Note that there is a new one; no delivery has proven itself since."""
    LinkHook.objects.filter(pk=row.pk).update(
        number=number, is_ours=is_ours, made_at=now, verified_at=None, **_seen(now)
    )


def replaced(row: LinkHook, number: str, *, now: datetime) -> None:
    """Note that another one has taken its place, at the same address."""
    LinkHook.objects.filter(pk=row.pk).update(number=number, made_at=now, **_seen(now))


def seen(row: LinkHook, *, now: datetime) -> None:
    """Note that it is as it was made."""
    LinkHook.objects.filter(pk=row.pk).update(**_seen(now))


def refused(row: LinkHook, trouble: str, *, now: datetime) -> None:
    """Note that the site does not let us; it is asked again in a day."""
    LinkHook.objects.filter(pk=row.pk).update(**_seen(now) | {"trouble": trouble})


def unanswered(row: LinkHook, trouble: str, *, now: datetime) -> None:
    """Note that nothing came of it; it is tried again, ever later."""
    until = now + NO_ANSWER.after(row.attempts)
    changes = {"trouble": trouble, "due_at": until, "attempts": F("attempts") + 1, "held_until": None}
    LinkHook.objects.filter(pk=row.pk).update(**changes)


def put_off(row: LinkHook, *, until: datetime) -> None:
    """Look later: the site takes no calls until then."""
    LinkHook.objects.filter(pk=row.pk).update(due_at=until, held_until=None)


def ask(site_id: UUID, *, now: datetime) -> bool:
    """Have the webhook of a linked site looked at now; False where there is none, or it is to be anyway."""
    later = LinkHook.objects.filter(link=site_id, due_at__gt=now)
    return bool(later.update(due_at=now, attempts=0))


def heard(row: LinkHook, *, now: datetime) -> None:
    """Note that a delivery has proven itself, if it is the first one."""
    if row.verified_at is None:
        LinkHook.objects.filter(pk=row.pk, verified_at=None).update(verified_at=now)


def _seen(now: datetime) -> dict[str, object]:
    return {"trouble": "", "attempts": 0, "looked_at": now, "due_at": now + LOOK_EVERY, "held_until": None}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


_WANTED: Final = Rows(lambda now: wanted(now).values_list("pk")[:1])
_UNUSED: Final = Rows(lambda now: unused(now).values_list("pk")[:1])
