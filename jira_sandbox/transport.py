"""The sandbox inside a test: every request made with ``requests`` reaches a site without a socket."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from jira_sandbox.front import Front, Request, Response, public_key
from jira_sandbox.wire import ConnectionLost
from jira_sandbox.world import World

KEY_HOSTS = frozenset({"connect-install-keys.atlassian.com", "asap-distribution.us-west-2.prod.atl-asap.net"})
"""Where Atlassian publishes the keys of ``installed``; here they give the world's key."""


@contextmanager
def mounted(world: World) -> Iterator[Front]:
    """While it lasts, addresses of the world's sites and of the key hosts lead here, and all others nowhere.

    A real PreparedRequest goes in and a real Response comes out; a lost connection and an unknown host are
    ``requests.ConnectionError``. An adapter that overrides ``send`` must call the original to be caught.
    """
    front = Front(world)
    original = HTTPAdapter.send

    def send(adapter: HTTPAdapter, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        return adapter.build_response(request, _raw(_routed(front, request)))

    HTTPAdapter.send = send  # type: ignore[method-assign, assignment]
    try:
        yield front
    finally:
        HTTPAdapter.send = original  # type: ignore[method-assign]


def _routed(front: Front, prepared: requests.PreparedRequest) -> Response:
    target = urlsplit(prepared.url or "")
    if target.hostname in KEY_HOSTS:
        return public_key(front.world, target.path.removeprefix("/"))
    origin = f"{target.scheme}://{target.netloc}"
    for site in front.world.sites.values():
        if site.base_url == origin:
            try:
                return front.handle(site.name, _request(prepared))
            except ConnectionLost as lost:
                raise requests.ConnectionError(str(lost), request=prepared) from lost
    raise requests.ConnectionError(f"nobody answers at {origin}", request=prepared)


def _request(prepared: requests.PreparedRequest) -> Request:
    target = urlsplit(prepared.url or "")
    body = prepared.body or b""
    return Request(
        method=prepared.method or "GET",
        path=target.path or "/",
        query=parse_qsl(target.query, keep_blank_values=True),
        headers={name.lower(): _text(value) for name, value in prepared.headers.items()},
        body=body.encode() if isinstance(body, str) else body,
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _raw(response: Response) -> HTTPResponse:
    return HTTPResponse(
        body=io.BytesIO(response.body),
        headers=response.headers,
        status=response.status,
        preload_content=False,
    )
