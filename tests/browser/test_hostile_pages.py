"""What a browser makes of our pages when somebody means ill: who may frame them, and which scripts run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.rig import Rig, by_the_app, rigged
from tests.support.app import Jira, jira
from tests.support.environment import APP
from tests.support.hostile_texts import BATTERY, Scene, said, scene

__all__ = ["jira", "scene"]  # in place of the site on real sockets

pytestmark = pytest.mark.browser

EVIL = "https://evil.example"
FRAMING = '<!doctype html><title>Host</title><iframe id="app" src="{url}"></iframe>'


@pytest.fixture
def rig(chromium: Browser, jira: Jira, transactional_db: None) -> Iterator[Rig]:
    """A window before the app, with alice's tokens; it is answered over a database connection of its own."""
    rig = rigged(chromium, by_the_app)
    rig.token = lambda: jira.page_token("alice")
    yield rig
    rig.context.close()


def launch(jira: Jira, target: str) -> str:
    """The address that Jira's iframe opens for alice."""
    return f"{target}&jwt={jira.request_token('GET', target, person='alice')}"


def test_case_71_an_evil_site_cannot_frame_a_page_with_a_token_it_has_stolen(jira: Jira, rig: Rig) -> None:
    url = APP + launch(jira, f"/space-settings?spaceId={jira.space_id('ALPHA')}")
    rig.hosts = {origin: FRAMING.format(url=url) for origin in (EVIL, jira.site.base_url)}

    at_home, elsewhere = rig.open(jira.site.base_url), rig.open(EVIL)

    expect(at_home.frame_locator("#app").get_by_text("This space is not synchronized yet")).to_be_visible()
    assert elsewhere.frames[1].url.startswith("chrome-error://")
    assert elsewhere.frames[1].locator("#notice").count() == 0
    assert any("frame-ancestors https://acme.atlassian.net" in text for text in rig.complaints)


def test_case_76_no_hostile_text_runs_loads_or_sends_anything(scene: Scene, rig: Rig) -> None:
    page = rig.open(launch(scene.jira, f"/space-settings?spaceId={scene.jira.space_id('ALPHA')}"))
    expect(page.get_by_text("DECLINED").first).to_be_visible()
    overview = said(page.locator("#content").inner_text())
    page.locator("button.button.quiet").first.click()
    expect(page.get_by_role("heading", name="Errors")).to_be_visible()
    page.get_by_role("button", name="Activity").click()
    expect(page.get_by_role("heading", name="Activity of")).to_be_visible()
    page.get_by_role("button", name="← Overview").click()
    page.get_by_label("Actions for").nth(3).click()
    page.get_by_role("button", name="Delete", exact=True).locator("visible=true").click()
    expect(page.get_by_role("dialog")).to_contain_text("This cannot be undone.")
    panel = rig.open(launch(scene.jira, f"/panel?itemId={scene.item}&itemKey=X&spaceId=1"))
    panel.get_by_text("Recent activity").click()
    expect(panel.locator(".line").first).to_be_visible()

    assert sum(said(text) in overview for text in BATTERY) > 30
    assert (rig.dialogs, rig.foreign, rig.complaints) == ([], [], [])
