"""F10: leave to act on a linked site that lasts for a while only, and how it comes to an early end.

Where whoever gives it to a Data Center administers that, the app makes its own webhook there, and hears by
that alone.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from backbone_app.gateway.tokens import MARGIN
from backbone_app.jira.oauth import Tokens
from backbone_app.models import Link
from backbone_app.models import Site as SiteRow
from jira_sandbox import threelo
from jira_sandbox.datacenter.oauth import granting
from jira_sandbox.state.threelo import OFFLINE
from jira_sandbox.weather.sky import Undo
from jira_sandbox.world import World
from tests.simulation import chance
from tests.simulation.abroad import ADMIN, SCOPES, SITE
from tests.simulation.clock import clock
from tests.simulation.stage import Jira
from tests.support import grants

LIVES: Final = (90.0, 90.0, 300.0, 3600.0)
"""Seconds that an access token lasts; the app uses none in its last minute."""


def begin(jira: Jira, owner: UUID, *, seed: int) -> None:
    """Have tokens that run out and can be renewed take the place of the one that lasts as long as a life.

    The first ones were given a while ago.
    """
    dice = chance.stream(seed, "leave")
    life = timedelta(seconds=dice.choice(LIVES))
    expires = clock.now() + MARGIN + (life - MARGIN) * dice.random()
    row = SiteRow.objects.get(pk=jira.links[SITE].site)
    Link.objects.filter(pk=row.pk).update(owner=owner)
    if jira.sites[SITE].edition.is_cloud:
        _on_the_cloud(jira, row, life=life, expires=expires)
    else:
        _on_a_data_center(jira, row, owner, life=life, expires=expires)
    jira.note_tokens()


def _on_a_data_center(jira: Jira, row: SiteRow, owner: UUID, *, life: timedelta, expires: datetime) -> None:
    site, link = jira.sites[SITE], jira.links[SITE]
    if link.account == site.user(ADMIN).account_id:
        jira.unheard.add(site.name)
    site.provider.grants.clear()
    site.provider.token_life = life
    application, client = grants.registered(site, SiteRow.objects.get(pk=owner), now=clock.now())
    grant = replace(granting.give(site, client, site.users[link.account], "ADMIN"), expires=expires)
    site.provider.grants[grant.id] = grant
    given = Tokens(grant.access_token, grant.refresh_token, expires, grant.scope)
    grants.hand_in(row, given, application=application)


def _on_the_cloud(jira: Jira, row: SiteRow, *, life: timedelta, expires: datetime) -> None:
    (app,) = jira.accounts.apps.values()
    settings.BACKBONE_OAUTH_CLIENT_ID, settings.BACKBONE_OAUTH_CLIENT_SECRET = (
        app.client_id,
        app.client_secret,
    )
    jira.accounts.access.clear()
    jira.accounts.access_life = life
    given = given_on_the_cloud(jira)
    access = jira.accounts.access
    access[given.access] = replace(access[given.access], expires=expires)
    grants.hand_in(row, replace(given, expires=expires))


def given_on_the_cloud(jira: Jira) -> Tokens:
    """Have whoever lets us in on the Cloud do so; gives what a sign-in brings."""
    site, link = jira.sites[SITE], jira.links[SITE]
    (app,) = jira.accounts.apps.values()
    scopes = (*SCOPES, OFFLINE)
    given = threelo.grant(jira, app, site, site.users[link.account], scopes)
    expires = jira.accounts.access[given.access_token].expires
    return Tokens(given.access_token, given.refresh_token, expires, " ".join(scopes))


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Whoever let us in takes that back: no token of ours is worth anything any more."""

    site: str

    def begin(self, world: World) -> Undo:
        """Take it back; LookupError where nothing is left."""
        site, accounts = world.sites[self.site], world.accounts
        given = accounts.families if site.edition.is_cloud else site.provider.grants
        if not given:
            raise LookupError("there is no leave to take back")
        given.clear()
        accounts.access.clear()
        return _it_stays


@dataclass(frozen=True, slots=True)
class Expired:
    """Access tokens end before their time, as where a site forgets its sessions; they can be renewed."""

    site: str

    def begin(self, world: World) -> Undo:
        """Let all of them end; LookupError where there is none."""
        site, accounts = world.sites[self.site], world.accounts
        given = accounts.access if site.edition.is_cloud else site.provider.grants
        if not given:
            raise LookupError("there is no token")
        accounts.access.clear()
        provider = site.provider
        provider.grants = {
            name: replace(each, expires=world.clock()) for name, each in provider.grants.items()
        }
        return _it_stays


def _it_stays() -> None:
    """Nothing ends it: somebody signs in again, or the app asks for new tokens."""
