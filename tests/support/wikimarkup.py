"""Atlassian's own converter of documents and wiki text, and when one of its answers is the same as ours.

The normal form of a document has no ``localId``, no attribute without a value and no empty content. The marks
of a text are in one order; neighbouring texts with the same marks are one. A mention has only its account:
names are the site's, and the converter, which knows no accounts, keeps the prefix of wiki text. The normal
form of wiki text has the documents that are told as they are, in ``{adf}``, in that form.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.support import node

PACKAGE = "@atlaskit/editor-wikimarkup-transformer"
LISTED: dict[str, str] = {}
"""Files of the corpora that we tell in another way, each with the reason: there are none."""


@dataclass(frozen=True)
class Difference:
    """A wiki text that we are known to read in another way, as no file of the corpora has it.

    ``ours`` and ``theirs`` are what a paragraph says then: texts, linked ones with their addresses.
    """

    wiki: str
    ours: list[tuple[str, str]]
    theirs: list[tuple[str, str]]
    reason: str


NUMBERS = "addresses in the text are written as a browser has them, but not hosts that are numbers"
PERCENT = "nor hosts with percent signs: we take such a text for no address"
ANCHOR = "an anchor alone between two signs leaves the signs where the converter drops them"
DIFFERENCES = [
    Difference(
        "http://127.1/x",
        [("http://127.1/x", "http://127.1/x")],
        [("http://127.1/x", "http://127.0.0.1/x")],
        NUMBERS,
    ),
    Difference(
        "http://0x7f.1/",
        [("http://0x7f.1/", "http://0x7f.1/")],
        [("http://0x7f.1/", "http://127.0.0.1/")],
        NUMBERS,
    ),
    Difference("http://a%41b.c/", [("http://a%41b.c/", "")], [("http://a%41b.c/", "http://aab.c/")], PERCENT),
    Difference("*{anchor:x}*", [("**", "")], [], ANCHOR),
    Difference("a _{anchor:x}_ b", [("a __ b", "")], [("a  b", "")], ANCHOR),
]
_ADF = re.compile(r"(\{adf:display=\w+\})\s*(.*?)\s*(\{adf\})", re.DOTALL)


@dataclass(frozen=True)
class Oracle:
    program: node.Program

    def document(self, wiki: str) -> Any:
        """The document of a wiki text."""
        return self._ask({"wiki": wiki})["adf"]

    def wiki(self, document: Any) -> str:
        """The wiki text of a document."""
        return str(self._ask({"adf": document})["wiki"])

    def _ask(self, question: object) -> dict[str, Any]:
        told = self.program.ask(question)
        if "error" in told:
            raise ValueError(told["error"])
        return told


@contextmanager
def running() -> Iterator[Oracle]:
    with node.running("wikimarkup.js", needs=PACKAGE) as program:
        yield Oracle(program)


def normal(document: Any) -> Any:
    """A document, or None for one that says nothing, in normal form."""
    found = _node(document)["content"] if document and document.get("content") else []
    return [] if found == [{"type": "paragraph"}] else found


def normal_wiki(text: str) -> str:
    return _ADF.sub(_quoted, text)


def texts(document: Any) -> list[tuple[str, str]]:
    """The texts of a document of one paragraph at most, each with the address it links to, or with none."""
    return [
        (each["text"], next((mark["attrs"]["href"] for mark in each.get("marks", [])), ""))
        for paragraph in normal(document)
        for each in paragraph["content"]
    ]


def kinds(document: Any) -> set[str]:
    """The types of nodes and marks in a document."""
    own = {document["type"], *(mark["type"] for mark in document.get("marks") or [])}
    return own.union(*(kinds(each) for each in document.get("content") or []))


def _quoted(found: re.Match[str]) -> str:
    return f"{found[1]}{json.dumps(_node(json.loads(found[2])), sort_keys=True)}{found[3]}"


def _node(given: Any) -> Any:
    attrs = {
        name: value
        for name, value in (given.get("attrs") or {}).items()
        if value is not None and name != "localId"
    }
    if given["type"] == "mention":
        attrs = {"id": attrs.get("id", "").removeprefix("accountid:")}
    marks = sorted(
        (_mark(each) for each in given.get("marks") or []), key=lambda mark: json.dumps(mark, sort_keys=True)
    )
    content = _joined([_node(each) for each in given.get("content") or []])
    told = {
        "type": given["type"],
        "text": given.get("text"),
        "attrs": attrs,
        "marks": marks,
        "content": content,
    }
    return {name: value for name, value in told.items() if value}


def _mark(given: Any) -> Any:
    attrs = {name: value for name, value in (given.get("attrs") or {}).items() if value is not None}
    return {"type": given["type"], **({"attrs": attrs} if attrs else {})}


def _joined(nodes: list[Any]) -> list[Any]:
    joined: list[Any] = []
    for each in nodes:
        last = joined[-1] if joined else {}
        if each["type"] == last.get("type") == "text" and each.get("marks") == last.get("marks"):
            joined[-1] = {**last, "text": last["text"] + each["text"]}
        else:
            joined.append(each)
    return joined
