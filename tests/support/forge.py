"""Forge's calls to our app, put together piece by piece or made by the sandbox's Forge."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from backbone_app.models import Site
from jira_sandbox.connect import tokens
from jira_sandbox.forge import invoking
from jira_sandbox.forge.apps import ForgeApp
from tests.support.app import Jira, call_app
from tests.support.app import send as send_to_app
from tests.support.environment import APP, FORGE_APP
from tests.support.sandbox import VirtualClock

JWKS = "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json"
Deny = Callable[..., None]
"""Holds that a call with this token comes to nothing."""
ROUTES = ("/forge/installed", "/forge/upgraded", "/forge/scheduled")


def forge_app(*, version: str = "2.0.0", environment: str = "PRODUCTION") -> ForgeApp:
    """Our Forge app, as Forge knows it."""
    return ForgeApp(app_id=FORGE_APP, base_url=APP, version=version, environment=environment)


def fit_claims(jira: Jira, **changes: object) -> dict[str, Any]:
    """What a good token about the site's installation says, but for the changes; None leaves a claim out."""
    claims = {**invoking.claims(jira.world, jira.site, forge_app(), "installed"), **changes}
    return {name: value for name, value in claims.items() if value is not None}


def app_claims(jira: Jira, **changes: object) -> dict[str, Any]:
    """The same with changes to what it says in ``app``."""
    app = {**fit_claims(jira)["app"], **changes}
    return fit_claims(jira, app={name: value for name, value in app.items() if value is not None})


def fit(jira: Jira, claims: dict[str, Any] | None = None, *, kid: str = "") -> str:
    """A token signed with Forge's key."""
    return tokens.sign_invocation(claims or fit_claims(jira), kid=kid or jira.world.forge_kid)


def event_body(jira: Jira) -> dict[str, Any]:
    """What the body of an event says."""
    return dict(invoking.body(jira.site, forge_app(), "installed"))


def post_forge(path: str, token: str, body: object) -> HttpResponse:
    """POST as Forge does."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return call_app("POST", path, headers={"Authorization": f"Bearer {token}"}, body=sent)


def tell(jira: Jira, event: str, **changes: str) -> int | None:
    """Let the sandbox's Forge call us; the last status."""
    return invoking.tell(jira.world, jira.site, forge_app(**changes), event, send_to_app)


def about_to_join(jira: Jira) -> Callable[[], object]:
    """Forge told of an installation before anybody knew whose it is; the next call will find that out."""
    row = jira.row
    Site.objects.filter(pk=row.pk).update(cloud_id="", installation="")
    tell(jira, "installed")
    row.save(update_fields=["cloud_id", "installation"])
    return lambda: tell(jira, "installed")


def about_to_upgrade(jira: Jira, clock: VirtualClock) -> Callable[[], object]:
    """A new version is on its way to an installation that is joined."""
    tell(jira, "installed")
    clock.advance(seconds=1)
    return lambda: tell(jira, "upgraded", version="3.0.0")
