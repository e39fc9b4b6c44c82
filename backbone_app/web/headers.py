"""The headers that every answer carries, so that no view can forget one.

Atlassian's security requirements ask for ``no-cache`` and ``no-store`` both, and
for a referrer policy; HSTS, the referrer policy and ``nosniff`` come from Django's
own middleware, which stands within this one so that its redirect to https has them too.
"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

FRAMED_BY: Final = "backbone.framed_by"
"""Key in ``request.META`` where the authenticated site's addresses stand; no client can set it."""

STANDS_ALONE: Final = "backbone.stands_alone"
"""Key in ``request.META`` that is there where a page is no part of another one, but whole by itself."""

OPENED_FROM_JIRA: Final = "backbone.opened_from_jira"
"""Key there that is there where one of our framed pages opens this one in a new window."""

_NOT_KEPT: Final = "no-cache, no-store"
_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?")


class SecurityHeaders:
    """Middleware: forbid caching, and let scripts, styles and frames come from named places only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request with the headers set, whatever the answer is."""
        response = self._get_response(request)
        response.setdefault("Cache-Control", _NOT_KEPT)  # a static file says itself how long it may be kept
        # A row that went bad must not become a directive of its own, or break the answer.
        known = [site for site in request.META.get(FRAMED_BY, ()) if _ORIGIN.fullmatch(site)]
        response["Content-Security-Policy"] = _policy(framed_by=" ".join(known) or "'none'")
        if OPENED_FROM_JIRA in request.META:
            # A window that a sandboxed frame opens may be as sandboxed as the frame; browsers show no page
            # there that wants to be apart from who opened it, and a form of ours leads on from it.
            response["Cross-Origin-Opener-Policy"] = "unsafe-none"
        return response


def origin(address: str) -> str:
    """Give the origin of an address, empty where it has none that may stand in a header."""
    parts = urlsplit(address)
    told = f"{parts.scheme}://{parts.netloc}"
    return told if _ORIGIN.fullmatch(told) else ""


def _policy(*, framed_by: str) -> str:
    all_js = urlsplit(settings.BACKBONE_ALL_JS_URL)
    atlassian = f"{all_js.scheme}://{all_js.netloc}"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {atlassian}",
            f"style-src 'self' {atlassian}",
            "img-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {framed_by}",
        )
    )
