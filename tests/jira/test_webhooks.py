"""Webhook bodies: every real shape is survived, every hostile one refused."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from backbone_app.core.values import (
    EMPTY,
    Day,
    Entry,
    FieldStep,
    Labels,
    Option,
    Stamp,
    Text,
    TwinMark,
    Value,
    Wiki,
)
from backbone_app.errors import MalformedDelivery
from backbone_app.jira.webhooks import CommentNews, Delivery, Group, parse
from tests.support.webhook_bodies import body

AT = datetime(2026, 11, 22, 1, 2, 3, 456_000, tzinfo=UTC)
UPDATED = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)


def delivered(**changes: Any) -> Delivery:
    return parse(json.dumps(body(**changes)).encode(), identifier="d-1")


def test_an_update_is_an_observation_of_the_plain_fields_with_its_one_entry() -> None:
    found = delivered()

    assert (found.key, found.event, found.item_id, found.space, found.at, found.actor) == (
        "d-1",
        "jira:issue_updated",
        "10001",
        "10000",
        AT,
        "acc-1",
    )
    assert found.carries == {Group.PLAIN}
    assert found.item is not None
    assert found.item.fields == {
        "summary": Text("new"),
        "priority": Option("High"),
        "labels": Labels(frozenset({"a"})),
    }
    assert found.item.stamp == Stamp(70, UPDATED)
    assert found.item.entries == (Entry(70, AT, "acc-1", (FieldStep("summary", Text("old"), Text("new")),)),)
    assert (found.item.type_id, found.item.type_name, found.item.creator) == ("3", "Task", "acc-2")


def test_a_creation_has_no_entry_and_its_stamp_is_the_time_of_update() -> None:
    found = delivered(webhookEvent="jira:issue_created", changelog=...)

    assert found.item is not None
    assert found.item.entries == ()
    assert found.item.stamp == Stamp(None, UPDATED)


@pytest.mark.parametrize("changelog", [..., None, [], {"id": "70"}, {"id": "70", "items": []}])
def test_an_update_that_nothing_explains_is_only_a_hint_to_read(changelog: object) -> None:
    found = delivered(changelog=changelog)

    assert (found.item_id, found.item, found.carries) == ("10001", None, frozenset())


@pytest.mark.parametrize(
    "told",
    [
        {"comment": {"id": "5"}},
        {"worklog": {"id": "5"}},
        {"attachment": {"id": "5"}},
        {"issue_event_type_name": "issue_comment_deleted"},
        {"issue_event_type_name": "issue_work_logged"},
    ],
)
def test_an_update_that_a_comment_work_log_or_file_explains_observes_the_plain_fields(
    told: dict[str, object],
) -> None:
    found = delivered(changelog=..., **told)

    assert (found.carries, found.comment) == (frozenset({Group.PLAIN}), None)
    assert found.item is not None
    assert found.item.stamp == Stamp(None, UPDATED)


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


def test_due_date_and_status_are_plain_fields() -> None:
    issue = body()["issue"]
    issue["fields"] |= {"duedate": "2026-12-24", "status": {"id": "3", "name": "Done"}}

    found = observed(delivered(issue=issue))

    assert (found["duedate"], found["status"]) == (Day("2026-12-24"), Option("Done"))


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


def test_a_comment_event_without_an_issue_names_its_item_by_the_comments_address() -> None:
    address = "https://jira.example/rest/api/2/issue/10231/comment/10116"

    found = delivered(webhookEvent="comment_created", issue=..., comment={"id": "10116", "self": address})

    assert found.item_id == "10231"


@pytest.mark.parametrize(
    "event", ["comment_created", "worklog_updated", "jira:issue_deleted", "user_created"]
)
def test_other_events_are_hints_and_observe_nothing(event: str) -> None:
    found = delivered(webhookEvent=event)

    assert (found.item_id, found.item, found.carries) == ("10001", None, frozenset())


def test_a_work_log_names_its_item_itself() -> None:
    found = delivered(webhookEvent="worklog_created", issue=..., worklog={"id": "5", "issueId": "10001"})

    assert found.item_id == "10001"


def test_a_body_without_an_issue_is_an_event_about_no_item() -> None:
    found = delivered(issue=...)

    assert (found.item_id, found.space, found.item, found.carries) == ("", "", None, frozenset())


@pytest.mark.parametrize("issue", [None, [], {}, {"id": "10001"}, {"id": "x", "fields": {}}, {"fields": {}}])
def test_a_half_issue_is_no_observation(issue: object) -> None:
    assert delivered(issue=issue).item is None


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [("1795309323456", AT), ("2026-11-22T01:02:03.456+0000", AT), (None, UPDATED), (..., UPDATED)],
)
def test_the_time_may_be_text_or_missing_and_then_the_items_own_counts(
    timestamp: object, at: datetime
) -> None:
    found = delivered(timestamp=timestamp)

    assert found.item is not None
    assert [entry.at for entry in found.item.entries] == [at]


@pytest.mark.parametrize(
    ("changelog", "ids"),
    [
        ({"id": 70, "items": [{}]}, [70]),
        ({"id": "70", "items": [{}]}, [70]),
        ({"id": None, "items": [{}]}, []),
        ({"id": "7x", "items": [{}]}, []),
        ({"id": True, "items": [{}]}, []),
    ],
)
def test_a_changelog_id_may_be_text_or_number_and_without_one_there_is_no_entry(
    changelog: object, ids: list[int]
) -> None:
    found = delivered(changelog=changelog)

    assert found.item is not None
    assert [entry.id for entry in found.item.entries] == ids


def test_a_changelog_item_without_a_field_id_goes_by_its_name() -> None:
    found = delivered(
        changelog={"id": "70", "items": [{"field": "Labels", "fromString": "a b", "toString": "b"}]}
    )

    assert found.item is not None
    assert found.item.entries[0].steps == (
        FieldStep("labels", Labels(frozenset({"a", "b"})), Labels(frozenset({"b"}))),
    )


@pytest.mark.parametrize(
    ("user", "actor"),
    [
        ({"accountId": "acc-1", "name": "al", "key": "JIRAUSER1"}, "acc-1"),
        ({"name": "al", "key": "JIRAUSER1"}, "JIRAUSER1"),
        ({"name": "al"}, "al"),
        (None, ""),
        (..., ""),
    ],
)
def test_a_user_may_have_no_account_id(user: object, actor: str) -> None:
    assert delivered(user=user).actor == actor


def test_a_field_the_body_does_not_show_is_absent() -> None:
    issue = body()["issue"]
    del issue["fields"]["priority"]

    found = delivered(issue=issue)

    assert found.item is not None
    assert "priority" not in found.item.fields


@pytest.mark.parametrize(
    ("properties", "mark", "known"),
    [
        (
            {"backbone-twin": {"nonce": "n", "originSite": "s", "originItem": "7"}},
            TwinMark(nonce="n", origin_site="s", origin_item="7"),
            True,
        ),
        ({"backbone-twin": {"nonce": 7}}, None, True),
        ({"backbone-twin": "x"}, None, True),
        ({}, None, True),
        (None, None, False),
    ],
)
def test_our_mark_is_known_only_where_the_body_shows_properties(
    properties: object, mark: TwinMark | None, known: bool
) -> None:
    found = delivered(issue={**body()["issue"], "properties": properties})

    assert found.item is not None
    assert (found.item.mark, found.item.mark_known) == (mark, known)


def test_a_body_claiming_an_intent_of_ours_is_not_believed() -> None:
    forged = {
        "id": "70",
        "items": [{}],
        "historyMetadata": {"type": "backbone", "extraData": {"intent": "i"}},
    }

    found = delivered(changelog=forged)

    assert found.item is not None
    assert found.item.entries[0].intent is None


def test_without_an_identifier_the_digest_of_the_body_is_the_key() -> None:
    raw = json.dumps(body()).encode()

    assert parse(raw, identifier=None).key == f"digest:{hashlib.sha256(raw).hexdigest()}"


@pytest.mark.parametrize("identifier", ["", "a b", "x" * 201, "ü", "a\nb"])
def test_an_identifier_that_is_none_is_refused(identifier: str) -> None:
    with pytest.raises(MalformedDelivery):
        parse(json.dumps(body()).encode(), identifier=identifier)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not json",
        b"[]",
        b'"jira:issue_updated"',
        b"{}",
        b'{"webhookEvent":7}',
        b'{"webhookEvent":""}',
        b'{"webhookEvent":"a b"}',
        b'{"webhookEvent":"x","timestamp":NaN}',
        b'{"webhookEvent":"x","timestamp":1e400}',
        b'{"webhookEvent":"x","y":"\\ud800"}',
        b'{"webhookEvent":"x","y":"\\u0000"}',
        b'{"webhookEvent":"x","y":"\\\\\\u0000"}',
        b'{"webhookEvent":"x","y":"\x00"}',
        b'{"webhookEvent":"x","y":"\xff"}',
        b'{"webhookEvent":"x","y":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"webhookEvent":"x","y":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001,
        "\ufeff{}".encode(),
    ],
    ids=lambda raw: f"{raw[:40]!r}"[:60],
)
def test_case_47_a_body_that_jira_would_never_send_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedDelivery):
        parse(raw, identifier="d-1")


def test_a_text_that_only_looks_like_an_escaped_nul_is_delivered() -> None:
    issue = body()["issue"]
    issue["fields"]["summary"] = "how to write \\u0000 in JSON"

    found = delivered(issue=issue)

    assert found.item is not None
    assert found.item.fields["summary"] == Text("how to write \\u0000 in JSON")
