"""Our app and a Jira it is installed on, wired together without sockets.

The sandbox answers what the app sends with ``requests``; what the sandbox sends
reaches the app through Django's test client. In between everything is real.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import setting_changed
from django.db import connections
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, ClientHandler, encode_multipart
from django.utils import timezone

from backbone_app import gateway
from backbone_app.models import Site as SiteRow
from backbone_app.web import rates
from jira_sandbox import seed, transport
from jira_sandbox.connect import installing, tokens
from jira_sandbox.outbox import Delivery
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation
from jira_sandbox.wire import OutgoingCall
from jira_sandbox.world import World
from tests.support import environment
from tests.support.environment import APP
from tests.support.sandbox import Person, VirtualClock, as_person, standard_world

DESCRIPTOR = f"{APP}/atlassian-connect.json"
INITECH = "https://initech.atlassian.net"
Headers = dict[str, str]
Answered = Callable[[int], None]
ANSWERED = "tests.answered"


def pytest_configure() -> None:
    if connections["default"].vendor == "sqlite":
        connections["default"].settings_dict["TEST"]["NAME"] = environment.sqlite_file()


def call_app(
    method: str,
    target: str,
    *,
    headers: Headers | None = None,
    body: bytes = b"",
    answered: Answered | None = None,
) -> HttpResponse:
    """One request to the app as a server like gunicorn hands it in; ``target`` is path and query.

    ``answered`` hears the status when the answer goes out, before the app is done with it.
    """
    sent = dict(headers or {})
    content_type = sent.pop("Content-Type", "application/json")
    client = Client()
    client.handler = _server()
    more: dict[str, Any] = {"RAW_URI": target, ANSWERED: answered}
    answer = client.generic(method, target, body, content_type, headers=sent, **more)
    assert isinstance(answer, HttpResponse)
    return answer


class _Server(ClientHandler):
    """Tells whoever asked when the answer goes out: a server closes it, with what hangs on it, later."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        answer = super().get_response(request)
        answered: Answered | None = request.META.get(ANSWERED)
        if answered is not None:
            answered(answer.status_code)
        return answer


@functools.cache
def _server() -> _Server:
    """What answers: its middleware is loaded once, as in a server's process."""
    server = _Server(enforce_csrf_checks=False)
    server.load_middleware()
    return server


@receiver(setting_changed)
def _start_again(**_: object) -> None:
    """Middleware reads settings as it is loaded: a test that changes one has its own."""
    _server.cache_clear()


def send(call: OutgoingCall, answered: Answered | None = None) -> int:
    """The wire from the sandbox to the app."""
    url = urlsplit(call.url)
    assert f"{url.scheme}://{url.netloc}" == APP
    target = url.path + (f"?{url.query}" if url.query else "")
    answer = call_app(call.method, target, headers=call.headers, body=call.body, answered=answered)
    return answer.status_code


def fetch(url: str) -> bytes:
    """GET something of the app's, as Jira fetches the descriptor."""
    return call_app("GET", url.removeprefix(APP)).content


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person in front of our pages within Jira; every call carries a fresh own-page token."""

    jira: "Jira"
    name: str

    def open(self, space: str) -> HttpResponse:
        """Open the settings of the space with this key, as Jira opens our iframe."""
        ref = self.jira.site.space(space)
        query = urlencode({"spaceId": ref.id, "spaceKey": ref.key})
        token = self.jira.request_token("GET", f"/space-settings?{query}", person=self.name)
        return call_app("GET", f"/space-settings?{query}&jwt={token}", headers={"Accept": "text/html"})

    def get(self, path: str, **query: str) -> HttpResponse:
        """GET a part of a page; ``path`` starts with a slash."""
        return call_app("GET", path + (f"?{urlencode(query)}" if query else ""), headers=self._headers())

    def post(self, path: str, **form: str) -> HttpResponse:
        """Send a form of a page."""
        headers = self._headers() | {"Content-Type": "application/x-www-form-urlencoded"}
        return call_app("POST", path, headers=headers, body=urlencode(form).encode())

    def upload(self, path: str, file: bytes, **form: str) -> HttpResponse:
        """Send a form of a page with a file that was chosen in it."""
        entries = {**form, "file": SimpleUploadedFile("licence.xml", file)}
        headers = self._headers() | {"Content-Type": MULTIPART_CONTENT}
        return call_app("POST", path, headers=headers, body=encode_multipart(BOUNDARY, entries))

    def _headers(self) -> Headers:
        token = self.jira.page_token(self.name)
        return {"Authorization": f"JWT {token}", "HX-Request": "true", "Accept": "text/html"}


@dataclass(frozen=True, slots=True)
class Jira:
    """One site of the sandbox with our app on it, and what Jira does with it."""

    world: World
    site: Site

    @property
    def row(self) -> SiteRow:
        """Our own row of this site, as it is now."""
        return SiteRow.objects.get(base_url=self.site.base_url)

    @property
    def app(self) -> AppInstallation:
        """The installation as Jira knows it, shared secret included."""
        return self.site.app

    @property
    def known_by(self) -> tuple[str, ...]:
        """What tells this installation from every other: where it is, its secret, its account, its metadata.

        A configuration is made of names that the site has: another test's site may have other ones.
        """
        site = self.site
        metadata = repr([site.work_types, site.statuses, site.priorities, site.custom_fields, site.spaces])
        return site.base_url, self.app.shared_secret, self.app.user.account_id, metadata

    def install(self) -> AppInstallation:
        """Install the app, or install it again with a new secret."""
        return installing.install(self.world, self.site, DESCRIPTOR, fetch=fetch, send=send)

    def uninstall(self) -> None:
        """Remove the app and tell it."""
        installing.uninstall(self.world, self.site, send=send)

    def enable(self) -> None:
        """Switch the app on and tell it."""
        installing.enable(self.world, self.site, send=send)

    def disable(self) -> None:
        """Switch the app off and tell it."""
        installing.disable(self.world, self.site, send=send)

    def person(self, name: str) -> Person:
        """Somebody who works with Jira: alice, bob, carol or dana."""
        return as_person(self.world, self.site, name)

    def visitor(self, name: str) -> Visitor:
        """Somebody who uses our pages."""
        return Visitor(self, name)

    def space_id(self, key: str) -> str:
        """Jira's id of a space."""
        return self.site.space(key).id

    def account(self, name: str) -> str:
        """A person's account id."""
        return self.site.user(name).account_id

    def claims(self, **changes: object) -> tokens.Claims:
        """The claims of a token made now; a change to None leaves a claim out."""
        now = int(self.world.clock().timestamp())
        claims = {"iss": self.app.client_key, "iat": now, "exp": now + 180, **changes}
        return {name: value for name, value in claims.items() if value is not None}

    def page_token(self, person: str, **changes: object) -> str:
        """What ``AP.context.getToken`` gives inside our pages."""
        claims = self.claims(sub=self.account(person), qsh=tokens.PAGE_HASH, context={"jira": {}}, **changes)
        return tokens.sign_hs256(claims, self.app.shared_secret)

    def request_token(self, method: str, target: str, *, person: str | None = None, **changes: object) -> str:
        """A token for exactly one request; ``target`` is path and query."""
        qsh = tokens.hash_for_url(method, APP + target, APP)
        account = self.account(person) if person else None
        claims = self.claims(**{"sub": account, "qsh": qsh, **changes})
        return tokens.sign_hs256(claims, self.app.shared_secret)

    def deliveries(self, *, item: str | None = None) -> list[Delivery]:
        """This site's webhooks that wait to be sent, oldest first; those of one work item if named."""
        mine = [delivery for delivery in self.world.outbox if delivery.site == self.site.name]
        return [delivery for delivery in mine if item in {None, delivery.issue_id}]

    def deliver(self, delivery: Delivery) -> bool:
        """Send one webhook now, due or not, and tell whether it was accepted."""
        return self.world.send_one(delivery, send)

    def deliver_all(self) -> int:
        """Send every webhook that waits, in order, and tell how many were accepted."""
        return sum(self.deliver(delivery) for delivery in self.deliveries())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> VirtualClock:
    """The time, for the sandbox and for everything in the app that asks Django what time it is."""
    clock = VirtualClock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@contextmanager
def within_reach(world: World) -> Iterator[World]:
    """Let the app reach the world's sites.

    Whatever a test is about, in the end the app has kept quiet wherever a site told it to wait.
    """
    forget()
    with transport.mounted(world):
        yield world
    forget()
    assert world.limits.violations == []


@pytest.fixture
def world(clock: VirtualClock) -> Iterator[World]:
    """Two sites, acme and initech, that the app can reach; nothing is installed yet."""
    world = standard_world(clock, sites={"acme": "https://acme.atlassian.net", "initech": INITECH})
    seed.let_leads_look_around(world)  # one can ask a space only that one sees
    with within_reach(world):
        yield world


@pytest.fixture
def jira(world: World, db: None) -> Jira:
    """The site acme with our app installed the way Jira does it."""
    return _installed(world, "acme")


@pytest.fixture
def other_jira(world: World, db: None) -> Jira:
    """The site initech, a stranger to acme, with our app installed too."""
    return _installed(world, "initech")


@pytest.fixture
def deliver(jira: Jira) -> Callable[[Delivery], bool]:
    """Send one webhook to the app and tell whether it was accepted."""
    return jira.deliver


def _installed(world: World, name: str) -> Jira:
    jira = Jira(world, world.sites[name])
    jira.install()
    return jira


def forget() -> None:
    """Empty what the process remembers across requests."""
    gateway.install_keys.cache_clear()
    gateway.forge_keys.cache_clear()
    cache.clear()
    rates.buckets.clear()
