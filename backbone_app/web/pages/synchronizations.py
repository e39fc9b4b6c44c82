"""Start, stop, delete: one step each, then the overview again."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from backbone_app.services import synchronizations
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.pages.overview import show_after


@require_POST
@own_page(Who.SPACE_ADMIN, Page.OVERVIEW)
def start(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Start a synchronization."""
    now = timezone.now()
    synchronizations.start(caller, space, sync_id, now=now)
    explained = "Work items of both spaces are kept in step from now on."
    return show_after(request, caller, space, done="Synchronization started", explained=explained, now=now)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.OVERVIEW)
def stop(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Stop a synchronization."""
    now = timezone.now()
    synchronizations.stop(caller, space, sync_id, now=now)
    explained = "Nothing is synchronized until it is started again."
    return show_after(request, caller, space, done="Synchronization stopped", explained=explained, now=now)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.OVERVIEW)
def delete(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Delete a synchronization; the page has asked before."""
    now = timezone.now()
    synchronizations.delete(caller, space, sync_id, now=now)
    explained = (
        "The work items of both spaces stay as they are. Our hidden properties on them are removed by and by."
    )
    return show_after(request, caller, space, done="Synchronization deleted", explained=explained, now=now)
