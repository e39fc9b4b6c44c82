"""Calls of Forge to an app's remote: an event or a trigger, each with an invocation token (FIT).

A call without a success within five seconds is made again, up to four times, signed anew each time.
https://developer.atlassian.com/platform/forge/remote/essentials/
"""

import json

from jira_sandbox.connect import tokens
from jira_sandbox.forge.apps import ForgeApp
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json
from jira_sandbox.wire import OutgoingCall, Send
from jira_sandbox.world import World

ISSUER = "forge/invocation-token"
LIFE = 25
RETRIES = 4


def claims(world: World, site: Site, forge: ForgeApp, event: str) -> tokens.Claims:
    """Say what the token of a call about the site's installation says."""
    issued = int(world.clock().timestamp())
    app: dict[str, Json] = {
        "id": forge.app_id,
        "installationId": site.app.installation_id,
        "apiBaseUrl": f"https://api.atlassian.com/ex/jira/{site.cloud_id}",
        "appVersion": forge.version,
        "environment": {
            "type": forge.environment,
            "id": f"ari:cloud:ecosystem::environment/{forge.app_id[-36:]}",
        },
        "module": {"type": "core:endpoint", "key": event},
        "installation": {
            "id": site.app.installation_id,
            "contexts": [{"name": "jira", "cloudId": site.cloud_id}],
        },
    }
    licence = site.app.license
    if licence and forge.environment == "PRODUCTION":
        app["license"] = {
            "isActive": licence.active,
            "isEvaluation": licence.evaluation,
            "type": licence.type,
        }
    return {
        "iss": ISSUER,
        "aud": forge.app_id,
        "iat": issued,
        "exp": issued + LIFE,
        "app": app,
        "context": {"cloudId": site.cloud_id, "moduleKey": event},
    }


def invocation(world: World, site: Site, forge: ForgeApp, event: str) -> OutgoingCall:
    """Sign the call for ``installed``, ``upgraded`` or ``scheduled``; KeyError if it has no route."""
    token = tokens.sign_invocation(claims(world, site, forge, event), kid=world.forge_kid)
    return OutgoingCall(
        site=site.name,
        method="POST",
        url=forge.base_url + forge.routes[event],
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        body=json.dumps(body(site, forge, event)).encode(),
    )


def body(site: Site, forge: ForgeApp, event: str) -> Json:
    """Say what the body of a call says: of an event which installation it is about."""
    if event == "scheduled":
        return {"context": {"cloudId": site.cloud_id, "moduleKey": event}}
    return {
        "id": site.app.installation_id.rpartition("/")[2],
        "app": {"id": forge.app_id.rpartition("/")[2], "version": forge.version},
        "context": f"ari:cloud:jira::site/{site.cloud_id}",
    }


def tell(world: World, site: Site, forge: ForgeApp, event: str, send: Send) -> int | None:
    """Make a call until it succeeds, at most five times; the last status, None where no answer came."""
    status = None
    for _ in range(1 + RETRIES):
        try:
            status = world.noted(send, f"forge {event}")(invocation(world, site, forge, event))
        except OSError:
            status = None
        if status and status < 300:
            break
    return status
