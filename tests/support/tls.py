"""Servers that prove who they are, or fail to: an authority and certificates made on the spot."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.support.wire import Script, read_request, says

DAY = timedelta(days=1)
FINE = says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


@dataclass(slots=True)
class Authority:
    """Signs certificates; ``file`` is what somebody who trusts it is given."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    made: int = 0

    @property
    def file(self) -> Path:
        path = self.folder / "authority.pem"
        path.write_bytes(self._certificate(x509.BasicConstraints(ca=True, path_length=None), self.key))
        return path

    def certificate(self, *names: str, expired: bool = False, by_itself: bool = False) -> Path:
        """A certificate for host names or IP addresses, with its key, in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        said = x509.SubjectAlternativeName([_name(name) for name in names])
        pem = self._certificate(said, key, signer=key if by_itself else self.key, expired=expired)
        self.made += 1
        path = self.folder / f"{self.made}.pem"
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + pem)
        return path

    def _certificate(
        self,
        said: x509.ExtensionType,
        key: ec.EllipticCurvePrivateKey,
        *,
        signer: ec.EllipticCurvePrivateKey | None = None,
        expired: bool = False,
    ) -> bytes:
        issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Tests")])
        subject = issuer if key is self.key else x509.Name([])
        now = datetime.now(UTC)
        end = now - DAY if expired else now + DAY
        builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        builder = (
            builder.not_valid_before(now - 2 * DAY).not_valid_after(end).add_extension(said, critical=True)
        )
        return builder.sign(signer or self.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


@dataclass(slots=True)
class Secure:
    """A listening server: which names it was asked for, and what it was told."""

    port: int
    names: list[str | None] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)


@contextmanager
def secured(certificate: Path, *, script: Script = FINE) -> Iterator[Secure]:
    """Answer every request on every connection with ``script``, over TLS, until the test is over."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        server = Secure(port=listening.getsockname()[1])
        context.sni_callback = lambda _socket, name, _context: server.names.append(name)
        over = threading.Event()
        serving = threading.Thread(target=_serve, args=(server, listening, context, script, over))
        serving.start()
        try:
            yield server
        finally:
            over.set()
            serving.join()


def _serve(
    server: Secure, listening: socket.socket, context: ssl.SSLContext, script: Script, over: threading.Event
) -> None:
    while not over.is_set():
        try:
            plain, _ = listening.accept()
        except TimeoutError:
            continue
        plain.settimeout(0.3)
        with plain, suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
            while heard := read_request(connection):
                server.heard.append(heard)
                script(connection)
