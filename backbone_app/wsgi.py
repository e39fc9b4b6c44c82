"""The WSGI entry point for gunicorn, and what is held against slow senders there.

Django reads a body when a view asks for it and waits as long as it takes: whoever sends
one byte a second holds a thread. Under gunicorn the socket is known, so here its reading
end is shut when a body takes too long; Django's reading fails then, which is answered 408.
"""

import os
import socket
import threading
import time
from collections.abc import Iterable
from io import BufferedIOBase, BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_UNSIZED: Final = 1024 * 1024
BEYOND_ALL: Final = 2**40


class Body(BufferedIOBase):
    """A request's body that has to arrive within ``patience`` seconds of the first look at it."""

    def __init__(self, stream: Any, connection: socket.socket, patience: float) -> None:
        self._stream = stream
        self._connection = connection
        self._patience = patience
        self._began: float | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        """Read up to ``size`` bytes; raises TimeoutError once the time is up."""
        now = time.monotonic()
        self._began = self._began or now
        timer = threading.Timer(max(0.0, self._began + self._patience - now), self._shut)
        timer.start()
        try:
            read: bytes = self._stream.read(size)
        finally:
            timer.cancel()
        if time.monotonic() >= self._began + self._patience:
            raise TimeoutError
        return read

    def _shut(self) -> None:
        # The plain socket's own method: that of TLS would go on in clear text with the answer.
        socket.socket.shutdown(self._connection, socket.SHUT_RD)


class PatientApplication:
    """The application, with bodies that arrive in time and whose size is known.

    Django takes a body without ``Content-Length`` for an empty one: such a body is read
    here, up to 1 MiB, and passed on with its length; a longer one with one that is refused.
    """

    def __init__(self, application: "WSGIApplication", *, patience: float) -> None:
        self._application = application
        self._patience = patience

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        connection = environ.get("gunicorn.socket")
        if connection is not None:
            body = Body(environ["wsgi.input"], connection, self._patience)
            environ["wsgi.input"] = body
            if "HTTP_TRANSFER_ENCODING" in environ:
                _measure(environ, body)
        return self._application(environ, start_response)


class _Late(BufferedIOBase):
    """Stands for a body that did not come in time: whoever reads it learns so."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise TimeoutError


def _measure(environ: "WSGIEnvironment", body: Body) -> None:
    try:
        content = body.read(LARGEST_UNSIZED + 1)
    except OSError:
        environ |= {"wsgi.input": _Late(), "CONTENT_LENGTH": "1"}
        return
    length = len(content) if len(content) <= LARGEST_UNSIZED else BEYOND_ALL
    environ |= {"wsgi.input": BytesIO(content), "CONTENT_LENGTH": str(length)}


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backbone_app.settings")
application = PatientApplication(get_wsgi_application(), patience=settings.BACKBONE_BODY_SECONDS)
