"""What is left of a delivery that nobody signed, of every body that was recorded."""

import json
from typing import Any

import orjson
import pytest

from backbone_app.errors import MalformedDelivery
from backbone_app.jira import webhooks
from backbone_app.jira.hints import hint
from tests.support.webhook_corpus import Recorded, recorded

BODIES = tuple(each for each in recorded() if b'"webhookEvent"' in each.body)
EDIT: dict[str, Any] = {"webhookEvent": "jira:issue_updated", "issue": {"id": "7", "fields": {}}}


def left_of(each: Recorded) -> webhooks.Delivery:
    return webhooks.parse(hint(each.body, identifier=None).body, identifier=None)


def leaves(node: Any) -> list[Any]:
    """Everything that a document says, without the names of its members."""
    if isinstance(node, dict):
        return [leaf for each in node.values() for leaf in leaves(each)]
    return [node]


def test_it_names_the_work_item_the_space_and_the_comment_and_nothing_else() -> None:
    for each in BODIES:
        told, kept = webhooks.parse(each.body, identifier=None), left_of(each)
        said = json.loads(hint(each.body, identifier=None).body)
        event, *ids = leaves(said)

        assert kept.item_id == told.item_id == each.item
        assert kept.space == ("" if told.comment else told.space)
        assert (kept.comment.id if kept.comment else "") == (told.comment.id if told.comment else "")
        assert event in {"jira:issue_updated", "comment_updated"}
        assert all(each == "" or each.isdecimal() for each in ids)
    assert len(BODIES) > 100


def test_it_shows_nothing_of_what_is_there_and_asks_for_a_read() -> None:
    for each in BODIES:
        kept = left_of(each)

        assert not any((kept.item, kept.carries, kept.hints, kept.actor, kept.at))
        assert kept.comment is None or (kept.comment.author, kept.comment.updated) == ("", None)


@pytest.mark.parametrize("identifier", ["gone:7", "check", "d-1", None])
def test_its_key_is_the_same_for_the_same_and_no_text_of_the_senders(identifier: str | None) -> None:
    body, other = orjson.dumps(EDIT), orjson.dumps({**EDIT, "timestamp": 1})

    first, again = (hint(body, identifier=identifier).key for _ in range(2))

    assert first == again
    assert first.startswith("hint:")
    assert identifier is None or identifier not in first
    assert (hint(other, identifier=identifier).key == first) == (identifier is not None)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"webhookEvent":1}', b'{"webhookEvent":"a b"}'])
def test_what_jira_would_never_send_is_no_hint(body: bytes) -> None:
    with pytest.raises(MalformedDelivery):
        hint(body, identifier=None)


def test_an_identifier_that_is_none_is_refused() -> None:
    with pytest.raises(MalformedDelivery):
        hint(orjson.dumps(EDIT), identifier="a b")
