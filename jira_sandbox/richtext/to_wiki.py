"""Atlassian documents to wiki text, as Jira Cloud gives them in its API v2 and in webhooks.

The rules are those of ``@atlaskit/editor-wikimarkup-transformer`` 12.2.2, of which more in ``reading``. What
wiki text cannot say is lost, as it is there: a task is a bullet, an expand its title and body, a status
colored text. What has no form at all is told as it is, between ``{adf}``; ``claims`` has the whole list.
"""

import json
from collections.abc import Callable

from jira_sandbox.richtext.colors import PANELS
from jira_sandbox.richtext.inlines import attrs, inline, marks, picture
from jira_sandbox.richtext.written import Written
from jira_sandbox.state.values import Json

_TOLD = """
    actionscript ada applescript bash c c# c++ cpp css erlang go groovy haskell html java javascript js
    json lua none nyan objc perl php python r rainbow ruby scala sh sql swift visualbasic xml yaml
"""
_LANGUAGES = frozenset(_TOLD.split())
_NESTED = frozenset({"bulletList", "orderedList", "taskList"})
_IN_ITEMS = frozenset({"paragraph", "codeBlock", "mediaInline", "mediaSingle"})


def to_wiki(document: Json) -> str:
    """Give the wiki text of a document, that which it was made of if there was one; nothing for None."""
    if isinstance(document, Written):
        return document.source
    return "\n\n".join(map(_block, _content(document))).replace("\0", "") if document else ""


def _block(node: Json) -> str:
    return _BLOCKS.get(node["type"], _as_it_is)(node)


def _as_it_is(node: Json) -> str:
    """Tell what wiki text has no form for."""
    return f"{{adf:display=block}}\n{json.dumps(node, ensure_ascii=False, separators=(',', ':'))}\n{{adf}}"


def _paragraph(node: Json) -> str:
    return "".join(map(inline, _content(node)))


def _heading(node: Json) -> str:
    return f"h{attrs(node).get('level', 1)}. {_paragraph(node)}"


def _code(node: Json) -> str:
    words = "".join(_verbatim(each) for each in _content(node))
    language = attrs(node).get("language")
    return (
        f"{{code:{language}}}{words}{{code}}"
        if language in _LANGUAGES
        else f"{{noformat}}{words}{{noformat}}"
    )


def _verbatim(node: Json) -> str:
    return str(node["text"]) if node["type"] == "text" else inline(node)


def _quote(node: Json) -> str:
    inside = "\n\n".join(map(_block, _content(node)))
    return f"{{quote}}{inside}{{quote}}"


def _panel(node: Json) -> str:
    inside = "\n\n".join(map(_block, _content(node)))
    return f"{{panel:bgColor={PANELS.get(attrs(node).get('panelType', 'info'), '')}}}\n{inside}\n{{panel}}"


def _expand(node: Json) -> str:
    return "\n".join([f"*{attrs(node).get('title', '')}*", "", *map(_block, _content(node))])


def _synced(node: Json) -> str:
    return "\n".join(map(_block, _content(node)))


def _list(node: Json) -> str:
    sign = "#" if node["type"] == "orderedList" else "*"
    return "\n".join(_item(each, sign) for each in _content(node))


def _item(item: Json, sign: str) -> str:
    """Tell an item, its first lines again with each list that others of its blocks come after."""
    lines: list[str] = []
    held: list[str] = []
    for each in _content(item):
        if each["type"] in _NESTED:
            lines += [f"{sign} {_lines(held)}"] if held else []
            held = []
            lines += [
                f"{sign}{line}" if line[:1] in {"#", "*"} else line for line in _block(each).split("\n")
            ]
        else:
            held.append(_block(each) if each["type"] in _IN_ITEMS else _as_it_is(each))
    return "\n".join([*lines, *([f"{sign} {_lines(held)}"] if held else [])])


def _lines(held: list[str]) -> str:
    return "\n".join(held)


def _tasks(node: Json, depth: int = 1) -> str:
    return "\n".join(
        _tasks(each, depth + 1) if each["type"] == "taskList" else _task(each, "*" * depth)
        for each in _content(node)
    )


def _task(item: Json, sign: str) -> str:
    """Tell a task; the vendor repeats the sign before each piece of it."""
    is_done = attrs(item).get("state") == "DONE"
    pieces = [inline(each) for each in _content(item)]
    return "".join(f"{sign} -{each}-" if is_done else f"{sign} {each}" for each in pieces)


def _decisions(node: Json) -> str:
    """Tell decisions; the vendor repeats the sign before each piece of one."""
    return "\n".join("".join(f"* <> {inline(each)}" for each in _content(item)) for item in _content(node))


def _table(node: Json) -> str:
    """Tell a table, unless some of its cells are merged: wiki text has no form for those."""
    cells = [cell for row in _content(node) for cell in _content(row)]
    if any(attrs(cell).get(name, 1) not in {0, 1, None} for cell in cells for name in ("colspan", "rowspan")):
        return _as_it_is(node)
    return "\n".join(map(_row, _content(node)))


def _row(row: Json) -> str:
    signs = ["||" if cell["type"] == "tableHeader" else "|" for cell in _content(row)]
    cells = ["\n".join(map(_block, _content(cell))).strip() or " " for cell in _content(row)]
    shown = "".join(f"{sign}{cell}" for sign, cell in zip(signs, cells, strict=True))
    return shown + (signs[-1] if signs else "|")


def _media(node: Json) -> str:
    return "\n".join(_medium(each, node) for each in _content(node))


def _medium(node: Json, around: Json) -> str:
    match node["type"]:
        case "media":
            return picture(node, attrs(around).get("width"), marks(node).get("link", {}).get("href"))
        case "caption":
            return _paragraph(node)
    return _as_it_is(node)


def _card(sign: str) -> Callable[[Json], str]:
    def told(node: Json) -> str:
        url = attrs(node).get("url")
        return f"[{url}|{url}|{sign}]" if url else _as_it_is(node)

    return told


def _content(node: Json) -> list[Json]:
    return list(node.get("content") or [])


_BLOCKS: dict[str, Callable[[Json], str]] = {
    "paragraph": _paragraph,
    "caption": _paragraph,
    "heading": _heading,
    "bulletList": _list,
    "orderedList": _list,
    "taskList": _tasks,
    "decisionList": _decisions,
    "codeBlock": _code,
    "blockquote": _quote,
    "panel": _panel,
    "rule": lambda _node: "----",
    "table": _table,
    "expand": _expand,
    "bodiedSyncBlock": _synced,
    "mediaSingle": _media,
    "mediaGroup": _media,
    "mediaInline": inline,
    "blockCard": _card("smart-card"),
    "embedCard": _card("smart-embed"),
}
