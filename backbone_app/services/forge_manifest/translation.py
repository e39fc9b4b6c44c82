"""From our Connect descriptor to the manifest of the Forge app that wraps it: values in, values out.

Jira installs Forge apps only; a manifest carries a descriptor's modules under ``connectModules`` and needs,
beyond what the descriptor says, keys where Connect has none, and the endpoints that Forge itself calls.
https://developer.atlassian.com/platform/adopting-forge-from-connect/how-to-adopt/
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from backbone_app.errors import InvalidInput

REGIONS: Final = frozenset({"EU", "US", "AU", "DE", "SG", "CA", "IN", "KR", "JP", "GB", "CH"})
"""Where Atlassian lets customers keep their data, as a manifest names it."""

REMOTE: Final = "backbone"
"""The key of our servers in the manifest; Forge takes at most 23 characters."""

NOBODY: Final = "ari:cloud:ecosystem::app/00000000-0000-0000-0000-000000000000"
"""The id before `forge register`, which wants a manifest to write the real one into."""

RUNTIME: Final = "nodejs22.x"
"""Demanded of every manifest; nothing of ours runs there."""

FORGE_EVENTS: Final[Mapping[str, str]] = {
    "forge-installed": "avi:forge:installed:app",
    "forge-upgraded": "avi:forge:upgraded:app",
}
"""The events Forge tells us of, by the endpoint it calls: ``/forge/installed`` and ``/forge/upgraded``."""

SCHEDULED: Final = "forge-scheduled"
TOKEN_SCOPE: Final = "read:app-system-token"  # noqa: S105 - the name of a scope
"""Without it, and a scope of Jira's besides, endpoints with ``appSystemToken`` are sent no valid token."""

_APP_ID: Final = re.compile(r"ari:cloud:ecosystem::app/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PUBLIC: Final = re.compile(
    r"https://(?:[A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9-]*(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*"
)
_NO_KEY: Final = re.compile(r"[^A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class ForgeApp:
    """What the descriptor does not know: the operator's Forge app, our key and our addresses.

    ``key`` is the Connect key, which stays for ever; ``regions`` are addresses of servers of ours elsewhere
    by region, ``base_url`` is that of all others. InvalidInput names the part (``app_id``, ``region``,
    ``base_url``) that no manifest may hold.
    """

    id: str
    key: str
    base_url: str
    regions: Mapping[str, str]

    def __post_init__(self) -> None:
        if _APP_ID.fullmatch(self.id) is None:
            raise InvalidInput(
                "app_id",
                f"{self.id!r} is no id of a Forge app. Write it as `forge register` has shown it: "
                "ari:cloud:ecosystem::app/ and a UUID in lower case.",
            )
        _must_be_public("base_url", self.base_url)
        for region, address in self.regions.items():
            if region not in REGIONS:
                raise InvalidInput(
                    "region",
                    f"There is no region {region!r}. Write one of {', '.join(sorted(REGIONS))}; "
                    "all others are served by the base URL.",
                )
            _must_be_public("region", address)


def translate(descriptor: Mapping[str, Any], app: ForgeApp) -> dict[str, Any]:
    """Give the manifest for a descriptor, as the object that ``manifest.yml`` holds.

    Every module stays as it is, under the product's prefix; the descriptor's base URL and key do not count.
    """
    return {
        "app": {
            "id": app.id,
            "connect": {"key": app.key, "remote": REMOTE, "authentication": "jwt"},
            "runtime": {"name": RUNTIME},
            "licensing": {"enabled": descriptor["enableLicensing"]},
        },
        "remotes": [_remote(app)],
        "connectModules": _connect_modules(descriptor),
        "modules": _forge_modules(),
        "permissions": {"scopes": [*map(_scope, descriptor["scopes"]), TOKEN_SCOPE]},
    }


def _must_be_public(field: str, address: str) -> None:
    if _PUBLIC.fullmatch(address) is None:
        raise InvalidInput(
            field,
            f"Forge cannot call {address!r}. Write a public address such as https://backbone.example.com.",
        )


def _remote(app: ForgeApp) -> dict[str, Any]:
    """Describe our servers: they compute, and what they keep of a site includes its people's data."""
    address: str | dict[str, str] = app.base_url
    if app.regions:
        address = {"default": app.base_url, **dict(sorted(app.regions.items()))}
    return {
        "key": REMOTE,
        "baseUrl": address,
        "operations": ["compute", "storage"],
        "storage": {"inScopeEUD": True},
    }


def _connect_modules(descriptor: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {
        "lifecycle": [{"key": "lifecycle", **descriptor["lifecycle"]}]
    }
    for kind, modules in descriptor["modules"].items():
        found[kind] = modules if isinstance(modules, list) else [modules]
    found["webhooks"] = [{"key": _webhook_key(each), **each} for each in found.get("webhooks", [])]
    return {f"jira:{kind}": modules for kind, modules in found.items() if modules}


def _webhook_key(webhook: Mapping[str, Any]) -> str:
    """Make a key of the event: Forge knows a webhook by it, wherever in the list that stands."""
    return f"webhook-{_NO_KEY.sub('-', webhook['event'])}"


def _forge_modules() -> dict[str, Any]:
    endpoints = [*FORGE_EVENTS, SCHEDULED]
    return {
        "endpoint": [
            {
                "key": key,
                "remote": REMOTE,
                "route": {"path": f"/{key.replace('-', '/')}"},
                "auth": {"appSystemToken": {"enabled": True}},
            }
            for key in endpoints
        ],
        "trigger": [
            {"key": f"{key}-trigger", "events": [event], "endpoint": key}
            for key, event in FORGE_EVENTS.items()
        ],
        "scheduledTrigger": [{"key": f"{SCHEDULED}-trigger", "endpoint": SCHEDULED, "interval": "hour"}],
    }


def _scope(connect: str) -> str:
    """Name a scope of Connect's as Forge does: ``ACT_AS_USER`` is ``act-as-user:connect-jira``."""
    return f"{connect.lower().replace('_', '-')}:connect-jira"
