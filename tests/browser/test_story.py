"""One story through the sandbox's Jira pages: from the installation to a change that arrives as a twin's."""

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from jira_sandbox.server import Running

pytestmark = pytest.mark.browser

PATIENCE_SECONDS = 20.0
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""An iframe is painted by a process of its own: what it holds may not be on the screen yet."""
Shoot = Callable[[Page, str], None]


@pytest.fixture
def shoot(screens: Path) -> Shoot:
    """Keep a picture of a page, numbered in the order of the story."""
    numbers = itertools.count(1)

    def kept(page: Page, name: str) -> None:
        for frame in page.frames:
            frame.evaluate(TWO_FRAMES)
        page.screenshot(path=screens / f"{next(numbers):02d}-{name}.png")

    return kept


def test_two_people_bring_two_spaces_in_step(
    window: Callable[[], Page], app: str, jira: Running, shoot: Shoot
) -> None:
    dana, alice, bob = window(), window(), window()

    install(dana, app, shoot)
    send_request(alice, shoot)
    accept(bob, shoot)
    start(alice, shoot)

    create(alice, "Kettle whistles too late", shoot)
    twin = find_twin(bob, "Kettle whistles too late", shoot)
    original = alice.url
    change_summary(alice, "Kettle whistles in time")
    shoot(alice, "edited")
    see_change(bob, "Kettle whistles in time")
    shoot(bob, "twin-changed")
    change_summary(bob, "Kettle sings in time")
    see_change(alice, "Kettle sings in time")
    shoot(alice, "changed-back")

    assert twin.startswith("BETA-")
    assert original.endswith("/browse/ALPHA-1")
    assert len(jira.world.sites["acme"].issues) == 2
    dana.goto("/counters")
    shoot(dana, "counters")


def install(page: Page, app: str, shoot: Shoot) -> None:
    page.goto("/apps")
    shoot(page, "accounts")
    sign_in(page, "Dana Draper")
    page.get_by_label("App descriptor URL").fill(f"{app}/atlassian-connect.json")
    shoot(page, "install")
    page.get_by_role("button", name="Install", exact=True).click()
    expect(page.get_by_text("ENABLED")).to_be_visible()
    shoot(page, "installed")
    page.goto("/")
    shoot(page, "spaces")


def send_request(page: Page, shoot: Shoot) -> None:
    backbone = open_app(page, "ALPHA", "Alice Archer")
    expect(backbone.get_by_text("This space is not synchronized yet")).to_be_visible()
    shoot(page, "overview-empty")
    backbone.get_by_role("button", name="New Synchronization").click()
    another = backbone.get_by_role("button", name="Synchronize with another space on this instance")
    expect(another).to_be_visible()
    shoot(page, "new-synchronization")
    another.click()
    backbone.get_by_role("combobox").select_option(label="Beta (BETA)")
    shoot(page, "choose-space")
    backbone.get_by_role("button", name="Next").click()
    expect(backbone.get_by_label("Name")).not_to_be_empty()
    shoot(page, "name-and-description")
    backbone.get_by_role("button", name="Next").click()
    expect(backbone.get_by_role("button", name="Send Request")).to_be_visible()
    shoot(page, "check-and-send")
    backbone.get_by_role("button", name="Send Request").click()
    expect(backbone.get_by_role("table")).to_be_visible()
    expect(page.locator(".toast")).to_be_visible()
    shoot(page, "request-sent")


def accept(page: Page, shoot: Shoot) -> None:
    backbone = open_app(page, "BETA", "Bob Baker")
    choose_action(backbone, "View Request")
    expect(backbone.get_by_role("button", name="Accept Request")).to_be_visible()
    shoot(page, "view-request")
    backbone.get_by_role("button", name="Accept Request").click()
    expect(backbone.get_by_text("STOPPED")).to_be_visible()
    shoot(page, "accepted")


def start(page: Page, shoot: Shoot) -> None:
    """Start from the window that sent the request: it learns by itself that the request was accepted."""
    backbone = page.frame_locator("#app")
    expect(backbone.get_by_text("STOPPED")).to_be_visible()
    choose_action(backbone, "Start")
    expect(backbone.get_by_text("RUNNING")).to_be_visible()
    shoot(page, "running")


def create(page: Page, summary: str, shoot: Shoot) -> None:
    page.goto("/spaces/ALPHA")
    page.locator("summary", has_text="Create").click()
    page.get_by_label("Summary").fill(summary)
    page.get_by_label("Priority").select_option("High")
    page.get_by_label("Labels").fill("kitchen tea")
    shoot(page, "create")
    page.get_by_role("button", name="Create work item").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(summary)
    shoot(page, "created")


def find_twin(page: Page, summary: str, shoot: Shoot) -> str:
    """Look at the list until the twin is there, and open it; gives its key."""
    end = time.monotonic() + PATIENCE_SECONDS
    page.goto("/spaces/BETA")
    while not page.get_by_role("link", name=summary).count() and time.monotonic() < end:
        page.reload()
    shoot(page, "twin-in-list")
    page.get_by_role("link", name=summary).click()
    expect(page.locator(".panel").get_by_text("kitchen")).to_be_visible()
    expect(page.locator(".panel").get_by_text("High")).to_be_visible()
    shoot(page, "twin")
    return page.url.rsplit("/", 1)[-1]


def change_summary(page: Page, summary: str) -> None:
    page.get_by_label("Summary").fill(summary)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(summary)


def see_change(page: Page, summary: str) -> None:
    """Wait for the open work item to say that it has changed, and look; the history names the app."""
    page.get_by_role("link", name="Show the change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(summary)
    expect(page.get_by_text("Backbone Work Sync changed summary").first).to_be_visible()


def open_app(page: Page, space: str, person: str) -> FrameLocator:
    """Go to Backbone by way of the space's settings, signed in as ``person``."""
    page.goto(f"/spaces/{space}/settings")
    sign_in(page, person)
    page.get_by_role("link", name="Backbone Work Sync").click()
    return page.frame_locator("#app")


def sign_in(page: Page, person: str) -> None:
    page.locator(".accounts").get_by_role("button", name=person).click()


def choose_action(backbone: FrameLocator, name: str) -> None:
    backbone.get_by_label("Actions for").click()
    backbone.get_by_role("button", name=name, exact=True).click()
