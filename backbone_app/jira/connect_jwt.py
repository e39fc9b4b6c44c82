"""Connect's JSON Web Tokens: the one place that signs and verifies them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

CONTEXT_QSH: Final = "context-qsh"


@dataclass(frozen=True, slots=True)
class Peek:
    """What a token says of itself before anything is verified: only good for choosing the key."""

    algorithm: str
    key_id: str | None
    issuer: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says."""

    issuer: str
    account: str | None
    audience: tuple[str, ...]
    qsh: str
    issued_at: int
    expires_at: int
    context: Mapping[str, object] = field(repr=False)
    token_id: str | None


def query_hash(method: str, path: str, query: str) -> str:
    """Hash one request as Connect's ``qsh`` claim wants it; ``query`` is the raw query string."""
    raise NotImplementedError


def sign(
    *, app_key: str, secret: str, client_key: str, method: str, path: str, query: str, now: datetime
) -> str:
    """Make the token of one outgoing call (HS256, 180 seconds); goes out as ``JWT <token>``."""
    raise NotImplementedError


def peek(token: str) -> Peek:
    """Read a token's header and issuer without believing them; raises NotAuthenticated."""
    raise NotImplementedError


def verify_shared(token: str, *, secret: str, now: datetime, qsh: str) -> Claims:
    """Verify a token signed with a site's shared secret; raises NotAuthenticated."""
    raise NotImplementedError


def verify_install(token: str, *, public_key_pem: str, now: datetime, audience: str, qsh: str) -> Claims:
    """Verify a lifecycle token signed by Atlassian's key; raises NotAuthenticated."""
    raise NotImplementedError


def dummy_verify(token: str) -> None:
    """Cost what a bad signature costs, then raise NotAuthenticated: for unknown sites."""
    raise NotImplementedError
