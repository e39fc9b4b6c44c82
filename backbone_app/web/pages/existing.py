"""Pair two existing work items: their keys, what would happen, whose values stand, done.

Nothing is stored before the last step: the second page carries the keys of the
first one, and the last step checks all of it again.
"""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from backbone_app.errors import InvalidInput
from backbone_app.services import twinning
from backbone_app.services.tenants import Caller
from backbone_app.services.twinning import FieldPreview, Outlook, Preview
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.forms import ChoiceForm, DecisionForm, KeysForm
from backbone_app.web.pages.troubles import show_after

_ORDER = (Outlook.DIFFERS, Outlook.FILLS_OWN, Outlook.FILLS_PARTNER, Outlook.EQUAL, Outlook.STAYS)


@require_http_methods(["GET", "POST"])
@own_page(Who.SPACE_ADMIN, Page.EXISTING)
def existing(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Ask for two keys (GET, or POST on the way back), or show what pairing the two would do."""
    if request.method == "GET" or "back" in request.POST:
        asked = twinning.ready(caller, space, sync_id, now=timezone.now())
        kept = KeysForm(initial=request.POST.dict())
        return render(request, "pages/existing.html", {"space": space, "asked": asked, "form": kept})
    form = KeysForm(request.POST)
    found = _preview(form, caller, space, sync_id)
    if found is None:
        return _ask_again(request, caller, space, sync_id, form)
    return _show(request, space, sync_id, found, ChoiceForm())


@require_POST
@own_page(Who.SPACE_ADMIN, Page.EXISTING)
def pair(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:
    """Pair the two that the second page shows."""
    form, chosen = KeysForm(request.POST), ChoiceForm(request.POST)
    found = _preview(form, caller, space, sync_id)
    if found is None:
        return _ask_again(request, caller, space, sync_id, form)
    if not chosen.is_valid():
        return _show(request, space, sync_id, found, chosen)
    entered = form.cleaned_data | chosen.cleaned_data
    try:
        made = twinning.pair_up(caller, space, sync_id, **entered, now=timezone.now())
    except InvalidInput as problem:  # somebody was faster since the preview
        form.add_error(problem.field, str(problem))
        return _ask_again(request, caller, space, sync_id, form)
    asks = chosen.cleaned_data["choice"] == twinning.Wish.ASK and found.differs > 0
    context = {"space": space, "sync_id": sync_id, "made": made, "asks": asks}
    return render(request, "pages/existing_done.html", context)


@require_http_methods(["GET", "POST"])
@own_page(Who.SPACE_ADMIN, Page.DECIDE)
def decide(
    request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID, pair_id: int
) -> HttpResponse:
    """Show what a pair asks (GET), or take the answer (POST) and show the synchronization's page."""
    now = timezone.now()
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        twinning.decide(caller, space, sync_id, pair_id, **form.cleaned_data, now=now)
        done, explained = "Decided: it takes effect {when}", "The question goes away as soon as it has."
        return show_after(request, (caller, space, sync_id), done=done, explained=explained, now=now)
    asked = twinning.questions(caller, space, sync_id, pair_id, now=now)
    context = {"space": space, "sync_id": sync_id, "asked": asked, "form": form}
    return render(request, "pages/decide.html", context)


def _preview(form: KeysForm, caller: Caller, space: str, sync_id: uuid.UUID) -> Preview | None:
    """Ask the service what was entered; its objection goes beside the field."""
    if not form.is_valid():
        return None
    try:
        return twinning.preview(caller, space, sync_id, **form.cleaned_data, now=timezone.now())
    except InvalidInput as problem:
        form.add_error(problem.field, str(problem))
        return None


def _ask_again(
    request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID, form: KeysForm
) -> HttpResponse:
    asked = twinning.ready(caller, space, sync_id, now=timezone.now())
    return render(request, "pages/existing.html", {"space": space, "asked": asked, "form": form})


def _show(
    request: HttpRequest, space: str, sync_id: uuid.UUID, found: Preview, form: ChoiceForm
) -> HttpResponse:
    kept = {"own_key": found.own_key, "partner_key": found.partner_key}
    context = {"found": found, "fields": _in_order(found), "form": form, "kept": kept}
    return render(request, "pages/existing_preview.html", {"space": space, "sync_id": sync_id, **context})


def _in_order(found: Preview) -> list[FieldPreview]:
    """Put first what a person has to look at."""
    return sorted(found.fields, key=lambda field: _ORDER.index(field.outlook))
