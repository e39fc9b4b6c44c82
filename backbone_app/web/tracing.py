"""Which lines of the log belong to one request: each is given an id of its own."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from backbone_app import logs


class RequestIds:
    """Middleware: bind a ``request_id`` to all that is logged; what a client sends as one is not believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; whatever is bound while it lasts, the site for one, ends with it."""
        with logs.about(request_id=secrets.token_hex(8)):
            return self._get_response(request)
