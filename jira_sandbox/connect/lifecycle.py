"""The calls that tell an app of its own life on a site, signed and ready to be sent.

``installed`` and ``uninstalled`` are signed RS256 with the key served under the world's ``kid``, the others
with the shared secret. Only ``installed`` carries that secret.
"""

import json
from typing import Literal

from jira_sandbox.connect import tokens
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, Json
from jira_sandbox.wire import OutgoingCall, Send
from jira_sandbox.world import World

Event = Literal["installed", "enabled", "disabled", "uninstalled"]
TOKEN_LIFE = 180


def tell(world: World, site: Site, app: AppInstallation, event: Event, send: Send) -> int | None:
    """Make one lifecycle call; the status, 204 where the descriptor wants no call, None for no answer."""
    call = lifecycle_call(world, site, app, event)
    if call is None:
        return 204
    try:
        return world.noted(send, event)(call)
    except OSError:
        return None


def lifecycle_call(world: World, site: Site, app: AppInstallation, event: Event) -> OutgoingCall | None:
    """Sign the call for ``event``; None where the descriptor names no address for it."""
    path = app.descriptor.get("lifecycle", {}).get(event)
    if not path:
        return None
    url = app.base_url + path
    issued = int(world.clock().timestamp())
    claims: tokens.Claims = {
        "iss": app.client_key,
        "iat": issued,
        "exp": issued + TOKEN_LIFE,
        "qsh": tokens.hash_for_url("POST", url, app.base_url),
    }
    if event in {"installed", "uninstalled"}:
        token = tokens.sign_rs256({**claims, "aud": [app.base_url]}, kid=world.kid)
    else:
        token = tokens.sign_hs256(claims, app.shared_secret)
    return OutgoingCall(
        site=site.name,
        method="POST",
        url=url,
        headers={"Authorization": f"JWT {token}", "Content-Type": "application/json"},
        body=json.dumps(_payload(site, app, event)).encode(),
    )


def _payload(site: Site, app: AppInstallation, event: Event) -> Json:
    payload = {
        "key": app.key,
        "clientKey": app.client_key,
        "cloudId": site.cloud_id,
        "publicKey": "",
        "serverVersion": "100000",
        "pluginsVersion": "1001.0.0-SNAPSHOT",
        "baseUrl": site.base_url,
        "displayUrl": site.base_url,
        "displayUrlServicedeskHelpCenter": site.base_url,
        "productType": "jira",
        "description": f"Atlassian Jira at {site.base_url}",
        "installationId": app.installation_id,
        "eventType": event,
    }
    if app.oauth_client_id:
        payload["oauthClientId"] = app.oauth_client_id
    if app.license:
        payload |= {
            "serviceEntitlementNumber": app.license.entitlement_number,
            "entitlementNumber": app.license.entitlement_number,
            "entitlementId": app.license.entitlement_id,
        }
    return payload | {"sharedSecret": app.shared_secret} if event == "installed" else payload
