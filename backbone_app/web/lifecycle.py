"""What Jira tells us about our own installation.

``installed`` and ``uninstalled`` are signed by Atlassian, ``enabled`` and
``disabled`` by the site. No signature covers the body, so the client key in it
must be the one that was signed for; nothing else in it identifies anybody.
"""

from typing import Any, Final

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from backbone_app.errors import MalformedDelivery, NotAuthenticated
from backbone_app.services import tenants
from backbone_app.services.tenants import InstallPayload, LifecycleCall, Notifier
from backbone_app.web.auth import lifecycle, signed_notice

LONGEST_TEXT: Final = 255


@require_POST
@lifecycle
def installed(request: HttpRequest, call: LifecycleCall) -> HttpResponse:
    """Take in an installation; Jira calls it off unless the answer is 200 or 204."""
    body = _body(request)
    _match(body, call.client_key)
    payload = InstallPayload(
        client_key=call.client_key,
        base_url=_text(body, "baseUrl"),
        shared_secret=_text(body, "sharedSecret"),
    )
    tenants.install(payload, signed_at=call.signed_at, now=timezone.now())
    return HttpResponse(status=204)


@require_POST
@lifecycle
def uninstalled(request: HttpRequest, call: LifecycleCall) -> HttpResponse:
    """Take note that a site has removed us."""
    _match(_body(request), call.client_key)
    tenants.uninstall(call.client_key, signed_at=call.signed_at, now=timezone.now())
    return HttpResponse(status=204)


@require_POST
@signed_notice
def enabled(request: HttpRequest, notifier: Notifier) -> HttpResponse:
    """Take note that a site has switched us on."""
    _match(_body(request), notifier.client_key)
    tenants.enable(notifier.site_id, now=timezone.now())
    return HttpResponse(status=204)


@require_POST
@signed_notice
def disabled(request: HttpRequest, notifier: Notifier) -> HttpResponse:
    """Take note that a site has switched us off."""
    _match(_body(request), notifier.client_key)
    tenants.disable(notifier.site_id, now=timezone.now())
    return HttpResponse(status=204)


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise MalformedDelivery("it is not JSON") from None
    if not isinstance(body, dict):
        raise MalformedDelivery("it is not an object")
    if body.get("key") != settings.BACKBONE_APP_KEY:
        raise MalformedDelivery("it is about another app")
    return body


def _match(body: dict[str, Any], client_key: str) -> None:
    if body.get("clientKey") != client_key:
        raise NotAuthenticated("client_key")


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT or not value.isprintable():
        raise MalformedDelivery(f"{name} is missing or no text")
    return value
