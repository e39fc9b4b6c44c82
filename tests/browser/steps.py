"""What people do in the pages, for every story; a picture is kept wherever there is something new to see."""

import time
from collections.abc import Callable, Mapping

from playwright.sync_api import FrameLocator, Locator, Page, expect

PATIENCE_SECONDS = 20.0
PANEL_PATIENCE_MS = 45_000
"""The panel asks for news every twenty seconds."""
Shoot = Callable[[Page, str], None]


def install(page: Page, app: str, shoot: Shoot) -> None:
    """Install the app as the site's Jira admin, whatever account the window had before."""
    page.goto("/apps")
    shoot(page, "accounts")
    sign_in(page, "Dana Draper")
    page.get_by_label("App descriptor URL").fill(f"{app}/atlassian-connect.json")
    shoot(page, "install")
    page.get_by_role("button", name="Install", exact=True).click()
    expect(page.get_by_text("ENABLED")).to_be_visible()
    shoot(page, "installed")


def open_app(page: Page, space: str, person: str) -> FrameLocator:
    """Go to Backbone by way of the space's settings, signed in as ``person``."""
    page.goto(f"/spaces/{space}/settings")
    sign_in(page, person)
    page.get_by_role("link", name="Backbone Work Sync").click()
    return page.frame_locator("#app")


def sign_in(page: Page, person: str) -> None:
    """Choose an account of the site, where the page asks for one."""
    page.locator(".accounts").get_by_role("button", name=person).click()


def begin(page: Page, way: str, shoot: Shoot) -> None:
    """Go from the empty overview to the first page of the wizard."""
    backbone = page.frame_locator("#app")
    expect(backbone.get_by_text("This space is not synchronized yet")).to_be_visible()
    shoot(page, "overview-empty")
    backbone.get_by_role("button", name="New Synchronization").click()
    expect(backbone.get_by_role("button", name=way)).to_be_visible()
    shoot(page, "new-synchronization")
    backbone.get_by_role("button", name=way).click()


def name_and_send(page: Page, shoot: Shoot, *, message: str = "") -> None:
    """Keep the name and description that are offered, check the overview, send the request with a message."""
    backbone = page.frame_locator("#app")
    expect(backbone.get_by_label("Name")).not_to_be_empty()
    shoot(page, "name-and-description")
    backbone.get_by_role("button", name="Next").click()
    expect(backbone.get_by_role("button", name="Send Request")).to_be_visible()
    backbone.get_by_label("Message").fill(message)
    shoot(page, "check-and-send")
    backbone.get_by_role("button", name="Send Request").click()
    expect(backbone.get_by_text("REQUEST SENT")).to_be_visible()
    expect(page.locator(".toast")).to_be_visible()
    shoot(page, "request-sent")


def accept(page: Page, shoot: Shoot) -> None:
    """Accept the one request that the overview lists."""
    backbone = page.frame_locator("#app")
    expect(backbone.get_by_text("INCOMING REQUEST")).to_be_visible()
    shoot(page, "incoming-request")
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


def choose_action(backbone: FrameLocator, name: str) -> None:
    """Choose from the ••• of the only synchronization."""
    backbone.get_by_label("Actions for").click()
    backbone.get_by_role("button", name=name, exact=True).click()


def create(page: Page, space: str, shoot: Shoot, *, summary: str, **fields: str) -> None:
    """Create a work item in the space, by the form's labels in lower case; its page is open in the end."""
    page.goto(f"/spaces/{space}")
    page.locator("summary", has_text="Create").click()
    page.get_by_label("Summary").fill(summary)
    _fill(page, fields)
    shoot(page, "create")
    page.get_by_role("button", name="Create work item").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(summary)
    shoot(page, "created")


def find_twin(page: Page, space: str, summary: str, shoot: Shoot) -> str:
    """Look at the space's list until the twin is there, and open it; gives its key."""
    page.goto(f"/spaces/{space}")
    twin = page.get_by_role("link", name=summary)
    end = time.monotonic() + PATIENCE_SECONDS
    while not twin.count() and time.monotonic() < end:
        page.reload()
    shoot(page, "twin-in-list")
    twin.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(summary)
    return page.url.rsplit("/", 1)[-1]


def save(page: Page, **fields: str) -> None:
    """Change the open work item, by the form's labels in lower case with _ for a blank."""
    _fill(page, fields)
    page.get_by_role("button", name="Save", exact=True).click()
    for label, value in fields.items():
        expect(page.get_by_label(_spoken(label), exact=True)).to_have_value(value)


def see(page: Page, sought: Locator) -> None:
    """Wait until the open work item says that it has changed, and look, until there is what is sought."""
    news = page.get_by_role("link", name="Show the change")
    while not sought.count():
        with page.expect_navigation():  # a page that is still being loaded holds nothing yet
            news.click()
    expect(sought.first).to_be_visible()


def panel_of(page: Page) -> FrameLocator:
    """Backbone's panel in the view of a work item."""
    return page.frame_locator("iframe.app--panel")


def fact(panel: FrameLocator, term: str) -> Locator:
    """What the panel says to ``term``."""
    return panel.locator("dt", has_text=term).locator("+ dd")


def _fill(page: Page, fields: Mapping[str, str]) -> None:
    for name, value in fields.items():
        field = page.get_by_label(_spoken(name), exact=True)
        if field.evaluate("(element) => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def _spoken(name: str) -> str:
    return name.replace("_", " ").capitalize()
