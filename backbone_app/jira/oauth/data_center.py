"""Data Center's own OAuth 2.0 provider (since 8.22): application links > incoming.

https://confluence.atlassian.com/adminjiraserver/jira-oauth-2-0-provider-api-1115659070.html
"""

from typing import Final, Literal
from urllib.parse import urlencode

from backbone_app.jira.egress import Door
from backbone_app.jira.oauth.asking import FORM, Application, Tokens, tokens
from backbone_app.jira.oauth.pkce import METHOD, challenge

PROVIDER: Final = "/rest/oauth2/latest"
Scope = Literal["READ", "WRITE", "ADMIN"]


def authorize_url(base_url: str, application: Application, *, scope: Scope, state: str, verifier: str) -> str:
    """Give the address at which somebody signs in there and lets us in."""
    asked = {
        "client_id": application.client_id,
        "redirect_uri": application.redirect_uri,
        "response_type": "code",
        "state": state,
        "scope": scope,
        "code_challenge": challenge(verifier),
        "code_challenge_method": METHOD,
    }
    return f"{base_url}{PROVIDER}/authorize?{urlencode(asked)}"


def exchange(door: Door, base_url: str, application: Application, *, code: str, verifier: str) -> Tokens:
    """Give the code for tokens, within seconds of getting it. Raises what ``asking.tokens`` raises."""
    asked = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    return tokens(door, f"{base_url}{PROVIDER}/token", _named(application) | asked)


def refresh(door: Door, base_url: str, application: Application, *, refresh_token: str) -> Tokens:
    """Get new tokens; both old ones are dead from then on. Raises what ``asking.tokens`` raises.

    OutcomeUnknown: the link may be broken for good, since nobody can ask a second time.
    """
    asked = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return tokens(door, f"{base_url}{PROVIDER}/token", _named(application) | asked)


def revoke(door: Door, base_url: str, application: Application, *, token: str) -> None:
    """Have a token forgotten; it is no matter whether the site still knew it. Raises the door's errors."""
    asked = {
        "token": token,
        "client_id": application.client_id,
        "client_secret": application.client_secret,
    }
    door.send("POST", f"{base_url}{PROVIDER}/revoke", headers=FORM, body=urlencode(asked).encode())


def _named(application: Application) -> dict[str, str]:
    """Say who asks; the provider wants the redirect address for a refresh too."""
    return {
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "redirect_uri": application.redirect_uri,
    }
