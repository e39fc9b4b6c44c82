"""Tokens made for the verifier alone: good ones, and ones that no library would make."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from backbone_app.errors import NotAuthenticated
from backbone_app.jira import connect_jwt
from backbone_app.jira.connect_jwt import query_hash

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
SECRET = "a shared secret that is long enough for HS256"
APP = "https://app.example"
QSH = query_hash("POST", "/installed", "")


@dataclass(frozen=True)
class Keys:
    private: str
    public: str


def make_keys() -> Keys:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return Keys(
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    )


def claims(**changes: Any) -> dict[str, Any]:
    """A good set of claims; a change to None takes the claim out."""
    good = {"iss": "client-1", "aud": [APP], "iat": SECONDS, "exp": SECONDS + 180, "qsh": QSH}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def hand_made(header: str, payload: str, *, secret: str = SECRET) -> str:
    """A token with exactly these JSON texts, correctly signed with HS256."""
    signed = f"{encoded(header.encode())}.{encoded(payload.encode())}"
    return f"{signed}.{encoded(hmac.digest(secret.encode(), signed.encode(), hashlib.sha256))}"


def install(token: str, keys: Keys, *, qsh: str = QSH, now: datetime = NOW) -> connect_jwt.Claims:
    return connect_jwt.verify_install(token, public_key_pem=keys.public, now=now, audience=APP, qsh=qsh)


def shared(token: str, *, qsh: str = QSH, now: datetime = NOW) -> connect_jwt.Claims:
    return connect_jwt.verify_shared(token, secrets=[SECRET], now=now, qsh=qsh)[0]


def from_atlassian(keys: Keys, *, headers: dict[str, Any] | None = None, **changes: Any) -> str:
    return jwt.encode(
        claims(**changes), keys.private, algorithm="RS256", headers={"kid": "key-1", **(headers or {})}
    )


def from_jira(**changes: Any) -> str:
    return jwt.encode(claims(**changes), SECRET, algorithm="HS256")


def refused_as(case: str) -> pytest.RaisesExc[NotAuthenticated]:
    return pytest.raises(NotAuthenticated, check=lambda refusal: refusal.case == case)


def key_as_json(keys: Keys) -> str:
    """The public key as a JWK."""
    algorithm = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)
    return jwt.algorithms.RSAAlgorithm.to_jwk(algorithm.prepare_key(keys.public))
