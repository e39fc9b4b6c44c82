"""A link that broke, mended: what Alice sees of it, and Gina who signs in once more."""

from playwright.sync_api import FrameLocator, Page, expect

from jira_sandbox.state.site import Site
from tests.browser import recipe, steps
from tests.browser.steps import Shoot


def mends_the_link(alice: Page, gina: Page, office: Site, shoot: Shoot) -> None:
    """The Data Center forgets us; Alice withdraws one link to sign in with, and Gina uses the next one."""
    steps.find_twin(alice, "ALPHA", "The kettle whistles", shoot)
    office.provider.grants.clear()
    steps.save(alice, summary="The kettle is cold")
    alice.goto("/spaces/ALPHA/settings")
    alice.get_by_role("link", name="Backbone Work Sync").click()
    backbone = alice.frame_locator("#app")
    _mend(backbone)
    expect(backbone.get_by_role("heading", name="Mend the link")).to_be_focused()
    shoot(alice, "mend-the-link")
    _looks_at_the_application_link(alice, backbone, shoot)
    _withdraws(alice, backbone, shoot)

    _mend(backbone)
    backbone.get_by_role("button", name="Copy Link").click()
    backbone.get_by_role("button", name="Copy", exact=True).click()
    shoot(alice, "link-copied-to-mend")
    gina.goto(recipe.copied(alice))
    gina.get_by_role("button", name="Go on to 127.0.0.1").click()
    gina.get_by_role("button", name="Allow").click()
    shoot(gina, "let-in-again")
    expect(backbone.get_by_text("RUNNING")).to_be_visible()
    shoot(alice, "link-mended")


def takes_it_back(alice: Page, gina: Page, shoot: Shoot) -> None:
    """Gina thinks better of it, on the page that she came to; Alice's synchronization pauses."""
    gina.get_by_role("link", name="Take back").click()
    expect(gina.get_by_role("heading", level=1)).to_be_visible()
    shoot(gina, "take-back")
    gina.get_by_role("button", name="Take back").click()
    shoot(gina, "taken-back")
    expect(alice.frame_locator("#app").get_by_text("PAUSED").first).to_be_visible()
    shoot(alice, "taken-back-over-there")


def _mend(backbone: FrameLocator) -> None:
    backbone.get_by_role("button", name="Mend the link").first.click()


def _looks_at_the_application_link(alice: Page, backbone: FrameLocator, shoot: Shoot) -> None:
    """Nothing is entered anew without its credentials."""
    backbone.get_by_role("button", name="Application Link").click()
    expect(backbone.get_by_role("heading", name="Application link")).to_be_focused()
    shoot(alice, "application-link-anew")
    backbone.get_by_role("button", name="Save").click()
    expect(backbone.get_by_label("Client ID")).to_be_focused()
    shoot(alice, "application-link-refused")
    backbone.get_by_role("button", name="Cancel").click()


def _withdraws(alice: Page, backbone: FrameLocator, shoot: Shoot) -> None:
    _mend(backbone)
    backbone.get_by_role("button", name="Copy Link").click()
    backbone.get_by_role("button", name="Withdraw Link").click()
    shoot(alice, "withdraw-asked")
    backbone.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    expect(alice.locator(".toast", has_text="Link withdrawn")).to_be_visible()
    shoot(alice, "link-withdrawn")
