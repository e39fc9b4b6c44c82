"""A look at our own public address as somebody from outside has it: over TLS, by its name.

The one request that does not go through the door: it is for the operator's own address, which
may well be none that Jira sites have, and only ``manage.py doctor`` makes it. No redirects.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from backbone_app.errors import RemoteUnreachable

PATIENCE: Final = 5.0
MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What was answered; header names in lower case. ``expires`` is the certificate's end, None over http."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    expires: datetime | None


class CertificateRefused(RemoteUnreachable):
    """The certificate is none that others would take; ``reason`` is the library's."""

    code = "certificate_refused"

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(host)
        self.reason = reason


def look(base_url: str, path: str, *, authorities: str | None = None) -> Seen:
    """GET ``path`` below our own address. Raises CertificateRefused and RemoteUnreachable.

    ``authorities`` is a file of those who may sign the certificate, None: the system's.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    connection = _connection(parts.scheme, host, parts.port, authorities)
    try:
        connection.request("GET", f"{parts.path}{path}", headers={"Accept": "*/*"})
        expires = _expires(connection)
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Seen(answer.status, named, answer.read(MOST), expires)
    except ssl.SSLCertVerificationError as refused:
        raise CertificateRefused(host, refused.verify_message) from None
    except (OSError, HTTPException):
        raise RemoteUnreachable(host) from None
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, authorities: str | None) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(host, port, timeout=PATIENCE)
    context = ssl.create_default_context(cafile=authorities)
    return HTTPSConnection(host, port, timeout=PATIENCE, context=context)


def _expires(connection: HTTPConnection) -> datetime | None:
    if not isinstance(connection.sock, ssl.SSLSocket):
        return None
    until = (connection.sock.getpeercert() or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(until)), UTC) if until else None
