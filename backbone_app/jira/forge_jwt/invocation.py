"""What a Forge Invocation Token says, once it is proven.

RS256 by one of Forge's keys, for our own app only: the audience is compared with
the app id from the settings, as the token's own ``app.id`` is whatever its sender
is. A token lives for about 25 seconds. https://developer.atlassian.com/platform/forge/remote/essentials/
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from backbone_app.errors import NotAuthenticated
from backbone_app.jira.connect_jwt.unverified import json_object, peek, word

ISSUER: Final = "forge/invocation-token"
ALGORITHM: Final = "RS256"
LEEWAY: Final = 10
LONGEST_LIFE: Final = 300
ENVIRONMENTS: Final = frozenset({"PRODUCTION", "STAGING", "DEVELOPMENT"})
_UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_INSTALLATION: Final = re.compile(rf"ari:cloud:ecosystem::installation/({_UUID})")
_API: Final = re.compile(r"https://api\.atlassian\.com/ex/jira/([A-Za-z0-9][A-Za-z0-9-]{0,63})")
_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,63}")

_SIGNATURES: Final = jwt.PyJWS()


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call of Forge's, proven: for which installation, on which site, by which version of the app.

    ``licence`` is a value of ``models.site.Licence``, empty where Forge says nothing (it only
    does so of a paid app in production). ``account`` is who caused it, None where nobody did.
    ``signed_at`` is by Forge's clock, in whole seconds.
    """

    installation: str
    cloud_id: str
    version: str
    environment: str
    licence: str
    account: str | None = field(repr=False)
    signed_at: datetime

    @property
    def number(self) -> str:
        """The installation's UUID alone, as the bodies of events name it."""
        return self.installation.rpartition("/")[2]


def key_id(token: str, *, app_id: str) -> str:
    """Read which key a token wants to be verified with, without believing it; raises NotAuthenticated.

    For a token that does not even claim to be for our app no key is worth a look.
    """
    seen = peek(token)
    if seen.algorithm != ALGORITHM:
        raise NotAuthenticated("algorithm")
    if seen.issuer != ISSUER:
        raise NotAuthenticated("issuer")
    _check_audience(seen.audience, app_id)
    if seen.key_id is None:
        raise NotAuthenticated("kid")
    return seen.key_id


def verify(token: str, *, key: RSAPublicKey, app_id: str, now: datetime) -> Invocation:
    """Verify a token that Forge signed for the app ``app_id``; raises NotAuthenticated.

    ``app_id`` is our own, from the settings; an empty one fits no token.
    """
    key_id(token, app_id=app_id)
    try:
        claims = json_object(_SIGNATURES.decode(token, key, algorithms=[ALGORITHM]))
    except jwt.PyJWTError:
        raise NotAuthenticated("signature") from None
    _check_audience(claims.get("aud"), app_id)
    issued = _check_times(claims, int(now.timestamp()))
    app, context = _part(claims, "app"), _part(claims, "context")
    return Invocation(
        installation=_matched(_INSTALLATION, app.get("installationId"), case="installation")[0],
        cloud_id=_cloud_id(app, context),
        version=_matched(_VERSION, app.get("appVersion"), case="claims")[0],
        environment=_environment(_part(app, "environment").get("type")),
        licence=_licence(app.get("license")),
        account=word(claims["principal"], case="claims") if claims.get("principal") else None,
        signed_at=datetime.fromtimestamp(issued, UTC),
    )


def _check_audience(value: object, app_id: str) -> None:
    audience = value if isinstance(value, list) else [value]
    if len(audience) != 1:
        raise NotAuthenticated("audience")
    if not hmac.compare_digest(word(audience[0], case="audience").encode(), app_id.encode()):
        raise NotAuthenticated("audience")


def _check_times(claims: Mapping[str, Any], now: int) -> int:
    """Give when it was signed; a token of tomorrow, of yesterday or for ever is refused."""
    issued, expires = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
    if expires < now - LEEWAY:
        raise NotAuthenticated("expired")
    if issued > now + LEEWAY or _seconds(claims.get("nbf", issued)) > now + LEEWAY:
        raise NotAuthenticated("not_yet")
    if not 0 <= expires - issued <= LONGEST_LIFE:
        raise NotAuthenticated("far_expiry")
    return issued


def _seconds(value: object) -> int:
    """Take whole seconds only: ``True``, ``1e9`` and ``"1"`` are somebody trying."""
    if type(value) is not int or value < 0:
        raise NotAuthenticated("claims")
    return value


def _part(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = claims.get(name, {})
    if not isinstance(value, dict):
        raise NotAuthenticated("claims")
    return value


def _matched(pattern: re.Pattern[str], value: object, *, case: str) -> re.Match[str]:
    found = pattern.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise NotAuthenticated(case)
    return found


def _cloud_id(app: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    """Give the site's cloud id; where the token says it twice, both have to say the same."""
    cloud_id = _matched(_API, app.get("apiBaseUrl"), case="cloud_id")[1]
    if context.get("cloudId", cloud_id) != cloud_id:
        raise NotAuthenticated("cloud_id")
    return cloud_id


def _environment(value: object) -> str:
    if not isinstance(value, str) or value not in ENVIRONMENTS:
        raise NotAuthenticated("environment")
    return value


def _licence(value: object) -> str:
    """Put Forge's words for a licence into ours; nothing is said of an app that costs nothing."""
    if value is None:
        return ""
    if not isinstance(value, dict) or not isinstance(value.get("isActive"), bool):
        raise NotAuthenticated("claims")
    if not value["isActive"]:
        return "none"
    return "evaluation" if value.get("isEvaluation") is True else "active"
