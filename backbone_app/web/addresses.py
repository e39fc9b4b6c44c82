"""Which requests are meant for us, told by their address alone, before anything looks at them."""

import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest
from django.http.request import split_domain_port, validate_host
from django.http.response import HttpResponseBase

_MASKED: Final = re.compile(
    r"%(?:2[5ef]|3b|5c|[01][0-9a-f]|7f)|[;\\\x00-\x1f\x7f]|//|/\.{1,2}(?:/|$)", re.IGNORECASE
)
"""What a proxy and we could read as different paths: dot segments, ``;``, masked slashes, control codes."""


class OwnAddresses:
    """Middleware: refuse a foreign host with 400, and a path that can be read in two ways with 404.

    Nothing here builds an address from the request, so a forged host gains nothing;
    but caches and proxies in front of us may be led astray by our answer to it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on what is addressed to us; raises DisallowedHost or Http404, which have pages of ours."""
        target = request.META.get("RAW_URI", request.path)
        if not target.startswith("/"):
            raise DisallowedHost("the request names a whole address")  # which would outdo the Host header
        request.get_host()
        _check_forwarded(request.headers.get("X-Forwarded-Host", ""))
        if _MASKED.search(target.partition("?")[0]):
            raise Http404("the path can be read in two ways")
        return self._get_response(request)


def _check_forwarded(hosts: str) -> None:
    """Refuse what a proxy is said to have been called, unless it is us; nobody here believes it anyway."""
    for host in filter(None, map(str.strip, hosts.split(","))):
        if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
            raise DisallowedHost("the forwarded host is not ours")
