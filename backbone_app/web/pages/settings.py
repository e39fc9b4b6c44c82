"""Global settings, for Jira admins: who may use Backbone.

Nothing is stored before *Save*: the form carries the groups that are chosen, and
searching, adding and removing only show it anew.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from backbone_app.errors import InvalidInput
from backbone_app.services import restriction
from backbone_app.services.restriction import Draft, FoundGroups, Group, Restriction
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.forms import AccessForm


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the form shows: a rule, what a search has found if there was one, the doubt there is in saving."""

    rule: Restriction
    form: AccessForm
    found: FoundGroups | None = None
    doubt: str = ""


@require_http_methods(["GET", "POST"])
@own_page(Who.JIRA_ADMIN, Page.SETTINGS)
def access(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show who may use Backbone (GET), or set it (POST)."""
    now = timezone.now()
    if request.method == "GET":
        return _show(request, _in_force(caller, now=now))
    form = AccessForm(request.POST)
    doubt = ""
    if form.is_valid():
        confirmed = form.cleaned_data["confirmed"]
        try:
            restriction.save(caller, _draft(form), is_confirmed=confirmed, now=now)
        except InvalidInput as problem:
            doubt = _objection(form, problem)
        else:
            return _show_saved(request, _in_force(caller, now=now))
    rule = restriction.look_over(caller, _draft(form), now=now)
    return _show(request, _Shown(rule, form, doubt=doubt))


@require_POST
@own_page(Who.JIRA_ADMIN, Page.SETTINGS)
def edit_access(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show what a step leads to that sets nothing: a search, a group to ``add``, one to ``remove``."""
    now = timezone.now()
    form = AccessForm(request.POST)
    form.full_clean()
    draft, query = _draft(form), form.cleaned_data.get("query", "")
    found = restriction.search(caller, query, now=now) if query else None
    listed = found.groups if found else ()
    chosen = {group.id: group for group in draft.groups if group.id != request.POST.get("remove")}
    if len(chosen) < restriction.MOST_GROUPS:
        chosen |= {group.id: group for group in listed if group.id == request.POST.get("add")}
    rule = restriction.look_over(caller, replace(draft, groups=tuple(chosen.values())), now=now)
    if found:
        found = replace(found, groups=tuple(group for group in listed if group.id not in chosen))
    shown = _Shown(rule, AccessForm(initial={"query": query}), found)
    if {"add", "remove"} & set(request.POST):
        return _show(request, shown)
    return render(request, "partials/access_form.html", _context(shown))  # who searches types on


def _in_force(caller: Caller, *, now: datetime) -> _Shown:
    return _Shown(restriction.show(caller, now=now), AccessForm())


def _show_saved(request: HttpRequest, shown: _Shown) -> HttpResponse:
    flag = {
        "title": "Saved: who may use Backbone",
        "body": "It holds from now on. Synchronizations go on as they were.",
        "type": "success",
    }
    return trigger_client_event(_show(request, shown), "app:flag", flag)


def _show(request: HttpRequest, shown: _Shown) -> HttpResponse:
    return render(request, "pages/settings_access.html", _context(shown))


def _context(shown: _Shown) -> dict[str, object]:
    groups = tuple(Group(each.id, each.name) for each in shown.rule.groups)
    return {
        "rule": shown.rule,
        "form": shown.form,
        "found": shown.found,
        "doubt": shown.doubt,
        "kept": AccessForm.carried(groups),
        "is_full": len(groups) >= restriction.MOST_GROUPS,
        "most": restriction.MOST_GROUPS,
    }


def _draft(form: AccessForm) -> Draft:
    """Read the rule from a form that was checked, as far as it can be read."""
    entered = form.cleaned_data
    return Draft(entered.get("who") == AccessForm.GROUPS, entered.get("groups", ()))


def _objection(form: AccessForm, problem: InvalidInput) -> str:
    """Put what is wrong beside its entry; give what only wants to be confirmed."""
    if problem.field == "confirmed":
        return str(problem)
    form.add_error(problem.field, str(problem))
    return ""
