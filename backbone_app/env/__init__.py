"""One typed reader for every setting that comes from the environment.

A missing or unknown value stops the start with a sentence that names it, and
so does a ``BACKBONE_…`` name nobody reads: a misspelt setting must not be
silently ignored. In development (``BACKBONE_MODE=development``) keys may carry
the prefix ``development-``; production refuses to start with such a value.
"""

import base64
import re
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network
from typing import Final
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

from backbone_app.core.notices import one_form
from backbone_app.env.basics import PREFIX, Basics, Mode

__all__ = ["DEVELOPMENT_PREFIX", "PREFIX", "MailServer", "Mode", "Reader", "Tls"]

DEVELOPMENT_PREFIX: Final = "development-"
_PATH: Final = r"(?:/(?:\.well-known|[A-Za-z0-9_][A-Za-z0-9._-]*))*"
SERVICE: Final = re.compile(r"https://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]" + _PATH)
LOCAL_SERVICE: Final = re.compile(r"https?://(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?" + _PATH)
_FORGE_APP: Final = re.compile(r"ari:cloud:ecosystem::app/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MAIL_PORTS: Final = {"smtp": 587, "smtps": 465}
_KEY_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,32}")  # ``models.sealing`` stores it in front of each value


class Tls(StrEnum):
    """How mail is protected on its way to the server; NONE is for development, on this machine."""

    FROM_THE_START = "from the start"
    STARTTLS = "STARTTLS"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes our mail, and who we are there; ``user`` is empty where it asks for nobody."""

    host: str
    port: int
    tls: Tls
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


class Reader(Basics):
    """Reads what each kind of setting has to look like."""

    def networks(self, name: str) -> tuple[IPv4Network | IPv6Network, ...]:
        """Read networks such as ``198.51.100.0/24``, IPv4 or IPv6, separated by commas; none is fine."""
        found: list[IPv4Network | IPv6Network] = []
        for word in self.words(name, ""):
            try:
                found.append(ip_network(word))
            except ValueError:
                raise ImproperlyConfigured(
                    f"{PREFIX}{name} names {word!r}; it must hold networks such as 198.51.100.0/24, "
                    "without bits beyond the mask."
                ) from None
        return tuple(found)

    def services(self, name: str, default: str) -> tuple[str, ...]:
        """Read addresses that something is asked of: https with a host name; development may use loopback."""
        found = self.words(name, default)
        for address in found:
            is_local = self.mode is Mode.DEVELOPMENT and LOCAL_SERVICE.fullmatch(address)
            if not is_local and SERVICE.fullmatch(address) is None:
                raise ImproperlyConfigured(
                    f"{PREFIX}{name} names {address!r}; it must hold addresses such as https://keys.example.com."
                )
        if not found:
            raise ImproperlyConfigured(f"{PREFIX}{name} names no address.")
        return found

    def service(self, name: str, default: str) -> str:
        """Read one such address."""
        found = self.services(name, default)
        if len(found) > 1:
            raise ImproperlyConfigured(f"{PREFIX}{name} names {len(found)} addresses; it must be one.")
        return found[0]

    def forge_app(self, name: str) -> str:
        """Read the id that Forge gave our app; empty where there is none."""
        value = self.text(name, "")
        if value and _FORGE_APP.fullmatch(value) is None:
            raise ImproperlyConfigured(
                f"{PREFIX}{name} is {value!r}; it must be the app id that Forge gave, such as "
                "ari:cloud:ecosystem::app/00000000-0000-0000-0000-000000000000."
            )
        return value

    def private_listener(self, name: str) -> tuple[str, int] | None:
        """Read where to listen for the private network alone, as address and port; None where it is not set.

        ``all:9464`` is every interface: it has to be said in so many words, for a container
        that is one machine's neighbour only.
        """
        value = self.text(name, "")
        if not value:
            return None
        host, _, port = value.rpartition(":")
        try:
            address = IPv4Address("127.0.0.1" if host == "all" else host)
        except ValueError:
            address = None
        is_port = re.fullmatch("[1-9][0-9]{0,4}", port) is not None and int(port) < 2**16
        if address is None or address.is_unspecified or not address.is_private or not is_port:
            raise ImproperlyConfigured(
                f"{PREFIX}{name} is {value!r}; it must be a loopback or private IPv4 address and a port, "
                "such as 127.0.0.1:9464, or all:9464."
            )
        return ("0.0.0.0" if host == "all" else str(address)), int(port)  # noqa: S104 - asked for by name

    def secret(self, name: str) -> str:
        """Read a key of at least 32 characters, never a development value in production."""
        value = self.text(name)
        if self.mode is Mode.PRODUCTION and DEVELOPMENT_PREFIX in value:
            raise ImproperlyConfigured(f"{PREFIX}{name} is a development value; production needs its own.")
        if len(value) < 32:
            raise ImproperlyConfigured(f"{PREFIX}{name} is too short; it needs at least 32 characters.")
        return value

    def key_ring(self, name: str) -> dict[str, bytes]:
        """``id:base64,id:base64``: 256-bit keys, the first encrypts, all decrypt.

        No id and no key stands there twice: the one that is meant to replace an
        old key would not. The sentences name the setting, never what is in it.
        """
        entries = [self._key(name, entry.strip()) for entry in self.secret(name).split(",")]
        ring = dict(entries)
        if len(ring) < len(entries) or len(set(ring.values())) < len(entries):
            raise ImproperlyConfigured(f"{PREFIX}{name} holds the same id or the same key twice.")
        return ring

    def _key(self, name: str, entry: str) -> tuple[str, bytes]:
        key_id, _, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not _KEY_ID.fullmatch(key_id) or len(key) != 32:
            raise ImproperlyConfigured(
                f"{PREFIX}{name} must hold entries of the form id:base64 of 32 bytes, "
                "separated by commas; an id has up to 32 letters, digits, '.', '_' or '-'."
            )
        return key_id, key

    def public_keys(self, name: str) -> tuple[bytes, ...]:
        """Read public keys of 32 bytes in base64, separated by commas; none is fine."""
        keys = []
        for word in self.words(name, ""):
            try:
                key = base64.b64decode(word, validate=True)
            except ValueError:
                key = b""
            if len(key) != 32:
                raise ImproperlyConfigured(
                    f"{PREFIX}{name} names {word!r}; it must hold base64 of 32 bytes, "
                    "as manage.py licence_keys prints it."
                )
            keys.append(key)
        return tuple(keys)

    def base_url(self, name: str) -> str:
        """Read the public address of this service, without a trailing slash; https in production."""
        value = self.text(name).rstrip("/")
        parts = urlsplit(value)
        allowed = ("https",) if self.mode is Mode.PRODUCTION else ("https", "http")
        if parts.scheme not in allowed or not parts.hostname or parts.query or parts.fragment:
            raise ImproperlyConfigured(
                f"{PREFIX}{name} is {value!r}; it must be an address starting with {allowed[0]}://."
            )
        return value

    def database(self) -> dict[str, object]:
        """``DATABASE_URL`` as Django wants it: PostgreSQL or SQLite."""
        if "DATABASE_URL" not in self._environment:
            raise ImproperlyConfigured("DATABASE_URL is missing.")
        try:
            config: dict[str, object] = dict(Env().dj_db_url("DATABASE_URL"))
        except ValueError:  # what caused it may quote the address, password included
            raise ImproperlyConfigured("DATABASE_URL is no address of a database.") from None
        if config.get("ENGINE") not in ("django.db.backends.postgresql", "django.db.backends.sqlite3"):
            raise ImproperlyConfigured("DATABASE_URL must start with postgres:// or sqlite://.")
        return config

    def address(self, name: str) -> str:
        """Read a mail address, without a name around it; empty where there is none."""
        value = self.text(name, "")
        if value and one_form(value) != value:
            raise ImproperlyConfigured(
                f"{PREFIX}{name} must be a mail address and nothing else, such as backbone@example.com."
            )
        return value

    def mail_server(self, name: str, *, sender: str) -> MailServer | None:
        """Read ``smtp://user:password@host:587`` (STARTTLS) or ``smtps://…:465``; without one, None.

        In development mail to this machine itself goes plain. The sentences never repeat the address.
        """
        value = self.text(name, "")
        if not value:
            return None
        if (server := self._mail_server(value, sender)) is None:
            raise ImproperlyConfigured(
                f"{PREFIX}{name} must look like smtp://user:password@mail.example.com:587 or smtps://…:465; "
                "in user and password every character but letters and digits is written as %XX."
            )
        if not sender:
            raise ImproperlyConfigured(f"{PREFIX}MAIL_FROM is missing: the address that mail comes from.")
        return server

    def _mail_server(self, value: str, sender: str) -> MailServer | None:
        try:
            parts = urlsplit(value)
            port, user, password = parts.port, unquote(parts.username or ""), unquote(parts.password or "")
        except ValueError:
            return None
        host = parts.hostname or ""
        further = parts.path.strip("/") or parts.query or parts.fragment
        if parts.scheme not in _MAIL_PORTS or not host or further or bool(user) != bool(password):
            return None
        is_local = self.mode is Mode.DEVELOPMENT and host in ("localhost", "127.0.0.1")
        tls = Tls.FROM_THE_START if parts.scheme == "smtps" else Tls.NONE if is_local else Tls.STARTTLS
        return MailServer(host, port or _MAIL_PORTS[parts.scheme], tls, sender, user, password)
