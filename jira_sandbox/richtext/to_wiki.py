"""Atlassian documents to wiki text, in the forms that Jira Cloud's own API v2 gives.

What wiki text cannot say is lost, as it is there: a task is a bullet, an expand its title and body.
https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from jira_sandbox.richtext.document import INLINE, text_of
from jira_sandbox.state.values import Json

PANELS = {
    "info": "#deebff",
    "note": "#eae6ff",
    "tip": "#e3fcef",
    "success": "#e3fcef",
    "warning": "#fffae6",
    "error": "#ffebe6",
}
_SIGNS = {"strong": "*", "em": "_", "strike": "-", "underline": "+"}
_ALWAYS = re.compile(r"([\\{}\[\]])")
_OPENING = re.compile(r"(?<!\w)([*_\-+~^])(?=[^\s])")
_LINE_START = re.compile(r"^(?=([*#-]+|h[1-6]\.|bq\.)\s|-{4,}$|\|)", re.MULTILINE)


def to_wiki(document: Json) -> str:
    """Give the wiki text of a document; nothing for None."""
    return _blocks(document["content"]).strip("\n") if document else ""


def _blocks(nodes: list[Json], apart: str = "\n\n") -> str:
    return apart.join(_block(node) for node in nodes)


def _block(node: Json) -> str:
    return _BLOCKS.get(node["type"], _other)(node)


def _paragraph(node: Json) -> str:
    return _LINE_START.sub(r"\\", _inline(_content(node)))


def _heading(node: Json) -> str:
    return f"h{_attrs(node).get('level', 1)}. {_inline(_content(node))}"


def _list(node: Json) -> str:
    return "\n".join(_items(node, ""))


def _code(node: Json) -> str:
    language = f":{_attrs(node)['language']}" if _attrs(node).get("language") else ""
    return f"{{code{language}}}\n{text_of(node)}\n{{code}}"


def _quote(node: Json) -> str:
    return f"{{quote}}\n{_blocks(_content(node))}\n{{quote}}"


def _panel(node: Json) -> str:
    color = PANELS.get(_attrs(node).get("panelType", "info"), PANELS["info"])
    return f"{{panel:bgColor={color}}}\n{_blocks(_content(node))}\n{{panel}}"


def _table(node: Json) -> str:
    return "\n".join(_row(row) for row in _content(node))


def _expand(node: Json) -> str:
    title = _attrs(node).get("title")
    return f"*{title}*\n\n{_blocks(_content(node))}" if title else _blocks(_content(node))


def _media(node: Json) -> str:
    return "\n".join(f"!{_attrs(each).get('id', '')}!" for each in _content(node))


def _other(node: Json) -> str:
    is_inline = any(each["type"] in INLINE for each in _content(node))
    return _inline(_content(node)) if is_inline else _blocks(_content(node))


_BLOCKS: dict[str, Callable[[Json], str]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bulletList": _list,
    "orderedList": _list,
    "taskList": _list,
    "decisionList": _list,
    "codeBlock": _code,
    "blockquote": _quote,
    "panel": _panel,
    "rule": lambda _node: "----",
    "table": _table,
    "expand": _expand,
    "nestedExpand": _expand,
    "mediaSingle": _media,
    "mediaGroup": _media,
}


def _content(node: Json) -> list[Json]:
    return list(node.get("content", []))


def _attrs(node: Json) -> dict[str, Json]:
    return dict(node.get("attrs", {}))


def _items(node: Json, before: str) -> list[str]:
    sign = before + ("#" if node["type"] == "orderedList" else "*")
    lines: list[str] = []
    for item in _content(node):
        if item["type"].endswith("List"):
            lines += _items(item, sign)
            continue
        own = [each for each in _content(item) if not each["type"].endswith("List")]
        is_inline = item["type"] in {"taskItem", "decisionItem"}
        lines.append(f"{sign} {_inline(own) if is_inline else _blocks(own, apart=chr(10))}")
        for each in _content(item):
            if each["type"].endswith("List"):
                lines += _items(each, sign)
    return lines


def _row(row: Json) -> str:
    shown, sign = "", "|"
    for cell in row.get("content", []):
        sign = "||" if cell["type"] == "tableHeader" else "|"
        text = _blocks(cell.get("content", []), apart="\n").replace("|", "\\|")
        shown += f"{sign}{text or ' '}"
    return shown + sign


def _inline(nodes: list[Json]) -> str:
    return "".join(_marked(node) for node in nodes)


def _marked(node: Json) -> str:
    marks = {mark["type"]: mark.get("attrs", {}) for mark in node.get("marks") or []}
    shown = f"{{{{{node.get('text', '')}}}}}" if "code" in marks else _LEAVES.get(node["type"], text_of)(node)
    inner = shown.strip(" ")
    if not inner:
        return shown
    before, after = shown[: len(shown) - len(shown.lstrip(" "))], shown[len(shown.rstrip(" ")) :]
    for name, sign in _SIGNS.items():
        if name in marks:
            inner = f"{sign}{inner}{sign}"
    if "subsup" in marks:
        sign = "~" if marks["subsup"].get("type") == "sub" else "^"
        inner = f"{sign}{inner}{sign}"
    if "textColor" in marks:
        inner = f"{{color:{marks['textColor'].get('color', '')}}}{inner}{{color}}"
    if "link" in marks:
        inner = f"[{inner}|{marks['link'].get('href', '')}]"
    return before + inner + after


def _text(node: Json) -> str:
    return _OPENING.sub(r"\\\1", _ALWAYS.sub(r"\\\1", node["text"]))


def _card(node: Json) -> str:
    url = _attrs(node).get("url", "")
    return f"[{url}|{url}|smart-link]"


def _date(node: Json) -> str:
    return f"{datetime.fromtimestamp(int(_attrs(node).get('timestamp', 0)) / 1000, UTC):%Y-%m-%d}"


def _emoji(node: Json) -> str:
    return str(_attrs(node).get("shortName") or _attrs(node).get("text") or "")


_LEAVES: dict[str, Callable[[Json], str]] = {
    "text": _text,
    "hardBreak": lambda _node: "\n",
    "mention": lambda node: f"[~accountid:{_attrs(node).get('id', '')}]",
    "inlineCard": _card,
    "date": _date,
    "emoji": _emoji,
}
