"""Atlassian's own hosts beside the sites: public keys, accounts and consent, the API gateway, personal data.

In process they have their own names; served on sockets they are paths on each site's port.
"""

from collections.abc import Callable
from dataclasses import replace

from jira_sandbox.connect import authorization, reporting, tokens
from jira_sandbox.forge import keys as forge_keys
from jira_sandbox.threelo import authorize, gateway
from jira_sandbox.threelo import tokens as login
from jira_sandbox.wire import ConnectionLost, Refusal, Request, Response
from jira_sandbox.world import World

KEYS, AUTH, API, FORGE, LOGIN = "/_keys/", "/_auth/", "/_api/", "/_forge/", "/_login/"
KEY_HOSTS = frozenset({"connect-install-keys.atlassian.com", "asap-distribution.us-west-2.prod.atl-asap.net"})
"""Where Atlassian publishes the keys of ``installed``; here they give the world's key."""
_Handler = Callable[[World, Request], Response]
_OPERATIONS: dict[str, dict[str, dict[str, _Handler]]] = {
    authorization.HOST: {authorization.PATH: {"POST": authorization.token}},
    gateway.HOST: {
        reporting.PATH: {"POST": reporting.at_host},
        gateway.RESOURCES: {"GET": gateway.resources},
    },
    forge_keys.HOST: {forge_keys.PATH: {"GET": forge_keys.published}},
    login.HOST: {
        authorize.PATH: {"GET": authorize.show, "POST": authorize.show},
        login.PATH: {"POST": login.answered},
    },
}
"""By host and path who answers which method; the gateway's way to the sites stands beside it."""
_PREFIXES = {
    KEYS: min(KEY_HOSTS),
    AUTH: authorization.HOST,
    API: gateway.HOST,
    FORGE: forge_keys.HOST,
    LOGIN: login.HOST,
}


def knows(host: str) -> bool:
    """Whether the host is one of those played here."""
    return host in KEY_HOSTS or host in _OPERATIONS


def answer(world: World, host: str, path: str, request: Request, rest: gateway.Rest) -> Response:
    """Answer as ``host``, one of those played here, does at ``path``; ConnectionLost when it is down.

    ``rest`` answers what the gateway lets through to a site.
    """
    if host in KEY_HOSTS:
        return _public_key(world, path)
    if host == gateway.HOST and path.startswith(gateway.PREFIX):
        return gateway.through(world, replace(request, path=path), rest)
    methods = {known.rstrip("/"): each for known, each in _OPERATIONS[host].items()}.get(path.rstrip("/"))
    if methods is None:
        return Refusal(404, "Not found.").answer()
    handler = methods.get(request.method)
    return handler(world, request) if handler else Refusal(405, "Method Not Allowed").answer()


def at_site(world: World, request: Request, rest: gateway.Rest) -> Response | None:
    """Answer for the host whose paths a site's port serves too; None for any other path."""
    for prefix, host in _PREFIXES.items():
        if request.path.startswith(prefix):
            return answer(world, host, request.path.removeprefix(prefix.rstrip("/")), request, rest)
    return None


def _public_key(world: World, path: str) -> Response:
    """Give the key that checks ``installed`` and ``uninstalled``, in PEM; 404 for any other ``kid``."""
    if world.key_hosts_down:
        raise ConnectionLost("the key hosts are down")
    if path.removeprefix("/") != world.kid:
        return Response(404, {"Content-Type": "text/plain"}, b"not found")
    return Response(200, {"Content-Type": "application/x-pem-file"}, tokens.public_key_pem())
