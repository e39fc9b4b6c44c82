"""What holds for every text and document, however hostile: soundness, and time in step with the length."""

import json
import time
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jira_sandbox import richtext
from jira_sandbox.richtext.document import DEEPEST
from jira_sandbox.wire import Request
from tests.sandbox.test_richtext_oracle import PIECES
from tests.support.conformance.descriptions import DOCUMENTS
from tests.support.sandbox import Person

LONGEST = 32_767
SHORTER = 8_000
SECONDS = 5.0
"""Of the processor, for a text that takes half of one; what is quadratic takes minutes."""
WORST = [
    "*a ",
    "-a _b ",
    "!a|b",
    "[~",
    "{",
    "[",
    "{quote}",
    "\\\\a",
    "{quote}{panel}{color:red}",
    "bq. ",
    "|a\nb ",
]
HOSTILE = [
    *[
        "[",
        "]",
        "[]",
        "[[",
        "{",
        "}",
        "{{",
        "{}",
        "(",
        "|",
        "||",
        "!",
        "\\",
        "\\\\",
        "\\\\a",
        "*",
        "*a ",
        "*a *",
        "_*",
    ],
    *[
        "*_",
        "* ",
        "*\n",
        "** a\n",
        "# \n",
        "-",
        "--",
        "---- ",
        "----\n",
        "??",
        "??a ",
        "{{a ",
        "a}} {{",
        "\n",
        "\n\n",
    ],
    *[
        "{quote}",
        "{quote:a}",
        "{code}",
        "{code:x}",
        "{panel}",
        "{panel:title=x}",
        "{color:red}",
        "{color}",
        "{adf}",
    ],
    *[
        "{quote}{panel}{color:red}",
        "{noformat} {code}",
        "bq. ",
        "h1. ",
        "bq. h1. ",
        "|a|b|\n",
        "||a\nb|\n",
        "|a\nb ",
    ],
    *[
        "[a|",
        "[a|b]",
        "[~",
        "[~a]",
        "[^a]",
        "!a!",
        "!a|b",
        "http://a",
        "http://",
        "mailto:a@",
        ":)",
        "(/",
        "{*}a ",
    ],
    *[
        "[^a] ",
        "[^a]\n",
        "a!b!",
        "{anchor:x}",
        "{loremipsum}",
        "x{*}",
        "\r",
        "\t",
        "é*",
        "&#039;",
        "|{quote}|",
        "*[a|*",
    ],
    *[
        "{adf}[",
        '{adf}{"type":"doc"}{adf}',
        "\u2028",
        "\0",
        "@",
        "[a!|",
        "* {code}\n",
        "*a -b _c +d ^e ~f ",
        "-a _b ",
    ],
]


def deep(kind: str, depth: int) -> Any:
    """A document of nodes in one another; made without recursion, for there may be thousands."""
    node: dict[str, Any] = {"type": "paragraph", "content": [{"type": "text", "text": "x"}]}
    for _ in range(depth):
        node = {"type": kind, "content": [node]}
    return {"type": "doc", "version": 1, "content": [node]}


@pytest.fixture(scope="module")
def is_valid() -> Callable[[Any], bool]:
    """Whether Atlassian's schema of documents takes one."""
    if not DOCUMENTS.exists():
        pytest.skip("the schema of documents is not in ../shared/specs")
    return jsonschema_rs.validator_for(json.loads(DOCUMENTS.read_text())).is_valid


@pytest.mark.parametrize("piece", HOSTILE)
def test_texts_of_nothing_but_signs_are_read_and_told(piece: str) -> None:
    made = richtext.from_wiki((piece * SHORTER)[:SHORTER])

    assert made is None or not richtext.fault(made)
    assert isinstance(richtext.to_wiki(made), str)


@pytest.mark.parametrize("piece", WORST)
def test_the_longest_text_takes_no_longer_than_its_length(piece: str) -> None:
    text = (piece * LONGEST)[:LONGEST]
    begin = time.process_time()

    richtext.to_wiki(richtext.from_wiki(text))

    assert time.process_time() - begin < SECONDS


@pytest.mark.parametrize("kind", ["blockquote", "bulletList", "expand", "panel"])
def test_documents_that_are_too_deep_are_none(kind: str) -> None:
    assert richtext.fault(deep(kind, 10_000)) == "it is too deep"
    assert richtext.fault(deep(kind, DEEPEST - 3)) == ""
    assert "x" in richtext.to_wiki(deep(kind, DEEPEST - 3))
    assert "x" in richtext.text_of(deep(kind, DEEPEST - 3))
    assert "x" in str(richtext.to_html(deep(kind, DEEPEST - 3)))


def test_quotes_in_one_another_are_refused_in_documents_and_read_in_wiki_text(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    path = f"/rest/api/3/issue/{issue}"
    raw = '{"fields":' + '{"content":[' * 10_000
    headers = {"authorization": f"Basic {alice.credentials}", "content-type": "application/json"}

    refused = alice.put(path, {"fields": {"description": deep("blockquote", 150)}})
    unread = alice.front.handle("acme", Request("PUT", path, [], headers, raw.encode()))
    read = alice.put(f"/rest/api/2/issue/{issue}", {"fields": {"description": "{quote}" * 4_000 + "x"}})

    assert (refused.status, refused.json()["errors"]) == (400, {"description": "INVALID_INPUT"})
    assert unread.status == 400
    assert read.status == 204


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=20).map("".join))
def test_every_text_becomes_a_sound_document_that_can_be_told(text: str) -> None:
    made = richtext.from_wiki(text)

    assert made is None or not richtext.fault(made)
    assert isinstance(richtext.to_wiki(made), str)
    assert isinstance(richtext.text_of(made or {}), str)
    assert isinstance(str(richtext.to_html(made)), str)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_every_document_made_of_wiki_text_is_valid(is_valid: Callable[[Any], bool], text: str) -> None:
    made = richtext.from_wiki(text)

    assert made is None or is_valid(made)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\r\n \t\n", "\0"])
def test_a_text_that_says_nothing_is_no_document(text: str) -> None:
    assert richtext.from_wiki(text) is None


@pytest.mark.parametrize(
    ("inside", "kinds"),
    [
        ('{"type":"rule"}', ["rule"]),
        ('{"type":"status","attrs":{"text":"x","color":"red"}}', ["paragraph"]),
        ('{"type":"listItem","content":[]}', ["codeBlock"]),
        ('{"type":"sonnet"}', ["codeBlock"]),
        ("[" * 5_000, ["codeBlock"]),
        ("not json", ["codeBlock"]),
        ("", ["codeBlock"]),
    ],
)
def test_a_node_told_as_it_is_comes_back_if_it_is_one(inside: str, kinds: list[str]) -> None:
    made = richtext.from_wiki(f"{{adf}}{inside}{{adf}}")

    assert [each["type"] for each in made["content"]] == kinds
