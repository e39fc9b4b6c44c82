"""Where a linked site is called, what its calls bear, and in which form its texts are told."""

from collections.abc import Iterator

import pytest

from backbone_app import gateway
from backbone_app.errors import EgressRefused
from backbone_app.gateway import credentials
from backbone_app.jira.dialects import CLOUD, CLOUD_IN_WIKI, DATA_CENTER
from backbone_app.models import Site
from backbone_app.models.pair import PairLane
from backbone_app.models.site import Product, SiteStatus
from jira_sandbox import seed
from jira_sandbox.datacenter import personaltokens
from jira_sandbox.state.editions import DATA_CENTER as EDITIONS
from jira_sandbox.world import World
from tests.support import links
from tests.support.app import within_reach
from tests.support.initech import BASE
from tests.support.rows import NOW
from tests.support.sandbox import ACME, VirtualClock
from tests.support.threelo import WORK, acting, an_app


@pytest.fixture
def data_center(site: Site) -> Site:
    """The row of a Data Center; its token is what the row of a Cloud site has for a secret."""
    site.status, site.product = SiteStatus.LINKED, Product.DATA_CENTER
    site.base_url = "https://jira.example:8443/jira"
    return site


@pytest.fixture
def world(clock: VirtualClock) -> Iterator[World]:
    """acme on the Cloud and initech on a Data Center."""
    sites, editions = {"acme": ACME, "initech": BASE}, {"initech": EDITIONS["dc-11"]}
    with within_reach(seed.standard(clock, sites, editions=editions)) as made:
        made.trace.start()
        yield made


def test_a_call_to_a_data_center_bears_the_token_that_somebody_made_there(
    world: World, clock: VirtualClock, db: None
) -> None:
    office = world.sites["initech"]
    token = personaltokens.make(office, office.user("gina"), name="Backbone").secret

    link = links.linked(BASE, Product.DATA_CENTER, token, clock=clock)

    assert link.app_account == office.user("gina").account_id
    assert asked(world) == ["initech < GET /rest/api/2/myself", f"authorization: Bearer {token}"]


def test_a_call_to_a_linked_cloud_site_bears_the_token_to_the_apis_own_host(
    world: World, clock: VirtualClock, db: None
) -> None:
    there = world.sites["acme"]
    token = acting(world, an_app(world), there, "alice", *WORK).credentials

    link = links.linked(ACME, Product.CLOUD, token, clock=clock, cloud_id=there.cloud_id)

    assert link.app_account == there.user("alice").account_id
    address = f"api.atlassian.com < GET /ex/jira/{there.cloud_id}/rest/api/3/myself"
    assert asked(world) == [address, f"authorization: Bearer {token}"]


def asked(world: World) -> list[str]:
    """What went over the wire: which site was asked for what, and how each call showed who asks."""
    lines = world.trace.text().decode().splitlines()
    calls = [line for line in lines if " < " in line or line.startswith("authorization:")]
    return [line.partition(" ")[2] if " < " in line else line for line in calls]


def test_a_data_centers_texts_are_wiki_text_and_so_are_those_beside_them(data_center: Site) -> None:
    cloud = Site(pk=data_center.pk, base_url="https://acme.atlassian.net", status=SiteStatus.ENABLED)
    cloud.secret_sealed = data_center.secret_sealed

    def dialect(site: Site, beside: Site | None) -> object:
        return gateway.client(site, clock=lambda: NOW, lane=PairLane.LIVE, beside=beside).dialect

    assert dialect(data_center, cloud) == dialect(data_center, None) == DATA_CENTER
    assert dialect(cloud, data_center) == CLOUD_IN_WIKI
    assert dialect(cloud, cloud) == dialect(cloud, None) == CLOUD


@pytest.mark.parametrize(
    "address",
    [
        "http://jira.example",
        "https://10.0.0.1",
        "https://jira.example:22",
        "https://jira.example/a/b/c/d",
        "https://user@jira.example",
        "https://jira.example/?a=b",
    ],
)
def test_a_data_center_at_an_odd_address_is_not_called(data_center: Site, address: str) -> None:
    data_center.base_url = address

    with pytest.raises(EgressRefused):
        gateway.client(data_center, clock=lambda: NOW)


def test_a_linked_cloud_site_is_called_by_its_id_and_never_by_one_that_is_none(site: Site) -> None:
    site.status, site.cloud_id = SiteStatus.LINKED, "../../admin"

    with pytest.raises(ValueError, match="not an id"):
        gateway.client(site, clock=lambda: NOW)


def test_a_token_of_a_linked_site_opens_nothing_that_comes_in(data_center: Site) -> None:
    assert credentials.opening(data_center, now=NOW) == (None, None, None)


def test_only_a_linked_sites_account_is_a_persons(site: Site) -> None:
    site.app_account = "the app"
    assert site.apps_account == "the app"

    site.status = SiteStatus.LINKED
    assert site.apps_account == ""
