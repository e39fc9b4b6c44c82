"""How Backbone is installed on the site, within the global settings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from backbone_app.services import installation
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page


@require_GET
@own_page(Who.JIRA_ADMIN, Page.SETTINGS)
def show(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show address, licence and the Forge app."""
    found = installation.show(caller, now=timezone.now())
    return render(request, "pages/settings_installation.html", {"installation": found})
