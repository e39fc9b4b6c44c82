"""acme on the Cloud, and initech, a Cloud site without our app that people let us into by 3LO.

A test module that imports the fixtures ``world``, ``oauth_app`` and ``alice`` plays there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.conf import LazySettings

from backbone_app.jira.oauth import cloud
from jira_sandbox import seed
from jira_sandbox.front import Front, Request
from jira_sandbox.state.threelo import OFFLINE, OAuthApp
from jira_sandbox.threelo.tokens import HOST as LOGIN
from jira_sandbox.wire import Response
from jira_sandbox.world import World
from tests.support import licences
from tests.support.app import Jira, within_reach
from tests.support.browsing import Page
from tests.support.environment import APP
from tests.support.machine import Machine
from tests.support.outside import Outside
from tests.support.sandbox import ACME, INITECH, VirtualClock
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
