"""Wiki text to Atlassian documents: block by block."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from jira_sandbox.richtext.inline import inline
from jira_sandbox.richtext.to_wiki import PANELS
from jira_sandbox.state.values import Json

_FENCE = re.compile(r"\{(?P<kind>code|noformat|quote|panel)(?::(?P<given>[^}]*))?\}")
_HEADING = re.compile(r"h([1-6])\.\s+(.*)")
_ITEM = re.compile(r"([*#-]+)\s+(.*)")
_ROW = re.compile(r"\|")
_RULE = re.compile(r"-{4,}\s*")
_CELL = re.compile(r"(\|\|?)((?:\\.|\[[^\]\n]*\]|[^|\\])*)")
_LANGUAGE = re.compile(r"(?:.*\blanguage=)?(\w+)(?:\|.*)?")
_TYPES = {color: name for name, color in reversed(PANELS.items())}


def from_wiki(text: str, names: Mapping[str, str] | None = None) -> Json:
    """Give the document of a wiki text, None when there is no text; ``names`` has people by account id."""
    blocks = _Reader(text.replace("\r\n", "\n").split("\n"), names or {}).blocks()
    return {"type": "doc", "version": 1, "content": blocks} if blocks else None


@dataclass(slots=True)
class _Reader:
    """Reads lines from the first to the last; ``_open`` are those of a paragraph not yet ended."""

    lines: list[str]
    names: Mapping[str, str]
    _found: list[Json] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def blocks(self) -> list[Json]:
        while self.lines:
            line = self.lines.pop(0)
            if not line.strip():
                self._end_paragraph()
            elif not self._block(line):
                self._open.append(line)
        self._end_paragraph()
        return self._found

    def _block(self, line: str) -> bool:
        """Read the block that begins here, and tell whether there is one other than a paragraph."""
        fence = _FENCE.match(line.strip())
        heading = _HEADING.match(line)
        if fence:
            self._add(self._fenced(fence, line.strip()[fence.end() :]))
        elif heading:
            self._add(self._heading(int(heading[1]), heading[2]))
        elif _RULE.fullmatch(line):
            self._add({"type": "rule"})
        elif _ITEM.match(line):
            self._add(*self._lists([line, *self._taken(_ITEM)]))
        elif line.startswith("|"):
            self._add(self._table([line, *self._taken(_ROW)]))
        elif line.startswith("bq. "):
            self._add(_node("blockquote", [_node("paragraph", inline(line[4:], self.names))]))
        else:
            return False
        return True

    def _add(self, *nodes: Json) -> None:
        self._end_paragraph()
        self._found += nodes

    def _end_paragraph(self) -> None:
        if self._open:
            self._found.append(_node("paragraph", inline("\n".join(self._open), self.names)))
            self._open = []

    def _taken(self, pattern: re.Pattern[str]) -> list[str]:
        """Take the following lines that fit as well."""
        taken = []
        while self.lines and pattern.match(self.lines[0]):
            taken.append(self.lines.pop(0))
        return taken

    def _fenced(self, fence: re.Match[str], rest: str) -> Json:
        kind, given = fence["kind"], fence["given"] or ""
        inside = self._until(f"{{{kind}}}", rest)
        if kind in {"code", "noformat"}:
            language = _LANGUAGE.fullmatch(given) if kind == "code" else None
            node: Json = {"type": "codeBlock", "attrs": {"language": language[1]} if language else {}}
            return node | {"content": [{"type": "text", "text": inside}]} if inside else node
        blocks = _Reader(inside.split("\n"), self.names).blocks() or [{"type": "paragraph"}]
        if kind == "quote":
            return _node("blockquote", blocks)
        color = next((part[8:] for part in given.split("|") if part.startswith("bgColor=")), "").lower()
        return {"type": "panel", "attrs": {"panelType": _TYPES.get(color, "info")}, "content": blocks}

    def _until(self, end: str, rest: str) -> str:
        """Take everything up to the closing fence, or to the last line when it is never closed."""
        taken: list[str] = []
        line = rest
        while end not in line:
            taken.append(line)
            if not self.lines:
                return "\n".join(taken).strip("\n")
            line = self.lines.pop(0)
        inside, _, after = line.partition(end)
        if after.strip():
            self.lines.insert(0, after)
        return "\n".join([*taken, inside]).strip("\n")

    def _heading(self, level: int, text: str) -> Json:
        return {"type": "heading", "attrs": {"level": level}, "content": inline(text, self.names)}

    def _lists(self, lines: list[str]) -> list[Json]:
        items = [(found[1], found[2]) for line in lines if (found := _ITEM.match(line))]
        return self._nested(items, 1)

    def _nested(self, items: list[tuple[str, str]], depth: int) -> list[Json]:
        """Make lists of the items from ``depth`` downwards; deeper ones belong to the item before them."""
        lists: list[Json] = []
        while items:
            sign, text = items[0]
            deeper = []
            if len(sign) == depth:
                items = items[1:]
            while items and len(items[0][0]) > depth:
                deeper.append(items[0])
                items = items[1:]
            own = inline(text, self.names) if len(sign) == depth else []
            kind = "orderedList" if sign[depth - 1] == "#" else "bulletList"
            item = _node("listItem", [_node("paragraph", own), *self._nested(deeper, depth + 1)])
            if lists and lists[-1]["type"] == kind:
                lists[-1]["content"].append(item)
            else:
                lists.append(_node(kind, [item]))
        return lists

    def _table(self, lines: list[str]) -> Json:
        return _node("table", [_node("tableRow", list(self._cells(line))) for line in lines])

    def _cells(self, line: str) -> list[Json]:
        found = [(each[1], each[2]) for each in _CELL.finditer(line)]
        return [
            _node(
                "tableHeader" if sign == "||" else "tableCell",
                [_node("paragraph", inline(text.strip(), self.names))],
            )
            for place, (sign, text) in enumerate(found)
            if text.strip() or place < len(found) - 1
        ]


def _node(kind: str, content: list[Json]) -> Json:
    return {"type": kind, "content": content} if content else {"type": kind}
