"""What people see of trouble, and how they get out of it: with real workers, in both themes."""

import pytest
import requests
from playwright.sync_api import FrameLocator, Locator, Page, expect

from jira_sandbox.server import Running
from tests.browser import steps
from tests.browser.conftest import Open
from tests.browser.steps import Shoot
from tests.support.sandbox import as_person

pytestmark = pytest.mark.browser

PAGE_PATIENCE_MS = 60_000
"""The page of a synchronization asks for news every ten seconds, a check may be due behind other work."""


def test_what_was_refused_is_seen_mended_and_gone(
    window: Open, app: str, jira: Running, shoot: Shoot
) -> None:
    page, bobs, site = window(), window(), jira.world.sites["acme"]
    alice, beta = as_person(jira.world, site, "alice"), site.space("BETA")
    backbone = in_step(page, bobs, app, jira)

    item = alice.create("ALPHA", "Kettle whistles too late", priority={"name": "Medium"})
    expect(backbone.get_by_text("1 pair", exact=True)).to_be_visible(timeout=PAGE_PATIENCE_MS)
    site.take_off_screen(beta, "priority")
    alice.edit(item, priority={"name": "High"}, summary="Kettle sings")
    expect(backbone.get_by_text("1 not in step")).to_be_visible(timeout=PAGE_PATIENCE_MS)
    shoot(page, "overview-with-an-error")
    read_error(page, backbone, shoot)

    site.put_on_screen(beta, "priority")
    backbone.get_by_role("button", name="Retry ALPHA-1").click()
    expect(backbone.get_by_role("row", name="ALPHA-1")).to_have_count(0, timeout=PAGE_PATIENCE_MS)
    expect(backbone.get_by_text("Nothing stands in the way")).to_be_visible()
    shoot(page, "nothing-in-the-way")
    check_now(page, backbone)
    read_activity(bobs, shoot)
    read_panel(page, shoot)
    lose_a_right(page, jira, shoot)


def test_two_existing_work_items_are_paired_and_the_menus_follow_the_keyboard(
    window: Open, app: str, jira: Running, shoot: Shoot
) -> None:
    page, site = window(), jira.world.sites["acme"]
    as_person(jira.world, site, "alice").create("ALPHA", "Teapot", priority={"name": "High"})
    as_person(jira.world, site, "bob").create("BETA", "The old teapot", duedate="2026-12-24")
    backbone = in_step(page, window(), app, jira)
    menus_follow_the_keyboard(page, backbone, shoot)

    steps.choose_action(backbone, "Troubleshoot")
    expect(backbone.get_by_text("Nothing stands in the way")).to_be_visible()
    shoot(page, "no-errors-yet")
    backbone.get_by_role("button", name="Activity").click()
    expect(backbone.get_by_text("Nothing has been written yet")).to_be_visible()
    shoot(page, "no-activity-yet")
    backbone.get_by_role("button", name="← Overview").click()
    steps.choose_action(backbone, "Pair existing work items")
    pair(page, backbone, shoot)
    steps.choose_action(backbone, "Troubleshoot")
    decide(page, backbone, shoot)

    backbone.get_by_role("button", name="Activity").click()
    expect(backbone.get_by_text("Paired by hand with BETA-1")).to_be_visible()
    line = backbone.locator(".line", has_text="Summary").first
    expect(line).to_be_visible(timeout=PAGE_PATIENCE_MS)
    shoot(page, "activity-of-the-pair")


def in_step(page: Page, other: Page, app: str, jira: Running) -> FrameLocator:
    """Let ALPHA and BETA be synchronized; gives Alice's overview in ``page``."""
    install = {"descriptor_url": f"{app}/atlassian-connect.json"}
    address = jira.addresses["acme"]
    requests.post(f"{address}/_sandbox/install", json=install, timeout=20).raise_for_status()
    backbone = steps.open_app(page, "ALPHA", "Alice Archer")
    steps.begin(page, "Synchronize with another space on this instance", unseen)
    backbone.get_by_role("combobox").select_option(label="Beta (BETA)")
    backbone.get_by_role("button", name="Next").click()
    steps.name_and_send(page, unseen)
    steps.open_app(other, "BETA", "Bob Baker")
    steps.accept(other, unseen)
    steps.start(page, unseen)
    return backbone


def unseen(_page: Page, _name: str) -> None:
    """Take no picture: other stories have."""


def read_error(page: Page, backbone: FrameLocator, shoot: Shoot) -> None:
    """Go to the page of the synchronization; ignore the error, and find it again below."""
    steps.choose_action(backbone, "Troubleshoot")
    row = backbone.get_by_role("row", name="ALPHA-1")
    expect(row).to_contain_text("Priority")
    expect(row).to_contain_text("not on the screen")
    expect(backbone.get_by_role("heading", name="Errors (1)")).to_be_visible()
    shoot(page, "one-error")
    backbone.get_by_role("button", name="Ignore the error of ALPHA-1").click()
    ignored = backbone.locator("details", has_text="1 ignored")
    expect(ignored).to_be_visible()
    ignored.locator("summary").click()
    expect(backbone.get_by_role("button", name="Retry ALPHA-1")).to_be_visible()
    shoot(page, "ignored")


def check_now(page: Page, backbone: FrameLocator) -> None:
    """Ask for a check; it is said that one is under way, and when it was."""
    backbone.get_by_role("button", name="Check now").click()
    expect(page.locator(".toast", has_text="A check starts now")).to_be_visible()
    expect(backbone.get_by_role("button", name="Check now")).to_be_visible(timeout=PAGE_PATIENCE_MS)
    expect(steps.fact(backbone, "Last check").locator("time")).to_be_visible()


def read_activity(page: Page, shoot: Shoot) -> None:
    """See on the other side what the edit became: whose it was, what stood before and what stands now."""
    backbone = page.frame_locator("#app")
    steps.choose_action(backbone, "Activity")
    changed = backbone.locator(".change", has_text="Kettle sings").first
    expect(changed).to_contain_text("Kettle whistles too late")
    expect(changed).to_contain_text("Alice Archer")
    expect(backbone.locator(".change", has_text="High").first).to_contain_text("Medium")
    shoot(page, "activity")
    backbone.get_by_role("button", name="Conflicts").click()
    expect(backbone.get_by_text("Nothing of this kind has happened yet.")).to_be_visible()


def read_panel(page: Page, shoot: Shoot) -> None:
    """See the same in the work item's own panel."""
    page.goto("/browse/ALPHA-1")
    panel = steps.panel_of(page)
    expect(panel.get_by_text("IN STEP", exact=True)).to_be_visible(timeout=steps.PANEL_PATIENCE_MS)
    panel.get_by_text("Recent activity").click()
    expect(panel.locator(".line").first).to_be_visible()
    shoot(page, "panel-with-activity")


def lose_a_right(page: Page, jira: Running, shoot: Shoot) -> None:
    """The app loses its scope: the synchronization pauses, says why, and goes on when started."""
    site = jira.world.sites["acme"]
    site.take_scopes("WRITE")
    as_person(jira.world, site, "alice").edit("ALPHA-1", summary="Kettle hums")
    page.goto("/spaces/ALPHA/settings")
    page.get_by_role("link", name="Backbone Work Sync").click()
    backbone = page.frame_locator("#app")
    expect(backbone.get_by_text("PAUSED", exact=True)).to_be_visible(timeout=PAGE_PATIENCE_MS)
    shoot(page, "overview-paused")
    steps.choose_action(backbone, "Troubleshoot")
    expect(backbone.get_by_role("heading", name="Paused since")).to_be_visible()
    expect(backbone.get_by_text("The app has lost a right")).to_be_visible()
    shoot(page, "paused")

    site.give_scopes("WRITE")
    backbone.get_by_role("button", name="Start", exact=True).click()
    expect(backbone.get_by_text("RUNNING", exact=True)).to_be_visible()


def menus_follow_the_keyboard(page: Page, backbone: FrameLocator, shoot: Shoot) -> None:
    """Enter opens the menu, Escape closes it; after a question that was declined the focus is on it again."""
    menu = backbone.get_by_label("Actions for")
    menu.focus()
    page.keyboard.press("Enter")
    item = backbone.get_by_role("button", name="Troubleshoot")
    expect(item).to_be_visible()
    shoot(page, "actions")
    assert actions(backbone) == [
        "Troubleshoot",
        "Activity",
        "Pair existing work items",
        "Download Pairs",
        "Stop",
        "Delete",
    ]
    page.keyboard.press("Escape")
    expect(item).to_be_hidden()
    expect(menu).to_be_focused()

    page.keyboard.press("Enter")
    backbone.get_by_role("button", name="Delete").focus()
    page.keyboard.press("Enter")
    expect(backbone.get_by_role("dialog")).to_contain_text("This cannot be undone.")
    shoot(page, "question")
    page.keyboard.press("Escape")
    expect(backbone.get_by_role("dialog")).to_be_hidden()
    expect(menu).to_be_focused()


def actions(backbone: FrameLocator) -> list[str]:
    """What the open menu offers, from top to bottom."""
    return [each.strip() for each in backbone.locator(".menu-item").all_inner_texts()]


def pair(page: Page, backbone: FrameLocator, shoot: Shoot) -> None:
    """Enter two keys, one of them wrong at first, compare, leave the choice for later, confirm."""
    backbone.get_by_label("Your work item").fill("ALPHA-1")
    backbone.get_by_label("The partner's work item").fill("BETA-77")
    backbone.get_by_role("button", name="Compare").click()
    wrong: Locator = backbone.get_by_label("The partner's work item")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_be_focused()
    shoot(page, "pair-refused")
    wrong.fill("BETA-1")
    backbone.get_by_role("button", name="Compare").click()
    expect(backbone.get_by_role("row", name="Summary")).to_contain_text("Differs: you choose")
    shoot(page, "pair-compared")
    expect(backbone.get_by_role("radio", name="Ask me later")).to_be_checked()
    backbone.get_by_role("button", name="Pair", exact=True).click()
    backbone.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    expect(backbone.get_by_role("heading", name="ALPHA-1 and BETA-1 are a pair")).to_be_visible()
    shoot(page, "paired")
    backbone.get_by_role("button", name="Overview").click()


def decide(page: Page, backbone: FrameLocator, shoot: Shoot) -> None:
    """Answer the question that the pair asks; it goes away."""
    ask = backbone.get_by_role("button", name="Decide about ALPHA-1").first
    expect(ask).to_be_visible(timeout=PAGE_PATIENCE_MS)
    shoot(page, "open-questions")
    ask.click()
    expect(backbone.get_by_role("heading", name="ALPHA-1 and BETA-1")).to_be_focused()
    shoot(page, "decide")
    backbone.get_by_role("radio", name="Your space's values").check()
    backbone.get_by_role("button", name="Decide", exact=True).click()
    question = backbone.get_by_role("dialog")
    expect(question).to_contain_text("the other value is overwritten")
    question.get_by_role("button", name="Confirm").click()
    expect(page.locator(".toast", has_text="Decided")).to_be_visible()
    expect(backbone.get_by_role("heading", name="ALPHA \N{EN DASH}")).to_be_focused()
