"""The site's remote licence, within the global settings: shown, uploaded, removed."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from backbone_app.errors import InvalidInput
from backbone_app.services import remote_licences
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.forms import LicenceForm


@require_http_methods(["GET", "POST"])
@own_page(Who.JIRA_ADMIN, Page.SETTINGS)
def licence(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show the licence with what takes its endpoints (GET), or put another one in force (POST)."""
    now = timezone.now()
    if request.method == "GET":
        return _show(request, caller, LicenceForm(), now=now)
    form = LicenceForm(request.POST, request.FILES)
    doubt = ""
    if form.is_valid():
        entered = form.cleaned_data
        try:
            remote_licences.upload(caller, entered["document"], is_confirmed=entered["confirmed"], now=now)
        except InvalidInput as problem:
            doubt = _objection(form, problem)
        else:
            return _show_done(
                request, caller, "Remote licence uploaded", "It is in force from now on.", now=now
            )
    return _show(request, caller, form, doubt=doubt, now=now)


@require_POST
@own_page(Who.JIRA_ADMIN, Page.SETTINGS)
def remove(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Remove the licence; the page has asked before."""
    now = timezone.now()
    remote_licences.remove(caller, now=now)
    explained = "What ran by it is paused, and goes on once there is another one."
    return _show_done(request, caller, "Remote licence removed", explained, now=now)


def _show_done(
    request: HttpRequest, caller: Caller, done: str, explained: str, *, now: datetime
) -> HttpResponse:
    flag = {"title": done, "body": explained, "type": "success"}
    return trigger_client_event(_show(request, caller, LicenceForm(), now=now), "app:flag", flag)


def _show(
    request: HttpRequest, caller: Caller, form: LicenceForm, *, doubt: str = "", now: datetime
) -> HttpResponse:
    shown = remote_licences.show(caller, now=now)
    kept = form.cleaned_data["document"] if doubt else ""
    context = {"shown": shown, "form": form, "doubt": doubt, "kept": kept}
    return render(request, "pages/settings_licence.html", context)


def _objection(form: LicenceForm, problem: InvalidInput) -> str:
    """Put what is wrong beside the file; give what only wants to be confirmed."""
    if problem.field == "confirmed":
        return str(problem)
    form.add_error("file", str(problem))
    return ""
