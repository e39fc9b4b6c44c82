"""How large a body may be and how often anybody may call, asked before anything else is.

A view states its largest body; what is larger is refused by what the request says of
itself, before it is authenticated or read. A body that is packed is refused too: how
large it really is shows only when it is unpacked, and Jira packs none.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from backbone_app.errors import BackboneError, MalformedDelivery, TooLarge
from backbone_app.web import rates
from backbone_app.web.auth import Credential, Statement
from backbone_app.web.errors import answered


class RequestLimits:
    """Middleware: 413 for what is too large, 429 for who calls too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; ``process_view`` knows what it is for."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Refuse what the view's statement does not allow; None lets it pass."""
        stated: Statement = view.statement  # type: ignore[attr-defined]  # every view has one, a test sees to it
        try:
            _check_size(request, most=stated.largest_body)
            if stated.credential is Credential.PUBLIC and stated.is_counted:
                rates.admit_address(request)
        except BackboneError as refused:
            return answered(request, refused)
        return None


def _check_size(request: HttpRequest, *, most: int) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        raise MalformedDelivery("its length is no number")
    packed = request.headers.get("Content-Encoding", "identity").strip().lower() != "identity"
    if packed or len(length) > 18 or int(length) > most:
        raise TooLarge
