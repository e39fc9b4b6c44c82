"""Rich text and comments in webhook bodies: never taken from there, only hinted at."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from backbone_app.core.values import EMPTY, FieldStep, Value, Wiki
from backbone_app.jira.webhooks import CommentNews, Delivery, parse
from tests.support.webhook_bodies import body

AT = datetime(2026, 11, 22, 1, 2, 3, 456_000, tzinfo=UTC)


def delivered(**changes: Any) -> Delivery:
    return parse(json.dumps(body(**changes)).encode(), identifier="d-1")


def described(event: str, description: object, **changes: Any) -> Delivery:
    issue = body()["issue"]
    issue["fields"] |= {} if description is ... else {"description": description}
    return delivered(webhookEvent=event, issue=issue, **changes)


def observed(delivery: Delivery) -> Mapping[str, Value]:
    assert delivery.item is not None
    return delivery.item.fields


@pytest.mark.parametrize("empty", [None, ""])
def test_that_a_description_is_empty_is_observed(empty: object) -> None:
    change = {"fieldId": "description", "fromString": "*old*", "toString": None}

    found = described("jira:issue_updated", empty, changelog={"id": "70", "items": [change]})

    assert observed(found)["description"] == EMPTY
    assert found.hints == frozenset()


@pytest.mark.parametrize(
    "shown", ["h1. new", {"type": "doc", "version": 1, "content": [{"type": "rule"}]}, ...]
)
def test_a_description_is_never_taken_from_a_delivery_and_a_changelog_that_names_it_says_to_read_it(
    shown: object,
) -> None:
    change = {"fieldId": "description", "fromString": "*old*", "toString": "h1. new"}

    found = described("jira:issue_updated", shown, changelog={"id": "70", "items": [change]})

    assert "description" not in observed(found)
    assert found.hints == {"description"}
    assert found.item is not None
    assert found.item.entries[0].steps == (FieldStep("description", Wiki("*old*"), Wiki("h1. new")),)


def test_a_description_that_did_not_change_is_neither_observed_nor_hinted_at() -> None:
    found = described("jira:issue_updated", "h1. as ever")

    assert "description" not in observed(found)
    assert found.hints == frozenset()


@pytest.mark.parametrize(
    ("shown", "hints"), [("h1. new", {"description"}), (None, set()), ("", set()), (..., set())]
)
def test_a_new_item_with_a_description_has_to_be_read_for_it(shown: object, hints: set[str]) -> None:
    found = described("jira:issue_created", shown, changelog=...)

    assert found.hints == hints


def news(event: str = "comment_updated", **changes: Any) -> Delivery:
    whole = {
        "self": "https://acme.atlassian.net/rest/api/2/issue/10001/comment/10019",
        "id": "10019",
        "author": {"accountId": "acc-2", "displayName": "Bob"},
        "updateAuthor": {"accountId": "acc-1"},
        "body": "text",
        "updated": "2026-11-22T01:02:03.456+0000",
        "jsdPublic": True,
    }
    comment = {name: value for name, value in {**whole, **changes}.items() if value is not ...}
    return delivered(webhookEvent=event, changelog=..., comment=comment)


@pytest.mark.parametrize("event", ["comment_created", "comment_updated", "comment_deleted"])
def test_a_comment_event_tells_of_its_comment_and_observes_no_fields(event: str) -> None:
    found = news(event)

    assert found.comment == CommentNews(id="10019", author="acc-2", updated=AT, restricted=False)
    assert (found.item_id, found.item, found.carries, found.hints) == (
        "10001",
        None,
        frozenset(),
        frozenset(),
    )


@pytest.mark.parametrize(
    ("changes", "restricted"),
    [
        ({"jsdPublic": ...}, None),
        ({"jsdPublic": "true"}, None),
        ({"jsdPublic": False}, True),
        ({"visibility": {"type": "role", "value": "Administrators"}}, True),
        ({"visibility": {"type": "group", "value": "staff"}, "jsdPublic": ...}, True),
        ({"visibility": None}, False),
    ],
)
def test_a_comment_is_restricted_by_role_group_or_to_agents_and_a_body_may_not_say(
    changes: dict[str, Any], restricted: bool | None
) -> None:
    found = news(**changes)

    assert found.comment is not None
    assert found.comment.restricted is restricted


@pytest.mark.parametrize("comment", [None, [], {}, {"id": "x"}, "text"])
def test_a_comment_event_without_a_comment_tells_of_none(comment: object) -> None:
    found = delivered(webhookEvent="comment_created", changelog=..., comment=comment)

    assert (found.item_id, found.comment) == ("10001", None)


@pytest.mark.parametrize(
    ("number", "item"), [("10231", "10231"), ("9" * 18, "9" * 18), ("9" * 19, ""), ("\u0661", ""), ("x", "")]
)
def test_a_comment_event_without_an_issue_names_its_item_by_the_comments_address(
    number: str, item: str
) -> None:
    address = f"https://jira.example/rest/api/2/issue/{number}/comment/10116"

    found = delivered(webhookEvent="comment_created", issue=..., comment={"id": "10116", "self": address})

    assert found.item_id == item
