"""The API's own description, the same for everybody; ``docs/openapi.json`` is a copy of it."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from backbone_app.web.auth import public


class OwnPageScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it has no types
    """Say that the token of our own pages travels in the header ``Authorization``."""

    target_class = "backbone_app.web.api.framework.OwnPage"
    name = "ownPage"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:  # noqa: ARG002 - its signature
        """Describe the header; OpenAPI has no scheme of the name JWT."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`JWT ` and a token of `AP.context.getToken()` in a page of this app.",
        }


@require_safe
@public
def schema(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Serve the OpenAPI document."""
    return HttpResponse(_rendered(), content_type="application/json")


@cache
def _rendered() -> bytes:
    described = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    rendered: bytes = OpenApiJsonRenderer().render(described, renderer_context={})
    return rendered
