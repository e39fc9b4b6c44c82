"""acme on the Cloud, and initech, a Cloud site without our app that people let us into by 3LO.

A test module that imports the fixtures ``world``, ``oauth_app`` and ``alice`` (and ``line``) plays there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

import pytest
from django.conf import LazySettings

from backbone_app import jobs
from backbone_app.jira.oauth import cloud
from backbone_app.ledger import hooks
from backbone_app.models import LinkHook, Synchronization
from backbone_app.models import Site as SiteRow
from backbone_app.services.tenants import Caller
from jira_sandbox import seed
from jira_sandbox.front import Front, Request
from jira_sandbox.outbox import Delivery
from jira_sandbox.state.apps import DynamicWebhook
from jira_sandbox.state.threelo import OFFLINE, OAuthApp
from jira_sandbox.threelo.tokens import HOST as LOGIN
from jira_sandbox.wire import Response
from jira_sandbox.world import World
from tests.support import licences
from tests.support.app import Jira, send, within_reach
from tests.support.browsing import Page
from tests.support.environment import APP
from tests.support.machine import Machine
from tests.support.outside import Outside
from tests.support.sandbox import ACME, INITECH, VirtualClock
from tests.support.scenario import Story
from tests.support.threelo import an_app


@pytest.fixture
def world(clock: VirtualClock) -> Iterator[World]:
    """Two Cloud sites that differ in everything; alice and dana are on both."""
    with within_reach(seed.standard(clock, {"acme": ACME, "initech": INITECH})) as made:
        yield made


def register(world: World, settings: LazySettings) -> OAuthApp:
    """Have the operator register an OAuth app, and enter it in the settings."""
    scopes = sorted(cloud.SCOPES - {OFFLINE})
    app = an_app(world, name="Backbone", callback_url=f"{APP}/oauth/cloud", scopes=scopes)
    settings.BACKBONE_OAUTH_CLIENT_ID = app.client_id
    settings.BACKBONE_OAUTH_CLIENT_SECRET = app.client_secret
    return app


@pytest.fixture
def oauth_app(world: World, settings: LazySettings) -> OAuthApp:
    """The operator's OAuth app."""
    return register(world, settings)


@pytest.fixture
def alice(jira: Jira, oauth_app: OAuthApp, clock: VirtualClock, transactional_db: None) -> Machine:
    """Alice, who administers ALPHA on acme, by the API; acme has a licence for one endpoint."""
    licences.give(jira.row, now=clock())
    return Machine(jira, "alice", "ALPHA")


def asked(alice: Machine, *, base_url: str = INITECH, is_copied: bool = False) -> dict[str, str]:
    """A link to sign in with; gives its address and the attempt's id."""
    answer = alice.post("clouds/sign-in", base_url=base_url, is_copied=is_copied)
    assert answer.status == 201, answer
    return {"address": answer.said["address"], "attempt": answer.said["sign_in"]["id"]}


def linked(alice: Machine, world: World, who: str = "gina") -> str:
    """Have somebody sign in on initech; gives the link's id."""
    link = asked(alice)
    visitor(world, who).sign_in(link["address"])
    found = alice.get(f"sign-ins/{link['attempt']}").said
    assert found["status"] == "linked", found
    return str(found["link"])


def created(alice: Machine, link: str, key: str = "GOLD") -> str:
    """A synchronization over the link, which nobody has started; gives its id."""
    spaces = {each["key"]: each["id"] for each in alice.get(f"links/{link}/spaces").said}
    made = alice.post(f"links/{link}/create", partner_space=spaces[key], name=f"With {key}")
    assert made.status == 201, made
    return str(made.said["id"])


def visitor(world: World, who: str = "gina", *, chooses: str = "initech") -> "AtAtlassian":
    """Somebody's browser, who chooses this site where Atlassian asks."""
    return AtAtlassian(world, world.sites["initech"], who, chooses=chooses)


@dataclass(frozen=True, slots=True)
class Line:
    """ALPHA on acme (alice) and GOLD on initech, in step over a link by which gina has let us in."""

    alice: Machine
    acme: Story
    initech: Story
    link: SiteRow
    app: OAuthApp

    @property
    def row(self) -> LinkHook:
        """What we know of the webhook now."""
        return LinkHook.objects.get()

    @property
    def there(self) -> list[DynamicWebhook]:
        """The webhooks that our app has on initech as gina."""
        site = self.initech.jira.site
        return site.oauth_webhooks.get((self.app.client_id, site.user("gina").account_id), [])

    @property
    def target(self) -> str:
        """The path that they deliver to."""
        return hooks.address(self.row).removeprefix(APP)

    @property
    def path(self) -> str:
        """Where the API tells of the synchronization."""
        return f"synchronizations/{self.acme.synchronization_id}"

    def waiting(self) -> list[Delivery]:
        """What initech has to tell."""
        mine = [each for each in self.acme.jira.world.outbox if each.site == "initech"]
        return sorted(mine, key=lambda each: each.due)

    def settle(self) -> None:
        """Deliver both sites' news and work until nothing happens any more."""
        for _ in range(20):
            self.acme.clock.advance(seconds=11)
            world = self.acme.jira.world
            heard = sum(bool(world.send_one(each, send)) for each in self.waiting())
            delivered = self.acme.jira.deliver_all() + heard
            self.acme.work()
            jobs.sweep()
            if not delivered:
                return
        raise AssertionError("It does not come to rest.")

    def follow(self, **later: float) -> None:
        """Let time pass, and the worker look after webhooks."""
        self.acme.clock.advance(seconds=1)
        self.acme.clock.advance(**later)
        jobs.follow_hooks()

    def state(self) -> tuple[str, str]:
        """How the synchronization stands: its state, and the reason of a pause."""
        row = Synchronization.objects.get(pk=self.acme.synchronization_id)
        return row.state, row.pause_reason


@pytest.fixture
def line(alice: Machine, world: World, oauth_app: OAuthApp, clock: VirtualClock) -> Line:
    """The two spaces in step; the webhook is made."""
    link = linked(alice, world)
    made = UUID(created(alice, link))
    assert alice.post(f"synchronizations/{made}/start").status == 204
    clock.advance(seconds=1)
    acting = Caller(alice.jira.row.pk, alice.jira.account("alice"), alice.jira.row.base_url)
    there = Jira(world, world.sites["initech"])
    found = Line(
        alice=alice,
        acme=Story(alice.jira, clock, acting, made),
        initech=Story(there, clock, acting, made),
        link=SiteRow.objects.get(pk=link),
        app=oauth_app,
    )
    found.follow()
    return found


@dataclass(slots=True)
class AtAtlassian(Outside):
    """A browser that signs in at Atlassian, as somebody of its site, and lets the app into ``chooses``."""

    chooses: str = "initech"

    def allow(self, there: str, *, decision: str = "allow") -> str:
        """Sign in, and decide; gives the way back to us."""
        target = urlsplit(there)
        assert f"{target.scheme}://{target.netloc}" == "https://auth.atlassian.com"
        person = self.site.user(self.person)
        form = {"email": person.email, "password": person.password or ""}
        (consent,) = _page(self._at(target.path, target.query, form)).forms
        meant = self.world.sites[self.chooses].cloud_id
        decided = {"decision": "accept" if decision == "allow" else "cancel", "site": meant}
        answer = self._at(target.path, target.query, consent.values | decided)
        assert answer.status == 302, answer.body
        return answer.headers["Location"]

    def _at(self, path: str, query: str, form: dict[str, str]) -> Response:
        body = urlencode(form).encode()
        request = Request("POST", path, parse_qsl(query), {}, body)
        answer = Front(self.world).handle_elsewhere(LOGIN, request)
        assert answer
        return answer


def _page(answer: Response) -> Page:
    found = Page(answer.status)
    found.feed(answer.body.decode())
    return found
