"""Signing in on one of two Data Centers or a Cloud site, by links of alice's: for tests of who else tries."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import structlog
from django.conf import LazySettings
from django.http import HttpResponse

from jira_sandbox import seed
from jira_sandbox.datacenter.oauth import clients
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.world import World
from tests.support import licences
from tests.support.app import Jira, within_reach
from tests.support.hostile import Attack
from tests.support.initech import BASE
from tests.support.machine import Machine
from tests.support.outside import Outside
from tests.support.pages import parse
from tests.support.remote_cloud import AtAtlassian, register
from tests.support.sandbox import ACME, VirtualClock

HOOLI = "https://jira.hooli.example"
GLOBEX = "https://globex.atlassian.net"


@pytest.fixture
def world(clock: VirtualClock) -> Iterator[World]:
    """acme on the Cloud, two Data Centers, and globex on the Cloud without our app."""
    sites = {"acme": ACME, "initech": BASE, "hooli": HOOLI, "globex": GLOBEX}
    editions = dict.fromkeys(("initech", "hooli"), DATA_CENTER["dc-10.3"])
    with within_reach(seed.standard(clock, sites, editions=editions)) as made:
        yield made


@pytest.fixture
def alice(jira: Jira, settings: LazySettings, clock: VirtualClock, transactional_db: None) -> Machine:
    """Alice, who administers ALPHA on acme, by the API; she may have somebody sign in on a Cloud site too."""
    register(jira.world, settings)
    licences.give(jira.row, now=clock())
    return Machine(jira, "alice", "ALPHA")


@dataclass(frozen=True, slots=True)
class Stage:
    """Links to sign in with, as alice makes them, and the browsers of those who open them."""

    alice: Machine
    world: World
    attack: Attack
    applications: dict[str, str] = field(default_factory=dict)

    def link(self, name: str = "initech") -> str:
        """The address of a new link to sign in on this site."""
        if name == "globex":
            said = self.alice.post("clouds/sign-in", base_url=GLOBEX, is_copied=True).said
            return str(said["address"])
        number = self.applications.get(name) or self._linked(name)
        said = self.alice.post(f"application-links/{number}/sign-in", is_copied=True).said
        return str(said["address"])

    def browser(self, name: str = "initech") -> Outside:
        """A browser that is gina's there."""
        if name == "globex":
            return AtAtlassian(self.world, self.world.sites[name], "gina", chooses=name)
        return Outside(self.world, self.world.sites[name], "gina")

    def returning(self, browser: Outside, link: str, **decided: str) -> str:
        """Where the browser is sent back to once gina has decided."""
        return browser.allow(browser.leave(link), **decided)

    def refused(
        self, browser: Outside, target: str, form: dict[str, str] | None = None, *, status: int = 400
    ) -> HttpResponse:
        """Open the target, or send a form there: nothing changes, nobody is called, one counter goes up."""
        with structlog.testing.capture_logs() as lines, self.attack.coming_to_nothing():
            answer = browser.post(target, **form) if form else browser.get(target)
        assert answer.status_code == status
        counted = [line for line in lines if line["event"] == "auth_rejected"]
        assert [line.keys() for line in counted] == [{"event", "case", "log_level"}]
        assert len(parse(answer).all("h2")) == 1
        assert "Location" not in answer
        assert not answer.cookies
        return answer

    def _linked(self, name: str) -> str:
        office = self.world.sites[name]
        begun = self.alice.post("application-links/begin").said
        client = clients.register(office, name="Backbone", redirect_url=begun["callback"], scope="ADMIN")
        shown = {"client_id": client.client_id, "client_secret": client.client_secret}
        said = self.alice.post(f"application-links/{begun['id']}/enter", base_url=office.base_url, **shown)
        assert said.status == 200, said
        self.applications[name] = str(begun["id"])
        return self.applications[name]


@pytest.fixture
def stage(alice: Machine, world: World, attack: Attack) -> Stage:
    """Nothing is linked yet."""
    return Stage(alice, world, attack)


def token_of(link: str) -> str:
    """The secret part of a link's address."""
    return link.rpartition("/")[2]


def with_query(target: str, **changes: str | None) -> str:
    """The same address with other values, or without them."""
    parts = urlsplit(target)
    told = dict(parse_qsl(parts.query)) | changes
    query = urlencode({name: value for name, value in told.items() if value is not None})
    return parts._replace(query=query).geturl()
