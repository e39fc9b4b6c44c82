"""An app's descriptor: fetched, checked, and read for what Jira takes from it."""

import json
import re

from jira_sandbox.state.apps import Webhook
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Fetch, Refusal

_KEY = re.compile(r"[a-zA-Z0-9._-]{1,80}")
_SCOPES = frozenset(
    {"NONE", "READ", "WRITE", "DELETE", "PROJECT_ADMIN", "ADMIN", "ACT_AS_USER", "ACCESS_EMAIL_ADDRESSES"}
)


def fetched(url: str, fetch: Fetch) -> dict[str, Json]:
    """Fetch and check a descriptor; Refusal 400 says what is wrong with it."""
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


def scopes(descriptor: dict[str, Json]) -> frozenset[str]:
    """Give the scopes asked for, in whichever case; ``WRITE`` means ``READ`` as well."""
    asked = {str(scope).upper() for scope in descriptor.get("scopes", [])}
    return frozenset(asked | {"READ"} if "WRITE" in asked else asked)


def webhooks(modules: list[Json]) -> tuple[Webhook, ...]:
    """Read modules of the kind ``webhooks``."""
    return tuple(
        Webhook(
            event=module["event"],
            url=f"/{module['url'].removeprefix('/')}",
            filter=module.get("filter", ""),
            exclude_body=bool(module.get("excludeBody", False)),
            property_keys=tuple(module.get("propertyKeys", ())),
        )
        for module in modules
    )


def _fault(descriptor: Json) -> str:
    """Name the first thing wrong with a descriptor; empty when all is well."""
    if not isinstance(descriptor, dict):
        return "it must be an object"
    strange = sorted(scopes(descriptor) - _SCOPES)
    hooks = descriptor.get("modules", {}).get("webhooks", [])
    rules = (
        (_KEY.fullmatch(str(descriptor.get("key", ""))), "key must be up to 80 letters, digits, . _ or -"),
        (
            str(descriptor.get("baseUrl", "")).startswith(("https://", "http://")),
            "baseUrl must be an address",
        ),
        (
            descriptor.get("authentication", {}).get("type", "jwt").lower() == "jwt",
            "authentication must be of type jwt",
        ),
        (descriptor.get("lifecycle", {}).get("installed"), "the lifecycle must have an installed callback"),
        (not strange, f"there is no scope {''.join(strange[:1])}"),
        (all(map(_is_webhook, hooks)), "every webhook must have an event and a url"),
    )
    return next((fault for is_met, fault in rules if not is_met), "")


def _is_webhook(module: Json) -> bool:
    """Whether it names an event and an address within the app."""
    return (
        isinstance(module, dict)
        and bool(module.get("event"))
        and bool(module.get("url"))
        and "://" not in str(module["url"]).partition("?")[0]
    )
