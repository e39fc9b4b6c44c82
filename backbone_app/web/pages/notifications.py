"""Notifications: which addresses are told by mail of what, of a space or, in global settings, a site."""

from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from backbone_app.errors import InvalidInput
from backbone_app.services import notifying
from backbone_app.services.notifying import MOST, SITE
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.downloads import new_ticket
from backbone_app.web.forms import MailForm

ASKED: Final = (
    "A mail with a link goes there, unless it got several of the kind lately. The link is good for a week."
)


@require_http_methods(["GET", "POST"])
@own_page(Who.SPACE_ADMIN, Page.NOTIFICATIONS)
def of_space(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show who is told of a space (GET), or add an address (POST)."""
    return _shown_or_added(request, caller, space)


@require_http_methods(["GET", "POST"])
@own_page(Who.JIRA_ADMIN, Page.SETTINGS)
def of_site(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show who is told of the whole site (GET), or add an address (POST)."""
    return _shown_or_added(request, caller, SITE)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NOTIFICATIONS)
def ask_again(request: HttpRequest, caller: Caller, space: str, address: int) -> HttpResponse:
    """Ask the owner of a space's address once more."""
    return _asked_again(request, caller, space, address)


@require_POST
@own_page(Who.JIRA_ADMIN, Page.SETTINGS)
def ask_again_of_site(request: HttpRequest, caller: Caller, address: int) -> HttpResponse:
    """Ask the owner of a site's address once more."""
    return _asked_again(request, caller, SITE, address)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NOTIFICATIONS)
def remove(request: HttpRequest, caller: Caller, space: str, address: int) -> HttpResponse:
    """Remove an address of a space; the page has asked before."""
    return _removed(request, caller, space, address)


@require_POST
@own_page(Who.JIRA_ADMIN, Page.SETTINGS)
def remove_of_site(request: HttpRequest, caller: Caller, address: int) -> HttpResponse:
    """Remove an address of the site; the page has asked before."""
    return _removed(request, caller, SITE, address)


def _shown_or_added(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    now = timezone.now()
    if request.method == "GET":
        return _show(request, caller, space, now=now)
    form = MailForm(request.POST, kinds=notifying.offered(space))
    if form.is_valid():
        try:
            notifying.add(caller, space, form.entered, draw=new_ticket, now=now)
        except InvalidInput as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            return _done(request, caller, space, "Address added", ASKED, now=now)
    return _show(request, caller, space, form=form, now=now)


def _asked_again(request: HttpRequest, caller: Caller, space: str, address: int) -> HttpResponse:
    now = timezone.now()
    notifying.ask_again(caller, space, address, draw=new_ticket, now=now)
    return _done(request, caller, space, "Its owner is asked again", ASKED, now=now)


def _removed(request: HttpRequest, caller: Caller, space: str, address: int) -> HttpResponse:
    now = timezone.now()
    notifying.remove(caller, space, address, now=now)
    explained = "Nothing is sent there any more."
    return _done(request, caller, space, "Address removed", explained, now=now)


def _done(
    request: HttpRequest, caller: Caller, space: str, done: str, explained: str, *, now: datetime
) -> HttpResponse:
    flag = {"title": done, "body": explained, "type": "success"}
    return trigger_client_event(_show(request, caller, space, now=now), "app:flag", flag)


def _show(
    request: HttpRequest, caller: Caller, space: str, *, form: MailForm | None = None, now: datetime
) -> HttpResponse:
    told = notifying.show(caller, space, now=now)
    context = {"told": told, "form": form or MailForm(kinds=told.kinds), "space": space, "most": MOST}
    template = "pages/settings_notifications.html" if space == SITE else "pages/notifications.html"
    return render(request, template, context)
