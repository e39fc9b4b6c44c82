"""deploy/Caddyfile as Caddy understands it: what it passes on, keeps back, and never writes down."""

import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from jira_sandbox.demo.stage import wait_for
from tests.support.processes import free_port, process
from tests.support.tls import Authority
from tests.support.walk import DEPLOY, Walk

CANARY = "canary-in-an-address"
MIB = 1024 * 1024

pytestmark = pytest.mark.skipif(
    shutil.which("caddy") is None and os.environ.get("CI") != "true", reason="this machine has no Caddy"
)


class Echo(BaseHTTPRequestHandler):
    """Tells what arrived: its headers, by lower-case name, and how long its body was."""

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = len(self.rfile.read(int(headers.get("content-length", 0))))
        told = json.dumps(headers | {"length": length}).encode()
        self.send_response(200)
        missing = 1 if self.path.startswith("/breaks-off") else 0
        self.send_header("Content-Length", str(len(told) + missing))
        self.end_headers()
        self.wfile.write(told)

    do_POST = do_GET  # noqa: N815 - as the standard library looks for it

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(slots=True)
class Proxy:
    """Caddy in front of an echo; ``heard`` is all that Caddy has written."""

    port: int
    authorities: str
    log: Path
    server: ThreadingHTTPServer = field(repr=False)

    def ask(
        self, method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> requests.Response:
        return requests.request(
            method,
            f"https://localhost:{self.port}{path}",
            data=body,
            headers=headers,
            verify=self.authorities,
            timeout=10,
        )

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/").status_code == 200
        except requests.ConnectionError:
            return False


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """The file as it is but for its names: a port of this machine, a certificate made here, less patience."""
    folder = tmp_path_factory.mktemp("proxy")
    authority, port = Authority(folder), free_port()
    certificate = authority.certificate("localhost")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    here = {
        "backbone.example.com {": f"localhost:{port} {{\n\ttls {certificate} {certificate}",
        "127.0.0.1:8000": f"127.0.0.1:{server.server_port}",
        "{\n\t# An address": "{\n\tadmin off\n\tauto_https disable_redirects\n\t# An address",
        "lb_try_duration 35s": "lb_try_duration 1s",
        "read_header 10s": "read_header 1s",
    }
    text = (DEPLOY / "Caddyfile").read_text()
    for theirs, ours in here.items():
        assert text.count(theirs) == 1
        text = text.replace(theirs, ours)
    (folder / "Caddyfile").write_text(text)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    made = Proxy(port, str(authority.file), folder / "caddy.log", server)
    with process(("caddy", "run", "--config", str(folder / "Caddyfile")), told, log=made.log, cwd=folder):
        assert wait_for(made.answers, within=20), made.log.read_text()
        yield made
    server.server_close()


def test_the_file_of_the_walk_is_valid_names_the_domain_and_is_written_as_caddy_writes_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "Caddyfile"
    values = {"DOMAIN": "work.example.org", "CADDYFILE": str(file)}

    Walk(tmp_path / "backbone-1", tmp_path / "environment", values).execute("proxy")

    assert "\nwork.example.org {\n" in file.read_text()
    assert subprocess.check_output(["caddy", "fmt", str(file)], text=True) == file.read_text()


def test_who_calls_and_how_is_said_by_the_proxy_alone(proxy: Proxy) -> None:
    said = proxy.ask(
        "GET", "/", headers={"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "http"}
    ).json()

    assert (said["x-forwarded-for"], said["x-forwarded-proto"]) == ("127.0.0.1", "https")
    assert said["host"] == f"localhost:{proxy.port}"


def test_what_serves_is_not_said(proxy: Proxy) -> None:
    assert "Server" not in proxy.ask("GET", "/").headers


def test_no_connection_to_the_web_server_is_kept_that_it_could_close_under_a_request(proxy: Proxy) -> None:
    assert proxy.ask("POST", "/", body=b"{}").json()["connection"] == "close"


def test_a_webhook_of_25_megabytes_passes_and_what_is_larger_does_not(proxy: Proxy) -> None:
    assert proxy.ask("POST", "/", body=b"x" * 25_000_000).json()["length"] == 25_000_000

    assert proxy.ask("POST", "/", body=b"x" * (26 * MIB + 1)).status_code in {413, 502}


def test_only_tls_of_today_is_spoken(proxy: Proxy) -> None:
    old = ssl.create_default_context(cafile=proxy.authorities)
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1

    with socket.create_connection(("localhost", proxy.port)) as plain, pytest.raises(ssl.SSLError):
        old.wrap_socket(plain, server_hostname="localhost")


def test_who_takes_too_long_over_headers_is_hung_up_on(proxy: Proxy) -> None:
    context = ssl.create_default_context(cafile=proxy.authorities)
    with (
        socket.create_connection(("localhost", proxy.port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as slow,
    ):
        slow.settimeout(10)
        slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")

        assert b"200" not in slow.recv(1024)


def test_an_address_is_never_written_down_not_even_of_what_failed(proxy: Proxy) -> None:
    token = {"Authorization": f"JWT {CANARY}"}
    assert proxy.ask("GET", f"/downloads/{CANARY}?jwt={CANARY}", headers=token).status_code == 200
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        proxy.ask("GET", f"/breaks-off/{CANARY}?jwt={CANARY}", headers=token)
    proxy.server.shutdown()
    proxy.server.server_close()

    assert proxy.ask("GET", f"/downloads/{CANARY}?jwt={CANARY}", headers=token).status_code == 502

    assert CANARY not in proxy.log.read_text()
