"""A listener for the private network: metrics for Prometheus, and whether all is well, over plain http.

It is no part of the web server, so nobody outside can come upon it, whatever stands in front of
that; it looks at no host names, for who probes from inside has an address only. Each request has a
thread and ends with its database connection; whatever fails there, fails for that request alone.
There are so many at a time and no more, and the tables are looked at for one of them: whoever asks
often, or a database that keeps them all waiting, takes neither threads nor connections from the work.
"""

import sys
import threading
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any, Final

import orjson
import structlog
from django.db import connection

from backbone_app import metrics
from backbone_app.services import readiness, telemetry
from backbone_app.services.readiness import Prober

Clock = Callable[[], datetime]
Answer = tuple[HTTPStatus, str, bytes]

JSON: Final = "application/json"
TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
PATIENCE: Final = 5.0
"""Seconds that somebody who asks may take to say what, and that metrics may take which somebody else has."""
MOST: Final = 16
"""Requests at a time; who comes on top of them is hung up on."""

log = structlog.get_logger()


class PrivateListener(ThreadingTCPServer):
    """Answers ``/metrics``, ``/healthz`` and ``/readyz`` at an address and port; OSError if it is taken."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, listen: tuple[str, int], clock: Clock) -> None:
        self.clock = clock
        self.prober = Prober(lambda: readiness.look(clock()))
        self._places = threading.BoundedSemaphore(MOST)
        self._reading = threading.Lock()
        super().__init__(listen, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread, or hang up where there are too many."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, and make room for another one."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, *_: Any) -> None:
        """Log what kind of thing went wrong; its sentence may quote a row."""
        log.error("private_request_failed", trouble=getattr(sys.exc_info()[0], "__name__", ""))

    def answer(self, path: str) -> Answer:
        """Answer a request for ``path``."""
        match path.partition("?")[0]:
            case "/metrics":
                return self._figures()
            case "/healthz":
                return HTTPStatus.OK, JSON, orjson.dumps({"status": "ok"})
            case "/readyz":
                return self._readiness()
            case _:
                return HTTPStatus.NOT_FOUND, JSON, orjson.dumps({"code": "not_found"})

    def _figures(self) -> Answer:
        if not self._reading.acquire(timeout=PATIENCE):
            return HTTPStatus.SERVICE_UNAVAILABLE, JSON, orjson.dumps({"code": "busy"})
        try:
            return HTTPStatus.OK, TEXT, metrics.exposition(telemetry.readings(self.clock()))
        finally:
            self._reading.release()
            connection.close()

    def _readiness(self) -> Answer:
        failing = self.prober.failing()
        if failing:
            said = orjson.dumps({"status": "not ready", "failing": failing})
            return HTTPStatus.SERVICE_UNAVAILABLE, JSON, said
        return HTTPStatus.OK, JSON, orjson.dumps({"status": "ready"})


def start(listen: tuple[str, int], clock: Clock) -> PrivateListener | None:
    """Listen in a thread that ends with this process; None, and a line in the log, where it cannot be."""
    try:
        listener = PrivateListener(listen, clock)
    except OSError as trouble:
        log.warning("private_listener_failed", trouble=type(trouble).__name__)
        return None
    threading.Thread(target=listener.serve_forever, name="private", daemon=True).start()
    return listener


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP; knows GET and HEAD."""

    server: PrivateListener
    timeout = PATIENCE
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        status, kind, body = self.server.answer(self.path)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def version_string(self) -> str:
        """Name no server and no version."""
        return "backbone"

    def log_message(self, *_: Any) -> None:
        """Say nothing: a probe every few seconds is no news."""
