"""Tables: ``||head||head||`` and ``|cell|cell|``, a row a line; a cell goes on over lines up to its pipe."""

import re

from jira_sandbox.richtext.document import INLINE
from jira_sandbox.richtext.reading.emojis import emoji
from jira_sandbox.richtext.reading.links import link
from jira_sandbox.richtext.reading.macros import extent
from jira_sandbox.richtext.reading.nodes import marked, node
from jira_sandbox.richtext.reading.normal import blocks
from jira_sandbox.richtext.reading.pictures import read as picture
from jira_sandbox.richtext.reading.tokens import DASHES, NEWLINE, Kind, Spot, Token, Unfit, macro
from jira_sandbox.state.values import Json

_PIPES = re.compile(r"[ \t]*(\|+)")
_EMPTY = re.compile(r"[ \t]*\r?\n")
_BLANK = re.compile(r"[ \t]*")
_STOP = re.compile(r"[|\r\n:;(\[!{]")
_IGNORED = DASHES | {Kind.TABLE, Kind.RULE}
_BLOCKS = """
    paragraph panel blockquote orderedList bulletList rule heading codeBlock mediaSingle mediaGroup
    decisionList taskList blockCard embedCard extension nestedExpand
"""
_IN_CELLS = frozenset(_BLOCKS.split())
_STRONG: Json = {"type": "strong"}
_ATTRS: dict[str, Json] = {"isNumberColumnEnabled": False, "layout": "default"}


def read(spot: Spot) -> Token:
    """Read rows up to an empty line, or one that does not begin with a pipe after a row that was closed."""
    table = _Table(spot)
    length = table.run()
    return Token(length, nodes=[node("table", table.rows or [_row([_cell("|", [])])], **_ATTRS)])


class _Table:
    """One way through a table; ``_plain`` is the cell not yet ended, ``_style`` the pipes before it."""

    __slots__ = ("_at", "_cells", "_plain", "_spot", "_style", "rows")

    def __init__(self, spot: Spot) -> None:
        self._spot, self._at, self._style = spot, spot.at, ""
        self._plain: list[str] = []
        self._cells: list[Json] = []
        self.rows: list[Json] = []

    def run(self) -> int:
        """Read all and give how long it was."""
        text = self._spot.text
        while opening := _PIPES.match(text, self._at):
            self._at, self._style = opening.end(), opening[1]
            if not self._row():
                return self._at - self._spot.at
        self._end_row()
        return self._at - self._spot.at

    def _row(self) -> bool:
        """Read up to the end of a row; False when it is that of the table as well."""
        text = self._spot.text
        while stop := _STOP.search(text, self._at):
            self._plain.append(text[self._at : stop.start()])
            self._at = stop.start()
            if newline := NEWLINE.match(text, self._at):
                ended = self._ends_row(newline)
                if ended is not None:
                    return ended
            elif stop[0] == "|":
                self._end_cell()
                self._plain = []
                pipes = _PIPES.match(text, self._at)
                self._style = pipes[1] if pipes else "|"
                self._at += len(self._style)
            else:
                self._fly_over(stop[0])
        self._plain.append(text[self._at :])
        self._at = len(text)
        self._close()
        return False

    def _ends_row(self, newline: re.Match[str]) -> bool | None:
        """Tell whether a line's end is the row's (True) or the table's (False); None if the cell goes on."""
        text = self._spot.text
        last = text.rfind("|", 0, self._at) + 1
        self._at = newline.end()
        blank = _BLANK.match(text, last, newline.start())
        if blank and blank.end() == newline.start() == last:
            self._close()
            return True
        self._plain.append(newline[0])
        if _EMPTY.match(text, self._at):
            self._end_cell()
            self._end_row()
            return False
        if _PIPES.match(text, self._at):
            self._close()
            return True
        return None

    def _fly_over(self, sign: str) -> None:
        """Take links, pictures, emoji and macros whole: a pipe in them ends no cell."""
        text, at = self._spot.text, self._at
        here = Spot(text, at, self._spot.read, self._spot.dead)
        length = 1
        if sign == "{":
            kind = macro(text, at)
            length = extent(text, at, kind)[0] if kind else 1
        elif sign == "[":
            length = link(here).length
        else:
            length = (picture if sign == "!" else emoji)(here).length
        self._plain.append(text[at : at + length])
        self._at += length

    def _close(self) -> None:
        if "".join(self._plain).strip():
            self._end_cell()
            self._plain = []
        self._end_row()

    def _end_row(self) -> None:
        if self._cells:
            self.rows.append(_row(self._cells))
            self._cells = []

    def _end_cell(self) -> None:
        inside = "".join(self._plain)
        if not inside:
            return
        content = self._spot.read(inside, _IGNORED)
        if self._style == "||":
            content = [_strong(each) for each in content]
        held = blocks(content)
        if any(each["type"] not in _IN_CELLS for each in held):
            raise Unfit
        self._cells.append(_cell(self._style, held))


def _strong(each: Json) -> Json:
    if each["type"] in INLINE:
        return marked(each, _STRONG)
    if each["type"] == "codeBlock" or not each.get("content"):
        return each
    return each | {"content": [_strong(one) for one in each["content"]]}


def _row(cells: list[Json]) -> Json:
    return node("tableRow", cells)


def _cell(style: str, held: list[Json]) -> Json:
    kind = "tableHeader" if "||" in style else "tableCell"
    return {"type": kind, "attrs": {}, "content": held or [{"type": "paragraph"}]}
