"""How the operator comes by keys and issues licences; the private key is the operator's alone.

It is in a file of theirs (PKCS 8, PEM, not encrypted), is read when a licence is issued, and never stands
in the settings, in the tables or in what is printed.
"""

import base64
from dataclasses import dataclass
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from backbone_app.core import remote_licence
from backbone_app.core.remote_licence import Terms
from backbone_app.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a licence shall say; ``expires_on`` is its last day, by UTC."""

    holder: str
    creator: str
    expires_on: date
    endpoints: int
    is_evaluation: bool


def key_pair(seed: bytes) -> tuple[bytes, str]:
    """Make a key pair of 32 random bytes: the private one's file, and the public one for the settings."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    file = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return file, base64.b64encode(remote_licence.public_key(seed)).decode()


def key_in(file: bytes) -> bytes:
    """Read a private key's file; raises InvalidInput for anything else."""
    try:
        key = load_pem_private_key(file, password=None)
    except (ValueError, TypeError):  # TypeError: it wants a password
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidInput(
            "private_key_file", "It holds no private key as manage.py licence_keys writes one."
        )
    return key.private_bytes_raw()


def issue(wanted: Wanted, private: bytes, *, today: date) -> tuple[str, bool]:
    """Write a licence; tells as well whether this service, as it is set, takes what this key signs.

    Raises InvalidInput for what no licence can say.
    """
    terms = Terms(
        holder=wanted.holder,
        creator=wanted.creator,
        created_on=today,
        expires_on=wanted.expires_on,
        endpoints=wanted.endpoints,
        is_evaluation=wanted.is_evaluation,
    )
    if wanted.expires_on < today:
        raise InvalidInput("expires", f"{terms.last_day} is over. Name a day that is to come.")
    text = remote_licence.write(terms, private=private, product_key=settings.BACKBONE_APP_KEY)
    return text, remote_licence.public_key(private) in settings.BACKBONE_LICENCE_PUBLIC_KEY
