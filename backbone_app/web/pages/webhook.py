"""The page of a Data Center's webhook: how it stands, and how it is made by hand."""

import hashlib
import uuid
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from backbone_app.services import link_hooks
from backbone_app.services.link_hooks import Webhook
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page

_WAITS: Final = (2, 3, 5, 10, 20, 30)
"""Seconds between two looks at whether a delivery has come: rarer the longer it takes."""


@require_GET
@own_page(Who.SPACE_ADMIN, Page.SYNCHRONIZATION)
def show(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Show the page; to one that polls (``turn``) its changing part only, and that where it has changed."""
    now = timezone.now()
    shown = link_hooks.show(caller, space, sync_id, now=now)
    if "turn" not in request.GET:
        return _page(request, (space, sync_id), shown)
    context = _context((space, sync_id), shown, turn=_number(request.GET["turn"]) + 1)
    has_changed = request.GET.get("seen") != context["seen"]
    return render(request, "partials/webhook_news.html", {**context, "has_changed": has_changed})


@require_POST
@own_page(Who.SPACE_ADMIN, Page.SYNCHRONIZATION)
def look(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Have the webhook looked at now, and show the page."""
    now: datetime = timezone.now()
    link_hooks.look_again(caller, space, sync_id, now=now)
    response = _page(request, (space, sync_id), link_hooks.show(caller, space, sync_id, now=now))
    explained = "What comes of it appears on this page."
    flag = {"title": "The webhook is looked at now", "body": explained, "type": "success"}
    return trigger_client_event(response, "app:flag", flag)


def _page(request: HttpRequest, place: tuple[str, uuid.UUID], shown: Webhook) -> HttpResponse:
    return render(request, "pages/webhook.html", _context(place, shown, turn=0))


def _context(place: tuple[str, uuid.UUID], shown: Webhook, *, turn: int) -> dict[str, object]:
    space, sync_id = place
    seen = hashlib.sha256(repr(shown).encode()).hexdigest()[:16]
    seconds = _WAITS[min(turn, len(_WAITS) - 1)]
    return {
        "space": space,
        "sync_id": sync_id,
        "shown": shown,
        "seen": seen,
        "turn": turn,
        "seconds": seconds,
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 0
