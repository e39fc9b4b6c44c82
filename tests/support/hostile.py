"""Tools for requests that somebody with bad intentions would make.

Tokens are put together by hand here: a decent library refuses to make most of them.
"""

import base64
import hashlib
import hmac
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
import requests
import structlog
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.apps import apps
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from jira_sandbox.connect import tokens
from tests.support.app import Headers, Jira, call_app
from tests.support.environment import APP

REFUSAL = {"code": "not_authenticated", "message": "This call was not signed by a Jira site we know."}


def token(header: dict[str, object], claims: dict[str, Any] | str, signature: bytes = b"no signature") -> str:
    """Three parts as wished; ``claims`` may be JSON text that no encoder would make."""
    return f"{signing_input(header, claims)}.{encoded(signature)}"


def signing_input(header: dict[str, object], claims: dict[str, Any] | str) -> str:
    payload = claims if isinstance(claims, str) else json.dumps(claims)
    return f"{encoded(json.dumps(header).encode())}.{encoded(payload.encode())}"


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def hs256(claims: dict[str, Any] | str, secret: bytes, **header: object) -> str:
    """A token signed with any bytes, a public key for example."""
    head = {"alg": "HS256", "typ": "JWT", **header}
    return token(
        head, claims, hmac.new(secret, signing_input(head, claims).encode(), hashlib.sha256).digest()
    )


def foreign_rs256(claims: dict[str, Any], **header: object) -> str:
    """A token signed properly, with a key that is not Atlassian's."""
    head: dict[str, object] = {"alg": "RS256", "typ": "JWT", **header}
    signed = signing_input(head, claims).encode()
    return token(head, claims, foreign_key().sign(signed, padding.PKCS1v15(), hashes.SHA256()))


@cache
def foreign_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2048)


def request_hash(method: str, target: str) -> str:
    """The ``qsh`` of a request to the app."""
    return tokens.hash_for_url(method, APP + target, APP)


@dataclass(slots=True)
class Outgoing:
    """Every request that left the app, at the wire, with the seconds it waits for bytes at most.

    ``down`` names hosts that do not answer, ``instead`` what hosts say to anything that are no Jira;
    ``meanwhile`` happens once, while the next request is under way.
    """

    urls: list[str] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    instead: dict[str, bytes] = field(default_factory=dict)
    meanwhile: Callable[[], object] | None = None

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand in front of the adapter that is mounted now."""
        mounted = HTTPAdapter.send

        def send(
            adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any
        ) -> requests.Response:
            url = str(request.url)
            self.urls.append(url)
            self.limits.append(max(options["timeout"]))
            host = url.split("/")[2]
            act, self.meanwhile = self.meanwhile, None
            if act:
                act()
            if host in self.down:
                raise requests.ConnectionError("nobody answers", request=request)
            if host in self.instead:
                said = io.BytesIO(self.instead[host])
                return adapter.build_response(request, HTTPResponse(said, status=200, preload_content=False))
            return mounted(adapter, request, **options)

        monkeypatch.setattr(HTTPAdapter, "send", send)


@dataclass(frozen=True, slots=True)
class Attack:
    """Makes requests and holds that they come to nothing."""

    outgoing: Outgoing

    def post(
        self, target: str, token: str | None, body: dict[str, Any], *, fetches: int = 0, **headers: str
    ) -> None:
        """POST as Jira would and expect 401; ``fetches`` is how many keys may be asked for."""
        sent = headers if token is None else {"Authorization": f"JWT {token}", **headers}
        self.refused("POST", target, headers=sent, body=json.dumps(body).encode(), fetches=fetches)

    def refused(
        self,
        method: str,
        target: str,
        *,
        headers: Headers | None = None,
        body: bytes = b"",
        fetches: int = 0,
    ) -> None:
        """Nothing changed, nothing called, no reason given, counted once."""
        before, calls = everything(), len(self.outgoing.urls)
        with structlog.testing.capture_logs() as logs:
            answer = call_app(method, target, headers=headers, body=body)
        assert answer.status_code == 401
        assert json.loads(answer.content) == REFUSAL
        assert everything() == before
        assert len(self.outgoing.urls) - calls == fetches
        rejections = [line for line in logs if line["event"] == "auth_rejected"]
        assert len(rejections) == 1
        assert rejections[0].keys() == {"event", "case", "log_level"}

    @contextmanager
    def changing_nothing(self) -> Iterator[None]:
        """Hold that the rows are the same afterwards, for answers other than 401."""
        before = everything()
        yield
        assert everything() == before

    @contextmanager
    def coming_to_nothing(self) -> Iterator[None]:
        """Hold that the rows are the same afterwards and nobody was called."""
        calls = len(self.outgoing.urls)
        with self.changing_nothing():
            yield
        assert len(self.outgoing.urls) == calls


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of the app."""
    return {
        model.__name__: sorted(model._default_manager.values_list(), key=repr)
        for model in apps.get_app_config("backbone").get_models()
    }


def affairs() -> dict[str, list[tuple[object, ...]]]:
    """The same without the books on our own calls to Jira, which a question about somebody's right fills."""
    return {name: rows for name, rows in everything().items() if name not in {"Pace", "Spending"}}


FRESH = "a-fresh-secret-from-jira, longer than any hash"
"""The secret that a forged or replayed installation brings."""
LIFECYCLE = ("/installed", "/uninstalled")


def good_claims(jira: Jira, path: str, **changes: object) -> dict[str, Any]:
    """What Atlassian's token says when it calls ``path``."""
    return jira.claims(**{"aud": [APP], "qsh": request_hash("POST", path), **changes})


def install_body(jira: Jira, **changes: object) -> dict[str, Any]:
    """What the body of ``installed`` says."""
    return {
        "key": "backbone-work-sync",
        "clientKey": jira.app.client_key,
        "sharedSecret": FRESH,
        "baseUrl": jira.site.base_url,
        "productType": "jira",
        **changes,
    }


def signed(jira: Jira, claims: dict[str, Any]) -> str:
    """Sign as Atlassian does."""
    return tokens.sign_rs256(claims, kid=jira.world.kid)


def post(path: str, token: str, body: dict[str, Any]) -> int:
    """POST as Jira would and tell the status."""
    headers = {"Authorization": f"JWT {token}"}
    return call_app("POST", path, headers=headers, body=json.dumps(body).encode()).status_code
