"""The story over two sites as two people: what one does in the one Jira, the other sees in the other."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from jira_sandbox.server import Running
from tests.browser import steps
from tests.browser.conftest import Open
from tests.browser.steps import PANEL_PATIENCE_MS, Shoot

pytestmark = pytest.mark.browser

ANOTHER_CLOUD = "Synchronize with another Cloud instance"
DESCRIPTION = "The kettle has to whistle before the water has boiled away."
COMMENT = "A new whistle is on its way."
MESSAGE = "Our customers ask your kitchen. Shall we keep the two in step?"
MOMENT = re.compile(r"\d{4}, \d\d:\d\d UTC")


def test_two_people_on_two_sites_bring_their_spaces_in_step(
    window: Open, app: str, jira: Running, shoot: Shoot, tmp_path: Path
) -> None:
    alice, gina = window("acme"), window("initech")

    steps.install(window("acme"), app, shoot)
    steps.open_app(alice, "ALPHA", "Alice Archer")
    steps.begin(alice, ANOTHER_CLOUD, shoot)
    try_other_addresses(alice, shoot)
    try_without_the_app(alice, jira.addresses["initech"], shoot)
    steps.install(window("initech"), app, shoot)
    send_request(alice, jira.addresses["initech"], shoot)

    steps.open_app(gina, "GOLD", "Gina Glover")
    expect(gina.frame_locator("#app").get_by_text(jira.addresses["acme"])).to_be_visible()
    expect(gina.frame_locator("#app").get_by_text("Asked by Alice Archer")).to_be_visible()
    expect(gina.frame_locator("#app").get_by_text(MESSAGE)).to_be_visible()
    be_reminded(alice, gina, tmp_path / "app.sqlite3", shoot)
    steps.accept(gina, shoot)
    steps.create(alice, "ALPHA", shoot, summary="Written before the start")
    start_from_settings(alice, shoot)
    expect(gina.frame_locator("#app").get_by_text("RUNNING")).to_be_visible()
    shoot(gina, "running-there-too")

    work_together(alice, gina, jira, shoot)
    old_item_says_why(alice, shoot)


def try_other_addresses(page: Page, shoot: Shoot) -> None:
    """Whatever cannot be a Jira Cloud site is refused beside the field, and stays there to be mended."""
    backbone = page.frame_locator("#app")
    field = backbone.locator(".field", has=backbone.get_by_label("Base URL"))
    expect(field).to_be_visible()
    shoot(page, "partner-instance")
    for typed, objection, picture in (
        ("http://example.atlassian.net", "Use the https address.", "http-refused"),
        ("https://jira.example.com", "This is not the base URL of a Jira Cloud site", "address-refused"),
    ):
        enter_address(backbone, typed)
        expect(field).to_contain_text(objection)
        expect(field.get_by_role("textbox")).to_have_value(typed)
        expect(field.get_by_role("textbox")).to_be_focused()
        expect(backbone.get_by_label("Space Key")).to_have_value("GOLD")
        shoot(page, picture)


def try_without_the_app(page: Page, partner: str, shoot: Shoot) -> None:
    backbone = page.frame_locator("#app")
    enter_address(backbone, partner)
    expect(
        backbone.get_by_role("heading", name=f"Backbone Work Sync is not enabled on {partner}")
    ).to_be_visible()
    expect(backbone.get_by_text("Ask a Jira admin of that instance to install")).to_be_visible()
    shoot(page, "site-without-the-app")


def enter_address(backbone: FrameLocator, base_url: str) -> None:
    backbone.get_by_label("Base URL").fill(base_url)
    backbone.get_by_label("Space Key").fill("GOLD")
    backbone.get_by_role("button", name="Next").click()


def send_request(page: Page, partner: str, shoot: Shoot) -> None:
    """Try again once the app is there, and send; the partner space's name is not told."""
    backbone = page.frame_locator("#app")
    backbone.get_by_role("button", name="Try again").click()
    expect(backbone.get_by_role("radio", name="immediate")).to_be_checked()
    backbone.get_by_role("radio", name="review").check()
    shoot(page, "immediate-or-review")
    backbone.get_by_role("button", name="Next").click()
    expect(backbone.get_by_label("Name")).not_to_be_empty()
    go_on_after_a_reload(page, shoot)
    steps.name_and_send(page, shoot, message=MESSAGE)
    expect(page.locator(".toast")).to_contain_text("will see it if it exists")
    expect(backbone.get_by_role("row", name="REQUEST SENT")).to_contain_text(partner)
    expect(backbone.locator("#content")).not_to_contain_text("Gold")
    steps.choose_action(backbone, "View Request")
    expect(backbone.get_by_text("review. An edit by either side is a draft")).to_be_visible()
    expect(backbone.get_by_role("heading", level=1)).to_be_focused()
    shoot(page, "view-sent-request")
    backbone.get_by_role("button", name="Overview").click()
    expect(backbone.get_by_text("REQUEST SENT")).to_be_visible()


def go_on_after_a_reload(page: Page, shoot: Shoot) -> None:
    """The page is gone, what was entered is not."""
    page.reload()
    backbone = page.frame_locator("#app")
    backbone.get_by_role("button", name="New Synchronization").click()
    expect(backbone.get_by_text("step 3 of 4, Name and description.")).to_be_visible()
    shoot(page, "half-finished")
    backbone.get_by_role("button", name="Continue where you were").click()
    expect(backbone.get_by_role("heading", name=ANOTHER_CLOUD)).to_be_focused()


def be_reminded(asking: Page, asked: Page, database: Path, shoot: Shoot) -> None:
    """Nine days later both pages say so by themselves."""
    with closing(sqlite3.connect(database, timeout=20)) as connection, connection:
        connection.execute(
            "UPDATE backbone_synchronization SET created_at = datetime(created_at, '-9 days', '-1 minute'),"
            " expires_at = datetime(expires_at, '-9 days', '-1 minute')"
        )
    waits = asked.frame_locator("#app").get_by_text("has been waiting for 9 days")
    expect(waits).to_be_visible(timeout=PANEL_PATIENCE_MS)
    shoot(asked, "reminded")
    sent = asking.frame_locator("#app").get_by_text("Not answered for 9 days.")
    expect(sent).to_be_visible(timeout=PANEL_PATIENCE_MS)
    shoot(asking, "not-answered")


def start_from_settings(page: Page, shoot: Shoot) -> None:
    page.goto("/spaces/ALPHA/settings")
    page.get_by_role("link", name="Backbone Work Sync").click()
    steps.start(page, shoot)


def work_together(alice: Page, gina: Page, jira: Running, shoot: Shoot) -> None:
    """Alice creates a work item; Gina moves it, comments it and sets a due date; Alice sees all of it."""
    summary = "Kettle whistles too late"
    steps.create(alice, "ALPHA", shoot, summary=summary, labels="kitchen", description=DESCRIPTION)
    twin = steps.find_twin(gina, "GOLD", summary, shoot)
    expect(gina.locator("section .rich", has_text=DESCRIPTION)).to_be_visible()
    shoot(gina, "twin")
    assert twin == "GOLD-1"

    gina.get_by_role("button", name="Begin → In Progress").click()
    expect(gina.get_by_label("Details").get_by_text("IN PROGRESS")).to_be_visible()
    steps.see(alice, alice.get_by_label("Details").get_by_text("IN PROGRESS"))
    expect(alice.get_by_text("Backbone Work Sync changed status")).to_be_visible()
    shoot(alice, "moved")
    gina.get_by_label("Add a comment").fill(COMMENT)
    gina.get_by_role("button", name="Comment", exact=True).click()
    steps.see(alice, alice.locator("li", has_text=COMMENT))
    expect(alice.locator("li", has_text=COMMENT)).to_contain_text("Gina Glover")
    steps.save(gina, due_date="2026-12-24")
    steps.see(alice, alice.get_by_label("Details").get_by_text("2026-12-24"))
    shoot(alice, "moved-commented-due")

    gina.reload()
    both_panels_agree(alice, gina, jira)
    shoot(alice, "panel-here")
    shoot(gina, "panel-there")
    open_twin(alice, f"{jira.addresses['initech']}/browse/GOLD-1", shoot)


def both_panels_agree(alice: Page, gina: Page, jira: Running) -> None:
    here, there = steps.panel_of(alice), steps.panel_of(gina)
    shows_twin(here, f"{jira.addresses['initech']}/browse/GOLD-1")
    shows_twin(there, f"{jira.addresses['acme']}/browse/ALPHA-2")


def shows_twin(panel: FrameLocator, url: str) -> None:
    expect(panel.get_by_role("link", name=url.rsplit("/", 1)[-1])).to_have_attribute("href", url)
    expect(panel.get_by_text("IN STEP", exact=True)).to_be_visible(timeout=PANEL_PATIENCE_MS)
    expect(steps.fact(panel, "Last sent")).to_contain_text(MOMENT)
    expect(steps.fact(panel, "Last received")).to_contain_text(MOMENT)


def open_twin(page: Page, url: str, shoot: Shoot) -> None:
    """The link in the panel opens the twin in a tab of its own, for who has an account there."""
    with page.context.expect_page() as opened:
        steps.panel_of(page).get_by_role("link", name=urlsplit(url).path.rsplit("/", 1)[-1]).click()
    twin = opened.value
    steps.sign_in(twin, "Alice Archer")
    expect(twin.get_by_text(COMMENT)).to_be_visible()
    assert twin.url == url
    shoot(twin, "twin-from-the-panel")


def old_item_says_why(page: Page, shoot: Shoot) -> None:
    """What was there before the start has no twin, and its panel says so."""
    page.goto("/browse/ALPHA-1")
    panel = steps.panel_of(page)
    expect(panel.get_by_text("No twin in Gold")).to_be_visible()
    expect(panel.get_by_text("It was created before the synchronization was started.")).to_be_visible()
    shoot(page, "without-a-twin")
