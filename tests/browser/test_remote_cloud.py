"""Three people and a Cloud site without the app: a licence, a link to sign in with, work items both ways."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backbone_app.jira.oauth import cloud
from jira_sandbox import threelo
from jira_sandbox.server import Running
from jira_sandbox.state.threelo import OFFLINE
from tests.browser import steps
from tests.browser.conftest import Open
from tests.browser.steps import Shoot
from tests.browser.test_remote_licence import choose, open_page, written
from tests.support.licences import signed
from tests.support.processes import free_port, running_app

pytestmark = pytest.mark.browser

WAY = "Synchronize with a Cloud Instance"
SUMMARY, CHANGED = "The kettle whistles", "The kettle sings"


@pytest.fixture
def app(jira: Running, tmp_path: Path) -> Iterator[str]:
    """The app's address; its operator has registered an OAuth app."""
    address, atlassian = f"http://localhost:{free_port()}", jira.addresses["acme"]
    scopes = sorted(cloud.SCOPES - {OFFLINE})
    callback = f"{address}/oauth/cloud"
    known = threelo.add_app(jira.world, name="Backbone Work Sync", callback_url=callback, scopes=scopes)
    further = {
        "BACKBONE_BASE_URL": address,
        "BACKBONE_API_URL": f"{atlassian}/_api",
        "BACKBONE_AUTH_URL": f"{atlassian}/_login",
        "BACKBONE_OAUTH_CLIENT_ID": known.client_id,
        "BACKBONE_OAUTH_CLIENT_SECRET": known.client_secret,
    }
    with running_app(tmp_path, jira=atlassian, further=further) as running:
        yield running


def test_three_people_connect_a_cloud_instance_without_the_app(
    window: Open, app: str, jira: Running, shoot: Shoot, tmp_path: Path
) -> None:
    dana, alice, gina = window(), window(), window("initech")
    upload_a_licence(dana, app, jira, written(tmp_path / "licence.xml", signed()))

    link = ask_for_the_sign_in(alice, jira.addresses["initech"], shoot)
    sign_in_with_it(gina, link, shoot)
    name_and_create(alice, shoot)
    steps.start(alice, shoot)

    steps.create(alice, "ALPHA", shoot, summary=SUMMARY)
    gina.goto("/spaces/GOLD")
    steps.sign_in(gina, "Gina Glover")
    steps.find_twin(gina, "GOLD", SUMMARY, shoot)
    steps.save(gina, summary=CHANGED)
    see_the_change(alice, shoot)
    gina.goto(link)
    expect(gina.get_by_role("heading", name="This has been done")).to_be_visible()
    shoot(gina, "cloud-link-done")


def upload_a_licence(page: Page, app: str, jira: Running, licence: Path) -> None:
    """Let dana upload a remote licence for one partner site."""
    backbone = open_page(page, app, jira)
    choose(backbone, licence)
    expect(backbone.get_by_text("0 of 1 taken")).to_be_visible()


def ask_for_the_sign_in(page: Page, address: str, shoot: Shoot) -> str:
    """Let alice enter where the partner space is and copy a link; gives that."""
    backbone = steps.open_app(page, "ALPHA", "Alice Archer")
    steps.begin(page, WAY, shoot)
    backbone.get_by_label("Base URL").fill(address)
    backbone.get_by_label("Space Key").fill("GOLD")
    shoot(page, "cloud-partner-instance")
    backbone.get_by_role("button", name="Next").click()
    expect(backbone.get_by_role("link", name="Authenticate")).to_be_visible()
    shoot(page, "cloud-sign-in")
    backbone.get_by_role("button", name="Copy Link").click()
    expect(backbone.get_by_label("Link")).to_be_visible()
    shoot(page, "cloud-link-copied")
    return backbone.get_by_label("Link").input_value()


def sign_in_with_it(page: Page, link: str, shoot: Shoot) -> None:
    """Let gina, who has nothing but the link, sign in at Atlassian and let Backbone in."""
    page.goto(link)
    expect(page.get_by_text("Alice Archer").first).to_be_visible()
    shoot(page, "cloud-landing")
    page.get_by_role("button", name="Go on to Atlassian").click()
    page.get_by_label("Email").fill("gina@initech.example.com")
    page.get_by_label("Password").fill("secret-gina")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="may act on 127.0.0.1")).to_be_visible()
    shoot(page, "cloud-signed-in")


def name_and_create(page: Page, shoot: Shoot) -> None:
    """Let alice's page go on by itself, keep the name, check the overview and create it."""
    backbone = page.frame_locator("#app")
    expect(backbone.get_by_label("Name")).not_to_be_empty()
    shoot(page, "cloud-name")
    backbone.get_by_role("button", name="Next").click()
    expect(backbone.get_by_role("button", name="Create")).to_be_visible()
    shoot(page, "cloud-overview")
    backbone.get_by_role("button", name="Create").click()


def see_the_change(page: Page, shoot: Shoot) -> None:
    """Look at the original until what gina changed is there: her site has told of it."""
    heading = page.get_by_role("heading", level=1)
    end = time.monotonic() + steps.PATIENCE_SECONDS
    while heading.inner_text() != CHANGED and time.monotonic() < end:
        page.reload()
    expect(heading).to_have_text(CHANGED)
    shoot(page, "changed-from-the-cloud-instance")
