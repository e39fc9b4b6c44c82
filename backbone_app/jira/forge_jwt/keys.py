"""Forge's public keys: one document for all of them, fetched from the one address in the settings.

Nothing a token says becomes part of an address. A key id that the document does not
have is looked for in a newer one, but not in one that is younger than ``AGAIN_AFTER``:
a flood of invented ids costs two fetches a minute. While the host is away the keys
that were known are served on.
"""

import re
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from backbone_app.errors import EgressRefused, NotAuthenticated, RemoteUnreachable
from backbone_app.jira.egress import Door

KEY_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/=+-]{0,255}")
LONGEST_DOCUMENT: Final = 262_144
MOST_KEYS: Final = 64
SMALLEST_KEY: Final = 2048
KNOWN_FOR: Final = 3600.0
"""Seconds until a document is fetched anew: a key may have been taken back."""
AGAIN_AFTER: Final = 30.0
"""Seconds between two fetches, whatever came of the first."""
ANONYMOUSLY: Final = "Atlassian's key server"
"""What is said of the host to whoever calls; which one it is is the operator's affair."""
PATIENCE: Final = 3.0
"""Seconds for a fetch: Forge itself gives up on us after five."""

Keys = Mapping[str, RSAPublicKey]


class ForgeKeys:
    """Public keys by ``kid`` out of the document at ``url``; ``clock`` is monotonic seconds.

    Safe to share between threads: one fetches, the others wait for what it brings.
    """

    def __init__(self, url: str, door: Door, clock: Callable[[], float]) -> None:
        self._url = url
        self._door = door
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: Keys = {}
        self._fresh_until = float("-inf")
        self._tried_at = float("-inf")
        self._is_down = False

    def key(self, kid: str) -> RSAPublicKey:
        """Return a key.

        Raises NotAuthenticated for an id that is badly formed (nothing is fetched) or that Forge does
        not have, RemoteUnreachable where its host does not answer: then the caller has to come again.
        """
        if KEY_ID.fullmatch(kid) is None:
            raise NotAuthenticated("kid")
        known = self._keys.get(kid)
        if known is None or self._fresh_until <= self._clock():
            self._renew(kid)
            known = self._keys.get(kid)
        if known is not None:
            return known
        if self._is_down:
            raise RemoteUnreachable(ANONYMOUSLY)
        raise NotAuthenticated("unknown_key")

    def _renew(self, kid: str) -> None:
        with self._lock:
            now = self._clock()
            is_here = kid in self._keys and self._fresh_until > now
            if is_here or now - self._tried_at < AGAIN_AFTER:
                return
            self._tried_at = now
            try:
                self._keys = self._fetched()
            except RemoteUnreachable:
                self._is_down = True
                return
            self._is_down = False
            self._fresh_until = now + KNOWN_FOR

    def _fetched(self) -> Keys:
        try:
            reply = self._door.send(
                "GET", self._url, headers={"Accept": "application/json"}, timeout=PATIENCE
            )
        except EgressRefused:
            # An operator's own host that leads astray: no fault of the caller's.
            raise RemoteUnreachable(ANONYMOUSLY) from None
        if reply.status != 200 or len(reply.body) > LONGEST_DOCUMENT:
            raise RemoteUnreachable(ANONYMOUSLY)
        return read(reply.body)


def read(document: bytes) -> Keys:
    """Read a JSON Web Key Set (RFC 7517 §5): its RSA keys for RS256 signatures that are long enough.

    Raises RemoteUnreachable for what is no such document.
    """
    try:
        listed = orjson.loads(document)["keys"]
    except (orjson.JSONDecodeError, LookupError, TypeError):
        raise RemoteUnreachable(ANONYMOUSLY) from None
    if not isinstance(listed, list):
        raise RemoteUnreachable(ANONYMOUSLY)
    read_keys = ((each["kid"], _rsa(each)) for each in listed[:MOST_KEYS] if _is_meant(each))
    return {kid: key for kid, key in read_keys if key is not None}


def _is_meant(entry: Any) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str):
        return False
    wanted = {"kty": "RSA", "alg": "RS256", "use": "sig"}
    return all(entry.get(name, value) == value for name, value in wanted.items()) and "kty" in entry


def _rsa(entry: dict[str, Any]) -> RSAPublicKey | None:
    """Read the public half of an entry, whatever else it has; None for what is no key or a weak one."""
    public = {name: entry.get(name) for name in ("kty", "n", "e")}
    try:
        key = RSAAlgorithm.from_jwk({name: value for name, value in public.items() if isinstance(value, str)})
    except (jwt.InvalidKeyError, ValueError):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= SMALLEST_KEY else None
