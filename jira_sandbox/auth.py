"""Who is calling: a person by user name and password, or the installed app by its signed token."""

import base64
import binascii
import hmac
from dataclasses import dataclass
from typing import Literal

from jira_sandbox.connect import tokens
from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import Acting
from jira_sandbox.state.values import AppInstallation, User
from jira_sandbox.wire import Refusal, Request

REFUSED = "Client must be authenticated to access this resource."
LEEWAY = 3
"""Seconds a token may be past its end, or ahead of the site's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """An authenticated caller; ``scopes`` limits an app and is None for a person.

    ``oauth`` is the OAuth app through which the person calls, with scopes of another kind.
    """

    kind: Literal["app", "person"]
    user: User
    scopes: frozenset[str] | None = None
    oauth: Acting | None = None

    @property
    def is_app(self) -> bool:
        """Whether an app acts as itself, rather than as a person it impersonates."""
        return self.kind == "app" and self.user.account_type == "app"


STRANGER = Caller(
    kind="person",
    user=User(account_id="", name="", display_name="", email="", password=None),
)
"""Whoever calls without credentials: holds no permission and may use public routes only."""


def identify(site: Site, request: Request, now: float) -> Caller | None:
    """Find who calls a Cloud site, None when nobody is named; Refusal 401 when somebody is named wrongly."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    match scheme.lower():
        case "basic":
            return Caller(kind="person", user=by_password(site, credentials.strip()))
        case "jwt":
            app = _app(site, request, credentials.strip(), now)
            return Caller(kind="app", user=app.user, scopes=app.scopes)
        case "bearer":
            return _impersonating(site, credentials.strip(), now)
        case "":
            return None
        case _:
            raise Refusal(401, REFUSED)


def by_password(site: Site, credentials: str) -> User:
    """Find the person whose name and password these are, as basic authentication sends them; Refusal 401."""
    try:
        name, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
        user = site.user(name)
    except (binascii.Error, UnicodeDecodeError, LookupError):
        raise Refusal(401, REFUSED) from None
    if (
        user.password is None
        or not user.active
        or not hmac.compare_digest(user.password.encode(), password.encode())
    ):
        raise Refusal(401, REFUSED)
    return user


def _app(site: Site, request: Request, token: str, now: float) -> AppInstallation:
    app = site.installation
    if app is None:
        raise Refusal(401, "Could not find a tenant or an app for the given issuer.")
    try:
        claims = tokens.read_hs256(token, app.shared_secret)
    except tokens.BadToken as error:
        raise Refusal(401, f"JWT claim or signature is not valid: {error}.") from None
    fault = _fault(claims, app, request, now)
    if fault:
        raise Refusal(401, fault)
    if not app.enabled:
        raise Refusal(403, "The app is disabled on this site.")
    return app


def _impersonating(site: Site, token: str, now: float) -> Caller:
    """Let the app act as the person for whom it got the token, as long as both may be here."""
    granted, app = site.impersonations.get(token), site.installation
    if granted is None or app is None or granted.expires.timestamp() < now:
        raise Refusal(401, REFUSED)
    person = site.users[granted.account_id]
    if not person.active:
        raise Refusal(401, REFUSED)
    if not app.enabled:
        raise Refusal(403, "The app is disabled on this site.")
    return Caller(kind="app", user=person, scopes=granted.scopes & app.scopes)


def _fault(claims: tokens.Claims, app: AppInstallation, request: Request, now: float) -> str:
    expires, issued = claims.get("exp"), claims.get("iat")
    if claims.get("iss") != app.key:
        return "JWT issuer is not the app's key."
    if not isinstance(expires, int) or not isinstance(issued, int):
        return "JWT must carry iat and exp."
    if expires + LEEWAY < now:
        return "JWT has expired."
    if issued - LEEWAY > now:
        return "JWT is not valid yet."
    if claims.get("qsh") != tokens.query_string_hash(request.method, request.path, request.query):
        return "JWT query string hash does not match the request."
    return ""
