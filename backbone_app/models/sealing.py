"""Sealing of secrets and content at rest: AES-256-GCM bound to where it lies.

The context (site, table, field) is authenticated but not stored: a ciphertext
copied to another site's rows or into another column does not open. The layout is
``version(1) | length of key id(1) | key id | nonce(12) | ciphertext and tag``.

A column that holds such bytes is a ``SealedField``: what rotates the keys finds
all of them by that, and a test refuses any other binary column. The nonce is
96 random bits; NIST SP 800-38D allows 2**32 values under one key before a
repetition is likelier than 2**-32, so a busy operator rotates the keys before
four billion values were sealed: at a hundred a second, once in a year.
"""

import os
import uuid
from typing import Any, Final

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from backbone_app import metrics
from backbone_app.errors import SecretUnreadable

LONGEST_HEAD: Final = 2 + 32
"""So many bytes of a sealed value tell its key: version, length and the longest id of a key."""
_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12

_log = structlog.get_logger()


class SealedField(models.BinaryField):  # type: ignore[type-arg]  # generic for the checker only
    """A column of sealed bytes, empty where nothing is kept; it says where its values are at home.

    ``table`` and ``part`` are their place within the site, ``site`` the row's own
    attribute that holds the site's id. Migrations know it as a plain binary column.
    """

    def __init__(self, *, table: str, part: str, site: str = "site_id", **options: Any) -> None:
        super().__init__(**{"default": bytes, **options})
        self.table = table
        self.part = part
        self.site = site

    def deconstruct(self) -> Any:
        """Describe the column to migrations without what only the code needs to know."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.BinaryField", args, options

    def clone(self) -> Any:
        """Make the plain binary column that a migration needs for its own picture of the table."""
        _name, _path, args, options = self.deconstruct()
        return models.BinaryField(*args, **options)

    def at(self, site_id: uuid.UUID) -> str:
        """Name the place of this column's values of one site."""
        return context(site_id, self.table, self.part)


def context(site_id: uuid.UUID, table: str, field: str) -> str:
    """Name the place a sealed value belongs to, for example ``…|site|secret``."""
    return f"{site_id}|{table}|{field}"


def seal(plain: bytes, *, at: str) -> bytes:
    """Encrypt ``plain`` for the place ``at`` with the first key of the ring."""
    key_id = first_key()
    key = settings.BACKBONE_ENCRYPTION_KEYS[key_id]
    nonce = os.urandom(_NONCE_BYTES)
    return head(key_id) + nonce + AESGCM(key).encrypt(nonce, plain, _bound(at, key_id))


def unseal(sealed: "bytes | memoryview[int]", *, at: str) -> bytes:
    """Decrypt what ``seal`` made for the same place.

    Raises ``SecretUnreadable`` when the key is gone, the bytes are damaged or
    they were sealed for another place; there is no plaintext fallback, and it is
    an alarm in the log wherever it happens: keys were lost, or somebody moved rows.
    PostgreSQL hands binary columns out as ``memoryview``.
    """
    stored = bytes(sealed)
    try:
        key_id = key_of(stored)
        key = settings.BACKBONE_ENCRYPTION_KEYS[key_id]
        rest = stored[len(head(key_id)) :]
        return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], _bound(at, key_id))
    except (KeyError, InvalidTag, ValueError) as damage:
        _log.critical("secret_unreadable", place=at)
        metrics.SECRETS_UNREADABLE.up()
        raise SecretUnreadable(at) from damage


def key_of(sealed: bytes) -> str:
    """Tell under which key a value was sealed; its first ``LONGEST_HEAD`` bytes suffice.

    ValueError when that is no sealed value at all.
    """
    size = sealed[1] if len(sealed) > 1 else 0
    if sealed[:1] != _VERSION or not size or len(sealed) < 2 + size:
        raise ValueError("no sealed value")
    return sealed[2 : 2 + size].decode()


def head(key_id: str) -> bytes:
    """Give what every value begins with that was sealed under this key."""
    name = key_id.encode()
    return _VERSION + bytes([len(name)]) + name


def first_key() -> str:
    """Name the key that seals; the others of the ring only open."""
    return next(iter(settings.BACKBONE_ENCRYPTION_KEYS))


def _bound(at: str, key_id: str) -> bytes:
    return f"{at}|{key_id}".encode()
