"""What Jira's workflow editor shows of our post functions: which synchronization they are about.

Jira keeps what is chosen, not we: ``static/workflow.js`` hands it over when the editor's button is pressed.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from backbone_app.services import workflow_functions
from backbone_app.services.tenants import Caller
from backbone_app.services.workflow_functions import Choices, Function
from backbone_app.web.auth import Page, Who, own_page


@require_GET
@own_page(Who.JIRA_ADMIN, Page.WORKFLOW)
def choose(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show the synchronizations to choose from, the one of ``config`` chosen."""
    return render(request, "pages/workflow_choose.html", {"choices": _choices(request, caller)})


@require_GET
@own_page(Who.JIRA_ADMIN, Page.WORKFLOW)
def summary(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Say in a sentence what the post function ``function`` with ``config`` does."""
    is_stop = request.GET.get("function") == Function.STOP
    context = {"choices": _choices(request, caller), "is_stop": is_stop}
    return render(request, "pages/workflow_summary.html", context)


def _choices(request: HttpRequest, caller: Caller) -> Choices:
    return workflow_functions.choices(caller, request.GET.get("config", ""), now=timezone.now())
