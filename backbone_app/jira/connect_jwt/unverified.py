"""Taking a token apart without believing it.

Strict, because everything here is read before a signature was checked: what two
parsers could read differently is refused, and so is every header that would let
a token bring its own key or its own rules.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any, Final, Never

from backbone_app.errors import NotAuthenticated

MAX_TOKEN: Final = 8192
MAX_CONTAINERS: Final = 64
FORBIDDEN_HEADERS: Final = frozenset({"crit", "b64", "zip", "jku", "x5u", "jwk", "x5c"})
COMPACT: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class Peek:
    """What a token says of itself before anything is verified: only good for choosing the key.

    ``audience`` is as it stands there, of any shape, None where the token names nobody.
    """

    algorithm: str
    key_id: str | None
    issuer: str
    audience: object


def peek(token: str) -> Peek:
    """Read a token's header, issuer and audience without believing them.

    Raises NotAuthenticated with the case ``shape`` (not a strict compact token),
    ``header`` (names a key or a rule of its own) or ``issuer``.
    """
    header, payload = parts(token)
    algorithm, key_id = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or not isinstance(key_id, str | None):
        raise NotAuthenticated("header")
    issuer = word(payload.get("iss"), case="issuer")
    return Peek(algorithm=algorithm, key_id=key_id, issuer=issuer, audience=payload.get("aud"))


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read header and payload without believing them; raises NotAuthenticated (``shape``, ``header``)."""
    found = COMPACT.fullmatch(token) if len(token) <= MAX_TOKEN else None
    if found is None:
        raise NotAuthenticated("shape")
    header, payload = (json_object(_bytes(part)) for part in found.group(1, 2))
    _bytes(found.group(3))
    if FORBIDDEN_HEADERS & header.keys():
        raise NotAuthenticated("header")
    return header, payload


def json_object(raw: bytes) -> dict[str, Any]:
    """Parse one JSON object; duplicate keys, NaN and deep nesting raise NotAuthenticated.

    The number of brackets bounds the depth, so that the parser cannot be made to recurse.
    """
    if raw.count(b"{") + raw.count(b"[") > MAX_CONTAINERS:
        raise NotAuthenticated("shape")
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except ValueError:
        raise NotAuthenticated("shape") from None
    if not isinstance(value, dict):
        raise NotAuthenticated("shape")
    return value


def word(value: object, *, case: str) -> str:
    """Return an identifier: a printable string of 1 to 255 characters; else NotAuthenticated(case).

    Printable leaves out NUL and lone surrogates, which a database would choke on.
    """
    if not isinstance(value, str) or not 0 < len(value) <= 255 or not value.isprintable():
        raise NotAuthenticated(case)
    return value


def _bytes(part: str) -> bytes:
    """Decode base64url; only the one canonical spelling of the bytes is accepted."""
    try:
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        raise NotAuthenticated("shape") from None
    if base64.urlsafe_b64encode(raw).rstrip(b"=") != part.encode():
        raise NotAuthenticated("shape")
    return raw


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotAuthenticated("shape")
    return found


def _refuse_constant(_name: str) -> Never:
    raise NotAuthenticated("shape")
