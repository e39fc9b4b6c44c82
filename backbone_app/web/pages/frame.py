"""The page that Jira opens in its iframe: an empty shell that loads everything else by itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from backbone_app.errors import NotFound
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Who, signed_request


@require_GET
@signed_request(Who.VISITOR)
def space_settings(request: HttpRequest, caller: Caller) -> HttpResponse:  # noqa: ARG001 - proven, that is enough
    """Serve the shell for the space that Jira names in ``spaceId``.

    It says nothing about the space: what it loads asks for the person's rights.
    """
    space = request.GET.get("spaceId", "")
    if not (space.isascii() and space.isdecimal()):
        raise NotFound("space")
    context = {
        "start": reverse("overview", args=[space]),
        "shape": "page",
        "all_js_url": settings.BACKBONE_ALL_JS_URL,
    }
    return render(request, "frame.html", context)
