"""Rich text by Atlassian's own converter: with documents and texts of the field, our own, and chance."""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jira_sandbox import richtext
from jira_sandbox.richtext.claims import MARK_CLAIMS, NODE_CLAIMS, UNCLAIMED, Way
from tests.support import wikimarkup
from tests.support.shared import SHARED
from tests.support.wikimarkup import DIFFERENCES, LISTED, Difference, Oracle, normal, normal_wiki, texts

CORPUS = SHARED / "corpus"
CLAIMED = NODE_CLAIMS.keys() | MARK_CLAIMS.keys()
AGREE = 0.9
PIECES = [
    *[
        "*",
        "_",
        "-",
        "+",
        "^",
        "~",
        "??",
        "{{",
        "}}",
        "{*}",
        "{_}",
        "{-}",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "|",
        "||",
    ],
    *["a", "b c", " ", "  ", "\n", "\n\n", "\r\n", "\t", "1", ".", "é", "\u00a0", "@", "<", '"', "!", "#"],
    *["h1. ", "h3.x", "bq. ", "* ", "** ", "# ", "#* ", "- ", "----", "----\n", "---", "--", " -- "],
    *["{code}", "{code:python}", "{noformat}", "{quote}", "{panel}", "{panel:title=t|bgColor=#ffebe6}"],
    *["{color:red}", "{color}", "{loremipsum}", ":)", "(/)", ";)", "|a|b|\n", "||h||\n"],
    *["[x|http://a.b]", "[~accountid:5]", "[^f.txt]", "!p.png!", "!http://a.b/c.png|width=30%!"],
    *[
        "[http://a|http://a|smart-link]",
        "[http://a|http://a|smart-card]",
        " http://A.b/c?d=e#f. ",
        " mailto:a@b.c ",
    ],
]
NODES: list[dict[str, Any]] = [
    {"type": "blockquote", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "q"}]}]},
    {"type": "expand", "attrs": {"title": "More"}, "content": [{"type": "paragraph"}, {"type": "rule"}]},
    {"type": "panel", "attrs": {"panelType": "note"}, "content": [{"type": "paragraph"}]},
    {
        "type": "codeBlock",
        "attrs": {"language": "cobol"},
        "content": [{"type": "text", "text": "{code} [~x]"}],
    },
    {"type": "embedCard", "attrs": {"url": "https://a.b", "layout": "center"}},
    {
        "type": "orderedList",
        "content": [
            {
                "type": "listItem",
                "content": [
                    {"type": "paragraph", "content": [{"type": "text", "text": "one"}]},
                    {
                        "type": "bulletList",
                        "content": [{"type": "listItem", "content": [{"type": "paragraph"}]}],
                    },
                    {"type": "codeBlock", "attrs": {"language": "json"}},
                ],
            }
        ],
    },
    {
        "type": "taskList",
        "attrs": {"localId": "l"},
        "content": [
            {
                "type": "taskItem",
                "attrs": {"localId": "t", "state": "DONE"},
                "content": [{"type": "text", "text": "do"}, {"type": "hardBreak"}],
            },
        ],
    },
    {
        "type": "decisionList",
        "attrs": {"localId": "l"},
        "content": [
            {
                "type": "decisionItem",
                "attrs": {"localId": "t", "state": "DECIDED"},
                "content": [{"type": "text", "text": "yes"}],
            }
        ],
    },
    {
        "type": "paragraph",
        "content": [
            {"type": "status", "attrs": {"text": "done", "color": "green"}},
            {"type": "date", "attrs": {"timestamp": "1700000000000"}},
            {"type": "emoji", "attrs": {"shortName": ":tada:", "id": "1f389", "text": "🎉"}},
            {"type": "emoji", "attrs": {"shortName": ":team:", "id": "site-1"}},
            {"type": "mention", "attrs": {"id": "712020:x", "text": "@Ann"}},
            {
                "type": "text",
                "text": " a ",
                "marks": [{"type": "strong"}, {"type": "em"}, {"type": "strike"}],
            },
            {"type": "text", "text": "!b.png! [^c] [~d] {color", "marks": [{"type": "underline"}]},
            {"type": "text", "text": "e", "marks": [{"type": "subsup", "attrs": {"type": "sub"}}]},
            {"type": "text", "text": "f", "marks": [{"type": "textColor", "attrs": {"color": "#ff0000"}}]},
            {"type": "text", "text": "g", "marks": [{"type": "code"}]},
            {"type": "inlineCard", "attrs": {"url": "https://a.b"}},
        ],
    },
    {
        "type": "mediaSingle",
        "attrs": {"layout": "center", "width": 40},
        "content": [{"type": "media", "attrs": {"type": "file", "id": "a", "collection": "", "alt": "tea"}}],
    },
    {
        "type": "mediaGroup",
        "content": [{"type": "media", "attrs": {"type": "file", "id": "b", "collection": "", "width": 7}}],
    },
    {
        "type": "table",
        "content": [
            {
                "type": "tableRow",
                "content": [
                    {"type": "tableHeader", "content": [{"type": "paragraph"}]},
                    {"type": "tableCell", "content": [{"type": "rule"}, {"type": "paragraph"}]},
                ],
            }
        ],
    },
    {
        "type": "table",
        "attrs": {"isNumberColumnEnabled": False, "layout": "default"},
        "content": [
            {
                "type": "tableRow",
                "content": [
                    {"type": "tableCell", "attrs": {"colspan": 2}, "content": [{"type": "paragraph"}]}
                ],
            }
        ],
    },
    {
        "type": "extension",
        "attrs": {"extensionType": "com.example", "extensionKey": "x", "layout": "default"},
    },
]


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    with wikimarkup.running() as started:
        yield started


def corpus(folder: str, suffix: str) -> list[Path]:
    found = sorted((CORPUS / folder).glob(f"*.{suffix}"))
    if not found:
        pytest.skip("the corpora of documents and wiki texts are not in ../shared/corpus")
    return found


def told(files: dict[str, str]) -> None:
    """Print the counts, and hold them to what is promised."""
    unlike = {name for name, how in files.items() if how == "unlike"}
    counts = {how: list(files.values()).count(how) for how in sorted(set(files.values()))}
    sys.stdout.write(f"{counts}\n")
    claimed = len(files) - counts.get("not claimed", 0) - counts.get("no document", 0)

    assert unlike == LISTED.keys() & files.keys()
    assert counts["agree"] >= AGREE * claimed


def test_wiki_texts_of_the_field_become_the_same_documents(oracle: Oracle) -> None:
    found = {}

    for path in corpus("wiki", "txt"):
        text = path.read_bytes().decode()
        theirs = oracle.document(text)
        same = normal(richtext.from_wiki(text)) == normal(theirs)
        claimed = wikimarkup.kinds(theirs) <= CLAIMED
        found[path.name] = ("agree" if same else "unlike") if claimed else "not claimed"

    told(found)


def test_documents_of_the_field_become_the_same_wiki_text(oracle: Oracle) -> None:
    found = {}

    for path in corpus("adf", "json"):
        document = json.loads(path.read_text())
        if richtext.fault(document):
            found[path.name] = "no document"
            continue
        same = normal_wiki(richtext.to_wiki(document)) == normal_wiki(oracle.wiki(document))
        claimed = wikimarkup.kinds(document) <= CLAIMED
        found[path.name] = ("agree" if same else "unlike") if claimed else "not claimed"

    told(found)


@pytest.mark.parametrize("known", DIFFERENCES, ids=lambda known: known.wiki)
def test_where_we_are_known_to_differ_we_do(oracle: Oracle, known: Difference) -> None:
    ours, theirs = texts(richtext.from_wiki(known.wiki)), texts(oracle.document(known.wiki))

    assert known.ours != known.theirs
    assert (ours, theirs) == (known.ours, known.theirs), known.reason


def texts_of_chance(seed: int) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices(PIECES, k=chance.randint(2, 14))) for _ in range(250)]


@pytest.mark.parametrize("seed", range(4))
def test_texts_of_chance_become_the_same_documents(oracle: Oracle, seed: int) -> None:
    texts = texts_of_chance(seed)

    unlike = [text for text in texts if normal(richtext.from_wiki(text)) != normal(oracle.document(text))]

    assert unlike == []


@pytest.mark.parametrize("seed", range(4))
def test_what_was_read_of_a_text_of_chance_is_told_the_same(oracle: Oracle, seed: int) -> None:
    documents = {text: oracle.document(text) for text in texts_of_chance(seed)}

    unlike = [text for text, one in documents.items() if told_otherwise(oracle, one)]

    assert unlike == []


def test_what_was_read_of_a_text_of_the_field_is_told_the_same(oracle: Oracle) -> None:
    documents = {path.name: oracle.document(path.read_bytes().decode()) for path in corpus("wiki", "txt")}

    unlike = [name for name, one in documents.items() if told_otherwise(oracle, one)]

    assert unlike == []


def told_otherwise(oracle: Oracle, document: Any) -> bool:
    """Whether we make another wiki text of a document than the converter does."""
    return normal_wiki(richtext.to_wiki(document)) != normal_wiki(oracle.wiki(document))


def test_what_is_read_of_a_sign_becomes_the_same_wiki_text(oracle: Oracle) -> None:
    signs = "(i) (/) (x) (!) (+) (-) (?) (on) (off) (*) (*y) (*r) (*g) (*b) (flag) (flagoff) :) ;-) (y)"
    document = richtext.from_wiki(signs)

    wiki = richtext.to_wiki(document)

    assert wiki == oracle.wiki(document)
    assert wiki.startswith("(i) (/) (x) ")


@pytest.mark.parametrize("node", NODES, ids=lambda node: node["type"])
def test_our_own_documents_become_the_same_wiki_text_and_documents_again(
    oracle: Oracle, node: dict[str, Any]
) -> None:
    document = {"type": "doc", "version": 1, "content": [node]}

    wiki = richtext.to_wiki(document)

    assert normal_wiki(wiki) == normal_wiki(oracle.wiki(document))
    assert normal(richtext.from_wiki(wiki)) == normal(oracle.document(wiki))


def test_every_node_and_mark_has_a_claim_or_is_named_as_unclaimed() -> None:
    assert {"blockTaskItem", "fragment", "dataConsumer"} == UNCLAIMED
    assert {each.way for each in NODE_CLAIMS.values()} == set(Way)
    assert all(each.loss for each in [*NODE_CLAIMS.values(), *MARK_CLAIMS.values()] if each.way is Way.LOSS)
