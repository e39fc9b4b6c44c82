"""The overview: every synchronization of a space, with what can be done to it."""

import hashlib
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import trigger_client_event

from backbone_app.services import synchronizations
from backbone_app.services.synchronizations import Row
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page


@require_GET
@own_page(Who.SPACE_ADMIN, Page.OVERVIEW)
def overview(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the overview; to a page that polls (``seen``) only the table, and only when it has changed."""
    if "seen" not in request.GET:
        return show(request, caller, space, now=timezone.now())
    rows = synchronizations.overview(caller, space, now=timezone.now())
    seen = _digest(rows)
    if request.GET["seen"] == seen:
        return HttpResponse(status=204)
    return render(request, "partials/synchronizations.html", {"space": space, "rows": rows, "seen": seen})


def show(request: HttpRequest, caller: Caller, space: str, *, now: datetime) -> HttpResponse:
    """Render the whole overview as it is at ``now``."""
    rows = synchronizations.overview(caller, space, now=now)
    return render(request, "pages/overview.html", {"space": space, "rows": rows, "seen": _digest(rows)})


def show_after(
    request: HttpRequest, caller: Caller, space: str, *, done: str, explained: str, now: datetime
) -> HttpResponse:
    """Render the overview after a step, with a flag in Jira that says what was ``done``."""
    response = show(request, caller, space, now=now)
    flag = {"title": done, "body": explained, "type": "success"}
    return trigger_client_event(response, "app:flag", flag)


def _digest(rows: tuple[Row, ...]) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
