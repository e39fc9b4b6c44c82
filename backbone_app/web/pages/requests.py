"""View Request, and what can be done there: accept, decline, withdraw."""

import uuid
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from backbone_app.services import requests
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.forms import DeclineForm
from backbone_app.web.pages.overview import show_after


@require_GET
@own_page(Who.SPACE_ADMIN, Page.REQUEST)
def view(request: HttpRequest, caller: Caller, space: str, request_id: uuid.UUID) -> HttpResponse:
    """Show a request to one of its two spaces."""
    return _show(request, caller, space, request_id, form=DeclineForm(), now=timezone.now())


@require_GET
@own_page(Who.SPACE_ADMIN, Page.OVERVIEW)
def asker(request: HttpRequest, caller: Caller, space: str, request_id: uuid.UUID) -> HttpResponse:
    """Say who sent a request; the overview asks for it by itself, so that no other site holds it up."""
    name = requests.asker(caller, space, request_id, now=timezone.now())
    return render(request, "partials/asker.html", {"asked_by": name})


@require_POST
@own_page(Who.SPACE_ADMIN, Page.REQUEST)
def accept(request: HttpRequest, caller: Caller, space: str, request_id: uuid.UUID) -> HttpResponse:
    """Accept a request."""
    now = timezone.now()
    requests.accept(caller, space, request_id, now=now)
    explained = "The two spaces are connected. Start the synchronization to keep them in step."
    return show_after(request, caller, space, done="Request accepted", explained=explained, now=now)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.REQUEST)
def decline(request: HttpRequest, caller: Caller, space: str, request_id: uuid.UUID) -> HttpResponse:
    """Decline a request with an optional message."""
    now = timezone.now()
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _show(request, caller, space, request_id, form=form, now=now)
    requests.decline(caller, space, request_id, message=form.cleaned_data["message"], now=now)
    explained = "The partner space sees that you declined, and your message."
    return show_after(request, caller, space, done="Request declined", explained=explained, now=now)


def _withdraw_from(page: Page) -> Callable[..., HttpResponse]:
    """Make the view for one of the pages that offer it: the log tells from which it was."""

    @require_POST
    @own_page(Who.SPACE_ADMIN, page)
    def withdraw(request: HttpRequest, caller: Caller, space: str, request_id: uuid.UUID) -> HttpResponse:
        now = timezone.now()
        requests.withdraw(caller, space, request_id, now=now)
        explained = "It has disappeared from both spaces."
        return show_after(request, caller, space, done="Request withdrawn", explained=explained, now=now)

    return withdraw


withdraw = _withdraw_from(Page.REQUEST)
withdraw_from_overview = _withdraw_from(Page.OVERVIEW)


def _show(
    request: HttpRequest,
    caller: Caller,
    space: str,
    request_id: uuid.UUID,
    *,
    form: DeclineForm,
    now: datetime,
) -> HttpResponse:
    asked = requests.view(caller, space, request_id, now=now)
    return render(request, "pages/request.html", {"space": space, "asked": asked, "form": form})
