"""A site that the app is not installed on: a Data Center, or a Cloud site reached by OAuth 2.0 (3LO).

dana administers it and lets the app in with her account, by which nobody does anything else; or it is gina,
who leads a space there and works in it. A token lasts as long as a life does, unless tokens are what the life
is about: see ``leave``.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from backbone_app.models import Site as SiteRow
from backbone_app.models.site import Product
from jira_sandbox import threelo
from jira_sandbox.datacenter.oauth import clients, granting
from jira_sandbox.front import Front
from jira_sandbox.state.editions import CLOUD, DATA_CENTER, Edition
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import User
from jira_sandbox.threelo import gateway
from jira_sandbox.threelo import tokens as login
from tests.simulation.clock import clock
from tests.simulation.kinds import DATA_CENTERS, SHARED
from tests.simulation.stage import LISTENER, Jira, Link
from tests.support import links
from tests.support.admin_hooks import path, wanted
from tests.support.environment import APP
from tests.support.initech import BASE, CONTEXT, Employee
from tests.support.sandbox import as_person
from tests.support.threelo import HOOKS, WORK, Bearer, an_app

SITE: Final = "initech"
ADMIN: Final = "dana"
LEAD: Final = "gina"
SCOPES: Final = (*WORK, *HOOKS, "manage:jira-project")
LONG: Final = timedelta(days=3650)


def addresses(kind: str) -> dict[str, str]:
    """Give the addresses of sites that have no usual one."""
    return {SITE: BASE} if _product(kind) in DATA_CENTERS else {}


def editions(kind: str) -> dict[str, Edition]:
    """Give what sites run that are not on the Cloud."""
    name = _product(kind)
    return {SITE: DATA_CENTER[name]} if name in DATA_CENTERS else {}


def lets_in(kind: str) -> str:
    """Name who lets the app in."""
    return LEAD if kind.endswith(SHARED) else ADMIN


def let_in(jira: Jira, site: Site, kind: str) -> SiteRow:
    """Let somebody give a token, and have the site tell its news."""
    site.takes_passwords = True
    is_cloud, owner = site.edition is CLOUD, site.user(lets_in(kind))
    token = _remote(jira, site, owner) if is_cloud else _data_center(jira, site, owner)
    product = Product.CLOUD if is_cloud else Product.DATA_CENTER
    row = links.linked(site.base_url, product, token, clock=clock.now, cloud_id=site.cloud_id)
    address = f"https://{gateway.HOST}{gateway.PREFIX}{site.cloud_id}" if is_cloud else site.base_url
    office = f"https://{login.HOST}" if is_cloud else address
    jira.links[site.name] = Link(site=row.pk, account=owner.account_id, address=address, office=office)
    jira.note_tokens()
    return row


def _product(kind: str) -> str:
    return kind.removesuffix(SHARED)


def _data_center(jira: Jira, site: Site, owner: User) -> str:
    site.provider.token_life = LONG
    client = clients.register(site, name="Backbone", redirect_url=LISTENER, scope="ADMIN")
    admin = Employee(Front(jira), site, as_person(jira, site, ADMIN).credentials)
    answer = admin.call("POST", f"{CONTEXT}{path(site)}", wanted(site, *links.EVENTS, url=LISTENER))
    assert answer.status == 201, answer.body
    return granting.give(site, client, owner, "ADMIN").access_token


def _remote(jira: Jira, site: Site, owner: User) -> str:
    app = an_app(jira, callback_url=f"{APP}/oauth/cloud", scopes=list(SCOPES))
    token = threelo.grant(jira, app, site, owner, SCOPES).access_token
    access = jira.accounts.access
    access[token] = replace(access[token], expires=clock.now() + LONG)
    spaces = ", ".join(sorted(each.key for each in site.spaces.values()))
    hooks = [{"events": list(links.EVENTS), "jqlFilter": f"project in ({spaces})"}]
    bearer = Bearer(Front(jira), site, token)
    answer = bearer.post("/rest/api/3/webhook", {"url": LISTENER, "webhooks": hooks})
    assert answer.status == 200, answer.body
    return token
