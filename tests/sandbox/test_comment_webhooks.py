import json
from typing import Any

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, document

ISSUE = "/rest/api/3/issue"
DEVELOPERS = {"type": "role", "value": "Developers"}


def told(app: ListeningApp) -> list[dict[str, Any]]:
    return [dict(json.loads(call.body)) for call in app.calls]


def test_a_comments_life_is_told_in_wiki_text_and_without_the_items_own_event(
    world: World, app: ListeningApp, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one")
    world.outbox.clear()
    number = alice.comment(issue, "Hello")
    path = f"{ISSUE}/{issue}/comment/{number}"
    bold = {"type": "text", "text": "Bye", "marks": [{"type": "strong"}]}
    body = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [bold]}]}
    alice.put(path, {"body": body})
    alice.delete(path)

    world.deliver(app)

    assert [each["webhookEvent"] for each in told(app)] == [
        "comment_created",
        "comment_updated",
        "comment_deleted",
    ]
    assert [each["comment"]["body"] for each in told(app)] == ["Hello", "*Bye*", "*Bye*"]
    assert {call.headers["X-Atlassian-Webhook-Flow"] for call in app.calls} == {"Primary"}


def test_a_comments_delivery_tells_little_of_the_item_and_names_no_actor(
    world: World, app: ListeningApp, alice: Person, site: Site
) -> None:
    issue = alice.create("ALPHA", "one")
    world.outbox.clear()
    alice.comment(issue, "Hello", visibility=DEVELOPERS)

    world.deliver(app)

    (event,) = told(app)
    assert event.keys() == {"timestamp", "webhookEvent", "comment", "issue", "eventType"}
    few = {"summary", "issuetype", "project", "assignee", "priority", "status"}
    assert event["issue"]["fields"].keys() == few
    assert event["comment"]["visibility"]["value"] == "Developers"
    assert event["comment"]["author"]["displayName"] == "Alice Archer"
    assert event["comment"]["self"].startswith(f"{site.base_url}/rest/api/2/issue/{issue}/comment/")


def test_comments_that_go_with_their_item_are_told_as_a_consequence(
    world: World, app: ListeningApp, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one")
    alice.comment(issue, "Hello")
    world.outbox.clear()

    alice.delete(f"{ISSUE}/{issue}")

    world.deliver(app)
    assert [each["webhookEvent"] for each in told(app)] == ["jira:issue_deleted", "comment_deleted"]
    flows = [call.headers["X-Atlassian-Webhook-Flow"] for call in app.calls]
    assert flows == ["Primary", "Secondary"]


def test_what_the_app_may_not_see_it_is_not_told(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one")
    seen = alice.comment(issue, "Hello")
    site.expel(site.app.user)
    world.outbox.clear()

    alice.comment(issue, "Secret", visibility=DEVELOPERS)
    alice.put(f"{ISSUE}/{issue}/comment/{seen}", {"body": document("Hush"), "visibility": DEVELOPERS})

    assert world.outbox == []
