"""How Backbone is installed, as Jira admins read it: as a page and over the API."""

import pytest

from backbone_app.models import Site
from jira_sandbox.state.apps import License
from tests.support.app import Jira
from tests.support.forge import tell
from tests.support.machine import Machine
from tests.support.pages import Element, parse

ADDRESS = "/settings/installation"
API = "/api/1/settings/installation"


def look(jira: Jira) -> Element:
    return parse(jira.visitor("dana").get(ADDRESS))


def facts(page: Element) -> dict[str, str]:
    names, values = page.all("dt"), page.all("dd")
    return {name.text: value.text for name, value in zip(names, values, strict=True)}


@pytest.fixture
def dana(jira: Jira) -> Machine:
    """The Jira admin, calling the API."""
    return Machine(jira, "dana", "ALPHA")


def test_it_tells_address_licence_and_forge_app(jira: Jira) -> None:
    jira.site.app.license = License(active=True, evaluation=True)
    tell(jira, "installed", version="3.1.0")

    found = facts(look(jira))

    assert found["Address"] == "https://acme.atlassian.net"
    assert found["Licence"] == "Evaluation, told on 22 November 2026, 01:02 UTC"
    assert found["Forge app"] == "Version 3.1.0, told on 22 November 2026, 01:02 UTC"
    assert "Shown to people as" not in found


def test_what_nobody_told_yet_is_said_to_be_so(jira: Jira) -> None:
    Site.objects.update(licence="", licence_at=None)

    found = facts(look(jira))

    assert found["Licence"] == "Jira has not told yet"
    assert found["Forge app"] == "Forge has not told of this installation yet"


def test_an_installation_that_is_not_in_production_is_told_to_be_one(jira: Jira) -> None:
    tell(jira, "installed", environment="DEVELOPMENT")

    assert "(development)" in facts(look(jira))["Forge app"]


def test_an_address_that_waits_and_one_that_people_see_are_shown(jira: Jira) -> None:
    waiting, shown = "https://renamed.atlassian.net", "https://jira.acme.example"
    Site.objects.update(pending_base_url=waiting, display_url=shown)

    page = look(jira)

    assert facts(page)["Shown to people as"] == shown
    assert waiting in page.one("div", class_="section-message").text


def test_the_api_tells_the_same(jira: Jira, dana: Machine) -> None:
    Site.objects.update(licence="", licence_at=None)
    before = dana.get(API).said
    jira.site.app.license = License(active=True)
    tell(jira, "installed")

    after = dana.get(API).said

    assert (before["licence"], before["licence_at"], before["forge"]) == ("", None, None)
    assert (after["address"], after["waiting_address"]) == ("https://acme.atlassian.net", "")
    assert after["licence"] == "active"
    assert (after["forge"]["version"], after["forge"]["environment"]) == ("2.0.0", "production")


def test_who_is_no_jira_admin_is_told_nothing(jira: Jira) -> None:
    answer = jira.visitor("alice").get(ADDRESS)

    assert answer.status_code == 403
    assert "acme.atlassian.net" not in answer.content.decode()


def test_what_forge_names_is_written_as_text(jira: Jira) -> None:
    tell(jira, "installed")
    jira.row.forge_installations.update(version="<b>1</b>")

    page = jira.visitor("dana").get(ADDRESS)

    assert "<b>1</b>" not in page.content.decode()
    assert "<b>1</b>" in facts(parse(page))["Forge app"]
