"""The odd shapes that real webhook bodies have, one by one: what is taken from each of them."""

import json
from typing import Any

import pytest

from backbone_app.core.values import EMPTY, FieldStep, Labels, Option, Stamp, Text, Value
from backbone_app.jira.webhooks import Delivery, Group, parse
from tests.support.webhook_bodies import body, fields

PLAIN = frozenset({Group.PLAIN})


def delivered(**changes: Any) -> Delivery:
    return parse(json.dumps(body(**changes)).encode(), identifier="d-1")


def shown(**changes: Any) -> Delivery:
    """A delivery whose work item has other fields."""
    return delivered(issue={"id": "10001", "key": "ALPHA-1", "fields": fields(**changes)})


def changed(*items: object) -> Delivery:
    """A delivery with other changelog items."""
    return delivered(changelog={"id": "70", "items": list(items)})


def values(delivery: Delivery) -> dict[str, Value]:
    assert delivery.item is not None
    return dict(delivery.item.fields)


def steps(delivery: Delivery) -> tuple[FieldStep, ...]:
    assert delivery.item is not None
    return delivery.item.entries[0].steps


@pytest.mark.parametrize("name", [..., None, "", "issue_updated", "issue_moved", 7])
def test_without_the_finer_name_of_an_update_its_changelog_explains_it(name: object) -> None:
    found = delivered(issue_event_type_name=name)

    assert found.carries == PLAIN
    assert values(found)["summary"] == Text("new")
    assert steps(found) == (FieldStep("summary", Text("old"), Text("new")),)


@pytest.mark.parametrize("name", [..., {}, ["issue_commented"], {"issue_commented": True}])
def test_without_the_finer_name_and_a_changelog_an_update_is_only_a_hint(name: object) -> None:
    found = delivered(issue_event_type_name=name, changelog=...)

    assert (found.item_id, found.space, found.item) == ("10001", "10000", None)


@pytest.mark.parametrize("issue", [..., None, "10001", 10001, [{"id": "10001"}]])
def test_a_body_without_an_issue_object_tells_of_no_work_item(issue: object) -> None:
    found = delivered(issue=issue)

    assert (found.item_id, found.space, found.item, found.hints) == ("", "", None, frozenset())
    assert found.actor == "acc-1"


@pytest.mark.parametrize("timestamp", [1.5, 1e300, True, -1, "-1", "", "yesterday", [], {}, 2**70])
def test_a_time_in_no_known_form_is_not_known(timestamp: object) -> None:
    found = delivered(timestamp=timestamp)

    assert found.at is None
    assert values(found)["summary"] == Text("new")


def test_neither_the_event_nor_the_work_item_need_have_a_time() -> None:
    found = delivered(
        timestamp=None, issue={"id": "10001", "fields": fields(created=..., updated="1 minute ago")}
    )

    assert found.item is not None
    assert (found.item.created, found.item.stamp, found.item.entries) == (None, Stamp(None, None), ())
    assert values(found)["summary"] == Text("new")


@pytest.mark.parametrize(
    ("number", "entries"),
    [
        ("70", 1),
        (70, 1),
        ("0070", 1),
        (2**63 - 1, 1),
        (2**63, 0),
        ("9" * 19, 0),
        (70.0, 0),
        (-70, 0),
        ("", 0),
    ],
)
def test_a_changelog_number_is_text_or_a_number_that_a_column_takes(number: object, entries: int) -> None:
    found = delivered(changelog={"id": number, "items": body()["changelog"]["items"]})

    assert found.item is not None
    assert len(found.item.entries) == entries


def test_the_changelog_of_a_creation_is_no_entry_of_the_items_history() -> None:
    created = delivered(webhookEvent="jira:issue_created")

    assert (created.item is not None and created.item.entries) == ()
    assert created.carries == PLAIN


@pytest.mark.parametrize("name", ["summary", "Summary", "SUMMARY"])
def test_a_field_without_an_id_goes_by_its_name_in_any_case(name: str) -> None:
    found = changed({"field": name, "fromString": "old", "toString": "new"})

    assert steps(found) == (FieldStep("summary", Text("old"), Text("new")),)
    assert found.hints == frozenset()


def test_the_id_of_a_field_goes_before_its_name_in_the_sites_language() -> None:
    found = changed({"field": "Статус", "fieldId": "status", "fromString": "Neu", "toString": "Erledigt"})

    assert steps(found) == (FieldStep("status", Option("Neu"), Option("Erledigt")),)


@pytest.mark.parametrize("name", ["Статус", "Beschreibung", "説明", "", None, 7])
def test_a_field_that_only_a_foreign_name_tells_of_may_be_the_description_so_that_is_read(
    name: object,
) -> None:
    item = {"field": name, "fromString": "a", "toString": "b"}

    found = delivered(
        issue={"id": "10001", "fields": fields(description="h1. text")},
        changelog={"id": "70", "items": [item]},
    )

    assert (found.carries, found.hints) == (PLAIN, frozenset({"description"}))
    assert steps(found) == ()


def test_a_field_with_the_id_of_another_field_asks_for_nothing() -> None:
    found = changed({"field": "Sprint", "fieldId": "customfield_10020", "toString": "Sprint 1"})

    assert (found.hints, steps(found)) == (frozenset(), ())


@pytest.mark.parametrize("item", [None, 7, "summary", [], ["summary"]])
def test_what_is_no_changelog_item_is_passed_over(item: object) -> None:
    found = changed(item, body()["changelog"]["items"][0])

    assert steps(found) == (FieldStep("summary", Text("old"), Text("new")),)
    assert found.hints == frozenset()


@pytest.mark.parametrize(
    ("item", "before", "after"),
    [
        ({"fieldId": "summary"}, EMPTY, EMPTY),
        ({"fieldId": "summary", "fromString": None, "toString": "new"}, EMPTY, Text("new")),
        ({"fieldId": "summary", "fromString": 7, "toString": ["new"]}, EMPTY, EMPTY),
        ({"fieldId": "labels", "toString": " a  b "}, Labels(frozenset()), Labels(frozenset({"a", "b"}))),
    ],
)
def test_an_end_of_a_change_that_is_no_text_is_an_empty_one(
    item: dict[str, object], before: Value, after: Value
) -> None:
    assert steps(changed(item)) == (FieldStep(str(item["fieldId"]), before, after),)


@pytest.mark.parametrize(
    ("user", "actor"),
    [
        ({"accountId": "acc-1", "name": "alice", "key": "alice"}, "acc-1"),
        ({"accountId": "", "name": "alice", "key": "JIRAUSER10100"}, "JIRAUSER10100"),
        ({"accountId": None, "name": "alice"}, "alice"),
        ({"accountId": 7, "emailAddress": "alice@example.com", "displayName": "Alice"}, ""),
        ({"accountId": "x" * 129, "key": "alice"}, "alice"),
        ({"name": "x" * 129}, ""),
        ("alice", ""),
        ([], ""),
        (None, ""),
    ],
)
def test_a_user_goes_by_account_id_then_key_then_name_and_never_by_address_or_display_name(
    user: object, actor: str
) -> None:
    found = delivered(user=user)

    assert found.actor == actor
    assert found.item is not None
    assert found.item.entries[0].author == actor


@pytest.mark.parametrize(
    "embedded",
    [
        {"comments": [{"id": "7", "body": "text", "author": {"accountId": "acc-9"}}], "total": 1},
        {"comments": [], "maxResults": 0, "total": 0, "startAt": 0},
        None,
    ],
)
def test_comments_embedded_in_the_fields_are_no_news_of_a_comment(embedded: object) -> None:
    found = shown(comment=embedded)

    assert (found.comment, found.carries) == (None, PLAIN)
    assert "comment" not in values(found)


def test_a_comment_beside_an_update_is_not_taken_as_a_comment_event() -> None:
    found = delivered(comment={"id": "7", "body": "text"}, issue_event_type_name="issue_commented")

    assert (found.comment, found.carries) == (None, PLAIN)


@pytest.mark.parametrize(
    "event",
    [
        "jira:issue_unknown",
        "JIRA:ISSUE_UPDATED",
        "issue_property_set",
        "sprint_updated",
        "attachment_created",
        "jira:worklog_updated",
        "app_access_to_objects_blocked",
        "jira:version_released",
        "x" * 100,
    ],
)
def test_an_event_of_another_kind_is_a_hint_to_its_work_item_and_no_more(event: str) -> None:
    found = delivered(webhookEvent=event)

    assert (found.event, found.item_id, found.space) == (event, "10001", "10000")
    assert (found.item, found.carries, found.comment) == (None, frozenset(), None)
