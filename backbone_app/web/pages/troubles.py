"""The page of one synchronization: how it stands, its errors, and the ways out of them."""

import hashlib
import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from backbone_app.services import reconciling, troubles
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import own_page


@require_GET
@own_page
def page(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Show the page; to one that polls (``seen``) only its changing part, and only when it has changed."""
    number = request.GET.get("page", "")
    if "seen" not in request.GET:
        return _show(request, caller, space, sync_id, number=_number(number), now=timezone.now())
    shown = troubles.listed(caller, space, sync_id, page=_number(number), now=timezone.now())
    seen = _digest(shown)
    if request.GET["seen"] == seen:
        return HttpResponse(status=204)
    context = {"space": space, "sync_id": sync_id, "shown": shown, "seen": seen}
    return render(request, "partials/troubles.html", context)


@require_POST
@own_page
def check(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Check a synchronization for changes that Jira did not tell of."""
    now = timezone.now()
    reconciling.check_now(caller, space, sync_id, now=now)
    explained = "Every work item of both spaces is compared; what was missed is brought over."
    return _show_after(request, caller, space, sync_id, done="Check started", explained=explained, now=now)


@require_POST
@own_page
def retry(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID, failure: int) -> HttpResponse:
    """Try one work item again."""
    now = timezone.now()
    troubles.retry(caller, space, sync_id, failure, now=now)
    explained = "The error goes away as soon as it has worked."
    return _show_after(
        request, caller, space, sync_id, done="It is tried again now", explained=explained, now=now
    )


@require_POST
@own_page
def retry_all(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Try everything again that failed or waits."""
    now = timezone.now()
    count = troubles.retry_all(caller, space, sync_id, now=now)
    items = "1 work item is" if count == 1 else f"{count} work items are"
    return _show_after(
        request,
        caller,
        space,
        sync_id,
        done=f"{items} tried again now",
        explained="An error goes away as soon as it has worked.",
        now=now,
    )


@require_POST
@own_page
def ignore(
    request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID, failure: int
) -> HttpResponse:
    """Take one error off the list."""
    now = timezone.now()
    troubles.ignore(caller, space, sync_id, failure, now=now)
    explained = "You find it under “ignored”. It comes back when it becomes another error."
    return _show_after(request, caller, space, sync_id, done="Error ignored", explained=explained, now=now)


@require_POST
@own_page
def renew(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID, failure: int) -> HttpResponse:
    """Let a lone work item get a new twin; the page has asked before."""
    now = timezone.now()
    troubles.create_twin(caller, space, sync_id, failure, now=now)
    explained = "It appears in the other space in a moment."
    return _show_after(
        request, caller, space, sync_id, done="A new twin is being created", explained=explained, now=now
    )


def _show(
    request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID, *, number: int, now: datetime
) -> HttpResponse:
    shown = troubles.listed(caller, space, sync_id, page=number, now=now)
    context = {"space": space, "sync_id": sync_id, "shown": shown, "seen": _digest(shown)}
    return render(request, "pages/synchronization.html", context)


def _show_after(
    request: HttpRequest,
    caller: Caller,
    space: str,
    sync_id: uuid.UUID,
    *,
    done: str,
    explained: str,
    now: datetime,
) -> HttpResponse:
    response = _show(request, caller, space, sync_id, number=1, now=now)
    return trigger_client_event(response, "app:flag", {"title": done, "body": explained, "type": "success"})


def _number(text: str) -> int:
    """Read the number of a page; what is none means the first one."""
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 7 and int(text) else 1


def _digest(shown: troubles.Troubles) -> str:
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]
