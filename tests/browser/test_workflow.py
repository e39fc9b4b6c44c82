"""A Jira admin puts a post function into a workflow: what is chosen on our page is what Jira keeps."""

import json

import pytest
from playwright.sync_api import Page, expect

from jira_sandbox.acts import appfunctions
from jira_sandbox.server import Running
from tests.browser import steps
from tests.browser.conftest import Open
from tests.browser.steps import Shoot

pytestmark = pytest.mark.browser

FUNCTION = "Backbone: synchronize this work item"


def add_function(page: Page) -> None:
    """Go to the page of a new post function, on the first transition of ALPHA's workflow."""
    page.goto("/spaces/ALPHA/settings/workflows")
    page.get_by_role("link", name=FUNCTION).first.click()


def synchronize(page: Page, shoot: Shoot) -> None:
    """Bring ALPHA and BETA together; dana administers both."""
    page.goto("/spaces/ALPHA/settings")
    page.get_by_role("link", name="Backbone Work Sync").click()
    steps.begin(page, "Synchronize with another space on this instance", shoot)
    backbone = page.frame_locator("#app")
    backbone.get_by_role("combobox").select_option(label="Beta (BETA)")
    backbone.get_by_role("button", name="Next").click()
    steps.name_and_send(page, shoot)
    page.goto("/spaces/BETA/settings")
    page.get_by_role("link", name="Backbone Work Sync").click()
    steps.accept(page, shoot)


def test_a_jira_admin_chooses_a_synchronization_for_a_transition(
    window: Open, app: str, jira: Running, shoot: Shoot
) -> None:
    dana = window()
    backbone = dana.frame_locator("#app")
    steps.install(dana, app, shoot)
    add_function(dana)
    expect(backbone.get_by_text("This site has no synchronization to choose from.")).to_be_visible()
    shoot(dana, "function-without-synchronization")
    dana.get_by_role("button", name="Save").click()
    expect(backbone.get_by_text("There is nothing to store yet.")).to_be_visible()
    synchronize(dana, shoot)

    add_function(dana)
    choice = backbone.get_by_label("Synchronization")
    expect(choice).to_have_value("")
    dana.get_by_role("button", name="Save").click()
    expect(backbone.get_by_text("Choose a synchronization.", exact=True)).to_be_visible()
    expect(choice).to_be_focused()
    shoot(dana, "function-without-choice")
    choice.select_option(index=1)
    shoot(dana, "function-with-choice")
    chosen = choice.input_value()
    dana.get_by_role("button", name="Save").click()
    dana.get_by_role("link", name="Configure").click()

    expect(backbone.get_by_label("Synchronization")).to_have_value(chosen)
    (stored,) = (
        function.configuration
        for flow in appfunctions.workflows(jira.world.sites["acme"].space("ALPHA"))
        for step in flow.transitions
        for function in step.app_functions
    )
    assert json.loads(stored) == {"synchronization": chosen}
