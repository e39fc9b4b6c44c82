"""Three people and a Data Center: its application link, a link to sign in with, work items on both sides."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
from playwright.sync_api import Page, expect

from jira_sandbox import seed
from jira_sandbox.datacenter.oauth import clients
from jira_sandbox.server import Running, serve
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.state.site import Site
from tests.browser import recipe, steps
from tests.browser.conftest import Open
from tests.browser.keyboard import arrive, press, tab_to, type_into
from tests.browser.mending import mends_the_link, takes_it_back
from tests.browser.recipe import Company
from tests.browser.steps import Shoot
from tests.support.admin_hooks import path, wanted
from tests.support.links import EVENTS
from tests.support.processes import UNDER_WAY

pytestmark = pytest.mark.browser

MOST_ACTIONS = 25
COOKIE = "backbone-sign-in"
SUMMARY, CHANGED = "The kettle whistles", "The kettle sings"


@pytest.fixture
def jira() -> Iterator[Running]:
    """acme on the Cloud, initech a Data Center, on real sockets; the app is installed nowhere yet."""
    sites = dict.fromkeys(("acme", "initech"), "http://127.0.0.1")
    editions = {"initech": DATA_CENTER["dc-10.3"]}
    world = seed.standard(lambda: datetime.now(UTC), sites, editions=editions)
    world.limits.grace = UNDER_WAY
    world.sites["initech"].takes_passwords = True
    with serve(world) as running:
        yield running
    assert world.limits.violations == []


@pytest.fixture
def places(app: str, jira: Running) -> dict[str, str]:
    """The addresses of the README, and where the same is in this run."""
    return {
        "http://localhost:8000": app,
        "http://127.0.0.1:8100": jira.addresses["acme"],
        "http://127.0.0.1:8101": jira.addresses["initech"],
    }


def test_three_people_follow_the_steps_of_the_readme(
    window: Open, jira: Running, places: dict[str, str], shoot: Shoot
) -> None:
    told = recipe.steps()
    company = Company({who: window() for who in ("Alice", "Dana", "Gina")}, places)

    for step in told:
        shoot(company.do(step), step.title)

    assert 20 < len(told) <= MOST_ACTIONS
    gina, alice = company.windows["Gina"], company.windows["Alice"]
    (cookie,) = (each for each in gina.context.cookies() if each["name"] == COOKIE)
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
    works_the_other_way_round(alice, gina, shoot)
    makes_the_webhook_by_hand(alice, gina, jira.world.sites["initech"], shoot)
    mends_the_link(alice, gina, jira.world.sites["initech"], shoot)
    takes_it_back(alice, gina, shoot)


def works_the_other_way_round(alice: Page, gina: Page, shoot: Shoot) -> None:
    """Gina changes the twin on the Data Center; Alice has both sides checked, and sees the change."""
    original = alice.url
    gina.get_by_role("link", name=SUMMARY).click()
    steps.save(gina, summary=CHANGED)
    shoot(gina, "changed-on-the-data-center")
    alice.goto("/spaces/ALPHA/settings")
    alice.get_by_role("link", name="Backbone Work Sync").click()
    backbone = alice.frame_locator("#app")
    steps.choose_action(backbone, "Troubleshoot")
    backbone.get_by_role("button", name="Check now").click()
    shoot(alice, "checking-both-sides")
    alice.goto(original)
    heading = alice.get_by_role("heading", level=1)
    end = time.monotonic() + recipe.PATIENCE_SECONDS
    while heading.inner_text() != CHANGED and time.monotonic() < end:
        alice.reload()
    expect(heading).to_have_text(CHANGED)
    shoot(alice, "changed-on-the-cloud")


def makes_the_webhook_by_hand(alice: Page, gina: Page, office: Site, shoot: Shoot) -> None:
    """Gina may not make the webhook: Dana does by the steps on the page, which turns green by itself."""
    alice.goto("/spaces/ALPHA/settings")
    alice.get_by_role("link", name="Backbone Work Sync").click()
    backbone = alice.frame_locator("#app")
    steps.choose_action(backbone, "Troubleshoot")
    backbone.get_by_role("button", name="Webhook").click()
    expect(backbone.get_by_text("NOT MADE")).to_be_visible()
    expect(backbone.get_by_text("does not administer Jira")).to_be_visible()
    shoot(alice, "webhook-by-hand")
    backbone.get_by_role("button", name="Copy").first.click()
    url, secret = recipe.copied(alice), backbone.get_by_label("Secret").input_value()
    body = wanted(office, *EVENTS, url=url, SECRET=secret)
    made = requests.post(office.base_url + path(office), json=body, auth=("dana", "secret-dana"), timeout=20)
    assert made.status_code == 201, made.text
    steps.save(gina, summary=SUMMARY)
    expect(backbone.get_by_text("VERIFIED")).to_be_visible()
    shoot(alice, "webhook-verified")


def test_alice_signs_in_on_the_data_center_herself_by_keyboard_alone(
    window: Open, app: str, jira: Running, shoot: Shoot
) -> None:
    install = {"descriptor_url": f"{app}/atlassian-connect.json"}
    requests.post(f"{jira.addresses['acme']}/_sandbox/install", json=install, timeout=20).raise_for_status()
    page = window("acme")
    backbone = steps.open_app(page, "ALPHA", "Alice Archer")
    expect(backbone.get_by_role("button", name="New Synchronization")).to_be_visible()

    go_to_the_application_link(page)
    press(page, "Copy")
    expect(backbone.get_by_role("button", name="Copied")).to_be_visible()
    enter_wrongly_and_rightly(page, jira, shoot)
    deny_and_allow(page, shoot)
    choose_and_create(page, shoot)
    use_the_link_again(page, shoot)


def go_to_the_application_link(page: Page) -> None:
    press(page, "New Synchronization")
    expect(page.frame_locator("#app").get_by_role("heading", name="New Synchronization")).to_be_focused()
    press(page, "Synchronize with a Data Center Instance")
    arrive(page, "Application link")


def enter_wrongly_and_rightly(page: Page, jira: Running, shoot: Shoot) -> None:
    """Enter what Dana has from her form, at first with an address that is refused beside its field."""
    office = jira.world.sites["initech"]
    client = clients.register(office, name="Backbone", redirect_url=recipe.copied(page), scope="ADMIN")
    backbone = page.frame_locator("#app")
    for typed in ("http://jira.example.com", jira.addresses["initech"]):
        type_into(page, "Base URL", typed)
        type_into(page, "Client ID", client.client_id)
        type_into(page, "Client secret", client.client_secret)
        page.keyboard.press("Enter")
        if typed != jira.addresses["initech"]:
            expect(backbone.get_by_text("With http anybody on the way")).to_be_visible()
            expect(backbone.get_by_label("Base URL")).to_be_focused()
            shoot(page, "application-refused")
    arrive(page, "Sign in")


def deny_and_allow(page: Page, shoot: Shoot) -> None:
    """Deny it in the new window at first: the page that waits says so, and goes on once it is allowed."""
    landing = authenticate(page)
    assert landing.evaluate("() => [window.opener, document.referrer]") == [None, ""]
    go_on(landing)
    leave_by(landing, "Alice Archer")
    leave_by(landing, "Deny")
    expect(landing.get_by_role("heading", name="was not let in")).to_be_visible()
    shoot(landing, "not-let-in")
    expect(
        page.frame_locator("#app").get_by_role("status").get_by_text("was not allowed there")
    ).to_be_visible()
    shoot(page, "sign-in-denied")
    landing.close()

    landing = authenticate(page)
    shoot(landing, "sign-in-again")
    go_on(landing)
    leave_by(landing, "Allow")
    expect(landing.get_by_role("heading", name="may act on 127.0.0.1")).to_be_visible()
    landing.close()


def authenticate(page: Page) -> Page:
    """Open the new window, out of the frame that Jira has put the page into."""
    tab_to(page, "Authenticate")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    expect(opened.value.get_by_role("heading", name="Let Backbone Work Sync into")).to_be_visible()
    return opened.value


def go_on(page: Page) -> None:
    """Press what leads to the other site; a page of ours between the two goes on by itself."""
    ours = page.url.split("/sign-in/")[0]
    tab_to(page, "Go on to 127.0.0.1")
    with page.expect_navigation(url=lambda address: not address.startswith(ours)):
        page.keyboard.press("Enter")


def leave_by(page: Page, name: str) -> None:
    """Press what leads on to another page, and wait for that."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose_and_create(page: Page, shoot: Shoot) -> None:
    arrive(page, "Choose the space")
    tab_to(page, "Space")
    page.keyboard.type("Gold")
    shoot(page, "space-by-keyboard")
    press(page, "Next")
    arrive(page, "Name and description")
    type_into(page, "Name", "By hand")
    press(page, "Next")
    arrive(page, "Overview")
    shoot(page, "overview-by-keyboard")
    press(page, "Create")
    expect(page.frame_locator("#app").get_by_role("row", name="By hand")).to_contain_text("STOPPED")


def use_the_link_again(page: Page, shoot: Shoot) -> None:
    """The next synchronization is offered what is there already; nobody has to sign in again."""
    go_to_the_application_link(page)
    expect(page.frame_locator("#app").get_by_label("Base URL")).to_be_hidden()
    shoot(page, "application-links-offered")
    press(page, "Next")
    arrive(page, "Choose the space")
