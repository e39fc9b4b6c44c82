"""A mail server on a socket: it takes what it is handed, or refuses, or breaks off, as a test wants."""

import base64
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from django.conf import LazySettings

from backbone_app.env import MailServer, Tls

SENDER = "backbone@backbone.example"
NOWHERE = MailServer("127.0.0.1", 1, Tls.NONE, SENDER)
"""Where nobody listens: for what is about everything but the sending."""


@dataclass(slots=True)
class Post:
    """What arrived, and how the server behaves.

    ``refusals`` are answered to RCPT, one each, before anything is taken; ``deaf`` times the connection
    breaks after a mail was taken, before that is said. ``users`` may log in; with any, others may not.
    """

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    deaf: int = 0
    users: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    arrived: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, raw: bytes, recipient: str, *, secured: bool) -> None:
        """Take a mail in."""
        with self.arrived:
            said = BytesParser(policy=email.policy.default).parsebytes(raw)
            assert isinstance(said, EmailMessage)
            self.mails.append(said)
            self.recipients.append(recipient)
            self.secured.append(secured)

    def to(self, address: str) -> list[EmailMessage]:
        """What somebody received, oldest first."""
        return [mail for mail, who in zip(self.mails, self.recipients, strict=True) if who == address]


class _Speaker(socketserver.StreamRequestHandler):
    """Speaks as much of SMTP (RFC 5321, 3207, 4954) as a client of Python's needs."""

    server: "_Server"

    def handle(self) -> None:
        self.is_secured = self.is_known = False
        self.sender = self.recipient = ""
        self._say("220 post.example ESMTP")
        while line := self.rfile.readline(2000).decode("ascii", "replace").strip():
            verb, _, rest = line.partition(" ")
            act = getattr(self, f"_{verb.lower()}", None)
            if act is None:
                self._say("502 not here")
            elif act(rest) is False:
                return

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _ehlo(self, _rest: str) -> None:
        post = self.server.post
        offers = ["post.example", *(["STARTTLS"] if post.tls and not self.is_secured else ())]
        offers += ["AUTH PLAIN"] if post.users else []
        for offer in offers[:-1]:
            self._say(f"250-{offer}")
        self._say(f"250 {offers[-1]}")

    def _starttls(self, _rest: str) -> bool:
        if self.server.post.tls is None:
            self._say("502 no TLS")
            return True
        self._say("220 go ahead")
        try:
            self.connection = self.server.post.tls.wrap_socket(self.connection, server_side=True)
        except (OSError, ssl.SSLError):
            return False
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.is_secured = True
        return True

    def _auth(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
        self.is_known = self.server.post.users.get(user) == password
        self._say("235 welcome" if self.is_known else "535 who are you?")

    def _mail(self, rest: str) -> None:
        self.sender = rest
        self._say("250 ok" if self.is_known or not self.server.post.users else "530 log in first")

    def _rcpt(self, rest: str) -> None:
        post = self.server.post
        if post.refusals:
            self._say(post.refusals.pop(0))
            return
        self.recipient = rest.partition("<")[2].partition(">")[0]
        self._say("250 ok")

    def _data(self, _rest: str) -> bool:
        self._say("354 end with a dot")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        post = self.server.post
        post.keep(b"".join(lines), self.recipient, secured=self.is_secured)
        if post.deaf:
            post.deaf -= 1
            return False
        self._say("250 taken")
        return True

    def _rset(self, _rest: str) -> None:
        self._say("250 ok")

    def _quit(self, _rest: str) -> bool:
        self._say("221 bye")
        return False

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    post: Post


@contextmanager
def posted(*, certificate: Path | None = None, from_the_start: bool = False) -> Iterator[Post]:
    """Serve on a free port; with a certificate STARTTLS is offered, or TLS spoken from the start."""
    post = Post()
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    with _Server(("127.0.0.1", 0), _Speaker) as server:
        if from_the_start and context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        else:
            post.tls = context
        server.post, post.port = post, server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield post
        server.shutdown()
        thread.join()


@pytest.fixture
def post(settings: LazySettings) -> Iterator[Post]:
    """A server without TLS on this machine, which the app is told to use."""
    with posted() as post:
        settings.BACKBONE_MAIL = MailServer("127.0.0.1", post.port, Tls.NONE, SENDER)
        yield post
