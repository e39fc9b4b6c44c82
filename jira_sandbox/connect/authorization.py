"""Atlassian's authorization server: an app with ACT_AS_USER gets tokens that act as a person.

It is ``oauth-2-authorization-server.services.atlassian.com``, asked with an assertion signed with the shared
secret. https://developer.atlassian.com/cloud/jira/platform/user-impersonation-for-connect-apps/
"""

from datetime import timedelta
from urllib.parse import parse_qsl

from jira_sandbox.connect import tokens
from jira_sandbox.state.apps import Impersonation
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Request, Response, answer
from jira_sandbox.world import World

HOST = "oauth-2-authorization-server.services.atlassian.com"
AUDIENCE = f"https://{HOST}"
PATH = "/oauth2/token"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFE = timedelta(minutes=15)
LONGEST_ASSERTION = 120
_CLIENT = "urn:atlassian:connect:clientid:"
_PERSON = "urn:atlassian:connect:useraccountid:"


class _Refused(Exception):
    """Refused as OAuth refuses (RFC 6749, 5.2); the first argument is the error's code, then its words."""


def token(world: World, request: Request) -> Response:
    """Answer a token request: 200 with a token good for fifteen minutes, else 400 with OAuth's error."""
    form = dict(parse_qsl(request.body.decode(errors="replace")))
    try:
        with world.lock:
            granted = _granted(world, form)
    except _Refused as refused:
        code, words = refused.args
        return answer(400, {"error": code, "error_description": words}, objects=0)
    return answer(200, granted)


def _granted(world: World, form: dict[str, str]) -> Json:
    if form.get("grant_type") != GRANT:
        raise _Refused("unsupported_grant_type", "The grant type must be jwt-bearer.")
    site, claims = _asserted(world, form.get("assertion", ""))
    account_id = str(claims.get("sub", "")).removeprefix(_PERSON)
    person = site.users.get(account_id)
    fault = _fault(world, site, claims)
    if fault:
        raise _Refused("invalid_grant", fault)
    if person is None or not person.active or person.account_type != "atlassian":
        raise _Refused("invalid_grant", "The subject is not an active user of the site.")
    if "ACT_AS_USER" not in site.app.scopes:
        raise _Refused("unauthorized_client", "The app does not have the scope ACT_AS_USER.")
    scopes = _scopes(site, form.get("scope", ""))
    secret = f"{world.chance('access tokens').getrandbits(256):064x}"
    end = world.clock() + LIFE
    site.impersonations[secret] = Impersonation(account_id=account_id, scopes=scopes, expires=end)
    seconds = int(LIFE.total_seconds())
    return {
        "access_token": secret,
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": " ".join(sorted(scopes)),
    }


def _asserted(world: World, assertion: str) -> tuple[Site, tokens.Claims]:
    """Find whose assertion it is: the issuer names the client, whose secret must have signed it."""
    for site in world.sites.values():
        app = site.installation
        if app is None or not app.oauth_client_id:
            continue
        try:
            claims = tokens.read_hs256(assertion, app.shared_secret)
        except tokens.BadToken:
            continue
        if claims.get("iss") == _CLIENT + app.oauth_client_id:
            return site, claims
    raise _Refused("invalid_client", "The assertion is not signed by a known client.")


def _fault(world: World, site: Site, claims: tokens.Claims) -> str:
    now = world.clock().timestamp()
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or not isinstance(expires, int):
        return "The assertion must carry iat and exp."
    rules = (
        (claims.get("aud") == AUDIENCE, "The audience is not this authorization server."),
        (claims.get("tnt") == site.base_url, "The tenant is not the site of the client."),
        (expires - issued <= LONGEST_ASSERTION, f"An assertion lives {LONGEST_ASSERTION} seconds at most."),
        (issued - LONGEST_ASSERTION <= now <= expires, "The assertion has expired or is not valid yet."),
        (str(claims.get("sub", "")).startswith(_PERSON), "The subject must name a user account."),
    )
    return next((words for is_met, words in rules if not is_met), "")


def _scopes(site: Site, asked: str) -> frozenset[str]:
    """Give the scopes asked for, by default all; the one to act as a user is not passed on."""
    own = site.app.scopes - {"ACT_AS_USER"}
    wanted = frozenset(asked.upper().split()) or own
    if not wanted <= own:
        raise _Refused("invalid_scope", f"The app does not have {' '.join(sorted(wanted - own))}.")
    return wanted | {"READ"} if "WRITE" in wanted else wanted
