"""Links whose tokens run out and are got anew, with what stands behind them in the small Jiras."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backbone_app.gateway import tokens
from backbone_app.jira.oauth import Tokens
from backbone_app.models import ApplicationLink, Link, Site
from backbone_app.models.sealing import seal
from backbone_app.models.site import Product
from jira_sandbox import threelo
from jira_sandbox.datacenter.oauth import clients, granting
from jira_sandbox.state.provider import Client
from jira_sandbox.state.site import Site as Office
from jira_sandbox.state.threelo import OFFLINE
from jira_sandbox.world import World
from tests.support import links
from tests.support.environment import APP
from tests.support.sandbox import VirtualClock
from tests.support.threelo import WORK, an_app


@dataclass(frozen=True, slots=True)
class Granted:
    """A link, and the office of its site that gives tokens: by path, and how to withdraw all of them."""

    site: Site
    token_call: tuple[str, str]
    clock: VirtualClock

    @property
    def link(self) -> Link:
        """Its row as it is now."""
        return Link.objects.get(pk=self.site.pk)


def to_a_data_center(
    world: World, owner: Site, *, clock: VirtualClock, who: str = "gina", name: str = "initech"
) -> Granted:
    """``who`` has let us in on this site, by an incoming link whose callback is ours."""
    office = world.sites[name]
    row, client = registered(office, owner, now=clock())
    grant = granting.give(office, client, office.user(who), "ADMIN")
    site = links.linked(office.base_url, Product.DATA_CENTER, grant.access_token, clock=clock, owner=owner)
    given = Tokens(grant.access_token, grant.refresh_token, grant.expires, "ADMIN")
    hand_in(site, given, application=row)
    return Granted(site, ("POST", "/rest/oauth2/latest/token"), clock)


def registered(office: Office, owner: Site, *, now: datetime) -> tuple[ApplicationLink, Client]:
    """Have the admin of a Data Center make an incoming link whose callback is ours, and enter it here."""
    row = ApplicationLink.objects.create(site=owner, base_url=office.base_url, created_at=now)
    callback = f"{APP}/oauth/dc/{row.pk}"
    client = clients.register(office, name="Backbone", redirect_url=callback, scope="ADMIN")
    row.client_id = client.client_id
    place = ApplicationLink.client_secret_sealed.field.at(owner.pk)
    row.client_secret_sealed = seal(client.client_secret.encode(), at=place)
    row.save()
    return row, client


def hand_in(site: Site, given: Tokens, *, application: ApplicationLink | None = None) -> None:
    """Have the link to a site bear these tokens from now on."""
    Link.objects.filter(pk=site.pk).update(application=application, **tokens.sealed(given, site))


def to_the_cloud(
    world: World, owner: Site, settings: Any, *, clock: VirtualClock, who: str = "gina"
) -> Granted:
    """``who`` has let the operator's OAuth app in on initech, which is a Cloud site."""
    there = world.sites["initech"]
    app = an_app(world, callback_url=f"{APP}/oauth/cloud")
    settings.BACKBONE_OAUTH_CLIENT_ID, settings.BACKBONE_OAUTH_CLIENT_SECRET = (
        app.client_id,
        app.client_secret,
    )
    grant = threelo.grant(world, app, there, there.user(who), (*WORK, OFFLINE))
    site = links.linked(
        there.base_url,
        Product.CLOUD,
        grant.access_token,
        clock=clock,
        owner=owner,
        cloud_id=there.cloud_id,
    )
    given = Tokens(grant.access_token, grant.refresh_token, clock() + timedelta(hours=1), "")
    hand_in(site, given)
    return Granted(site, ("POST", "/oauth/token"), clock)
