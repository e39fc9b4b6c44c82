"""A synchronization with a Data Center, from its application link to the first work item, without a page."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

import pytest

from backbone_app import jobs
from backbone_app.gateway import tokens
from backbone_app.models import ApplicationLink, Link, LinkAttempt, Site, Synchronization
from jira_sandbox import seed
from jira_sandbox.datacenter.oauth import clients
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.state.provider import Client
from jira_sandbox.world import World
from tests.support import links
from tests.support.app import Jira, within_reach
from tests.support.beyond import LINKABLE, Office, listening
from tests.support.browsing import Browser
from tests.support.environment import APP
from tests.support.initech import BASE
from tests.support.machine import Machine
from tests.support.outside import Outside
from tests.support.sandbox import ACME, VirtualClock
from tests.support.scenario import Story
from tests.support.workers import together


@pytest.fixture(params=LINKABLE)
def edition(request: pytest.FixtureRequest) -> str:
    """A version of Data Center that can be linked."""
    return str(request.param)


@pytest.fixture
def world(clock: VirtualClock, edition: str) -> Iterator[World]:
    """acme on the Cloud, initech on a Data Center at a port and under a context path."""
    made = seed.standard(clock, {"acme": ACME, "initech": BASE}, editions={"initech": DATA_CENTER[edition]})
    made.sites["initech"].takes_passwords = True
    with within_reach(made):
        yield made


@pytest.fixture
def alice(jira: Jira, transactional_db: None) -> Machine:
    """Alice, who administers ALPHA on acme, by the API."""
    return Machine(jira, "alice", "ALPHA")


def registered(world: World, callback: str) -> Client:
    """What the Data Center's admin gets from its form for this callback URL."""
    return clients.register(world.sites["initech"], name="Backbone", redirect_url=callback, scope="ADMIN")


def entered(alice: Machine, world: World) -> str:
    """An application link, made on both sides; gives its id."""
    begun = alice.post("application-links/begin").said
    client = registered(world, begun["callback"])
    said = alice.post(
        f"application-links/{begun['id']}/enter",
        base_url=f"{BASE}/",
        client_id=client.client_id,
        client_secret=client.client_secret,
    )
    assert (said.status, said.said["base_url"]) == (200, BASE), said
    return str(begun["id"])


def asked(alice: Machine, application: str, *, is_copied: bool = False) -> dict[str, str]:
    """A link to sign in with; gives its address and the attempt's id."""
    said = alice.post(f"application-links/{application}/sign-in", is_copied=is_copied).said
    return {"address": said["address"], "attempt": said["sign_in"]["id"]}


def gina(world: World) -> Outside:
    """Gina's browser, who leads GOLD on the Data Center."""
    return Outside(world, world.sites["initech"], "gina")


def test_a_synchronization_is_created_over_a_link_that_somebody_else_signs_in_with(
    alice: Machine, world: World, clock: VirtualClock
) -> None:
    application = entered(alice, world)
    link = asked(alice, application, is_copied=True)
    waiting = alice.get(f"sign-ins/{link['attempt']}").said["status"]

    page = gina(world).sign_in(link["address"])

    assert b"may act on jira.initech.example" in page.content
    found = alice.get(f"sign-ins/{link['attempt']}").said
    assert (waiting, found["status"], found["trouble"]) == ("open", "linked", "")
    spaces = {each["key"]: each["id"] for each in alice.get(f"links/{found['link']}/spaces").said}
    offer = alice.get(f"links/{found['link']}/offer", partner_space=spaces["GOLD"]).said
    assert (offer["title"]["name"], offer["missing"]) == ("ALPHA \N{EN DASH} GOLD", [])
    made = alice.post(f"links/{found['link']}/create", partner_space=spaces["GOLD"], **offer["title"])
    assert made.status == 201
    _carries_a_work_item(alice, world, clock, UUID(made.said["id"]), found["link"])


def _carries_a_work_item(
    alice: Machine, world: World, clock: VirtualClock, synchronization: UUID, link: str
) -> None:
    """Start it, and see an edit arrive on either side."""
    assert alice.post(f"synchronizations/{synchronization}/start").status == 204
    office = Office(world, world.sites["initech"], clock)
    listening(office)
    story = Story(alice.jira, clock, None, synchronization)  # type: ignore[arg-type]  # nobody acts by it
    remote = Site.objects.get(pk=link)
    left = story.create("ALPHA", "Lamp")
    _settle(story, office, remote)
    (right,) = office.twins_of(left)
    office.edit("gina", right, summary="Lamp over there")
    _settle(story, office, remote)
    assert story.holds(left)["summary"] == "Lamp over there"


def _settle(story: Story, office: Office, remote: Site) -> None:
    for _ in range(5):
        story.clock.advance(seconds=1)
        story.jira.deliver_all()
        links.take_in(office.world, office.site.name, remote, clock=office.clock)
        story.work()
        jobs.sweep()


@pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
def test_who_asks_signs_in_themself_within_the_hour(
    alice: Machine, world: World, clock: VirtualClock
) -> None:
    link = asked(alice, entered(alice, world))
    clock.advance(minutes=59)

    gina(world).sign_in(link["address"])

    assert alice.get(f"sign-ins/{link['attempt']}").said["status"] == "linked"
    row = Link.objects.get()
    account = world.sites["initech"].user("gina").account_id
    assert (row.owner, row.site.app_account) == (alice.jira.row, account)
    secrets = {ApplicationLink.objects.get().client_secret_sealed, row.access_sealed, row.refresh_sealed}
    assert len(secrets) == 3
    assert tokens.of_data_center(ApplicationLink.objects.get()).redirect_uri.startswith(f"{APP}/oauth/dc/")


@pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
def test_a_second_synchronization_uses_the_same_application_link_and_the_same_account(
    alice: Machine, world: World
) -> None:
    application = entered(alice, world)
    for _ in range(2):
        gina(world).sign_in(asked(alice, application)["address"])

    assert [each["id"] for each in alice.get("application-links").said] == [application]
    assert Link.objects.get().generation == 2


@pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
def test_another_account_is_refused_where_synchronizations_work_as_the_one_before(
    alice: Machine, world: World
) -> None:
    application = entered(alice, world)
    gina(world).sign_in(asked(alice, application)["address"])
    link = str(Link.objects.get().pk)
    spaces = {each["key"]: each["id"] for each in alice.get(f"links/{link}/spaces").said}
    assert alice.post(f"links/{link}/create", partner_space=spaces["GOLD"], name="n").status == 201
    second = asked(alice, application)

    page = Outside(world, world.sites["initech"], "dana").sign_in(second["address"])

    assert b"work as another account" in page.content
    said = alice.get(f"sign-ins/{second['attempt']}").said
    assert (said["status"], "sign in with the one that was used before" in said["trouble"]) == ("open", True)
    assert Link.objects.get().generation == 1
    assert {grant.account_id for grant in world.sites["initech"].provider.grants.values()} == {
        world.sites["initech"].user("gina").account_id
    }


@pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
def test_who_does_not_allow_it_changes_nothing_and_may_do_so_later(alice: Machine, world: World) -> None:
    link = asked(alice, entered(alice, world))
    browser = gina(world)

    page = browser.sign_in(link["address"], decision="deny")

    assert b"was not let in" in page.content
    assert alice.get(f"sign-ins/{link['attempt']}").said["trouble"].startswith("Access was not allowed")
    assert not Link.objects.exists()
    browser.sign_in(link["address"])
    assert Link.objects.exists()


@pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("access_denied", "Access was not allowed"),
        ("invalid_scope", "its Permission has to be Admin"),
        ("unauthorized_client", "client ID or the client secret may be wrong"),
    ],
)
def test_what_the_other_site_does_not_give_is_told_apart_from_what_somebody_denies(
    alice: Machine, world: World, error: str, told: str
) -> None:
    application = entered(alice, world)
    link, browser = asked(alice, application), gina(world)
    (state,) = parse_qs(urlsplit(browser.leave(link["address"])).query)["state"]

    browser.get(f"{APP}/oauth/dc/{application}?{urlencode({'error': error, 'state': state})}")

    assert told in alice.get(f"sign-ins/{link['attempt']}").said["trouble"]
    assert not Link.objects.exists()


@pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
def test_an_application_link_that_allows_too_little_is_told_as_that(alice: Machine, world: World) -> None:
    begun = alice.post("application-links/begin").said
    office = world.sites["initech"]
    client = clients.register(office, name="Backbone", redirect_url=begun["callback"], scope="WRITE")
    keys = {"client_id": client.client_id, "client_secret": client.client_secret}
    alice.post(f"application-links/{begun['id']}/enter", base_url=BASE, **keys)
    link, browser = asked(alice, begun["id"]), gina(world)
    there = urlsplit(browser.leave(link["address"]))

    back = Browser(world, office).as_person("gina").send("GET", f"{there.path}?{there.query}", {})
    browser.get(back.headers["Location"])

    assert "has to be Admin" in alice.get(f"sign-ins/{link['attempt']}").said["trouble"]


@pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
def test_an_address_that_may_not_be_called_any_more_is_a_site_that_does_not_answer(
    alice: Machine, world: World
) -> None:
    link, browser = asked(alice, entered(alice, world)), gina(world)
    back = browser.allow(browser.leave(link["address"]))
    LinkAttempt.objects.update(address="https://10.0.0.5")

    page = browser.get(browser.get(back)["Location"])

    assert b"did not answer" in page.content
    assert "did not answer" in alice.get(f"sign-ins/{link['attempt']}").said["trouble"]
    assert not Link.objects.exists()


@pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
def test_two_sign_ins_by_two_application_links_at_one_moment_make_one_link(
    alice: Machine, world: World
) -> None:
    browsers = [gina(world) for _ in range(2)]
    backs = [each.allow(each.leave(asked(alice, entered(alice, world))["address"])) for each in browsers]
    pairs = zip(browsers, backs, strict=True)

    raised = together(*(partial(browser.get, back) for browser, back in pairs))

    assert raised == []
    assert Link.objects.count() == 1
    assert LinkAttempt.objects.filter(ended_at=None).count() == 0


@pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
def test_a_client_secret_that_is_wrong_shows_at_the_sign_in(alice: Machine, world: World) -> None:
    begun = alice.post("application-links/begin").said
    client = registered(world, begun["callback"])
    wrong = {"base_url": BASE, "client_id": client.client_id, "client_secret": "wrong"}
    alice.post(f"application-links/{begun['id']}/enter", **wrong)
    link = asked(alice, begun["id"])

    gina(world).sign_in(link["address"])

    assert "client secret may be wrong" in alice.get(f"sign-ins/{link['attempt']}").said["trouble"]
    assert not Link.objects.exists()


@pytest.mark.parametrize("edition", ["dc-8.21"], indirect=True)
def test_a_data_center_before_8_22_is_refused_by_its_version(alice: Machine, world: World) -> None:
    begun = alice.post("application-links/begin").said

    said = alice.post(
        f"application-links/{begun['id']}/enter", base_url=BASE, client_id="id", client_secret="secret"
    )

    assert (said.status, said.said["field"]) == (422, "base_url")
    assert "This Jira is version 8.21" in said.said["message"]
    assert "8.22" in said.said["message"]
    assert not ApplicationLink.objects.exclude(client_id="").exists()


@pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("http://jira.initech.example:8443/jira", "With http anybody on the way could read"),
        ("https://10.0.0.1", "This is not the base URL"),
        ("https://jira.initech.example:8443", "answers, but not as a Jira does"),
        ("https://nowhere.example", "cannot be reached from here"),
        ("https://acme.atlassian.net", "This is a Jira Cloud site"),
        ("nonsense", "This is not the base URL"),
        ("", "This is not the base URL"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(alice: Machine, typed: str, said: str) -> None:
    begun = alice.post("application-links/begin").said
    entry = {"base_url": typed or " ", "client_id": "id", "client_secret": "secret"}

    answer = alice.post(f"application-links/{begun['id']}/enter", **entry)

    assert answer.status in {400, 422}, answer
    assert said in answer.said["message"] or not typed


@pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
def test_a_link_is_withdrawn_expires_and_opens_nothing_then(
    alice: Machine, world: World, clock: VirtualClock
) -> None:
    application = entered(alice, world)
    withdrawn, late = (asked(alice, application, is_copied=True) for _ in range(2))

    assert alice.post(f"sign-ins/{withdrawn['attempt']}/withdraw").status == 204

    assert alice.post(f"sign-ins/{withdrawn['attempt']}/withdraw").status == 409
    assert gina(world).get(withdrawn["address"]).status_code == 410
    assert gina(world).get(late["address"]).status_code == 200
    clock.advance(days=7)
    assert gina(world).get(late["address"]).status_code == 410
    assert {one.state_digest for one in LinkAttempt.objects.all()} == {""}
    assert not Synchronization.objects.exists()
