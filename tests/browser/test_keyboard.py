"""One way through the wizard with nothing but a keyboard."""

import pytest
import requests
from playwright.sync_api import Page, expect

from jira_sandbox.server import Running
from tests.browser import steps
from tests.browser.conftest import Open
from tests.browser.steps import Shoot

pytestmark = pytest.mark.browser

TABS = 40
FOCUSED = """() => {
    const { activeElement: it } = document;
    const spoken = it.labels?.[0] ?? it;
    const named = spoken.querySelector('strong') ?? spoken;
    return it.ariaLabel ?? named.textContent.replace('*', '').trim();
}"""


def test_the_wizard_can_be_walked_by_keyboard_alone(
    window: Open, app: str, jira: Running, shoot: Shoot
) -> None:
    for address in jira.addresses.values():
        install = {"descriptor_url": f"{app}/atlassian-connect.json"}
        requests.post(f"{address}/_sandbox/install", json=install, timeout=20).raise_for_status()
    page = window("acme")
    backbone = steps.open_app(page, "ALPHA", "Alice Archer")
    expect(backbone.get_by_role("button", name="New Synchronization")).to_be_visible()

    press(page, "New Synchronization")
    expect(backbone.get_by_role("heading", name="New Synchronization")).to_be_focused()
    press(page, "Synchronize with another Cloud instance")
    arrive(page, "Partner Instance")
    type_into(page, "Base URL", jira.addresses["initech"])
    type_into(page, "Space Key", "gold")
    page.keyboard.press("Enter")
    arrive(page, "Immediate or review")
    tab_to(page, "immediate")
    shoot(page, "immediate")
    press(page, "Next")
    arrive(page, "Name and description")
    type_into(page, "Name", "By hand")
    press(page, "Next")
    arrive(page, "Overview")
    press(page, "Send Request")

    expect(backbone.get_by_role("row", name="By hand")).to_contain_text("REQUEST SENT")
    press(page, "Actions for By hand")
    press(page, "Withdraw Request")
    expect(backbone.get_by_role("dialog")).to_be_visible()
    press(page, "Confirm")
    expect(backbone.get_by_text("This space is not synchronized yet")).to_be_visible()


def arrive(page: Page, step: str) -> None:
    """Wait for a step of the wizard; reading goes on at its heading, so that is where the focus is."""
    backbone = page.frame_locator("#app")
    expect(backbone.locator("[aria-current=step]")).to_contain_text(step)
    expect(backbone.get_by_role("heading", level=1)).to_be_focused()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called ``name``, in the app's page."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.frames[1].evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"Tab does not lead to {name!r}")


def press(page: Page, name: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Enter")


def type_into(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
