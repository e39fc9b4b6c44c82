"""The first page of New Synchronization: the ways there are, and what its reader has begun before."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from backbone_app.services import unfinished
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.pages import steps


@require_GET
@own_page(Who.SPACE_ADMIN, Page.NEW)
def kinds(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """List the ways to create a synchronization; whoever has begun one can go on with it."""
    return _show(request, caller, space, now=timezone.now())


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def start_over(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Forget what its author had begun."""
    now = timezone.now()
    unfinished.drop(caller, space, now=now)
    return _show(request, caller, space, now=now)


def _show(request: HttpRequest, caller: Caller, space: str, *, now: datetime) -> HttpResponse:
    begun = unfinished.find(caller, space, now=now)
    offered = steps.offer(begun) if begun else None
    return render(request, "pages/new.html", {"space": space, "offer": offered})
