"""Webhook bodies: every real shape is survived, every hostile one refused."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from backbone_app.core.values import (
    Day,
    Entry,
    FieldStep,
    Labels,
    Option,
    Stamp,
    Text,
    TwinMark,
    Value,
)
from backbone_app.errors import MalformedDelivery
from backbone_app.jira import items
from backbone_app.jira.webhooks import Delivery, Group, parse
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


def observed(delivery: Delivery) -> Mapping[str, Value]:
    assert delivery.item is not None
    return delivery.item.fields


def test_due_date_and_status_are_plain_fields() -> None:
    issue = body()["issue"]
    issue["fields"] |= {"duedate": "2026-12-24", "status": {"id": "3", "name": "Done"}}

    found = observed(delivered(issue=issue))

    assert (found["duedate"], found["status"]) == (Day("2026-12-24"), Option("Done"))


def test_a_deletion_shows_whose_work_item_it_was_and_no_values() -> None:
    mark = {"nonce": "n-1", "originSite": "s", "originItem": "10000", "synchronization": "y"}

    found = delivered(
        webhookEvent="jira:issue_deleted", issue=body()["issue"] | {"properties": {items.MARK: mark}}
    )

    assert found.item is not None
    assert found.item.mark is not None
    assert (found.item.id, found.item.creator, found.item.mark.nonce) == ("10001", "acc-2", "n-1")
    assert (found.item.fields, found.carries) == ({}, frozenset())


@pytest.mark.parametrize("event", ["comment_created", "worklog_updated", "user_created"])
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
        (
            {
                "backbone-twin": {
                    "nonce": "n",
                    "originSite": "s",
                    "originItem": "7",
                    "synchronization": "z",
                }
            },
            TwinMark(nonce="n", origin_site="s", origin_item="7", synchronization="z"),
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
        b'{"webhookEvent":"' + b"x" * 101 + b'"}',
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
