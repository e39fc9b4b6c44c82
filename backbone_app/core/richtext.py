"""Rich text as Atlassian's document format (ADF) writes it: one form, and the way to another site.

A document is a tree of nodes: ``type``, perhaps ``attrs``, ``marks``, ``text``,
and further nodes in ``content``. Nodes we do not know are kept as they are: a
site may show kinds that did not exist when this was written.
Facts: the JSON schema of ADF, https://go.atlassian.com/adf-json-schema.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any, Final

from backbone_app.core.values import EMPTY, Empty, Rich

Node = Mapping[str, Any]

DEPTH: Final = 200
"""Levels of JSON a document may nest (a list in a list takes four); what lies deeper is left out."""

_NEEDS_ID: Final = frozenset({"taskList", "taskItem", "blockTaskItem", "decisionList", "decisionItem"})
_MEDIA_BLOCKS: Final = frozenset({"mediaSingle", "mediaGroup"})
_LINES: Final = frozenset({"paragraph", "heading", "codeBlock", "caption", "taskItem", "decisionItem"})
_NOBODY: Final = "someone"


def canonical(document: Mapping[str, object]) -> Rich | Empty:
    """Give the one form of a document; one that shows nothing is EMPTY.

    ``localId`` says nothing to a reader and differs from site to site, so it is
    no part of the form; ``document`` puts back those that ADF asks for.
    """
    form = _formed(document, DEPTH)
    return EMPTY if _is_blank(form) else _rich(form)


def document(rich: Rich) -> dict[str, object]:
    """Give the document as Jira takes it; tasks and decisions are numbered, since ADF wants ids there."""
    numbers = count(1)

    def numbered(node: Node) -> list[Node]:
        if _kind(node) not in _NEEDS_ID:
            return [node]
        return [{**node, "attrs": {**_attrs(node), "localId": str(next(numbers))}}]

    return dict(_rewritten(_load(rich), numbered))


def mentions(rich: Rich) -> frozenset[str]:
    """List the account ids of the people mentioned."""
    return frozenset(_account(node) for node in _walk(_load(rich)) if _kind(node) == "mention") - {""}


def across(rich: Rich, people: frozenset[str] | None) -> Rich:
    """Give the text as a site shows it that knows only ``people``; None: it knows everybody.

    Who is not known there is named in plain text, and nobody is notified. A
    file's picture becomes the file's name until files themselves are carried.
    """

    def carried(node: Node) -> list[Node]:
        kind = _kind(node)
        if kind == "mention" and people is not None and _account(node) not in people:
            return [_text(_name(node))]
        if kind == "mediaInline":
            return [_text(_file(node))]
        if kind == "media" and _attrs(node).get("type") != "external":
            return [_paragraph(_text(_file(node)))]
        return _unframed(node) if kind in _MEDIA_BLOCKS else [node]

    return _rich(_rewritten(_load(rich), carried))


def with_line(rich: Rich | Empty, line: str) -> Rich:
    """Put a first paragraph before the text."""
    whole = {"type": "doc", "version": 1} if isinstance(rich, Empty) else _load(rich)
    return _rich({**whole, "content": [_paragraph(_text(line)), *_content(whole)]})


def text(rich: Rich) -> str:
    """Give the plain text, one line a paragraph; pictures and rules say nothing."""
    return "".join(_said(node) for node in _walk(_load(rich))).strip("\n")


def _said(node: Node) -> str:
    kind, attrs = _kind(node), _attrs(node)
    if kind == "text":
        return str(node.get("text", ""))
    if kind == "mention":
        return _name(node)
    if kind == "emoji":
        return str(attrs.get("text") or attrs.get("shortName", ""))
    if kind == "inlineCard":
        return str(attrs.get("url", ""))
    return "\n" if kind in _LINES or kind == "hardBreak" else ""


def _load(rich: Rich) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(rich.adf)
    return loaded


def _rich(form: Node) -> Rich:
    return Rich(json.dumps(form, ensure_ascii=False, separators=(",", ":"), sort_keys=True))


def _formed(value: object, depth: int) -> Any:
    """Copy JSON without ``localId``, and without the empty ``attrs`` it leaves behind."""
    if isinstance(value, Mapping):
        inner = (
            {key: _formed(one, depth - 1) for key, one in value.items() if key != "localId"} if depth else {}
        )
        return {key: one for key, one in inner.items() if key != "attrs" or one}
    if isinstance(value, list):
        return [_formed(one, depth - 1) for one in value] if depth else []
    return value


def _is_blank(form: Node) -> bool:
    """Whether it is an editor's empty page: no nodes, or paragraphs without any."""
    return all(_kind(one) == "paragraph" and not _content(one) for one in _content(form))


def _kind(node: Node) -> str:
    kind = node.get("type")
    return kind if isinstance(kind, str) else ""


def _attrs(node: Node) -> Mapping[str, Any]:
    attrs = node.get("attrs")
    return attrs if isinstance(attrs, Mapping) else {}


def _content(node: Node) -> list[Node]:
    content = node.get("content")
    return [one for one in content if isinstance(one, Mapping)] if isinstance(content, list) else []


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for one in _content(node):
        yield from _walk(one)


def _rewritten(node: Node, change: Callable[[Node], list[Node]]) -> Node:
    """Replace each node below by what ``change`` makes of it, from the leaves up."""
    content = node.get("content")
    if not isinstance(content, list):
        return node
    changed = (change(_rewritten(one, change)) if isinstance(one, Mapping) else [one] for one in content)
    return {**node, "content": [one for some in changed for one in some]}


def _unframed(frame: Node) -> list[Node]:
    """Take what a frame's media became out of it: paragraphs do not fit into one."""
    content = _content(frame)
    if all(_kind(one) != "paragraph" for one in content):
        return [frame]
    return [_alone(one) for one in content]


def _alone(part: Node) -> Node:
    """Let a part of a frame stand by itself: a picture from elsewhere in its own frame, a caption as text."""
    if _kind(part) == "media":
        return {"type": "mediaSingle", "content": [part]}
    return {**part, "type": "paragraph"} if _kind(part) == "caption" else part


def _paragraph(*nodes: Node) -> Node:
    return {"type": "paragraph", "content": list(nodes)}


def _text(words: str) -> Node:
    return {"type": "text", "text": words}


def _account(mention: Node) -> str:
    account = _attrs(mention).get("id")
    return account if isinstance(account, str) else ""


def _name(mention: Node) -> str:
    name = _attrs(mention).get("text")
    plain = name.removeprefix("@") if isinstance(name, str) else ""
    return f"@{plain or _NOBODY}"


def _file(media: Node) -> str:
    name = _attrs(media).get("alt")
    return f"[{name if isinstance(name, str) and name else 'attachment'}]"
