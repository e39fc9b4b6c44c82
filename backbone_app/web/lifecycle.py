"""What Jira tells us about our own installation.

``installed`` and ``uninstalled`` are signed by Atlassian, ``enabled`` and
``disabled`` by the site. No signature covers the body, so the client key in it
must be the one that was signed for; nothing else in it identifies anybody.
"""

import re
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from backbone_app.errors import MalformedDelivery, NotAuthenticated
from backbone_app.services import tenants
from backbone_app.services.tenants import InstallPayload, LifecycleCall, Notifier
from backbone_app.web.auth import lifecycle, signed_notice
from backbone_app.web.bodies import json_object

LONGEST_TEXT: Final = 255
SHORTEST_SECRET: Final = 32
"""Bytes: RFC 7518 §3.2 demands a key of at least 256 bits for HS256; Atlassian's are longer by far."""

_CLOUD_ID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INSTALLATION: Final = re.compile(r"ari:cloud:ecosystem::installation/[A-Za-z0-9-]{1,64}")
_DISPLAY_URL: Final = re.compile(
    r"https://(?=[A-Za-z0-9.-]{4,240}/?$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}/?",
    re.ASCII,
)
"""An address of a browser's: https, a host name, and nothing that would say more in a policy."""


@require_POST
@lifecycle
def installed(request: HttpRequest, call: LifecycleCall) -> HttpResponse:
    """Take in an installation; Jira calls it off unless the answer is 200 or 204."""
    body = _body(request)
    _match(body, call.client_key)
    payload = InstallPayload(
        client_key=call.client_key,
        base_url=_text(body, "baseUrl"),
        shared_secret=_secret(body),
        cloud_id=_formed(body, "cloudId", _CLOUD_ID),
        installation=_formed(body, "installationId", _INSTALLATION),
        display_url=_formed(body, "displayUrl", _DISPLAY_URL).removesuffix("/").lower(),
    )
    digest = call.digest(request.body)
    tenants.install(payload, signed_at=call.signed_at, digest=digest, now=timezone.now())
    return HttpResponse(status=204)


@require_POST
@lifecycle
def uninstalled(request: HttpRequest, call: LifecycleCall) -> HttpResponse:
    """Take note that a site has removed us."""
    _match(_body(request), call.client_key)
    digest = call.digest(request.body)
    tenants.uninstall(call.client_key, signed_at=call.signed_at, digest=digest, now=timezone.now())
    return HttpResponse(status=204)


@require_POST
@signed_notice
def enabled(request: HttpRequest, notifier: Notifier) -> HttpResponse:
    """Take note that a site has switched us on."""
    _match(_body(request), notifier.client_key)
    tenants.enable(notifier, now=timezone.now())
    return HttpResponse(status=204)


@require_POST
@signed_notice
def disabled(request: HttpRequest, notifier: Notifier) -> HttpResponse:
    """Take note that a site has switched us off."""
    _match(_body(request), notifier.client_key)
    tenants.disable(notifier, now=timezone.now())
    return HttpResponse(status=204)


def _body(request: HttpRequest) -> dict[str, Any]:
    body = json_object(request)
    if body.get("key") != settings.BACKBONE_APP_KEY:
        raise MalformedDelivery("it is about another app")
    return body


def _match(body: dict[str, Any], client_key: str) -> None:
    if body.get("clientKey") != client_key:
        raise NotAuthenticated("client_key")


def _secret(body: dict[str, Any]) -> str:
    """Give the secret, empty where Jira gave none; one that could be guessed is refused."""
    if body.get("sharedSecret") in (None, ""):
        return ""
    secret = _text(body, "sharedSecret")
    if len(secret.encode()) < SHORTEST_SECRET:
        raise MalformedDelivery("sharedSecret is shorter than 32 bytes")
    return secret


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT or not value.isprintable():
        raise MalformedDelivery(f"{name} is missing or no text")
    return value


def _formed(body: dict[str, Any], name: str, form: re.Pattern[str]) -> str:
    """Give what we can do without, empty where it does not have its form."""
    value = body.get(name)
    return value if isinstance(value, str) and form.fullmatch(value) else ""
