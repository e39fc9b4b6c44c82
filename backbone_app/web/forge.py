"""What Forge calls at us: the endpoints of the remote in the manifest.

Each call proves by its own token which installation it is about; the body is not
signed. What it names has to be what the token names, and nothing else in it counts.
https://developer.atlassian.com/platform/forge/events-reference/life-cycle/
"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from backbone_app.errors import NotAuthenticated
from backbone_app.services import forge
from backbone_app.services.forge import Invocation
from backbone_app.web.auth import forge_call
from backbone_app.web.bodies import json_object

SITE: Final = "ari:cloud:jira::site/"


@require_POST
@forge_call
def installed(request: HttpRequest, call: Invocation) -> HttpResponse:
    """Take in an installation of the Forge app (``avi:forge:installed:app``)."""
    _match(json_object(request), call)
    forge.installed(call, now=timezone.now())
    return HttpResponse(status=204)


@require_POST
@forge_call
def upgraded(request: HttpRequest, call: Invocation) -> HttpResponse:
    """Take note of another version of the Forge app (``avi:forge:upgraded:app``)."""
    _match(json_object(request), call)
    forge.seen(call, now=timezone.now())
    return HttpResponse(status=204)


@require_POST
@forge_call
def scheduled(request: HttpRequest, call: Invocation) -> HttpResponse:  # noqa: ARG001 - the token says it all
    """Take a call of the scheduled trigger; its body says nothing that its token does not."""
    forge.scheduled(call, now=timezone.now())
    return HttpResponse(status=204)


def _match(body: dict[str, Any], call: Invocation) -> None:
    """Refuse an event that is about another installation than its token, or about another site."""
    if body.get("id") not in (call.number, call.installation):
        raise NotAuthenticated("installation")
    if body.get("context", SITE + call.cloud_id) != SITE + call.cloud_id:
        raise NotAuthenticated("cloud_id")
