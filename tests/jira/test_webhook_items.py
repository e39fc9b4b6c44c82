"""The odd shapes of the work items in real webhook bodies, one by one: what is taken from each of them."""

import json
from typing import Any

import pytest

from backbone_app.core.values import EMPTY, Empty, Labels, Option, Value
from backbone_app.jira.webhooks import Delivery, Group, parse
from tests.support.webhook_bodies import body, fields

PLAIN = frozenset({Group.PLAIN})


def delivered(**changes: Any) -> Delivery:
    return parse(json.dumps(body(**changes)).encode(), identifier="d-1")


def shown(**changes: Any) -> Delivery:
    """A delivery whose work item has other fields."""
    return delivered(issue={"id": "10001", "key": "ALPHA-1", "fields": fields(**changes)})


def values(delivery: Delivery) -> dict[str, Value]:
    assert delivery.item is not None
    return dict(delivery.item.fields)


@pytest.mark.parametrize(
    ("number", "item"),
    [
        ("10001", "10001"),
        (10001, "10001"),
        ("0010001", "10001"),
        (2**63 - 1, str(2**63 - 1)),
        (2**63, ""),
        (10**30, ""),
        ("9" * 18, "9" * 18),
        ("9" * 19, ""),
        (-1, ""),
        (10001.0, ""),
        (True, ""),
        ("10001/../../x", ""),
        ("\u0661", ""),
        (None, ""),
    ],
)
def test_an_id_is_a_number_that_fits_a_column_and_an_address(number: object, item: str) -> None:
    found = delivered(issue={"id": number, "key": "ALPHA-1", "fields": fields(project={"id": number})})

    assert (found.item_id, found.space) == (item, item)
    assert (found.item is None) is (item == "")


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("summary", None, EMPTY),
        ("summary", "", EMPTY),
        ("priority", None, EMPTY),
        ("labels", None, Labels(frozenset())),
        ("labels", [], Labels(frozenset())),
        ("duedate", None, EMPTY),
        ("status", {"name": "Done", "statusCategory": None}, Option("Done")),
        ("status", {"name": "x" * 255}, Option("x" * 255)),
    ],
)
def test_a_field_that_is_null_is_observed_to_be_empty(name: str, raw: object, value: Value | Empty) -> None:
    assert values(shown(**{name: raw}))[name] == value


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("summary", 7),
        ("summary", ["new"]),
        ("priority", "High"),
        ("priority", {"id": "2"}),
        ("priority", {"name": ""}),
        ("status", {"name": "x" * 256}),
        ("labels", "a"),
        ("labels", ["a", None]),
        ("labels", {"a": True}),
        ("duedate", "24/Dec/26"),
        ("duedate", 1795309323456),
    ],
)
def test_a_field_in_a_form_nobody_knows_counts_as_not_shown(name: str, raw: object) -> None:
    found = values(shown(**{name: raw}))

    assert name not in found
    assert found.keys() >= {"summary", "priority", "labels"} - {name}


def test_a_work_item_may_lack_everything_but_its_id() -> None:
    found = delivered(issue={"id": "10001", "fields": {}})

    item = found.item
    assert item is not None
    assert (item.key, item.space, item.type_id, item.type_name, item.creator) == ("", "", "", "", "")
    assert (found.space, found.carries, item.fields) == ("", PLAIN, {})


@pytest.mark.parametrize("key", [None, 7, ["ALPHA-1"], "A" * 256])
def test_a_key_that_is_none_is_not_known(key: object) -> None:
    found = delivered(issue={"id": "10001", "key": key, "fields": fields()})

    assert found.item is not None
    assert found.item.key == ""


def test_of_a_member_that_is_there_twice_the_last_one_counts() -> None:
    twice = b'{"webhookEvent":"x","issue":{"id":"1"},"issue":{"id":"2"},"webhookEvent":"comment_created"}'

    found = parse(twice, identifier="d-1")

    assert (found.event, found.item_id) == ("comment_created", "2")


def test_members_nobody_knows_are_passed_over() -> None:
    found = delivered(matchedWebhookIds=[1], bulkOperationMetaData={"sendMail": False}, __proto__={"id": 1})

    assert found == delivered()
