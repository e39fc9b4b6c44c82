"""A door that may call this machine, closed after each test; and a whole Jira behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from backbone_app.jira import connect_jwt
from backbone_app.jira.client import JiraClient
from backbone_app.jira.egress import Door, EgressPolicy
from backbone_app.jira.items import MARK
from jira_sandbox.state.site import Site
from jira_sandbox.transport import KEY_HOSTS, mounted
from jira_sandbox.world import World
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
    opened = Door(POLICY, max_bytes=200_000)
    yield opened
    opened.close()


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
        hooks = [
            {"event": f"jira:issue_{what}", "url": "/hook", "propertyKeys": [MARK]}
            for what in ("created", "updated", "deleted")
        ]
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
