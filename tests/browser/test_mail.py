"""Who is told by mail, from the page of a space to the mailbox and back, with real workers."""

import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests
from playwright.sync_api import FrameLocator, Page, expect

from jira_sandbox.server import Running
from tests.browser import steps
from tests.browser.conftest import Open
from tests.browser.steps import Shoot
from tests.support.mail import SENDER, Post, posted
from tests.support.processes import running_app

pytestmark = pytest.mark.browser

ADDRESS = "team@customer.example"
PATIENCE_SECONDS = 60


@pytest.fixture
def post_office() -> Iterator[Post]:
    """A mail server that the app's processes reach."""
    with posted() as post:
        yield post


@pytest.fixture
def app(jira: Running, tmp_path: Path, post_office: Post) -> Iterator[str]:
    """The app with a mail server."""
    mail = {
        "BACKBONE_MAIL_URL": f"smtp://127.0.0.1:{post_office.port}",
        "BACKBONE_MAIL_FROM": SENDER,
    }
    with running_app(tmp_path, jira=jira.addresses["acme"], further=mail) as address:
        yield address


def test_an_address_is_added_confirmed_told_and_unsubscribed(
    window: Open, app: str, jira: Running, post_office: Post, shoot: Shoot
) -> None:
    page, mailbox, bobs = window(), window(), window()
    install = {"descriptor_url": f"{app}/atlassian-connect.json"}
    address = jira.addresses["acme"]
    requests.post(f"{address}/_sandbox/install", json=install, timeout=20).raise_for_status()

    backbone = steps.open_app(page, "ALPHA", "Alice Archer")
    add(page, backbone, shoot)
    confirm(mailbox, app, arrived(post_office, 1), shoot)
    backbone.get_by_role("button", name="← Overview").click()
    backbone.get_by_role("button", name="Notifications").click()
    expect(backbone.get_by_text("CONFIRMED")).to_be_visible()
    shoot(page, "notifications-confirmed")

    steps.open_app(bobs, "BETA", "Bob Baker")
    steps.begin(bobs, "Synchronize with another space on this instance", unseen)
    theirs = bobs.frame_locator("#app")
    theirs.get_by_role("combobox").select_option(label="Alpha (ALPHA)")
    theirs.get_by_role("button", name="Next").click()
    steps.name_and_send(bobs, unseen)
    told = arrived(post_office, 2)
    assert str(told["Subject"]).strip() == "Backbone: request from BETA"

    unsubscribe(mailbox, app, told, shoot)
    backbone.get_by_role("button", name="← Overview").click()
    backbone.get_by_role("button", name="Notifications").click()
    expect(backbone.get_by_text("Nobody is told by mail yet.")).to_be_visible()
    in_the_settings_of_the_site(window(), shoot)


def add(page: Page, backbone: FrameLocator, shoot: Shoot) -> None:
    """Go to the page by keyboard, enter nonsense first, then the address."""
    backbone.get_by_role("button", name="Notifications").press("Enter")
    expect(backbone.get_by_text("Nobody is told by mail yet.")).to_be_visible()
    expect(backbone.get_by_role("heading", name="Notifications", level=1)).to_be_focused()
    shoot(page, "notifications-empty")
    field = backbone.get_by_label("Mail address")
    field.fill("team at customer")
    field.press("Enter")
    expect(backbone.get_by_text("This is no mail address that can be used")).to_be_visible()
    expect(field).to_be_focused()
    shoot(page, "notifications-no-address")
    field.fill(ADDRESS)
    backbone.get_by_label("Links").uncheck()
    backbone.get_by_role("button", name="Add", exact=True).click()
    expect(backbone.get_by_role("row", name=ADDRESS)).to_contain_text("Requests, Errors, Pauses")
    expect(page.locator(".toast", has_text="Address added")).to_be_visible()
    shoot(page, "notifications-waiting")


def confirm(page: Page, app: str, mail: EmailMessage, shoot: Shoot) -> None:
    """Open the link of the mail, in a browser that knows nothing of Jira."""
    page.goto(link(app, mail, "confirm"))
    expect(page.get_by_role("heading", name="Confirm your address")).to_be_visible()
    shoot(page, "mail-confirm")
    page.get_by_role("button", name="Confirm").press("Enter")
    expect(page.get_by_role("heading", name="Address confirmed")).to_be_visible()
    shoot(page, "mail-confirmed")


def unsubscribe(page: Page, app: str, mail: EmailMessage, shoot: Shoot) -> None:
    """Follow the last line of a mail."""
    page.goto(link(app, mail, "leave"))
    expect(page.get_by_role("heading", name="No more mail?")).to_be_visible()
    shoot(page, "mail-leave")
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", name="Unsubscribed")).to_be_visible()
    shoot(page, "mail-left")


def in_the_settings_of_the_site(page: Page, shoot: Shoot) -> None:
    """Look at the tab of the global settings as Dana, add an address there and remove it."""
    page.goto("/apps")
    steps.sign_in(page, "Dana Draper")
    page.goto("/plugins/servlet/ac/backbone-work-sync/global-settings")
    settings = page.frame_locator("#app")
    settings.get_by_role("button", name="Notifications").click()
    expect(settings.get_by_text("Nobody is told by mail yet.")).to_be_visible()
    settings.get_by_label("Mail address").fill(ADDRESS)
    settings.get_by_role("button", name="Add", exact=True).click()
    expect(settings.get_by_role("row", name=ADDRESS)).to_contain_text("Pauses, Links, Licence")
    shoot(page, "settings-notifications")
    settings.get_by_role("button", name=f"Remove {ADDRESS}").click()
    settings.get_by_role("button", name="Confirm").click()
    expect(settings.get_by_text("Nobody is told by mail yet.")).to_be_visible()


def link(app: str, mail: EmailMessage, purpose: str) -> str:
    """The address in the mail that is for this."""
    text: str = mail.get_content()
    return next(word for word in text.split() if word.startswith(f"{app}/mail/{purpose}/"))


def arrived(post: Post, count: int) -> EmailMessage:
    """Wait until so many mails have come; gives the last one."""
    end = time.monotonic() + PATIENCE_SECONDS
    while len(post.to(ADDRESS)) < count and time.monotonic() < end:
        time.sleep(0.2)
    return post.to(ADDRESS)[count - 1]


def unseen(_page: Page, _name: str) -> None:
    """Take no picture: other stories have."""
