"""The panel in Jira's view of a work item: its twins, and how they stand."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from backbone_app.services import panel
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page


@require_GET
@own_page(Who.READER, Page.PANEL)
def show(request: HttpRequest, caller: Caller, item: str) -> HttpResponse:
    """Show the panel; to a page that polls (``seen``) only how it stands, and only when that has changed."""
    shown = panel.show(caller, item, now=timezone.now())
    seen = hashlib.sha256(repr(shown).encode()).hexdigest()[:16]
    if request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    template = "partials/standing.html" if "seen" in request.GET else "pages/panel.html"
    return render(request, template, {"item": item, "rows": shown.rows, "seen": seen})
