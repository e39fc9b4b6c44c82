"""The page of one synchronization: how it stands, its errors, and the ways out of them."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from backbone_app.services import reconciling, synchronizations, troubles
from backbone_app.services.tenants import Caller
from backbone_app.services.troubles import Health, Troubles
from backbone_app.web.auth import Page, Who, own_page

_GOES_AWAY: Final = "An error goes away as soon as it has worked."


@require_GET
@own_page(Who.SPACE_ADMIN, Page.SYNCHRONIZATION)
def page(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Show the page; to one that polls (``seen``) only its changing part, and only when it has changed."""
    visit = _Visit(request, (caller, space, sync_id), timezone.now())
    shown = _listed(visit)
    if "seen" not in request.GET:
        return _render(visit, "pages/synchronization.html", shown)
    if request.GET["seen"] == _digest(shown):
        return HttpResponse(status=204)
    return _render(visit, "partials/troubles.html", shown)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.SYNCHRONIZATION)
def resume(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Start a paused synchronization where the page says why it was paused."""
    visit = _Visit(request, (caller, space, sync_id), timezone.now())
    synchronizations.start(*visit.place, now=visit.now)
    return _acted(visit, "Synchronization started", "What changed meanwhile is brought over.")


@require_POST
@own_page(Who.SPACE_ADMIN, Page.SYNCHRONIZATION)
def check(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Check a synchronization for changes that Jira did not tell of."""
    visit = _Visit(request, (caller, space, sync_id), timezone.now())
    reconciling.check_now(*visit.place, now=visit.now)
    explained = "Every work item of both spaces is compared; what was missed is brought over."
    return _acted(visit, "A check starts {when}", explained)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.SYNCHRONIZATION)
def retry(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID, failure: int) -> HttpResponse:
    """Try one work item again, or take it up where a workflow has stopped it."""
    visit = _Visit(request, (caller, space, sync_id), timezone.now())
    troubles.retry(*visit.place, failure, now=visit.now)
    return _acted(visit, "It is tried again {when}", _GOES_AWAY)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.SYNCHRONIZATION)
def retry_all(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Try everything again that failed or waits."""
    visit = _Visit(request, (caller, space, sync_id), timezone.now())
    count = troubles.retry_all(*visit.place, now=visit.now)
    items = "1 work item is" if count == 1 else f"{count} work items are"
    return _acted(visit, items + " tried again {when}", _GOES_AWAY)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.SYNCHRONIZATION)
def ignore(
    request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID, failure: int
) -> HttpResponse:
    """Take one error off the list."""
    visit = _Visit(request, (caller, space, sync_id), timezone.now())
    troubles.ignore(*visit.place, failure, now=visit.now)
    explained = "You find it under “ignored”. It comes back when it becomes another error."
    return _acted(visit, "Error ignored", explained)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.SYNCHRONIZATION)
def renew(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID, failure: int) -> HttpResponse:
    """Let a lone work item get a new twin; the page has asked before."""
    visit = _Visit(request, (caller, space, sync_id), timezone.now())
    where = troubles.create_twin(*visit.place, failure, now=visit.now)
    return _acted(visit, "A new twin is created {when}", f"It appears in {where.words}.")


def show_after(
    request: HttpRequest,
    place: tuple[Caller, str, uuid.UUID],
    *,
    done: str,
    explained: str,
    now: datetime,
) -> HttpResponse:
    """Show the page (``place``: caller, space, synchronization) after a step that another page has taken.

    A flag in Jira says what was ``done``; ``{when}`` in it is when that takes effect.
    """
    return _acted(_Visit(request, place, now), done, explained)


@dataclass(frozen=True, slots=True)
class _Visit:
    """A request for the page of one synchronization, seen by the caller from a space."""

    request: HttpRequest
    place: tuple[Caller, str, uuid.UUID]
    now: datetime


def _listed(visit: _Visit) -> Troubles:
    number = _number(visit.request.GET.get("page", ""))
    return troubles.listed(*visit.place, page=number, now=visit.now)


def _acted(visit: _Visit, done: str, explained: str) -> HttpResponse:
    """Show the page as it is now, and say what was done; ``{when}`` in ``done`` is when it takes effect."""
    shown = _listed(visit)
    response = _render(visit, "pages/synchronization.html", shown)
    flag = {"title": done.format(when=_when(shown.health)), "body": explained, "type": "success"}
    return trigger_client_event(response, "app:flag", flag)


def _render(visit: _Visit, template: str, shown: Troubles) -> HttpResponse:
    _, space, sync_id = visit.place
    context = {"space": space, "sync_id": sync_id, "shown": shown, "seen": _digest(shown)}
    return render(visit.request, template, context)


def _when(health: Health) -> str:
    """Say when workers take up what is due."""
    if health.status != "RUNNING":
        return "after the start"
    return "once Jira can be called again" if health.holds else "now"


def _number(text: str) -> int:
    """Read the number of a page; what is none means the first one."""
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 7 and int(text) else 1


def _digest(shown: Troubles) -> str:
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]
