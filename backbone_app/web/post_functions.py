"""Calls of our post functions: verified, handed on, answered at once.

They are Jira's own callbacks: what they do has no other address, in the API neither.
"""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from backbone_app.errors import NotJson
from backbone_app.services import workflow_functions
from backbone_app.services.tenants import Caller
from backbone_app.services.workflow_functions import Function
from backbone_app.web.auth import Who, signed_request
from backbone_app.web.webhooks import LARGEST_BODY


@require_POST
@signed_request(Who.SITE, largest_body=LARGEST_BODY)
def synchronize(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Give the work item its twin in the synchronization that the workflow names, or take it up again."""
    return _called(request, caller, Function.SYNCHRONIZE)


@require_POST
@signed_request(Who.SITE, largest_body=LARGEST_BODY)
def stop(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Leave the work item and its twin in that synchronization as they are from now on."""
    return _called(request, caller, Function.STOP)


def _called(request: HttpRequest, caller: Caller, function: Function) -> HttpResponse:
    """Answer 204 whatever comes of it: Jira repeats everything else."""
    if request.content_type != "application/json":
        raise NotJson
    workflow_functions.called(caller.site_id, function, request.body, now=timezone.now())
    return HttpResponse(status=204)
