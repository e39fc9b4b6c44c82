"""OAuth 2.0 (3LO) for Cloud sites: https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from backbone_app.errors import RemoteUnreachable
from backbone_app.jira import items
from backbone_app.jira.client import JiraClient, segment
from backbone_app.jira.egress import Door
from backbone_app.jira.oauth.asking import Application, Tokens, tokens

AUDIENCE: Final = "api.atlassian.com"
ACTING: Final = frozenset({"read:jira-work", "write:jira-work", "read:jira-user", "manage:jira-webhook"})
"""The least that our calls there need: all of it is asked for, and a grant that lacks any of it is none."""
SCOPES: Final = ACTING | {"offline_access"}
"""What is asked for: with the last one the tokens can be refreshed."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A site that somebody let us into; ``scopes`` are those of the grant."""

    cloud_id: str
    url: str
    name: str
    scopes: frozenset[str]


def authorize_url(auth: str, application: Application, *, scopes: Collection[str], state: str) -> str:
    """Give the address at which somebody signs in, chooses a site and lets us in; ``auth`` is the server's.

    With ``offline_access`` among the scopes the tokens can be refreshed.
    """
    asked = {
        "audience": AUDIENCE,
        "client_id": application.client_id,
        "scope": " ".join(sorted(scopes)),
        "redirect_uri": application.redirect_uri,
        "state": state,
        "response_type": "code",
        "prompt": "consent",
    }
    return f"{auth}/authorize?{urlencode(asked)}"


def exchange(door: Door, auth: str, application: Application, *, code: str) -> Tokens:
    """Give the code for tokens. Raises what ``asking.tokens`` raises."""
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": application.redirect_uri}
    return tokens(door, f"{auth}/oauth/token", _named(application) | asked)


def refresh(door: Door, auth: str, application: Application, *, refresh_token: str) -> Tokens:
    """Get new tokens, the refresh token among them: it rotates. Raises what ``asking.tokens`` raises.

    OutcomeUnknown is no loss within ten minutes: so long the old refresh token gets new ones once more.
    """
    asked = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return tokens(door, f"{auth}/oauth/token", _named(application) | asked)


def resources(client: JiraClient) -> tuple[Resource, ...]:
    """List the sites that a token lets us into; ``client`` speaks to the API's host. Raises its errors."""
    listed = client.call("GET", "/oauth/token/accessible-resources")
    if not isinstance(listed, list):
        raise RemoteUnreachable(client.site)
    return tuple(_resource(items.mapping(one)) for one in listed)


def base_url(api: str, cloud_id: str) -> str:
    """Give the address below which a site's REST API is reached with a token; ``api`` is the host's."""
    return f"{api}/ex/jira/{segment(cloud_id)}"


def _resource(said: Mapping[str, object]) -> Resource:
    scopes = said.get("scopes")
    return Resource(
        cloud_id=items.text(said.get("id"), longest=64),
        url=items.text(said.get("url"), longest=255).rstrip("/"),
        name=items.text(said.get("name"), longest=255),
        scopes=frozenset(map(str, scopes)) if isinstance(scopes, list) else frozenset(),
    )


def _named(application: Application) -> dict[str, str]:
    return {"client_id": application.client_id, "client_secret": application.client_secret}
