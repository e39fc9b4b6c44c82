"""REST API v2: the same state and routes as v3; rich text is wiki text, and links lead to v2."""

import json
from dataclasses import replace

from jira_sandbox.routing import Route
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Request, Response

V2, V3 = "/rest/api/2/", "/rest/api/3/"
LATEST = "/rest/api/latest/"
"""Another name of version 2; the Cloud's documentation is silent on it, clients in wide use call it."""
_LINKS = frozenset({"self", "nextPage", "autoCompleteUrl"})
_LINKS_BY_NAME = frozenset({"roles"})
_STORED = frozenset({"value", "properties"})
"""Where apps and people put what they like, which is nobody's to change."""


def twins(routes: tuple[Route, ...]) -> tuple[Route, ...]:
    """Make the routes of v2 out of those of v3."""
    return tuple(
        replace(each, template=each.template.replace(V3, V2)) for each in routes if V3 in each.template
    )


def spelt_out(request: Request) -> Request:
    """Let a request for the latest version ask for the one that is meant."""
    if not request.path.startswith(LATEST):
        return request
    return replace(request, path=request.path.replace(LATEST, V2, 1))


def in_version_2(response: Response) -> Response:
    """Let the links in an answer lead to v2; a picture is the same in both versions."""
    if not response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    body = json.dumps(told_in_version_2(response.json()), ensure_ascii=False, separators=(",", ":"))
    return replace(response, body=body.encode())


def told_in_version_2(content: Json) -> Json:
    """Let the links in ``content`` lead to v2; texts that look like links are left alone."""
    if isinstance(content, list):
        return [told_in_version_2(each) for each in content]
    if not isinstance(content, dict):
        return content
    return {name: _member_in_version_2(name, value) for name, value in content.items()}


def _member_in_version_2(name: str, value: Json) -> Json:
    if name in _STORED:
        return value
    if name in _LINKS and isinstance(value, str):
        return value.replace(V3, V2, 1)
    if name in _LINKS_BY_NAME and isinstance(value, dict):
        return {each: _member_in_version_2("self", link) for each, link in value.items()}
    return told_in_version_2(value)
