import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from jira_sandbox.connect import tokens
from jira_sandbox.connect.conditions import Scene, hold
from jira_sandbox.connect.modules import ON_SITE, offered
from jira_sandbox.state.apps import License
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.browsing import Browser
from tests.support.sandbox import APP, ListeningApp, Person, descriptor, install
from tests.support.shared import SHARED


def named(key: str, url: str, **more: object) -> dict[str, Any]:
    return {"key": key, "name": {"value": key.title()}, "url": url, **more}


MODULES: dict[str, Any] = {
    "generalPages": [named("general", "/general?view={ac.view}"), named("cached", "/cached", cacheable=True)],
    "adminPages": [named("admin", "/admin")],
    "configurePage": named("configure", "/configure"),
    "jiraProjectPages": [named("board", "/board?space={project.key}")],
    "jiraProjectAdminTabPanels": [
        named("second", "/second", weight=200),
        named("first", "/first", weight=1),
        named("unlinked", "/unlinked", location="none"),
    ],
    "jiraIssueContents": [
        {
            "key": "content",
            "name": {"value": "Content"},
            "target": {"type": "web_panel", "url": "/content?item={issue.key}&type={issuetype.id}"},
        }
    ],
    "jiraIssueContexts": [
        {
            "key": "context",
            "name": {"value": "Context"},
            "target": {"type": "web_panel", "url": "/context"},
            "conditions": [{"condition": "is_issue_unresolved", "invert": True}],
        }
    ],
    "jiraIssueGlances": [
        {
            "key": "glance",
            "name": {"value": "Glance"},
            "target": {"type": "web_panel", "url": "/glance"},
            "conditions": [{"condition": "user_is_project_admin"}],
        }
    ],
}


@pytest.fixture
def paged(world: World, site: Site) -> ListeningApp:
    """An installed app with pages of all kinds."""
    app = ListeningApp()
    install(world, site, app, wanted=descriptor(modules=MODULES))
    return app


def launched(page: Any) -> list[str]:
    """The paths of the pages in the iframes."""
    return [urlsplit(each["src"]).path for each in page.iframes]


def browser(world: World, site: Site, name: str) -> Browser:
    return Browser(world, site).as_person(name)


def test_manage_apps_leads_a_jira_admin_to_the_pages_for_admins(
    world: World, site: Site, paged: ListeningApp
) -> None:
    dana = browser(world, site, "dana")

    page = dana.get("/apps")

    assert page.links["Admin"] == "/plugins/servlet/ac/example.app/admin"
    assert page.links["Configure"] == "/plugins/servlet/ac/example.app/configure"
    assert "General" not in page.links
    assert dana.get(page.links["Admin"]).iframes[0]["src"].startswith(f"{APP}/admin?")


def test_a_general_page_is_given_the_parameters_of_its_own_address(
    world: World, site: Site, paged: ListeningApp
) -> None:
    page = browser(world, site, "carol").get("/plugins/servlet/ac/example.app/general?ac.view=a%26b&x=1")

    (frame,) = page.iframes
    query = parse_qs(urlsplit(frame["src"]).query, keep_blank_values=True)
    assert frame["src"].startswith(f"{APP}/general?view=a%26b&xdm_e=")
    assert (query["xdm_e"], query["cp"], query["lic"]) == (["https://acme.atlassian.net"], [""], ["none"])
    assert query["cv"] == ["1001.0.0-SNAPSHOT"]
    claims = tokens.read_hs256(query["jwt"][0], site.app.shared_secret)
    assert claims["qsh"] == tokens.hash_for_url("GET", frame["src"], APP)
    assert (claims["sub"], claims["exp"] - claims["iat"]) == (site.user("carol").account_id, 900)


def test_a_cacheable_page_is_told_nothing(world: World, site: Site, paged: ListeningApp) -> None:
    page = browser(world, site, "carol").get("/plugins/servlet/ac/example.app/cached")

    assert page.iframes[0]["src"] == f"{APP}/cached"


@pytest.mark.parametrize(("name", "status"), [("dana", 200), ("carol", 404)])
def test_an_admin_page_is_for_jira_admins(
    world: World, site: Site, paged: ListeningApp, name: str, status: int
) -> None:
    page = browser(world, site, name).get("/plugins/servlet/ac/example.app/admin")

    assert (page.status, launched(page)) == (status, ["/admin"] if status == 200 else [])


def test_the_configure_page_is_one_alone(world: World, site: Site, paged: ListeningApp) -> None:
    page = browser(world, site, "dana").get("/plugins/servlet/ac/example.app/configure")

    assert launched(page) == ["/configure"]


@pytest.mark.parametrize("path", ["/plugins/servlet/ac/other.app/general", "/spaces/ALPHA/apps/none"])
def test_a_page_nobody_has_is_not_found(world: World, site: Site, paged: ListeningApp, path: str) -> None:
    assert browser(world, site, "alice").get(path).status == 404


def test_a_page_of_a_space_knows_the_space(world: World, site: Site, paged: ListeningApp) -> None:
    page = browser(world, site, "carol").get("/spaces/ALPHA/apps/board")

    assert parse_qs(urlsplit(page.iframes[0]["src"]).query)["space"] == ["ALPHA"]


def test_entries_stand_by_weight_and_one_without_place_is_only_reached(
    world: World, site: Site, paged: ListeningApp
) -> None:
    alice = browser(world, site, "alice")

    page = alice.get("/spaces/ALPHA/settings")
    unlinked = alice.get("/spaces/ALPHA/settings/apps/unlinked")

    listed = [name for name, path in page.links.items() if "/settings/apps/" in path]
    assert listed == ["First", "Second"]
    assert launched(unlinked) == ["/unlinked"]


def test_panels_of_a_work_item_are_shown_under_their_conditions(
    world: World, site: Site, paged: ListeningApp, carol: Person
) -> None:
    issue = site.issue(carol.create("ALPHA", "one"))

    by_carol = browser(world, site, "carol").get(f"/browse/{issue.key}")
    by_alice = browser(world, site, "alice").get(f"/browse/{issue.key}")
    issue.fields["resolution"] = next(iter(site.resolutions))
    resolved = browser(world, site, "carol").get(f"/browse/{issue.key}")

    assert launched(by_carol) == ["/content"]
    assert launched(by_alice) == ["/content", "/glance"]
    assert launched(resolved) == ["/content", "/context"]
    query = parse_qs(urlsplit(by_carol.iframes[0]["src"]).query)
    assert (query["item"], query["type"]) == ([issue.key], [issue.type_id])


def test_a_licensed_app_hears_so(world: World, site: Site, paged: ListeningApp) -> None:
    site.app.license = License(active=True)

    page = browser(world, site, "carol").get("/plugins/servlet/ac/example.app/general")

    assert parse_qs(urlsplit(page.iframes[0]["src"]).query)["lic"] == ["active"]


@pytest.mark.parametrize("active", [True, False])
def test_a_licence_counts_while_it_is_active(site: Site, paged: ListeningApp, active: bool) -> None:
    site.app.license = License(active=active)

    assert hold(Scene(site=site, person=None), [{"condition": "addon_is_licensed"}]) is active


@pytest.mark.parametrize(
    ("who", "condition", "holds"),
    [
        ("dana", {"condition": "user_is_admin"}, True),
        ("alice", {"condition": "user_is_admin"}, False),
        ("alice", {"condition": "user_is_project_admin"}, True),
        ("carol", {"condition": "user_is_project_admin", "invert": True}, True),
        ("", {"condition": "user_is_logged_in"}, False),
        ("", {"condition": "user_is_project_admin"}, False),
        ("carol", {"or": [{"condition": "user_is_admin"}, {"condition": "user_is_logged_in"}]}, True),
        ("carol", {"and": [{"condition": "user_is_admin"}, {"condition": "user_is_logged_in"}]}, False),
        (
            "carol",
            {"condition": "has_project_permission", "params": {"permission": "BROWSE_PROJECTS"}},
            True,
        ),
        ("dana", {"condition": "has_global_permission", "params": {"permission": "ADMINISTER"}}, True),
        ("carol", {"condition": "project_type", "params": {"projectTypeKey": "software"}}, True),
        ("carol", {"condition": "project_type", "params": {"projectTypeKey": "business"}}, False),
        ("carol", {"condition": "is_issue_assigned_to_current_user"}, False),
        ("carol", {"condition": "is_issue_reported_by_current_user"}, True),
        ("", {"condition": "is_issue_reported_by_current_user"}, False),
        ("carol", {"condition": "is_watching_issue"}, False),
        ("carol", {"condition": "addon_is_licensed"}, False),
        ("carol", {"condition": "what_jira_does_not_know"}, False),
        (
            "carol",
            {
                "condition": "entity_property_exists",
                "params": {"entity": "issue", "propertyKey": "link"},
            },
            True,
        ),
        (
            "carol",
            {
                "condition": "entity_property_equal_to",
                "params": {
                    "entity": "issue",
                    "propertyKey": "link",
                    "objectName": "on.now",
                    "value": "true",
                },
            },
            True,
        ),
        (
            "carol",
            {
                "condition": "entity_property_equal_to",
                "params": {"entity": "addon", "propertyKey": "none", "value": "1"},
            },
            False,
        ),
        (
            "carol",
            {"condition": "entity_property_exists", "params": {"entity": "project", "propertyKey": "p"}},
            False,
        ),
    ],
)
def test_conditions_hold_as_jira_has_them(
    site: Site, paged: ListeningApp, carol: Person, who: str, condition: dict[str, Any], holds: bool
) -> None:
    issue = site.issue(carol.create("ALPHA", "one"))
    issue.fields["reporter"] = site.user("carol").account_id
    issue.watchers.clear()
    issue.properties["link"] = {"on": {"now": True}}
    person = site.user(who) if who else None

    scene = Scene(site=site, person=person, space=site.space("ALPHA"), issue=issue)

    assert hold(scene, [condition]) is holds


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.name[:40])
        for path in sorted((SHARED / "corpus" / "connect").glob("*__descriptor__*.json"))
    ]
    or [pytest.param(None, marks=pytest.mark.skip(reason="the corpus of descriptors is not in SHARED_DIR"))],
)
def test_pages_of_real_descriptors_are_opened(world: World, site: Site, path: Path) -> None:
    given = json.loads(path.read_text())
    own = {
        "key": "example.app",
        "baseUrl": APP,
        "authentication": {"type": "jwt"},
    }  # templates hold no values
    lifecycle = {"installed": "/installed", **given.get("lifecycle", {})}

    install(world, site, ListeningApp(), wanted=given | own | {"lifecycle": lifecycle})

    dana = browser(world, site, "dana")
    scene = Scene(site=site, person=site.user("dana"))
    pages = list(offered(scene, *ON_SITE))
    opened = [dana.get(f"/plugins/servlet/ac/example.app/{quote(each.key)}").status for each in pages]
    assert opened == [200] * len(pages)
    assert site.app.key == "example.app"
