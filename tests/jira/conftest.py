"""A door that may call this machine, closed after each test; and a whole Jira behind it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socket import socket

import pytest

from backbone_app.jira import connect_jwt
from backbone_app.jira.client import JiraClient
from backbone_app.jira.egress import Door, EgressPolicy
from backbone_app.jira.items import MARK
from jira_sandbox.state.site import Site
from jira_sandbox.transport import KEY_HOSTS, mounted
from jira_sandbox.world import World
from tests.support import wire
from tests.support.network import Network, networked
from tests.support.sandbox import (
    ListeningApp,
    Person,
    VirtualClock,
    as_person,
    descriptor,
    install,
    standard_world,
)

POLICY = EgressPolicy(
    cloud_hosts=(".atlassian.net",), service_hosts=("keys.example",), allow_loopback_http=True
)


@pytest.fixture
def door() -> Iterator[Door]:
    opened = Door(POLICY, max_bytes=400_000)
    yield opened
    opened.close()


@pytest.fixture
def network() -> Iterator[Network]:
    """A network on which nobody is yet."""
    with networked() as made:
        yield made


@dataclass(frozen=True, slots=True)
class Script:
    """A Jira that answers what a test tells it to, and a client of it whose account is ``app-1``."""

    client: JiraClient
    requests: list[bytes]

    @property
    def lines(self) -> list[str]:
        """Method and target of each call that came."""
        return [raw.split(b" HTTP/")[0].decode() for raw in self.requests]


@contextmanager
def scripted(door: Door, *answers: object) -> Iterator[Script]:
    """Answer the calls one after the other: an int is a status, anything else the JSON of a 200."""
    left = list(answers)

    def in_turn(connection: socket) -> None:
        said = left.pop(0)
        reply = wire.answer(said) if isinstance(said, int) else wire.answer(200, json.dumps(said).encode())
        reply(connection)

    with wire.wired(in_turn) as served:
        client = JiraClient(base_url=served.url, authorize=lambda *_: "", door=door, account="app-1")
        yield Script(client, served.requests)
    assert not left, "more answers than calls"


@dataclass(frozen=True, slots=True)
class Play:
    """A standard Jira with our app on it, reached without sockets, and a client that speaks as the app."""

    clock: VirtualClock
    world: World
    site: Site
    app: ListeningApp
    client: JiraClient
    alice: Person

    @property
    def calls(self) -> int:
        """How many calls the app made since the last reset."""
        return self.world.meters.calls(caller="app")

    def space_id(self, key: str) -> str:
        return self.site.space(key).id


@pytest.fixture
def play(door: Door) -> Iterator[Play]:
    clock = VirtualClock()
    world = standard_world(clock)
    site = world.sites["acme"]
    app = ListeningApp()
    with mounted(world):
        hooks: list[dict[str, object]] = [
            {"event": f"jira:issue_{what}", "url": "/hook", "propertyKeys": [MARK]}
            for what in ("created", "updated", "deleted")
        ]
        hooks += [{"event": f"comment_{what}", "url": "/hook"} for what in ("created", "updated", "deleted")]
        installed = install(world, site, app, wanted=descriptor(modules={"webhooks": hooks}))

        def authorize(method: str, path: str, query: str) -> str:
            return "JWT " + connect_jwt.sign(
                app_key=installed.key,
                secret=installed.shared_secret,
                client_key=installed.client_key,
                method=method,
                path=path,
                query=query,
                now=clock(),
            )

        client = JiraClient(
            base_url=site.base_url, authorize=authorize, door=door, account=installed.user.account_id
        )
        yield Play(clock, world, site, app, client, as_person(world, site, "alice"))


@pytest.fixture
def service_door() -> Iterator[Door]:
    """A door to the key hosts."""
    opened = Door(EgressPolicy(cloud_hosts=(), service_hosts=tuple(KEY_HOSTS)))
    yield opened
    opened.close()
