"""The body of a call from Jira or Forge: a JSON object, and nothing else."""

from typing import Any

import orjson
from django.http import HttpRequest

from backbone_app.errors import MalformedDelivery, NotJson


def json_object(request: HttpRequest) -> dict[str, Any]:
    """Read the body; raises NotJson for another content type, MalformedDelivery for what is no object."""
    if request.content_type != "application/json":
        raise NotJson
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise MalformedDelivery("it is not JSON") from None
    if not isinstance(body, dict):
        raise MalformedDelivery("it is not an object")
    return body
