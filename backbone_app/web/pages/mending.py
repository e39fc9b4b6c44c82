"""Mend the link: somebody signs in again where a broken link leads, and what it carries goes on."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from backbone_app.errors import NotFound
from backbone_app.services import linking
from backbone_app.services.tenants import Caller
from backbone_app.web import sign_in as outside
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.forms import CredentialsForm
from backbone_app.web.pages.entering_anew import ENTERED, EnteringAnew
from backbone_app.web.pages.troubles import show_after
from backbone_app.web.pages.waiting import WITHDRAWN, Asked, show_news


@require_POST
@own_page(Who.SPACE_ADMIN, Page.SYNCHRONIZATION)
def mend(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Make a link to sign in with, and show it: for whoever asks, or (``copy``) to be sent to somebody."""
    return _asked(_Visit(request, (caller, space, sync_id), timezone.now()))


@require_POST
@own_page(Who.SPACE_ADMIN, Page.OVERVIEW)
def mend_from_overview(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Do the same from the overview."""
    return _asked(_Visit(request, (caller, space, sync_id), timezone.now()))


@require_GET
@own_page(Who.SPACE_ADMIN, Page.SYNCHRONIZATION)
def wait(
    request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID, attempt: uuid.UUID
) -> HttpResponse:
    """Tell a page that waits how far the sign-in has come; once somebody has, show the synchronization."""
    place, now = (caller, space, sync_id), timezone.now()
    found = linking.mending(caller, space, sync_id, attempt, now=now)
    if found.link is None:
        return show_news(request, found, look_at=reverse("mend-wait", args=[space, sync_id, attempt]))
    done, explained = "The link is mended", "What changed meanwhile is brought over."
    response = show_after(request, place, done=done, explained=explained, now=now)
    return reswap(retarget(response, "#content"), "innerHTML")


@require_POST
@own_page(Who.SPACE_ADMIN, Page.SYNCHRONIZATION)
def withdraw(
    request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID, attempt: uuid.UUID
) -> HttpResponse:
    """Take a link back that was to be sent to somebody, and show the synchronization; it has asked before."""
    place, now = (caller, space, sync_id), timezone.now()
    linking.mending(caller, space, sync_id, attempt, now=now)
    linking.withdraw(caller, space, attempt, now=now)
    done, explained = WITHDRAWN["title"], WITHDRAWN["body"]
    return show_after(request, place, done=done, explained=explained, now=now)


@require_http_methods(["GET", "POST"])
@own_page(Who.SPACE_ADMIN, Page.SYNCHRONIZATION)
def application(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Show the form for what the application link over there shows by now (GET), or take it (POST)."""
    place, now = (caller, space, sync_id), timezone.now()
    number = linking.application_of(*place, now=now)
    if number is None:
        raise NotFound("application link")
    entering = EnteringAnew(request, caller, space, number, "mend_application", {"sync_id": sync_id}, now)
    if request.method == "GET":
        return entering.show(CredentialsForm())
    explained = "Choose Mend the link: somebody signs in again, which shows whether it fits."
    return entering.take() or show_after(request, place, done=ENTERED, explained=explained, now=now)


@dataclass(frozen=True, slots=True)
class _Visit:
    """A request about one synchronization (``place``: caller, space, synchronization)."""

    request: HttpRequest
    place: tuple[Caller, str, uuid.UUID]
    now: datetime


def _asked(visit: _Visit) -> HttpResponse:
    token = outside.new_token()
    _, space, sync_id = visit.place
    is_copied = "copy" in visit.request.POST
    found = linking.mend(*visit.place, token, is_copied=is_copied, now=visit.now)
    asked = Asked(
        found=found,
        address=outside.address(token),
        look_at=reverse("mend-wait", args=[space, sync_id, found.id]),
        copy_at=reverse("mend", args=[space, sync_id]),
        withdraw_at=reverse("mend-withdraw", args=[space, sync_id, found.id]),
        carries={"copy": "yes"},
    )
    has_application = linking.application_of(*visit.place, now=visit.now) is not None
    context = {"space": space, "sync_id": sync_id, "has_application": has_application, **asked.context}
    return render(visit.request, "pages/mend_link.html", context)
