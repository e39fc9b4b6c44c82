"""One story through the sandbox's Jira pages: from the installation to a change that arrives as a twin's."""

import pytest
import requests
from playwright.sync_api import Page, expect

from jira_sandbox.server import Running
from tests.browser import steps
from tests.browser.conftest import Open
from tests.browser.steps import Shoot

pytestmark = pytest.mark.browser


def test_two_people_bring_two_spaces_in_step(window: Open, app: str, jira: Running, shoot: Shoot) -> None:
    dana, alice, bob = window(), window(), window()

    steps.install(dana, app, shoot)
    dana.goto("/")
    shoot(dana, "spaces")
    send_request(alice, shoot)
    steps.open_app(bob, "BETA", "Bob Baker")
    steps.accept(bob, shoot)
    steps.start(alice, shoot)

    steps.create(
        alice, "ALPHA", shoot, summary="Kettle whistles too late", priority="High", labels="kitchen tea"
    )
    original = alice.url
    twin = steps.find_twin(bob, "BETA", "Kettle whistles too late", shoot)
    expect(bob.locator(".panel").get_by_text("kitchen")).to_be_visible()
    expect(bob.locator(".panel").get_by_text("High")).to_be_visible()
    shoot(bob, "twin")
    steps.save(alice, summary="Kettle whistles in time")
    shoot(alice, "edited")
    see_summary(bob, "Kettle whistles in time")
    shoot(bob, "twin-changed")
    steps.save(bob, summary="Kettle sings in time")
    see_summary(alice, "Kettle sings in time")
    shoot(alice, "changed-back")

    assert twin.startswith("BETA-")
    assert original.endswith("/browse/ALPHA-1")
    assert len(jira.world.sites["acme"].issues) == 2
    dana.goto("/counters")
    shoot(dana, "counters")


def send_request(page: Page, shoot: Shoot) -> None:
    backbone = steps.open_app(page, "ALPHA", "Alice Archer")
    steps.begin(page, "Synchronize with another space on this instance", shoot)
    backbone.get_by_role("combobox").select_option(label="Beta (BETA)")
    shoot(page, "choose-space")
    backbone.get_by_role("button", name="Next").click()
    steps.name_and_send(page, shoot)


def see_summary(page: Page, summary: str) -> None:
    """See the change in the open work item; its history names the app."""
    steps.see(page, page.get_by_role("heading", level=1, name=summary))
    expect(page.get_by_text("Backbone Work Sync changed summary").first).to_be_visible()


def test_a_jira_admin_sets_who_may_use_the_app_by_keyboard_and_finds_that_in_the_log(
    window: Open, app: str, jira: Running, shoot: Shoot
) -> None:
    install = {"descriptor_url": f"{app}/atlassian-connect.json"}
    requests.post(f"{jira.addresses['acme']}/_sandbox/install", json=install, timeout=20).raise_for_status()
    dana = window()
    dana.goto("/apps")
    steps.sign_in(dana, "Dana Draper")
    dana.get_by_role("link", name="Backbone Work Sync").click()
    backbone = dana.frame_locator("#app")

    backbone.get_by_role("radio", name="Only members").check()
    backbone.get_by_label("Search groups").fill("ADMIN")
    dana.keyboard.press("Enter")
    expect(backbone.get_by_label("Search groups")).to_be_focused()
    shoot(dana, "settings-access-found")
    backbone.get_by_role("button", name="Add jira-administrators").press("Enter")
    expect(backbone.get_by_role("button", name="Remove jira-administrators")).to_be_visible()
    expect(backbone.get_by_role("heading", level=1)).to_be_focused()
    backbone.get_by_role("button", name="Remove jira-administrators").press("Enter")
    expect(backbone.get_by_text("No group is chosen.")).to_be_visible()
    backbone.get_by_role("button", name="Save").press("Enter")
    expect(backbone.get_by_role("alert")).to_contain_text("Nobody but Jira system admins")
    shoot(dana, "settings-access-doubt")
    backbone.get_by_role("button", name="Save anyway").click()

    expect(dana.locator(".toast")).to_contain_text("Saved")
    expect(backbone.get_by_role("radio", name="Only members")).to_be_checked()
    download_log(dana, shoot)
    look_at_the_installation(dana, shoot)


def look_at_the_installation(page: Page, shoot: Shoot) -> None:
    """Read in the settings how the app is installed, by keyboard."""
    backbone = page.frame_locator("#app")
    backbone.get_by_role("button", name="Installation").press("Enter")
    expect(backbone.get_by_role("heading", level=1, name="Installation")).to_be_focused()
    expect(backbone.get_by_text("Forge has not told of this installation yet")).to_be_visible()
    shoot(page, "settings-installation")


def download_log(page: Page, shoot: Shoot) -> None:
    """Fetch the audit log from the settings, and find the act just before, and then the download, in it."""
    backbone = page.frame_locator("#app")
    backbone.get_by_role("button", name="Audit log").click()
    expect(backbone.locator(".line").first).to_contain_text("Access changed")
    with page.expect_download() as fetched:
        backbone.get_by_role("button", name="Download").press("Enter")
    backbone.get_by_label("What").select_option(label="Audit log downloaded")
    backbone.get_by_role("button", name="Show").press("Enter")
    expect(backbone.get_by_text("Dana Draper · Global settings")).to_be_visible()
    shoot(page, "settings-audit")
    rows = fetched.value.path().read_text().splitlines()
    assert fetched.value.suggested_filename.startswith("backbone-audit-log-")
    assert rows[0].startswith('"Time (UTC)","Who"')
    assert '"Jira","","App installed"' in rows[-1]
