"""Our description of ourselves, as Jira fetches it."""

import json
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from backbone_app.web.auth import public


@require_safe
@public
def descriptor(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Serve ``atlassian-connect.json`` with this installation's address and key."""
    return HttpResponse(_filled(), content_type="application/json")


@cache
def _filled() -> str:
    text = (settings.BASE_DIR / "atlassian-connect.json").read_text(encoding="utf-8")
    known = {"{{base_url}}": settings.BACKBONE_BASE_URL, "{{app_key}}": settings.BACKBONE_APP_KEY}
    for placeholder, value in known.items():
        text = text.replace(f'"{placeholder}"', json.dumps(value))
    return text
