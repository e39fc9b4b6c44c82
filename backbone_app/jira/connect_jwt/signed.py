"""Signing our calls, verifying Jira's.

The algorithm is always the caller's, never the token's. Times are whole seconds;
a clock may be 30 seconds off. Every refusal is a ``NotAuthenticated`` whose
``case`` is for counters only.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NoReturn

import jwt

from backbone_app.errors import NotAuthenticated
from backbone_app.jira.connect_jwt.qsh import CONTEXT_QSH, query_hash
from backbone_app.jira.connect_jwt.unverified import json_object, parts, peek, word

LIFETIME: Final = 180
LEEWAY: Final = 30
FARTHEST_EXPIRY: Final = 24 * 3600
NOBODYS_SECRET: Final = "no site has this secret; it only makes the arithmetic the same"  # noqa: S105 - not a secret

_SIGNATURES: Final = jwt.PyJWS()


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says; ``account`` is absent when no user was involved."""

    issuer: str
    account: str | None
    audience: tuple[str, ...]
    qsh: str
    issued_at: int
    expires_at: int
    context: Mapping[str, object] = field(repr=False)
    token_id: str | None


def sign(
    *, app_key: str, secret: str, client_key: str, method: str, path: str, query: str, now: datetime
) -> str:
    """Make the token of one outgoing call; it goes out as ``Authorization: JWT <token>``.

    ``path`` is relative to the site's base address, ``query`` the raw query string as sent.
    """
    issued = int(now.timestamp())
    claims = {
        "iss": app_key,
        "aud": [client_key],
        "iat": issued,
        "exp": issued + LIFETIME,
        "qsh": query_hash(method, path, query),
    }
    return jwt.encode(claims, secret, algorithm="HS256")


def verify_shared(
    token: str, *, secrets: Sequence[str | None], now: datetime, qsh: str
) -> tuple[Claims, int]:
    """Verify a token that Jira signed with one of a site's secrets (HS256), and tell which: its place.

    ``qsh`` is the hash of the request as received, or ``CONTEXT_QSH`` where own pages call. Every
    place is tried whatever comes of the others, an empty one (None) with nobody's secret, which opens
    nothing: the time to answer tells neither how many secrets a site has nor which one was used.
    """
    _insist(token, "HS256")
    tried = [_opened(token, secret) for secret in secrets]
    place = next((place for place, opened in enumerate(tried) if opened is not None), None)
    if place is None:
        raise NotAuthenticated("signature")
    claims = _claims(json_object(tried[place] or b""))
    _check_times(claims, int(now.timestamp()))
    _check_hash(claims, qsh)
    return claims, place


def verify_install(token: str, *, public_key_pem: str, now: datetime, audience: str, qsh: str) -> Claims:
    """Verify a lifecycle token that Atlassian signed for us (RS256).

    ``audience`` is our own base address from the settings, never from the request.
    """
    _insist(token, "RS256")
    try:
        payload = _SIGNATURES.decode(token, public_key_pem, algorithms=["RS256"])
    except jwt.PyJWTError:
        raise NotAuthenticated("signature") from None
    claims = _claims(json_object(payload))
    _check_times(claims, int(now.timestamp()))
    if not claims.audience or claims.audience[0].removesuffix("/") != audience.removesuffix("/"):
        raise NotAuthenticated("audience")
    if qsh == CONTEXT_QSH:
        raise NotAuthenticated("qsh")
    _check_hash(claims, qsh)
    return claims


def verify_bearer(token: str, *, secret: str, now: datetime) -> None:
    """Verify a token that Atlassian signed with the secret of our OAuth app (HS256).

    Of what it says nothing is documented: its times count where they stand there.
    https://developer.atlassian.com/cloud/jira/platform/webhooks/#webhooks-authentication-for-oauth-2-0-apps
    """
    header, said = parts(token)
    if header.get("alg") != "HS256":
        raise NotAuthenticated("algorithm")
    if _opened(token, secret or None) is None:
        raise NotAuthenticated("signature")
    begin, end = (_seconds(said[name]) if name in said else None for name in ("iat", "exp"))
    _check_span(begin, end, int(now.timestamp()))


def dummy_verify(token: str, *, places: int = 1) -> NoReturn:
    """Refuse the token of an unknown site at the cost of a bad signature, with so many secrets to try.

    Without it, the time to answer would tell which sites have us installed.
    """
    try:
        _insist(token, "HS256")
        for _ in range(places):
            _opened(token, None)
    except NotAuthenticated:
        raise NotAuthenticated("unknown_site") from None
    raise NotAuthenticated("unknown_site")


def _insist(token: str, algorithm: str) -> None:
    if peek(token).algorithm != algorithm:
        raise NotAuthenticated("algorithm")


def _opened(token: str, secret: str | None) -> bytes | None:
    """Give what one secret opens; None where it did not sign this, or is nobody's."""
    try:
        payload: bytes = _SIGNATURES.decode(token, secret or NOBODYS_SECRET, algorithms=["HS256"])
    except jwt.PyJWTError:
        return None
    return payload if secret else None  # anybody can sign with nobody's secret


def _claims(payload: Mapping[str, Any]) -> Claims:
    subject, token_id, context = payload.get("sub"), payload.get("jti"), payload.get("context", {})
    if not isinstance(context, dict):
        raise NotAuthenticated("claims")
    return Claims(
        issuer=word(payload.get("iss"), case="issuer"),
        account=None if subject is None else word(subject, case="claims"),
        audience=_audience(payload.get("aud", [])),
        qsh=word(payload.get("qsh"), case="qsh"),
        issued_at=_seconds(payload.get("iat")),
        expires_at=_seconds(payload.get("exp")),
        context=context,
        token_id=None if token_id is None else word(token_id, case="claims"),
    )


def _audience(value: object) -> tuple[str, ...]:
    audience = value if isinstance(value, list) else [value]
    return tuple(word(one, case="audience") for one in audience)


def _seconds(value: object) -> int:
    """Take whole seconds only: ``True``, ``1e9`` and ``"1"`` are somebody trying."""
    if type(value) is not int or value < 0:
        raise NotAuthenticated("claims")
    return value


def _check_times(claims: Claims, now: int) -> None:
    _check_span(claims.issued_at, claims.expires_at, now)


def _check_span(begin: int | None, end: int | None, now: int) -> None:
    if end is not None and end < now - LEEWAY:
        raise NotAuthenticated("expired")
    if end is not None and end > now + FARTHEST_EXPIRY:
        raise NotAuthenticated("far_expiry")
    if begin is not None and begin > now + LEEWAY:
        raise NotAuthenticated("not_yet")


def _check_hash(claims: Claims, qsh: str) -> None:
    if not hmac.compare_digest(claims.qsh.encode(), qsh.encode()):
        raise NotAuthenticated("qsh")
