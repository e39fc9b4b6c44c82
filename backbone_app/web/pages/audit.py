"""The audit log, within the global settings: what administrators did, newest first."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from backbone_app.errors import NotFound
from backbone_app.services import audit_log
from backbone_app.services.audit_log import LABELS, Wanted
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page


@require_GET
@own_page(Who.JIRA_ADMIN, Page.SETTINGS)
def show(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show the newest entries, or what is older (``before``), of one ``space`` or one ``act`` if asked."""
    wanted = _wanted(request.GET)
    log = audit_log.listed(caller, wanted, now=timezone.now())
    context = {
        "log": log,
        "wanted": wanted,
        "acts": sorted(LABELS.items(), key=lambda act: act[1]),
        "days": audit_log.KEPT.days,
    }
    template = "pages/settings_audit.html" if wanted.before is None else "partials/audit_lines.html"
    return render(request, template, context)


def _wanted(query: QueryDict) -> Wanted:
    """Read what our page asks for; raises NotFound for what it never would."""
    before, space, act = (query.get(name, "") for name in ("before", "space", "act"))
    if any(number and not _is_number(number) for number in (before, space)) or (act and act not in LABELS):
        raise NotFound("page")
    return Wanted(int(before) if before else None, space, act)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18
