"""What Jira opens in its iframes: empty shells that load everything else by themselves.

A shell says nothing about a space, a work item or the site: what it loads asks for
the person's rights.
"""

from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from backbone_app.errors import NotFound
from backbone_app.services import tenants
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Who, signed_request

LONGEST_ENTRY: Final = 1000


@require_GET
@signed_request(Who.VISITOR)
def space_settings(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Serve the shell for the space that Jira names in ``spaceId``."""
    return _shell(request, caller, start=reverse("overview", args=[_named(request, "spaceId", "space")]))


@require_GET
@signed_request(Who.VISITOR)
def global_settings(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Serve the shell of the settings for Jira admins."""
    return _shell(request, caller, start=reverse("settings-access"))


@require_GET
@signed_request(Who.VISITOR)
def panel(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Serve the shell for the work item that Jira names in ``itemId``."""
    start = reverse("panel", args=[_named(request, "itemId", "work item")])
    return _shell(request, caller, start=start, shape="panel")


@require_GET
@signed_request(Who.VISITOR)
def workflow_editor(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Serve the shell in which a post function is configured; ``config`` is what it has so far."""
    return _shell(request, caller, start=_with_query(request, "workflow-choices"), shape="workflow")


@require_GET
@signed_request(Who.VISITOR)
def workflow_viewer(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Serve the shell that says what a configured post function does."""
    return _shell(request, caller, start=_with_query(request, "workflow-summary"), shape="panel")


def _with_query(request: HttpRequest, name: str) -> str:
    """Hand on what Jira filled in; a configuration that is not ours may be as long as it likes."""
    known = {each: request.GET[each] for each in ("function", "config") if each in request.GET}
    short = {each: value for each, value in known.items() if len(value) <= LONGEST_ENTRY}
    return f"{reverse(name)}?{urlencode(short)}"


def _named(request: HttpRequest, parameter: str, what: str) -> str:
    """Give the id that Jira filled in; raises NotFound for what is none."""
    number = request.GET.get(parameter, "")
    if not (number.isascii() and number.isdecimal()):
        raise NotFound(what)
    return number


def _shell(request: HttpRequest, caller: Caller, *, start: str, shape: str = "page") -> HttpResponse:
    # The signature covers the whole query: what stands there is Jira's.
    tenants.heed_licence(caller, request.GET.getlist("lic"), now=timezone.now())
    context = {"start": start, "shape": shape, "all_js_url": settings.BACKBONE_ALL_JS_URL}
    return render(request, "frame.html", context)
