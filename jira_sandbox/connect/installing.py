"""An app's life on a site: installed, enabled, disabled, uninstalled, and the calls that tell the app.

``installed`` must be answered with 200 or 204 or nothing is installed; the other calls are notices. It and
``uninstalled`` are signed RS256 with the key served under the world's ``kid``, the others with the secret.
"""

import json
import re
from typing import Literal

from jira_sandbox.connect import tokens
from jira_sandbox.state.permissions import EVERYDAY, OF_EVERYBODY, TRUSTED
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, Json, User, Webhook
from jira_sandbox.wire import Fetch, OutgoingCall, Refusal, Send
from jira_sandbox.world import World

Event = Literal["installed", "enabled", "disabled", "uninstalled"]
TOKEN_LIFE = 180
_KEY = re.compile(r"[a-zA-Z0-9._-]{1,80}")
_SCOPES = frozenset(
    {"NONE", "READ", "WRITE", "DELETE", "PROJECT_ADMIN", "ADMIN", "ACT_AS_USER", "ACCESS_EMAIL_ADDRESSES"}
)


def install(world: World, site: Site, descriptor_url: str, *, fetch: Fetch, send: Send) -> AppInstallation:
    """Install the app, or install it anew with a new secret; Refusal 400 if descriptor or answer forbid it.

    The client key and the app's account stay the same on a site for ever. A failed attempt leaves what was.
    """
    descriptor = _fetched(descriptor_url, fetch)
    with world.lock:
        key = str(descriptor["key"])
        app = AppInstallation(
            key=key,
            name=str(descriptor.get("name") or key),
            base_url=str(descriptor["baseUrl"]).rstrip("/"),
            client_key=site.client_keys.setdefault(key, world.uuid("client keys")),
            shared_secret=_secret(world),
            user=_account(world, site, key, str(descriptor.get("name") or key)),
            descriptor=descriptor,
            scopes=_scopes(descriptor),
            webhooks=_webhooks(descriptor),
            installation_id=f"ari:cloud:ecosystem::installation/{world.uuid('installations')}",
        )
    status = tell(world, site, app, "installed", send)
    if status not in {200, 204}:
        raise Refusal(400, f"The app host answered the installation with {status or 'nothing'}.")
    with world.lock:
        site.installation = app
        for space in site.spaces.values():
            site.grant(app.user, *EVERYDAY, *OF_EVERYBODY, *TRUSTED, space=space)
        site.admit(app.user)
    tell(world, site, app, "enabled", send)
    return app


def uninstall(world: World, site: Site, *, send: Send) -> None:
    """Take the app away and tell it; its account and what it wrote stay. LookupError if there is none."""
    with world.lock:
        app = site.app
        site.installation = None
        for space in site.spaces.values():
            site.revoke(app.user, *EVERYDAY, *OF_EVERYBODY, *TRUSTED, space=space)
        site.expel(app.user)
        world.outbox[:] = [each for each in world.outbox if each.site != site.name]
    tell(world, site, app, "uninstalled", send)


def enable(world: World, site: Site, *, send: Send) -> None:
    """Let the app work again and tell it."""
    site.app.enabled = True
    tell(world, site, site.app, "enabled", send)


def disable(world: World, site: Site, *, send: Send) -> None:
    """Keep the app from working, which stops its webhooks too, and tell it."""
    site.app.enabled = False
    tell(world, site, site.app, "disabled", send)


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
    return payload | {"sharedSecret": app.shared_secret} if event == "installed" else payload


def _fetched(url: str, fetch: Fetch) -> dict[str, Json]:
    try:
        descriptor = json.loads(fetch(url))
    except OSError:
        raise Refusal(400, "The app host did not give the descriptor.") from None
    except ValueError:
        raise Refusal(400, "The descriptor is not JSON.") from None
    fault = _fault(descriptor)
    if fault:
        raise Refusal(400, f"The descriptor is not valid: {fault}.")
    return dict(descriptor)


def _fault(descriptor: Json) -> str:
    """Name the first thing wrong with a descriptor; empty when all is well."""
    if not isinstance(descriptor, dict):
        return "it must be an object"
    strange = sorted(set(descriptor.get("scopes", [])) - _SCOPES)
    webhooks = descriptor.get("modules", {}).get("webhooks", [])
    rules = (
        (_KEY.fullmatch(str(descriptor.get("key", ""))), "key must be up to 80 letters, digits, . _ or -"),
        (
            str(descriptor.get("baseUrl", "")).startswith(("https://", "http://")),
            "baseUrl must be an address",
        ),
        (descriptor.get("authentication", {}).get("type") == "jwt", "authentication must be of type jwt"),
        (descriptor.get("lifecycle", {}).get("installed"), "the lifecycle must have an installed callback"),
        (not strange, f"there is no scope {''.join(strange[:1])}"),
        (all(map(_is_webhook, webhooks)), "every webhook must have an event and a url"),
    )
    return next((fault for is_met, fault in rules if not is_met), "")


def _is_webhook(module: Json) -> bool:
    return (
        isinstance(module, dict) and bool(module.get("event")) and str(module.get("url", "")).startswith("/")
    )


def _scopes(descriptor: dict[str, Json]) -> frozenset[str]:
    asked = {str(scope) for scope in descriptor.get("scopes", [])}
    return frozenset(asked | {"READ"} if "WRITE" in asked else asked)


def _webhooks(descriptor: dict[str, Json]) -> tuple[Webhook, ...]:
    return tuple(
        Webhook(
            event=module["event"],
            url=module["url"],
            filter=module.get("filter", ""),
            exclude_body=bool(module.get("excludeBody", False)),
            property_keys=tuple(module.get("propertyKeys", ())),
        )
        for module in descriptor.get("modules", {}).get("webhooks", [])
    )


def _secret(world: World) -> str:
    return f"ATCO{world.chance('secrets').getrandbits(400):0100x}"


def _account(world: World, site: Site, key: str, name: str) -> User:
    if key not in site.app_users:
        account_id = f"557058:{world.uuid('accounts')}"
        site.app_users[key] = User(
            account_id=account_id,
            name=f"addon_{key}",
            display_name=name,
            email=f"{account_id.partition(':')[2]}@connect.example.com",
            password=None,
            account_type="app",
        )
        site.users[account_id] = site.app_users[key]
    return site.app_users[key]
