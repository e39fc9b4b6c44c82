"""Atlassian's own hosts beside the sites: public keys, the authorization server, the personal data API.

In process they have their own names; served on sockets they are paths on each site's port.
"""

from collections.abc import Callable

from jira_sandbox.connect import authorization, reporting, tokens
from jira_sandbox.forge import keys as forge_keys
from jira_sandbox.wire import ConnectionLost, Refusal, Request, Response
from jira_sandbox.world import World

KEYS, AUTH, API, FORGE = "/_keys/", "/_auth/", "/_api/", "/_forge/"
KEY_HOSTS = frozenset({"connect-install-keys.atlassian.com", "asap-distribution.us-west-2.prod.atl-asap.net"})
"""Where Atlassian publishes the keys of ``installed``; here they give the world's key."""
_HANDLERS: dict[str, tuple[str, str, Callable[[World, Request], Response]]] = {
    authorization.HOST: ("POST", authorization.PATH, authorization.token),
    reporting.HOST: ("POST", reporting.PATH, reporting.at_host),
    forge_keys.HOST: ("GET", forge_keys.PATH, forge_keys.published),
}
"""The one operation each of the other hosts has, and who answers there."""


def knows(host: str) -> bool:
    """Whether the host is one of those played here."""
    return host in KEY_HOSTS or host in _HANDLERS


def answer(world: World, host: str, path: str, request: Request) -> Response:
    """Answer as ``host``, one of those played here, does at ``path``; ConnectionLost when it is down."""
    if host in KEY_HOSTS:
        return _public_key(world, path)
    method, known, handler = _HANDLERS[host]
    if path.rstrip("/") != known.rstrip("/"):
        return Refusal(404, "Not found.").answer()
    return (
        handler(world, request) if request.method == method else Refusal(405, "Method Not Allowed").answer()
    )


def at_site(world: World, request: Request) -> Response | None:
    """Answer for the host whose paths a site's port serves too; None for any other path."""
    prefixes = {KEYS: min(KEY_HOSTS), AUTH: authorization.HOST, API: reporting.HOST, FORGE: forge_keys.HOST}
    for prefix, host in prefixes.items():
        if request.path.startswith(prefix):
            return answer(world, host, request.path.removeprefix(prefix.rstrip("/")), request)
    return None


def _public_key(world: World, path: str) -> Response:
    """Give the key that checks ``installed`` and ``uninstalled``, in PEM; 404 for any other ``kid``."""
    if world.key_hosts_down:
        raise ConnectionLost("the key hosts are down")
    if path.removeprefix("/") != world.kid:
        return Response(404, {"Content-Type": "text/plain"}, b"not found")
    return Response(200, {"Content-Type": "application/x-pem-file"}, tokens.public_key_pem())
