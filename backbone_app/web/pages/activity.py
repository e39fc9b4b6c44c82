"""What was written and why: the feed of a synchronization as a page, and a work item's in its panel.

A page that polls gets its newest lines again when they have changed, else only
word to ask again later, each time after twice as long.
"""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import reswap, retarget

from backbone_app.errors import NotFound
from backbone_app.services import activity
from backbone_app.services.activity import Activity, Only, Stretch
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page

SOON: Final = 5
LATEST: Final = 60
"""Seconds between two polls: at first, and at most."""

Load = Callable[[Stretch], Activity]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a feed a page asks for; ``seen`` is the digest of what it shows, empty at first."""

    stretch: Stretch
    only: Only
    seen: str
    wait: int


@require_GET
@own_page(Who.SPACE_ADMIN, Page.ACTIVITY)
def of_synchronization(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Show the feed of a synchronization: the page, older lines (``before``), or what is new (``seen``)."""
    asked, now = _asked(request.GET), timezone.now()

    def load(stretch: Stretch) -> Activity:
        return activity.of_synchronization(caller, space, sync_id, stretch=stretch, only=asked.only, now=now)

    address = reverse("activity", args=[space, sync_id])
    return _answer(request, asked, load, address=address, page="pages/activity.html", space=space)


@require_GET
@own_page(Who.READER, Page.PANEL)
def of_item(request: HttpRequest, caller: Caller, item: str) -> HttpResponse:
    """Show what happened to a work item, within its panel."""
    asked, now = _asked(request.GET), timezone.now()

    def load(stretch: Stretch) -> Activity:
        return activity.of_item(caller, item, stretch=stretch, now=now)

    return _answer(
        request, asked, load, address=reverse("item-activity", args=[item]), page="partials/feed.html"
    )


def _answer(
    request: HttpRequest, asked: Asked, load: Load, *, address: str, page: str, space: str = ""
) -> HttpResponse:
    context = {"address": address, "space": space, "only": asked.only, "filters": list(Only)}
    if asked.seen:
        return _poll(request, asked, load, context)
    template = page if asked.stretch.before is None else "partials/older.html"
    return render(request, template, context | _fresh(load(asked.stretch)))


def _poll(request: HttpRequest, asked: Asked, load: Load, context: Mapping[str, object]) -> HttpResponse:
    shown = load(asked.stretch)
    if shown.older is not None:  # more is new than fits before what the page has loaded
        response = render(request, "partials/feed.html", {**context, **_fresh(load(Stretch()))})
        return reswap(retarget(response, "#feed"), "outerHTML")
    fresh = _fresh(shown) | {"down_to": asked.stretch.down_to}
    if fresh["seen"] != asked.seen:
        return render(request, "partials/newest.html", {**context, **fresh})
    later = {"wait": min(2 * asked.wait, LATEST)}
    response = render(request, "partials/poll.html", {**context, **fresh, **later})
    return reswap(retarget(response, "#poll"), "outerHTML")


def _fresh(shown: Activity) -> dict[str, object]:
    seen = hashlib.sha256(repr(shown.lines).encode()).hexdigest()[:16]
    down_to = shown.lines[-1].id if shown.lines else 0
    return {"activity": shown, "seen": seen, "down_to": down_to, "wait": SOON}


def _asked(query: QueryDict) -> Asked:
    """Read what a page of ours asks for; raises NotFound for what none of them would."""
    only = query.get("only", Only.ALL.value)
    if only not in set(Only):
        raise NotFound("page")
    stretch = Stretch(before=_number(query.get("before")), down_to=_number(query.get("down_to")))
    return Asked(stretch, Only(only), query.get("seen", ""), _number(query.get("wait")) or SOON)


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise NotFound("page")
    return int(text)
