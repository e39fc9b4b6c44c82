"""Files shown in rich text: by media id in documents, by name in wiki text."""

from typing import Any

import pytest

from jira_sandbox.pictures import held_by_id, told_by_name
from jira_sandbox.state.site import Site
from tests.support.sandbox import Person, document
from tests.support.uploads import attach

ISSUE = "/rest/api/3/issue"


@pytest.fixture
def issue(alice: Person) -> str:
    return alice.create("ALPHA", "one")


def picture(**attrs: str) -> dict[str, Any]:
    """A document that shows a file."""
    media = {"type": "media", "attrs": {"type": "file", "collection": "", **attrs}}
    single = {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [media]}
    return {"type": "doc", "version": 1, "content": [single]}


def attached(alice: Person, site: Site, issue: str) -> str:
    """Attach a picture and give its media id."""
    attach(alice, issue, ("cup of tea.png", b"\x89PNG"))
    return site.issue(issue).attachments[-1].media_id


def test_a_document_shows_a_file_by_its_media_id(alice: Person, issue: str, site: Site) -> None:
    shown = picture(id=attached(alice, site, issue))

    alice.edit(issue, description=shown)

    v3, v2 = (
        alice.get(f"/rest/api/{api}/issue/{issue}?fields=description").json()["fields"]["description"]
        for api in (3, 2)
    )
    assert v3 == shown
    assert v2.startswith("!cup of tea.png")


def test_comments_and_logged_work_show_it_too(alice: Person, issue: str, site: Site) -> None:
    shown = picture(id=attached(alice, site, issue))

    comment = alice.post(f"{ISSUE}/{issue}/comment", {"body": shown}).json()["id"]
    worklog = alice.post(f"{ISSUE}/{issue}/worklog", {"timeSpent": "1h", "comment": shown}).json()["id"]

    base = f"/rest/api/2/issue/{issue}"
    assert alice.get(f"{base}/comment/{comment}").json()["body"].startswith("!cup of tea.png")
    assert alice.get(f"{base}/worklog/{worklog}").json()["comment"].startswith("!cup of tea.png")


def test_a_file_that_is_nowhere_attached_cannot_be_shown(alice: Person, issue: str) -> None:
    shown = picture(id="7fe3a0f5-0a39-4d5b-8f0f-1d5f2b6b0f11")

    answers = [
        alice.put(f"{ISSUE}/{issue}", {"fields": {"description": shown}}),
        alice.post(f"{ISSUE}/{issue}/comment", {"body": shown}),
        alice.post(f"{ISSUE}/{issue}/worklog", {"timeSpent": "1h", "comment": shown}),
    ]

    assert [each.status for each in answers] == [400] * 3
    assert [each.json()["errors"] for each in answers] == [
        {"description": "ATTACHMENT_VALIDATION_ERROR"},
        {"comment": "ATTACHMENT_VALIDATION_ERROR"},
        {"comment": "ATTACHMENT_VALIDATION_ERROR"},
    ]


def test_what_was_shown_before_its_file_went_may_stay(alice: Person, issue: str, site: Site) -> None:
    shown = picture(id=attached(alice, site, issue))
    alice.edit(issue, description=shown)
    alice.delete(f"/rest/api/3/attachment/{site.issue(issue).attachments[0].id}")

    longer = shown | {"content": [*shown["content"], *document("more")["content"]]}

    assert alice.put(f"{ISSUE}/{issue}", {"fields": {"description": longer}}).status == 204


@pytest.mark.parametrize("wiki", ["see !cup of tea.png!", "see !cup of tea.png|width=40,height=30!"])
def test_wiki_text_shows_a_file_by_its_name(alice: Person, issue: str, site: Site, wiki: str) -> None:
    number = attached(alice, site, issue)

    written = alice.put(f"/rest/api/2/issue/{issue}", {"fields": {"description": wiki}})
    said = alice.post(f"/rest/api/2/issue/{issue}/comment", {"body": wiki})

    v3 = alice.get(f"{ISSUE}/{issue}?fields=description,comment").json()["fields"]
    bodies = [v3["description"], v3["comment"]["comments"][0]["body"]]
    assert (written.status, said.status) == (204, 201)
    for body in bodies:
        single = body["content"][1]
        assert (single["type"], single["content"][0]["attrs"]["id"]) == ("mediaSingle", number)
    assert said.json()["body"].startswith("see \n\n!cup of tea.png|width=")


def test_wiki_text_may_show_what_is_not_there_yet(alice: Person) -> None:
    told = "!tomorrow.png|width=40,height=30!"
    wanted = {
        "project": {"key": "ALPHA"},
        "issuetype": {"name": "Task"},
        "summary": "one",
        "description": told,
    }

    made = alice.post("/rest/api/2/issue", {"fields": wanted}).json()["key"]

    shown = alice.get(f"/rest/api/2/issue/{made}").json()["fields"]["description"]
    number = alice.get(f"{ISSUE}/{made}").json()["fields"]["description"]["content"][0]["content"][0]["attrs"]
    assert shown == told
    assert (number["type"], number["url"]) == ("external", "tomorrow.png")


def test_a_picture_from_elsewhere_needs_no_file(alice: Person, issue: str) -> None:
    media = {"type": "media", "attrs": {"type": "external", "url": "https://example.com/tea.png"}}
    shown = document("x") | {"content": [{"type": "mediaSingle", "content": [media]}]}

    assert alice.post(f"{ISSUE}/{issue}/comment", {"body": shown}).status == 201


def test_names_and_ids_stand_for_each_other(alice: Person, issue: str, site: Site) -> None:
    older = attached(alice, site, issue)
    number = attached(alice, site, issue)
    held = site.issue(issue)

    by_name = told_by_name(picture(id=older, alt="tea"), held)

    assert by_name == picture(id="cup of tea.png", alt="tea")
    assert held_by_id(by_name, held) == picture(id=number, alt="tea")
    assert held_by_id(picture(url="cup of tea.png", type="external"), held) == picture(id=number)
    [single] = held_by_id(picture(id="unknown.png"), held)["content"]
    assert single["content"][0]["attrs"] == {"type": "external", "url": "unknown.png"}
    assert told_by_name(document("plain"), held) == document("plain")
