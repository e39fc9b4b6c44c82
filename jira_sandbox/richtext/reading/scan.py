"""The way through a text, from sign to sign; what each sign begins is read by the other modules."""

import functools
import re
from collections.abc import Callable

from jira_sandbox.richtext.reading import lists, macros, marks, pictures, tables
from jira_sandbox.richtext.reading.emojis import emoji
from jira_sandbox.richtext.reading.links import address, link
from jira_sandbox.richtext.reading.nodes import BREAK, is_block, node, texts
from jira_sandbox.richtext.reading.normal import blocks
from jira_sandbox.richtext.reading.tokens import (
    DASHES,
    NEWLINE,
    STOP,
    Kind,
    Read,
    Spot,
    Token,
    Unfit,
    as_text,
    leading,
    macro,
    other,
)
from jira_sandbox.state.values import Json

DEEPEST = 30
"""How many things may be in one another before the innermost is plain text; real texts have two or three."""
_HEADING = re.compile(r"h([1-6])\.([^\r\n\u2028\u2029]*)")
_RULE = re.compile(r"-{4,5}(?:\s|\Z)")
_DASHES = re.compile(r"-{4,}(?:\s|\Z)")
_SYMBOLS = {2: "\N{EN DASH}", 3: "\N{EM DASH}"}
_SPACE = re.compile(r"\s")


def read(text: str) -> list[Json]:
    """Give the blocks of a wiki text; of an empty one an empty paragraph."""
    return blocks(_read(text, depth=0), is_document=True)


def _read(
    text: str, ignored: frozenset[Kind] = frozenset(), *, depth: int, spaced: bool = False
) -> list[Json]:
    if depth > DEEPEST:
        return texts(text)
    return _Scan(text, ignored, functools.partial(_read, depth=depth + 1), spaced=spaced).run()


class _Scan:
    """One way through one text.

    ``_plain`` is text not yet a node, ``_line`` are inline nodes and single blocks, ``_breaks`` the ends of
    lines since; two of them end a paragraph, which goes to ``_done``.
    """

    __slots__ = (
        "_at",
        "_breaks",
        "_dead",
        "_done",
        "_ignored",
        "_is_fresh",
        "_is_spaced",
        "_line",
        "_plain",
        "_read",
        "_text",
    )

    def __init__(self, text: str, ignored: frozenset[Kind], inside: Read, *, spaced: bool) -> None:
        self._text, self._ignored, self._read, self._is_spaced = text, ignored, inside, spaced
        self._at, self._is_fresh, self._dead = 0, True, dict[str, int]()
        self._plain: list[str] = []
        self._breaks: list[Json] = []
        self._line: list[Json] = []
        self._done: list[Json] = []

    def run(self) -> list[Json]:
        while self._at < len(self._text):
            if self._is_fresh:
                self._begin_line()
            else:
                self._go_on()
        return self._ended()

    def _begin_line(self) -> None:
        sign = self._text[self._at]
        if sign in " \t":
            self._at += 1
            if self._is_spaced:
                self._plain.append(sign)
            return
        self._is_fresh = False
        found = leading(self._text, self._at) or macro(self._text, self._at) or other(self._text, self._at)
        if found and found not in self._ignored:
            self._take(found)

    def _go_on(self) -> None:
        stop = STOP.search(self._text, self._at)
        end = stop.start() if stop else len(self._text)
        if end > self._at:
            self._plain.append(self._text[self._at : end])
            self._at = end
        if not stop:
            return
        after_brace = bool(self._plain) and self._plain[-1].endswith("{")
        found = (None if after_brace else macro(self._text, end)) or other(self._text, end)
        if found and found not in self._ignored:
            self._take(found)
        elif self._text[end] == "\\":
            self._plain.append(marks.escaped(self._text, end))
            self._at += 2
        else:
            self._plain.append(self._text[end])
            self._at += 1

    def _take(self, kind: Kind) -> None:
        spot = Spot(self._text, self._at, self._read, self._dead)
        try:
            token = _TOKENS[kind](spot)
        except Unfit:
            token = as_text(spot)
        if token.nodes is None:
            self._plain.append(token.text)
        else:
            self._add(token.nodes, is_break=kind is Kind.BREAK)
        self._at += token.length
        self._is_fresh = kind is Kind.BREAK

    def _add(self, nodes: list[Json], *, is_break: bool) -> None:
        if len(self._breaks) >= 2 and (not is_break or self._plain):
            self._done += blocks(self._line)
            groups = bool(self._line and nodes) and self._line[-1]["type"] == nodes[0]["type"] == "mediaGroup"
            self._line = list(self._breaks) if groups else []
            self._breaks = []
        if not self._line:
            self._breaks = []
        if self._breaks and self._needs_break(nodes):
            self._line += self._breaks
            self._breaks = []
        self._line += texts("".join(self._plain))
        if is_break:
            self._breaks += nodes
        elif nodes:
            self._line += nodes
            self._breaks = []
        self._plain = []

    def _needs_break(self, nodes: list[Json]) -> bool:
        """Whether the ends of lines before the new nodes are to be seen; around blocks they are not."""
        after_block = bool(self._line) and is_block(self._line[-1])
        if self._plain:
            return bool(self._line) and not after_block
        shows = bool(nodes) and nodes[0]["type"] != "hardBreak" and not is_block(nodes[0])
        return bool(self._line) and shows and not after_block

    def _ended(self) -> list[Json]:
        rest = "".join(self._plain)
        if rest:
            if len(self._breaks) >= 2:
                self._done += blocks(self._line)
                self._line = []
            elif self._breaks and self._line and not is_block(self._line[-1]):
                self._line += self._breaks
            self._line += texts(rest)
        return [*self._done, *self._line]


def _break(spot: Spot) -> Token:
    found = NEWLINE.match(spot.text, spot.at)
    return Token(len(found[0]) if found else 1, nodes=[BREAK])


def _forced_break(spot: Spot) -> Token:
    r"""Two backslashes end the line, unless one more stands before them or later in the same word."""
    text, after = spot.text, spot.at + 2
    more = text.find("\\", after)
    in_word = more >= 0 and not _SPACE.search(text, after, more)
    if in_word or text[spot.at - 1 : spot.at] == "\\":
        return as_text(spot, 2)
    return Token(2, nodes=[BREAK])


def _heading(spot: Spot) -> Token:
    found = _HEADING.match(spot.text, spot.at)
    if found is None:
        return as_text(spot)
    content = spot.read(found[2], DASHES)
    if any(map(is_block, content)):
        return Token(4)
    return Token(len(found[0]), nodes=[node("heading", content, level=int(found[1]))])


def _rule(spot: Spot) -> Token:
    found = _RULE.match(spot.text, spot.at)
    return Token(len(found[0]), nodes=[{"type": "rule"}]) if found else as_text(spot)


def _dash(length: int, spot: Spot) -> Token:
    """Dashes between spaces are one long dash; at the end of a line as at its beginning."""
    before = spot.text[spot.at - 1 : spot.at] if spot.at else ""
    after = spot.text[spot.at + length : spot.at + length + 1]
    alone = not (before.strip() or after.strip())
    return Token(length, _SYMBOLS[length]) if alone else as_text(spot, length)


def _four_dashes(spot: Spot) -> Token:
    found = _DASHES.match(spot.text, spot.at)
    return as_text(spot, len(found[0]) if found else 4)


_TOKENS: dict[Kind, Callable[[Spot], Token]] = {
    **macros.TOKENS,
    **marks.TOKENS,
    Kind.HEADING: _heading,
    Kind.RULE: _rule,
    Kind.LIST: lists.read,
    Kind.TABLE: tables.read,
    Kind.LINK: link,
    Kind.ADDRESS: address,
    Kind.PICTURE: pictures.read,
    Kind.BREAK: _break,
    Kind.FORCED_BREAK: _forced_break,
    Kind.TWO_DASHES: functools.partial(_dash, 2),
    Kind.THREE_DASHES: functools.partial(_dash, 3),
    Kind.FOUR_DASHES: _four_dashes,
    Kind.EMOJI: emoji,
}
