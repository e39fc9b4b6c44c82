"""One way through the wizard with nothing but a keyboard."""

import pytest
import requests
from playwright.sync_api import expect

from jira_sandbox.server import Running
from tests.browser import steps
from tests.browser.conftest import Open
from tests.browser.keyboard import arrive, press, tab_to, type_into
from tests.browser.steps import Shoot

pytestmark = pytest.mark.browser


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
