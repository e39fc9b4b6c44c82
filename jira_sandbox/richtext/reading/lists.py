"""Lists: lines that begin with ``*``, ``#`` or ``-``, as many of them as the item is deep.

An item goes on over the lines after it; an empty line ends the list.
"""

import re
from dataclasses import dataclass, field
from typing import Self

from jira_sandbox.richtext.reading.macros import extent
from jira_sandbox.richtext.reading.nodes import SPACES, marked, node, words_of
from jira_sandbox.richtext.reading.normal import blocks
from jira_sandbox.richtext.reading.tokens import NEWLINE, Kind, Spot, Token, macro
from jira_sandbox.state.values import Json

_ITEM = re.compile(r" *([*\-#]{1,20}) ")
_EMPTY = re.compile(r"[ \t]*\r?\n")
_RULE = re.compile(r"-{4,5}")
_STOP = re.compile(r"[\r\n{]")
_IGNORED = frozenset({Kind.FOUR_DASHES, Kind.LIST, Kind.TABLE})
_IN_ITEMS = frozenset({"paragraph", "orderedList", "bulletList", "mediaSingle", "codeBlock"})
_LISTS = frozenset({"bulletList", "orderedList"})
_STRONG: Json = {"type": "strong"}


@dataclass(slots=True)
class _Item:
    content: list[Json]
    inside: list["_List"] = field(default_factory=list)


@dataclass(slots=True)
class _List:
    kind: str
    around: Self | None = None
    items: list[_Item] = field(default_factory=list)


def read(spot: Spot) -> Token:
    """Read all items up to an empty line or the end of the text."""
    pieces, end = _cut(spot.text, spot.at)
    made: list[Json] = []
    builder: _Builder | None = None
    for signs, text in pieces:
        if builder is None or (len(signs) == 1 and _kind(signs) != builder.root.kind):
            made += _nodes(builder.root) if builder else []
            builder = _Builder(_kind(signs))
        content = spot.read(text, _IGNORED, spaced=True) if text else []
        builder.add(signs, _sanitized(blocks(content)))
    made += _nodes(builder.root) if builder else []
    return Token(end - spot.at, nodes=made)


def _cut(text: str, at: int) -> tuple[list[tuple[str, str]], int]:
    """Give the signs and the text of each item, and where the list ends."""
    pieces: list[tuple[str, str]] = []
    start = at
    while at < len(text):
        found = _ITEM.match(text, at)
        if found and not _is_rule(text, at, found[1]):
            if pieces:
                pieces[-1] = (pieces[-1][0], text[start:at])
            pieces.append((found[1], ""))
            start = found.end()
        if _EMPTY.match(text, at):
            break
        at = _line_end(text, start if found and start > at else at)
    if pieces:
        pieces[-1] = (pieces[-1][0], text[start:at])
    return pieces, at


def _is_rule(text: str, at: int, signs: str) -> bool:
    rule = _RULE.match(signs)
    return bool(rule and _EMPTY.match(text, at + len(rule[0])))


def _line_end(text: str, at: int) -> int:
    """Give where the line after this one begins; ends of lines within macros are none."""
    while stop := _STOP.search(text, at):
        if newline := NEWLINE.match(text, stop.start()):
            return newline.end()
        kind = macro(text, stop.start())
        at = stop.start() + (extent(text, stop.start(), kind)[0] if kind else 1)
    return len(text)


def _sanitized(nodes: list[Json]) -> list[Json]:
    """Items have neither quotes nor headings: those are paragraphs, and the latter strong and in capitals."""
    made: list[Json] = []
    for each in nodes:
        if each["type"] == "blockquote":
            made += each["content"]
        elif each["type"] == "heading":
            made.append(node("paragraph", map(_loud, each.get("content", []))))
        else:
            made.append(each)
    return made


def _loud(each: Json) -> Json:
    return marked(each | {"text": each["text"].upper()}, _STRONG) if each["type"] == "text" else each


def _kind(signs: str) -> str:
    return "orderedList" if signs.endswith("#") else "bulletList"


class _Builder:
    """Puts items into lists in lists; ``root`` is the outermost."""

    __slots__ = ("_depth", "_last", "root")

    def __init__(self, kind: str) -> None:
        self.root = self._last = _List(kind)
        self._depth = 1

    def add(self, signs: str, content: list[Json]) -> None:
        """Add an item as deep as it has signs; a list of another kind is a new one beside the last."""
        depth, kind = len(signs), _kind(signs)
        for _ in range(depth - self._depth):
            self._deeper(kind)
        for _ in range(self._depth - depth):
            self._last = self._last.around or self._last
        self._depth = depth
        if self._last.kind != kind and self._last.around:
            beside = _List(kind, self._last.around)
            self._last.around.items[-1].inside.append(beside)
            self._last = beside
        self._last.items.append(_Item(content))

    def _deeper(self, kind: str) -> None:
        if not self._last.items:
            self._last.items.append(_Item([]))
        inside = _List(kind, self._last)
        self._last.items[-1].inside = [inside]
        self._last = inside


def _nodes(found: _List) -> list[Json]:
    """Give the list, cut in two by each block that no item can hold."""
    made: list[Json] = []
    items: list[Json] = []
    for item in found.items:
        for each in _parts(item):
            if each["type"] == "listItem":
                items.append(each)
                continue
            made += [*_list(found.kind, items), each]
            items = []
    return made + _list(found.kind, items)


def _list(kind: str, items: list[Json]) -> list[Json]:
    if not items:
        return []
    return [node(kind, items, order=1) if kind == "orderedList" else node(kind, items)]


def _parts(item: _Item) -> list[Json]:
    made: list[Json] = []
    held: list[Json] = []
    for each in [*item.content, *(one for inside in item.inside for one in _nodes(inside))]:
        if each["type"] == "paragraph" and _is_blank(each):
            continue
        if each["type"] in _IN_ITEMS:
            held.append(each)
        else:
            made += [_item(held), each]
            held = []
    return [*made, *([_item(held)] if held else [])]


def _is_blank(paragraph: Json) -> bool:
    content = paragraph.get("content", [])
    return all(each["type"] == "text" and not words_of(each).strip(SPACES) for each in content)


def _item(held: list[Json]) -> Json:
    first = held[0]["type"] if held else ""
    lead = [] if first in {"paragraph", "mediaSingle", *_LISTS} else [{"type": "paragraph"}]
    return node("listItem", [*lead, *held])
