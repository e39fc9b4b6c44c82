"""The host where Forge publishes the keys of its invocation tokens."""

from jira_sandbox.connect import tokens
from jira_sandbox.wire import ConnectionLost, Request, Response, answer
from jira_sandbox.world import World

HOST = "forge.cdn.prod.atlassian-dev.net"
PATH = "/.well-known/jwks.json"


def published(world: World, _request: Request) -> Response:
    """Give the JSON Web Key Set; ConnectionLost while the hosts of keys are down."""
    if world.key_hosts_down:
        raise ConnectionLost("the key hosts are down")
    return answer(200, {"keys": [tokens.invocation_key(world.forge_kid)]})
