"""Connect's JSON web tokens and the query string hash they carry, made and checked from RFC 7515 upwards.

HS256 with the installation's shared secret for everything but ``installed`` and ``uninstalled``, which are
RS256 with a key that anybody can fetch by its ``kid``. https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/
"""

import base64
import binascii
import hashlib
import hmac
import json
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

Claims = dict[str, Any]
PAGE_HASH = "context-qsh"
"""The literal hash of tokens made for an app's own pages."""


class BadToken(Exception):
    """The token is not one the holder of the secret made for this request; the message says why."""


def query_string_hash(method: str, path: str, query: list[tuple[str, str]]) -> str:
    """Hash a request; ``path`` is relative to the base path and percent-encoded as it was received."""
    path = path.replace("&", "%26")
    path = path if path.startswith("/") else f"/{path}"
    if path.endswith("/") and path != "/":
        path = path[:-1]
    values: dict[str, list[str]] = {}
    for name, value in query:
        if name != "jwt":
            values.setdefault(name, []).append(value)
    parts = [f"{_encoded(name)}={','.join(map(_encoded, sorted(values[name])))}" for name in sorted(values)]
    return hashlib.sha256(f"{method.upper()}&{path}&{'&'.join(parts)}".encode()).hexdigest()


def hash_for_url(method: str, url: str, base_url: str) -> str:
    """Hash a request to ``url``, which lies under ``base_url``."""
    target = urlsplit(url)
    path = target.path.removeprefix(urlsplit(base_url).path.rstrip("/"))
    return query_string_hash(method, path, parse_qsl(target.query, keep_blank_values=True))


def sign_hs256(claims: Claims, secret: str) -> str:
    """Make a token that the holder of ``secret`` can check."""
    signed = _signing_input({"alg": "HS256", "typ": "JWT"}, claims)
    return f"{signed}.{_base64(_mac(signed, secret))}"


def sign_rs256(claims: Claims, *, kid: str) -> str:
    """Make a token signed with the process's key, which the sites serve under ``kid``."""
    return _sign_rs256(claims, kid, _private_key("installations"))


def sign_invocation(claims: Claims, *, kid: str) -> str:
    """Make a token signed with the key that Forge's key set has under ``kid``."""
    return _sign_rs256(claims, kid, _private_key("invocations"))


def invocation_key(kid: str) -> dict[str, str]:
    """Give the public half of the key ``sign_invocation`` uses, as an entry of a JSON Web Key Set."""
    numbers = _private_key("invocations").public_key().public_numbers()
    return {
        "kty": "RSA",
        "alg": "RS256",
        "use": "sig",
        "kid": kid,
        "n": _base64(numbers.n.to_bytes(256, "big")),
        "e": _base64(numbers.e.to_bytes(3, "big")),
    }


def public_key_pem() -> bytes:
    """Give the public half of the key ``sign_rs256`` uses."""
    return (
        _private_key("installations")
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def read_hs256(token: str, secret: str) -> Claims:
    """Read the claims of a token signed with ``secret``; BadToken if it is not. Their age is not checked."""
    signed, _, signature = token.rpartition(".")
    header, _, payload = signed.partition(".")
    if _decoded(header).get("alg") != "HS256":
        raise BadToken("not HS256")
    if not hmac.compare_digest(_base64(_mac(signed, secret)), signature):
        raise BadToken("wrong signature")
    return _decoded(payload)


def _sign_rs256(claims: Claims, kid: str, key: rsa.RSAPrivateKey) -> str:
    signed = _signing_input({"alg": "RS256", "typ": "JWT", "kid": kid}, claims)
    return f"{signed}.{_base64(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _signing_input(header: dict[str, str], claims: Claims) -> str:
    return ".".join(_base64(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))


def _mac(signed: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(part: str) -> Claims:
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError) as error:
        raise BadToken("not a JSON web token") from error
    if not isinstance(value, dict):
        raise BadToken("not a JSON web token")
    return value


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")


@cache
def _private_key(_purpose: str) -> rsa.RSAPrivateKey:
    """One key a purpose: to make one takes longer than most tests; each world has its own ``kid``."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2048)
