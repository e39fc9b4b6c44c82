"""Calls of post functions: what Jira sends, and what it would never send."""

import json
from uuid import UUID

import pytest

from backbone_app.errors import MalformedDelivery
from backbone_app.jira import post_functions

SYNCHRONIZATION = "7d444840-9dc0-41d1-b245-5ffdce74fad2"


def body(configuration: object, **changes: object) -> bytes:
    issue = {"id": "10007", "key": "ALPHA-7", "fields": {"project": {"id": "10000"}}}
    return json.dumps({"configuration": configuration, "issue": issue, **changes}).encode()


def stored(value: object) -> dict[str, object]:
    return {"value": json.dumps(value)}


def test_a_call_names_the_work_item_its_space_and_the_synchronization() -> None:
    call = post_functions.parse(body(stored({"synchronization": SYNCHRONIZATION})))

    assert (call.item, call.space, call.synchronization) == ("10007", "10000", UUID(SYNCHRONIZATION))


def test_the_key_is_that_of_the_body_word_for_word() -> None:
    sent = body(stored({"synchronization": SYNCHRONIZATION}))

    assert post_functions.parse(sent).key == post_functions.parse(bytes(sent)).key
    assert post_functions.parse(sent).key != post_functions.parse(sent + b" ").key


@pytest.mark.parametrize(
    "configuration",
    [
        None,
        "",
        7,
        {},
        {"value": None},
        {"value": {"synchronization": SYNCHRONIZATION}},
        {"value": ""},
        {"value": SYNCHRONIZATION},
        {"value": "{"},
        {"value": "[" * 900},
        {"value": "NaN"},
        stored([SYNCHRONIZATION]),
        stored({}),
        stored({"synchronization": None}),
        stored({"synchronization": 7}),
        stored({"synchronization": SYNCHRONIZATION.upper()}),
        stored({"synchronization": f"{{{SYNCHRONIZATION}}}"}),
        stored({"synchronization": f"{SYNCHRONIZATION}\n"}),
        stored({"synchronization": SYNCHRONIZATION.replace("-", "")}),
        stored({"synchronization": SYNCHRONIZATION, "more": "x" * 1000}),
    ],
)
def test_a_configuration_that_our_page_never_stored_names_none(configuration: object) -> None:
    assert post_functions.parse(body(configuration)).synchronization is None


@pytest.mark.parametrize(
    "issue",
    [None, [], "10007", {}, {"id": None}, {"id": "ten"}, {"id": "1" * 30}, {"id": -1}, {"id": {"id": 1}}],
)
def test_a_body_without_a_work_item_names_none(issue: object) -> None:
    assert post_functions.parse(body(stored({}), issue=issue)).item == ""


@pytest.mark.parametrize("sent", [b"", b"null", b"[]", b"{", b"\xff{}", b'{"a": NaN}', b'{"a": "\\u0000"}'])
def test_what_is_no_json_object_is_refused(sent: bytes) -> None:
    with pytest.raises(MalformedDelivery):
        post_functions.parse(sent)
