"""Webhooks of a site's work items: verified, handed on, answered at once."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from backbone_app import metrics
from backbone_app.errors import NotJson
from backbone_app.services import intake
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Who, signed_request

LARGEST_BODY: Final = 25 * 1024 * 1024  # Jira sends no larger one
IDENTIFIER: Final = "X-Atlassian-Webhook-Identifier"


@metrics.WEBHOOK_ACK.timed()
@require_POST
@signed_request(Who.SITE, largest_body=LARGEST_BODY)
def jira(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Take in one delivery; it counts as received once the answer is 2xx."""
    if request.content_type != "application/json":
        raise NotJson
    intake.take_in(
        site_id=caller.site_id,
        body=request.body,
        identifier=request.headers.get(IDENTIFIER),
        now=timezone.now(),
    )
    return HttpResponse(status=204)
