"""A work item's page: moving it on, its text, the comments under it, and the apps' panels."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from jira_sandbox.acts import comments, issues, moving, steps
from jira_sandbox.acts.wishes import Wish
from jira_sandbox.connect import tokens
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, Issue
from jira_sandbox.world import World
from tests.support.browsing import Browser
from tests.support.sandbox import APP, ListeningApp, descriptor, document, install, standard_world

PANEL = {
    "key": "twins",
    "name": {"value": "Twins"},
    "icon": {"width": 16, "height": 16, "url": "/icon.svg"},
    "tooltip": {"value": "Twins"},
    "target": {"type": "web_panel", "url": "/panel?item={issue.id}&key={issue.key}&space={project.id}"},
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
def frank(world: World, site: Site) -> Browser:
    """Works in ALPHA, but is of no role and no group."""
    return Browser(world, site).as_person("frank")


@pytest.fixture
def issue(world: World, site: Site) -> Issue:
    fields = {
        "project": {"key": "ALPHA"},
        "issuetype": {"name": "Bug"},
        "summary": "Tea",
        "description": document("It is <cold>", "very"),
    }
    return issues.create(world, site, site.user("alice"), Wish(fields=fields))


@pytest.fixture
def app(world: World, site: Site) -> AppInstallation:
    wanted = descriptor(modules={"jiraIssueContents": [PANEL]})
    return install(world, site, ListeningApp(), wanted=wanted)


def start(site: Site, issue: Issue) -> str:
    (step,) = steps.offered(site, site.user("alice"), issue)
    return step.id


def test_a_button_moves_the_item_on(alice: Browser, site: Site, issue: Issue) -> None:
    before = alice.get("/browse/ALPHA-1")

    after = alice.post("/browse/ALPHA-1/transition", {"transition": start(site, issue)})

    assert "Start → In Progress" in before.text
    assert "Stop → To Do" in after.text
    assert site.status(issue.status_id).name == "In Progress"


def test_a_button_of_an_old_page_is_refused_with_the_reason(alice: Browser, site: Site, issue: Issue) -> None:
    number = start(site, issue)
    alice.post("/browse/ALPHA-1/transition", {"transition": number})

    page = alice.post("/browse/ALPHA-1/transition", {"transition": number})

    assert f"Transition id '{number}' is not valid for this issue." in page.text


def test_a_step_that_asks_for_a_resolution_gets_one(alice: Browser, site: Site, issue: Issue) -> None:
    flows = site.space("ALPHA").workflows
    flows[issue.type_id] = flows[issue.type_id].changed("Start", required=("resolution",))
    form = alice.get("/browse/ALPHA-1").form("/browse/ALPHA-1/transition")

    alice.post("/browse/ALPHA-1/transition", form | {"transition": start(site, issue)})

    assert site.resolutions[issue.fields["resolution"]] == "Done"


def test_due_date_and_description_are_edited_as_simple_text(alice: Browser, issue: Issue) -> None:
    form = alice.get("/browse/ALPHA-1").form("/browse/ALPHA-1")
    assert form["description"] == form["shown_description"] == "It is <cold>\nvery"

    alice.post("/browse/ALPHA-1", form | {"description": "Hot\r\n\r\nnow", "duedate": "2026-12-01"})
    page = alice.get("/browse/ALPHA-1")

    assert issue.fields["description"] == document("Hot", "now")
    assert issue.fields["duedate"] == "2026-12-01"
    assert "Hot now" in page.text


def test_a_description_left_alone_keeps_its_form(alice: Browser, issue: Issue) -> None:
    bold = {"type": "text", "text": "Tea", "marks": [{"type": "strong"}]}
    issue.fields["description"]["content"][0]["content"] = [bold]
    form = alice.get("/browse/ALPHA-1").form("/browse/ALPHA-1")

    alice.post("/browse/ALPHA-1", form | {"description": "Tea\r\nvery", "summary": "New"})

    assert issue.fields["summary"] == "New"
    assert issue.fields["description"]["content"][0]["content"] == [bold]


def test_a_date_that_is_none_comes_back_with_the_reason(alice: Browser, issue: Issue) -> None:
    form = alice.get("/browse/ALPHA-1").form("/browse/ALPHA-1")

    page = alice.post("/browse/ALPHA-1", form | {"duedate": "soon"})

    assert "Error parsing date string: soon" in page.text
    assert page.form("/browse/ALPHA-1")["duedate"] == "soon"


def test_a_new_item_is_given_a_text_and_a_date(alice: Browser, site: Site) -> None:
    form = alice.get("/spaces/ALPHA").form("/spaces/ALPHA")

    alice.post("/spaces/ALPHA", form | {"summary": "x", "description": "a\nb", "duedate": "2026-12-01"})

    made = site.issue("ALPHA-1").fields
    assert (made["description"], made["duedate"]) == (document("a", "b"), "2026-12-01")


def test_a_comment_is_written_changed_and_deleted(alice: Browser, issue: Issue) -> None:
    written = alice.post("/browse/ALPHA-1/comments", {"comment": "Add <milk>", "visibility": ""})
    (comment,) = issue.comments
    path = f"/browse/ALPHA-1/comments/{comment.id}"
    assert "Add <milk>" in written.text
    assert written.form(path)["comment"] == "Add <milk>"

    alice.post(path, {"comment": "Add sugar", "visibility": "internal"})
    changed = alice.get("/browse/ALPHA-1")
    alice.post(f"{path}/delete", {})

    assert "INTERNAL NOTE" in changed.text
    assert changed.form(path) == {"comment": "Add sugar", "visibility": "internal"}
    assert issue.comments == []


def test_a_comment_left_alone_keeps_its_form_when_it_is_restricted(
    alice: Browser, frank: Browser, world: World, site: Site, issue: Issue
) -> None:
    bold = {"type": "text", "text": "Tea", "marks": [{"type": "strong"}]}
    body = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [bold]}]}
    made = comments.add(world, site, site.user("alice"), issue, comments.Words(body=body))
    path = f"/browse/ALPHA-1/comments/{made.id}"
    form = alice.get("/browse/ALPHA-1").form(path)

    alice.post(path, form | {"visibility": "role:Developers"})

    assert made.body == body
    assert path in [each.action for each in alice.get("/browse/ALPHA-1").forms]
    assert "Nobody has commented yet." in frank.get("/browse/ALPHA-1").text


def test_an_empty_comment_is_refused_with_the_reason(alice: Browser, issue: Issue) -> None:
    page = alice.post("/browse/ALPHA-1/comments", {"comment": "  ", "visibility": ""})

    assert "Comment body can not be empty!" in page.text


def test_one_may_restrict_to_what_one_belongs_to(alice: Browser, frank: Browser, issue: Issue) -> None:
    mine, franks = (each.send("GET", "/browse/ALPHA-1").body for each in (alice, frank))

    assert b"Role: Developers" in mine
    assert b"Group: staff" in mine
    assert b"Group: jira-administrators" not in mine
    assert b"Role:" not in franks


def test_who_may_not_change_a_comment_gets_no_form_for_it(
    alice: Browser, frank: Browser, issue: Issue
) -> None:
    alice.post("/browse/ALPHA-1/comments", {"comment": "Mine", "visibility": ""})
    path = f"/browse/ALPHA-1/comments/{issue.comments[0].id}"

    page = frank.get("/browse/ALPHA-1")
    refused = frank.post(f"{path}/delete", {})

    assert path not in [each.action for each in page.forms]
    assert refused.status == 400
    assert len(issue.comments) == 1


def test_an_apps_panel_is_framed_with_the_item_it_is_for(
    alice: Browser, app: AppInstallation, site: Site, issue: Issue
) -> None:
    (frame,) = alice.get("/browse/ALPHA-1").iframes

    query = parse_qsl(urlsplit(frame["src"]).query, keep_blank_values=True)
    claims = tokens.read_hs256(dict(query)["jwt"], app.shared_secret)
    assert frame["src"].startswith(f"{APP}/panel?")
    assert (dict(query)["item"], dict(query)["key"]) == (issue.id, "ALPHA-1")
    assert dict(query)["space"] == site.space("ALPHA").id
    assert claims["qsh"] == tokens.query_string_hash("GET", "/panel", query)
    assert (frame["data-item-id"], frame["data-item-key"]) == (issue.id, "ALPHA-1")
    policy = alice.send("GET", "/browse/ALPHA-1").headers["Content-Security-Policy"]
    assert f"frame-src {APP}" in policy


def test_a_panels_own_token_names_the_item(alice: Browser, app: AppInstallation, issue: Issue) -> None:
    answer = alice.send("GET", f"/_host/token?space=ALPHA&item={issue.id}")

    claims = tokens.read_hs256(answer.body.decode(), app.shared_secret)
    assert claims["qsh"] == "context-qsh"
    assert claims["context"]["jira"]["issue"] == {"id": issue.id, "key": "ALPHA-1"}
    assert alice.send("GET", "/_host/token?space=ALPHA&item=BETA-9").status == 404


def test_without_an_app_there_is_no_panel(alice: Browser, issue: Issue) -> None:
    page = alice.get("/browse/ALPHA-1")

    assert page.iframes == []


def test_the_page_of_a_moved_item_is_at_its_new_key(world: World, site: Site, issue: Issue) -> None:
    carol, beta = Browser(world, site).as_person("carol"), site.space("BETA")
    moving.move(world, site, site.user("carol"), issue, beta, issue.type_id)

    answer = carol.send("GET", "/browse/alpha-1")

    assert (answer.status, answer.headers["Location"]) == (303, "/browse/BETA-1")
    assert carol.get("/browse/ALPHA-1").status == 200


def test_a_work_item_is_moved_on_a_page_of_its_own(world: World, site: Site, issue: Issue) -> None:
    carol = Browser(world, site).as_person("carol")
    asked = carol.get(carol.get("/browse/ALPHA-1").links["Move"])
    target = f"{site.space('BETA').id},{site.work_type('Story').id}"

    shown = carol.post("/browse/ALPHA-1/move", {"target": target})

    assert "Beta: Story" in asked.text
    assert "Alpha: Bug" not in asked.text
    assert "BETA-1" in shown.text
    assert (issue.key, issue.type_id) == ("BETA-1", site.work_type("Story").id)


def test_a_move_that_is_refused_says_why(alice: Browser, site: Site, issue: Issue) -> None:
    target = f"{site.space('ALPHA').id},99"

    page = alice.post("/browse/ALPHA-1/move", {"target": target})

    assert "The issue type selected is invalid." in page.text
    assert issue.key == "ALPHA-1"


def test_a_button_clones(alice: Browser, site: Site, issue: Issue) -> None:
    page = alice.post("/browse/ALPHA-1/clone", alice.get("/browse/ALPHA-1").form("/browse/ALPHA-1/clone"))

    assert "CLONE - Tea" in page.text
    assert site.issue("ALPHA-2").fields["description"] == issue.fields["description"]


def test_who_may_neither_create_nor_move_gets_no_button(frank: Browser, site: Site, issue: Issue) -> None:
    site.deny(site.user("frank"), "CREATE_ISSUES", "MOVE_ISSUES", space=site.space("ALPHA"))

    page = frank.get("/browse/ALPHA-1")

    assert "Move" not in page.links
    assert "/browse/ALPHA-1/clone" not in {form.action for form in page.forms}
