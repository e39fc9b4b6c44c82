"""What we put in the place of Django REST framework's defaults: our token, and JSON only."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from backbone_app.errors import MalformedDelivery
from backbone_app.web import auth


class OwnPage(BaseAuthentication):
    """Take the token of our own pages, as they do themselves."""

    def authenticate(self, request: Request) -> tuple[Any, None]:
        """Prove the caller; raises NotAuthenticated."""
        return auth.api_caller(_plain(request)), None


class JsonOnly(BaseContentNegotiation):
    """Answer JSON whatever was asked for, and read it whatever it is called."""

    def select_parser(self, request: Request, parsers: Any) -> BaseParser:  # noqa: ARG002 - DRF's signature
        """Give the one parser there is."""
        parser: BaseParser = parsers[0]
        return parser

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002 - DRF's signature
        renderers: Any,
        format_suffix: str | None = None,  # noqa: ARG002 - DRF's signature
    ) -> tuple[BaseRenderer, str]:
        """Give the one renderer there is."""
        return renderers[0], renderers[0].media_type


class StrictJson(BaseParser):
    """Read a JSON object; deep nesting, NaN and broken UTF-8 are no JSON here."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - DRF's signature
    ) -> Mapping[str, Any]:
        """Read the body; raises MalformedDelivery."""
        try:
            entered = orjson.loads(stream.read() or b"{}")
        except orjson.JSONDecodeError:
            raise MalformedDelivery("it is not JSON") from None
        if not isinstance(entered, dict):
            raise MalformedDelivery("it is not an object")
        return entered


def _plain(request: Request) -> HttpRequest:
    plain: HttpRequest = request._request  # noqa: SLF001 - DRF has no public name for it
    return plain
