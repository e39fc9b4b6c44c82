"""Sealing of secrets and content at rest: AES-256-GCM bound to where it lies.

The context (site, table, field) is authenticated but not stored: a ciphertext
copied into another row or another site's half does not open. The layout is
``version(1) | length of key id(1) | key id | nonce(12) | ciphertext and tag``.
"""

import os
import uuid
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from backbone_app.errors import SecretUnreadable

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12


def context(site_id: uuid.UUID, table: str, field: str) -> str:
    """Name the place a sealed value belongs to, for example ``…|site|secret``."""
    return f"{site_id}|{table}|{field}"


def seal(plain: bytes, *, at: str) -> bytes:
    """Encrypt ``plain`` for the place ``at`` with the first key of the ring."""
    key_id, key = next(iter(settings.BACKBONE_ENCRYPTION_KEYS.items()))
    name = key_id.encode()
    nonce = os.urandom(_NONCE_BYTES)
    return (
        _VERSION + bytes([len(name)]) + name + nonce + AESGCM(key).encrypt(nonce, plain, _bound(at, key_id))
    )


def unseal(sealed: "bytes | memoryview[int]", *, at: str) -> bytes:
    """Decrypt what ``seal`` made for the same place.

    Raises ``SecretUnreadable`` when the key is gone, the bytes are damaged or
    they were sealed for another place; there is no plaintext fallback.
    PostgreSQL hands binary columns out as ``memoryview``.
    """
    stored = bytes(sealed)
    try:
        size = stored[1]
        key_id, rest = stored[2 : 2 + size].decode(), stored[2 + size :]
        key = settings.BACKBONE_ENCRYPTION_KEYS[key_id]
        if stored[:1] != _VERSION:
            raise SecretUnreadable(at)
        return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], _bound(at, key_id))
    except (IndexError, KeyError, UnicodeDecodeError, InvalidTag, ValueError) as damage:
        raise SecretUnreadable(at) from damage


def _bound(at: str, key_id: str) -> bytes:
    return f"{at}|{key_id}".encode()
