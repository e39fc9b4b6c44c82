"""The sandbox's own pages: what people see, may do, and what an app's page is given."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from jira_sandbox.acts import issues
from jira_sandbox.acts.wishes import Wish
from jira_sandbox.connect import tokens
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, Issue
from jira_sandbox.transport import mounted
from jira_sandbox.world import World
from tests.support.browsing import Browser
from tests.support.sandbox import APP, ListeningApp, as_person, descriptor, install, standard_world
from tests.support.wire import answer, wired

MODULE = {
    "key": "board",
    "name": {"value": "Board & more"},
    "url": "/board?spaceId={project.id}&spaceKey={project.key}",
}


@pytest.fixture
def world() -> World:
    return standard_world()


@pytest.fixture
def site(world: World) -> Site:
    return world.sites["acme"]


@pytest.fixture
def alice(world: World, site: Site) -> Browser:
    return Browser(world, site).as_person("alice")


@pytest.fixture
def carol(world: World, site: Site) -> Browser:
    return Browser(world, site).as_person("carol")


@pytest.fixture
def issue(world: World, site: Site) -> Issue:
    fields = {
        "project": {"key": "ALPHA"},
        "issuetype": {"name": "Bug"},
        "summary": "Tea is <cold>",
        "labels": ["tea"],
    }
    return issues.create(world, site, site.user("alice"), Wish(fields=fields))


@pytest.fixture
def app(world: World, site: Site) -> AppInstallation:
    wanted = descriptor(modules={"jiraProjectAdminTabPanels": [MODULE]})
    return install(world, site, ListeningApp(), wanted=wanted)


# Who one is


@pytest.mark.parametrize("path", ["/", "/spaces/ALPHA?page=2", "/browse/ALPHA-1", "/spaces/ALPHA/settings"])
def test_without_an_account_each_page_asks_for_one_and_leads_back(
    world: World, site: Site, path: str, issue: Issue
) -> None:
    stranger = Browser(world, site)

    page = stranger.get(path)

    assert "Who are you?" in page.text
    assert page.forms[-1].values["next"] == path


def test_choosing_an_account_is_remembered_for_this_site_only(alice: Browser) -> None:
    page = alice.get("/")

    assert "You are Alice Archer · switch" in page.text
    assert list(alice.cookies) == ["sandbox_user_acme"]


def test_the_account_can_be_switched(alice: Browser) -> None:
    page = alice.post("/signin", {"account": alice.site.user("bob").account_id, "next": "/"})

    assert "You are Bob Baker" in page.text


def test_an_unknown_account_is_refused(alice: Browser) -> None:
    assert alice.post("/signin", {"account": "mallory", "next": "/"}).status == 404


def test_the_account_of_an_app_cannot_sign_in(alice: Browser, app: AppInstallation) -> None:
    assert alice.post("/signin", {"account": app.user.account_id, "next": "/"}).status == 403


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", ""])
def test_signing_in_never_leads_to_another_site(alice: Browser, elsewhere: str) -> None:
    response = alice.send("POST", "/signin", {"account": "bob", "next": elsewhere})

    assert response.headers["Location"] == "/"


def test_a_cookie_of_an_app_or_of_who_left_is_as_good_as_none(
    alice: Browser, app: AppInstallation, site: Site
) -> None:
    left = site.user("bob")
    site.put_user(replace(left, active=False))

    for account_id in (app.user.account_id, left.account_id):
        alice.cookies["sandbox_user_acme"] = account_id
        assert alice.send("GET", "/").headers["Location"] == "/signin?next=%2F"


@pytest.mark.parametrize("cookie", ["", "nobody", '"', "%00"])
def test_a_cookie_of_nobody_is_as_good_as_none(alice: Browser, cookie: str) -> None:
    alice.cookies["sandbox_user_acme"] = cookie

    assert alice.send("GET", "/").headers["Location"] == "/signin?next=%2F"


def test_the_theme_is_kept_and_an_unknown_one_refused(alice: Browser) -> None:
    refused = alice.post("/theme", {"theme": "neon", "next": "/"})
    alice.post("/theme", {"theme": "dark", "next": "/"})

    assert refused.status == 400
    assert b'data-color-mode="dark"' in alice.send("GET", "/").body


# Spaces


def test_the_start_page_shows_the_spaces_one_may_see(alice: Browser, carol: Browser, issue: Issue) -> None:
    assert alice.get("/").links["Alpha"] == "/spaces/ALPHA"
    assert "Beta" not in alice.get("/").links
    assert {"Alpha", "Beta"} <= carol.get("/").links.keys()


@pytest.mark.parametrize("path", ["/spaces/BETA", "/spaces/NOPE", "/spaces/BETA/settings", "/browse/BETA-1"])
def test_what_one_may_not_see_is_not_there(alice: Browser, carol: Browser, path: str) -> None:
    carol.post("/spaces/BETA", {"issuetype": "10001", "summary": "Hidden from Alice"})

    page = alice.get(path)

    assert page.status == 404
    assert "Hidden from Alice" not in page.text


def test_the_list_shows_the_newest_first_fifty_a_page(alice: Browser, world: World, site: Site) -> None:
    person = as_person(world, site, "alice")
    for number in range(51):
        person.create("ALPHA", f"Item {number}")

    first, second = alice.get("/spaces/ALPHA"), alice.get("/spaces/ALPHA?page=2")

    assert "Item 50" in first.links
    assert "Item 0" not in first.links
    assert first.links["Older"] == "?page=2"
    assert "Item 0" in second.links
    assert "Older" not in second.links


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "99"])
def test_a_page_number_that_makes_no_sense_is_no_error(alice: Browser, number: str) -> None:
    assert alice.get(f"/spaces/ALPHA?page={number}").status == 200


def test_a_work_item_is_created_from_the_form(alice: Browser, site: Site) -> None:
    form = alice.get("/spaces/ALPHA").form("/spaces/ALPHA")

    page = alice.post("/spaces/ALPHA", form | {"summary": "Brew", "labels": "tea  green", "priority": "1"})

    made = site.issue("ALPHA-1")
    assert "Alice Archer created the work item" in page.text
    wanted = {"summary": "Brew", "labels": ["tea", "green"], "priority": "1"}
    assert made.fields == made.fields | wanted
    assert site.work_types[made.type_id].name == "Task"


def test_a_form_without_summary_comes_back_with_what_was_typed(alice: Browser, site: Site) -> None:
    page = alice.post(
        "/spaces/ALPHA", {"issuetype": "10002", "summary": " ", "labels": "tea", "priority": "1"}
    )

    assert page.status == 200
    assert "You must specify a summary of the issue." in page.text
    assert page.form("/spaces/ALPHA")["labels"] == "tea"
    assert page.form("/spaces/ALPHA")["issuetype"] == "10002"
    assert not site.issues


def test_who_may_not_create_gets_no_form_and_a_refusal(carol: Browser, site: Site) -> None:
    site.revoke(site.user("carol"), "CREATE_ISSUES", space=site.space("ALPHA"))

    page = carol.get("/spaces/ALPHA")
    refused = carol.post("/spaces/ALPHA", {"issuetype": "10001", "summary": "No"})

    assert "/spaces/ALPHA" not in [form.action for form in page.forms]
    assert refused.status == 403
    assert not site.issues


# A work item


def test_a_work_item_shows_its_fields_as_text(alice: Browser, issue: Issue) -> None:
    page = alice.get("/browse/ALPHA-1")

    assert "Tea is <cold>" in page.text
    assert "Work type Bug" in page.text
    assert "Priority" in page.text
    assert "Medium" in page.text
    assert "22 Nov 2026, 01:02:03 UTC" in page.text


def test_an_edit_changes_what_was_changed_and_nothing_else(alice: Browser, issue: Issue, site: Site) -> None:
    form = alice.get("/browse/ALPHA-1").form("/browse/ALPHA-1")

    page = alice.post("/browse/ALPHA-1", form | {"summary": "Tea is warm"})

    (entry,) = issue.changelog
    assert [item.field for item in entry.items] == ["summary"]
    assert "Alice Archer changed summary" in page.text
    assert "Tea is <cold> → Tea is warm" in page.text


def test_an_old_form_does_not_undo_what_others_did_meanwhile(
    alice: Browser, world: World, site: Site, issue: Issue
) -> None:
    form = alice.get("/browse/ALPHA-1").form("/browse/ALPHA-1")
    meanwhile = Wish(fields={"summary": "Tea is hot", "labels": ["tea", "hot"]})
    issues.edit(world, site, site.user("carol"), issue, meanwhile)

    alice.post("/browse/ALPHA-1", form | {"labels": "kettle", "priority": "5"})

    expected = {"summary": "Tea is hot", "labels": ["hot", "kettle"], "priority": "5"}
    assert issue.fields == issue.fields | expected


def test_a_form_sent_back_as_it_was_leaves_no_trace(alice: Browser, issue: Issue) -> None:
    form = alice.get("/browse/ALPHA-1").form("/browse/ALPHA-1")

    alice.post("/browse/ALPHA-1", form)

    assert issue.changelog == []


def test_an_edit_that_jira_refuses_comes_back_with_the_reason(alice: Browser, issue: Issue) -> None:
    form = alice.get("/browse/ALPHA-1").form("/browse/ALPHA-1")

    page = alice.post("/browse/ALPHA-1", form | {"summary": "", "labels": "kept"})

    assert "You must specify a summary of the issue." in page.text
    assert page.form("/browse/ALPHA-1")["labels"] == "kept"
    assert page.form("/browse/ALPHA-1")["shown_summary"] == "Tea is <cold>"
    assert issue.changelog == []


def test_the_history_tells_why_an_app_wrote(alice: Browser, world: World, site: Site, issue: Issue) -> None:
    why = {"type": "example", "description": "Carried over from BETA-9."}
    wish = Wish(fields={"priority": {"id": "1"}}, history_metadata=why)
    issues.edit(world, site, site.user("carol"), issue, wish)

    page = alice.get("/browse/ALPHA-1")

    assert "Carol Cook changed priority" in page.text
    assert "Medium → Highest Carried over from BETA-9." in page.text


def test_who_may_only_look_gets_no_form(carol: Browser, site: Site, issue: Issue) -> None:
    site.revoke(site.user("carol"), "EDIT_ISSUES", "DELETE_ISSUES", space=site.space("ALPHA"))

    page = carol.get("/browse/ALPHA-1")
    carol.post("/browse/ALPHA-1", {"summary": "No"})
    refused = carol.post("/browse/ALPHA-1/delete", {})

    assert "/browse/ALPHA-1" not in [form.action for form in page.forms]
    assert "Delete" not in page.links
    assert refused.status == 403
    assert issue.fields["summary"] == "Tea is <cold>"
    assert issue.id in site.issues


def test_deleting_asks_first(alice: Browser, site: Site, issue: Issue) -> None:
    asked = alice.get(alice.get("/browse/ALPHA-1").links["Delete"])
    assert "This cannot be undone." in asked.text
    assert issue.id in site.issues

    left = alice.post("/browse/ALPHA-1/delete", asked.form("/browse/ALPHA-1/delete"))

    assert "Nothing here yet" in left.text
    assert not site.issues


def test_scripts_learn_when_a_work_item_last_changed(alice: Browser, issue: Issue) -> None:
    response = alice.send("GET", "/_host/updated?item=ALPHA-1")

    assert response.body == b"2026-11-22T01:02:03.456+0000"


# Space settings and the app's page


def test_space_settings_lead_to_the_apps_page(alice: Browser, app: AppInstallation) -> None:
    page = alice.get("/spaces/ALPHA/settings")

    assert page.links["Board & more"] == "/spaces/ALPHA/settings/apps/board"


def test_the_apps_page_is_framed_at_an_address_signed_for_the_person(
    alice: Browser, app: AppInstallation, site: Site
) -> None:
    (frame,) = alice.get("/spaces/ALPHA/settings/apps/board").iframes

    target = urlsplit(frame["src"])
    query = parse_qsl(target.query, keep_blank_values=True)
    claims = tokens.read_hs256(query[-1][1], app.shared_secret)
    assert [name for name, _ in query] == [
        "spaceId",
        "spaceKey",
        "xdm_e",
        "xdm_c",
        "cp",
        "xdm_deprecated_addon_key_do_not_use",
        "lic",
        "cv",
        "jwt",
    ]
    assert dict(query)["spaceId"] == site.space("ALPHA").id
    assert dict(query)["xdm_c"] == "channel-example.app__board"
    assert claims["qsh"] == tokens.query_string_hash("GET", "/board", query)
    assert claims["sub"] == site.user("alice").account_id
    assert claims["iss"] == app.client_key
    assert claims["exp"] - claims["iat"] == 900


def test_the_frame_is_told_whom_to_trust_and_kept_in_a_sandbox(alice: Browser, app: AppInstallation) -> None:
    (frame,) = alice.get("/spaces/ALPHA/settings/apps/board").iframes
    policy = alice.send("GET", "/spaces/ALPHA/settings/apps/board").headers["Content-Security-Policy"]

    assert json.loads(frame["name"])["origin"] == alice.site.base_url
    assert frame["data-origin"] == app.base_url
    assert frame["sandbox"].split() == [
        "allow-scripts",
        "allow-same-origin",
        "allow-forms",
        "allow-popups",
        "allow-downloads",
        "allow-modals",
    ]
    assert policy.endswith(f"frame-src {app.base_url}")


def test_only_space_admins_see_the_settings_and_the_apps_page(carol: Browser, app: AppInstallation) -> None:
    for path in ("/spaces/ALPHA/settings", "/spaces/ALPHA/settings/apps/board"):
        page = carol.get(path)

        assert "Only people with the Administer Space permission in Alpha" in page.text
        assert "Board & more" not in page.links
        assert page.iframes == []


def test_a_page_of_no_app_or_of_a_disabled_one_is_not_there(
    alice: Browser, site: Site, app: AppInstallation
) -> None:
    unknown = alice.get("/spaces/ALPHA/settings/apps/other")
    app.enabled = False

    assert unknown.status == 404
    assert alice.get("/spaces/ALPHA/settings/apps/board").status == 404
    assert "Board & more" not in alice.get("/spaces/ALPHA/settings").links
    assert alice.send("GET", "/_host/token?space=ALPHA").status == 404


def test_the_own_page_token_is_bound_to_person_and_space_but_to_no_address(
    alice: Browser, app: AppInstallation, site: Site
) -> None:
    space = site.space("ALPHA")

    response = alice.send("GET", f"/_host/token?space={space.id}")

    claims = tokens.read_hs256(response.body.decode(), app.shared_secret)
    assert claims["qsh"] == "context-qsh"
    assert claims["sub"] == site.user("alice").account_id
    assert claims["context"] == {"jira": {"project": {"id": space.id, "key": "ALPHA"}}}
    assert claims["exp"] - claims["iat"] == 900


def test_a_script_without_an_account_gets_401_and_no_page(
    world: World, site: Site, app: AppInstallation
) -> None:
    response = Browser(world, site).send("GET", "/_host/token?space=ALPHA")

    assert response.status == 401
    assert b"<html" not in response.body


def test_no_token_is_given_for_a_space_one_may_not_see(alice: Browser, app: AppInstallation) -> None:
    assert alice.send("GET", "/_host/token?space=BETA").status == 404


# Managing apps


def test_only_jira_admins_manage_apps(alice: Browser, site: Site, app: AppInstallation) -> None:
    assert "Apps" not in alice.get("/").links
    for path in ("/apps/install", "/apps/uninstall", "/apps/enable", "/apps/disable"):
        assert alice.post(path, {"descriptor_url": f"{APP}/atlassian-connect.json"}).status == 403
    assert alice.get("/apps").status == 403
    assert site.installation is app


def test_a_jira_admin_installs_disables_enables_and_takes_away_an_app(world: World, site: Site) -> None:
    dana = Browser(world, site).as_person("dana")
    with wired(answer(204)) as wire:
        wire.script = answer(200, json.dumps(descriptor(baseUrl=wire.url)).encode())
        form = dana.get(dana.get("/").links["Apps"]).form("/apps/install")

        installed = dana.post("/apps/install", form | {"descriptor_url": f"{wire.url}/app.json"})
        disabled = dana.post("/apps/disable", {})
        enabled = dana.post("/apps/enable", {})
        gone = dana.post("/apps/uninstall", {})

    assert "Key example.app" in installed.text
    assert "State DISABLED" in disabled.text
    assert "State ENABLED" in enabled.text
    assert "No app is installed on this site." in gone.text
    assert [request.split()[1].decode() for request in wire.requests] == [
        "/app.json",
        "/installed",
        "/enabled",
        "/disabled",
        "/enabled",
        "/uninstalled",
    ]


def test_an_app_that_cannot_be_installed_is_said_so_beside_the_field(world: World, site: Site) -> None:
    dana = Browser(world, site).as_person("dana")

    with mounted(world):
        page = dana.post("/apps/install", {"descriptor_url": "https://nowhere.example/app.json"})

    assert "The app host did not give the descriptor." in page.text
    assert page.form("/apps/install")["descriptor_url"] == "https://nowhere.example/app.json"
    assert dana.post("/apps/uninstall", {}).status == 404


# Counters, files, addresses


def test_the_counters_tell_calls_points_and_deliveries(alice: Browser, world: World, site: Site) -> None:
    app = ListeningApp()
    install(world, site, app)
    person = as_person(world, site, "alice")
    for summary in ("Accepted", "Refused", "Unanswered"):
        person.create("ALPHA", summary)
    person.get("/rest/api/3/issue/ALPHA-1")
    app.answers = [204, 400, ConnectionError()]
    world.deliver(app)

    page = alice.get("/counters")

    assert "person 4 5" in page.text
    assert "GET /rest/api/3/issue/{issueIdOrKey} person 1 2" in page.text
    assert "Accepted Waiting Failed 1 1 1" in page.text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("all.js", "text/javascript"),
        ("host.js", "text/javascript"),
        ("tokens.css", "text/css"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_files_are_served_for_use_from_the_apps_origin(alice: Browser, name: str, kind: str) -> None:
    response = alice.send("GET", f"/_static/{name}")

    assert response.status == 200
    assert response.headers["Content-Type"].startswith(kind)
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("name", ["..%2Fseed.py", "nothing.js", "."])
def test_nothing_else_is_served(alice: Browser, name: str) -> None:
    assert alice.send("GET", f"/_static/{name}").status == 404


def test_addresses_nobody_has_and_methods_nobody_takes(alice: Browser) -> None:
    assert alice.send("GET", "/nowhere").status == 404
    assert alice.send("PUT", "/spaces/ALPHA").status == 405
    assert alice.send("PUT", "/spaces/ALPHA").headers["Allow"] == "GET, POST"
