"""Proof Key for Code Exchange (RFC 7636): a code that is caught on its way is worth nothing to others."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Final

SIZE: Final = 32
METHOD: Final = "S256"


def verifier(random: Callable[[int], bytes]) -> str:
    """Make the secret of one try out of ``random`` bytes (RFC 7636 §4.1: 43 characters of 32 bytes)."""
    return urlsafe_b64encode(random(SIZE)).rstrip(b"=").decode()


def challenge(secret: str) -> str:
    """Give what may be seen of the verifier (§4.2)."""
    return urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).rstrip(b"=").decode()
