"""Wiki text within a line, to the inline nodes of a document."""

import re
from collections.abc import Mapping

from jira_sandbox.state.values import Json

EMOJI = {
    ":smile:": "😄",
    ":slight_smile:": "🙂",
    ":thumbsup:": "👍",
    ":warning:": "⚠",
    ":check_mark:": "✅",
    ":tada:": "🎉",
}
"""The emoji this Jira knows by name; others stay text."""
_SIGNS = {"*": "strong", "_": "em", "-": "strike", "+": "underline", "~": "sub", "^": "sup"}
_TOKEN = re.compile(
    r"""\\(?P<escaped>[^a-zA-Z0-9\s])
      | \{\{(?P<code>.+?)\}\}
      | \[~accountid:(?P<mention>[^\]\s]+)\]
      | \[(?P<link>(?:\\.|[^\[\]\n\\])+)\]
      | \{color:(?P<color>[^}\n]+)\}(?P<colored>.+?)\{color\}
      | (?<![\w\\])(?P<sign>[*_\-+~^])(?=\S)(?P<marked>(?:\\.|[^\n\\])+?)(?<=[^\s\\])(?P=sign)(?!\w)
      | (?P<emoji>:[a-z_]+:)
      | (?P<newline>\n)""",
    re.VERBOSE | re.DOTALL,
)
_URL = re.compile(r"(https?|ftp|mailto|file):\S+|/\S*|#\S+")


def inline(text: str, names: Mapping[str, str], marks: tuple[Json, ...] = ()) -> list[Json]:
    """Give the nodes of ``text``, all with ``marks``; ``names`` has display names by account id."""
    nodes: list[Json] = []
    at = 0
    for found in _TOKEN.finditer(text):
        _append(nodes, text[at : found.start()], marks)
        nodes += _node(found, names, marks)
        at = found.end()
    _append(nodes, text[at:], marks)
    return _joined(nodes)


def _node(found: re.Match[str], names: Mapping[str, str], marks: tuple[Json, ...]) -> list[Json]:
    given = found.groupdict()
    if given["sign"]:
        return inline(given["marked"], names, (*marks, _mark(given["sign"])))
    if given["colored"]:
        color = {"type": "textColor", "attrs": {"color": given["color"]}}
        return inline(given["colored"], names, (*marks, color))
    if given["link"]:
        return _link(given["link"], names, marks)
    return [_leaf(found, names, marks)]


def _leaf(found: re.Match[str], names: Mapping[str, str], marks: tuple[Json, ...]) -> Json:
    match found.lastgroup, found[found.lastgroup or 0]:
        case "escaped", sign:
            return _text(sign, marks)
        case "code", text:
            return _text(text, ({"type": "code"},))
        case "mention", number:
            return {"type": "mention", "attrs": {"id": number, "text": f"@{names.get(number, number)}"}}
        case "emoji", name if name in EMOJI:
            return {"type": "emoji", "attrs": {"shortName": name, "text": EMOJI[name]}}
        case "newline", _:
            return {"type": "hardBreak"}
    return _text(found[0], marks)


def _link(inside: str, names: Mapping[str, str], marks: tuple[Json, ...]) -> list[Json]:
    label, _, rest = inside.rpartition("|") if "|" in inside else ("", "", inside)
    if rest == "smart-link":
        return [{"type": "inlineCard", "attrs": {"url": label.partition("|")[0]}}]
    if not _URL.fullmatch(rest):
        return [_text(f"[{inside}]", marks)]
    link = {"type": "link", "attrs": {"href": rest}}
    return inline(label, names, (*marks, link)) if label else [_text(rest, (*marks, link))]


def _mark(sign: str) -> Json:
    name = _SIGNS[sign]
    return {"type": "subsup", "attrs": {"type": name}} if name in {"sub", "sup"} else {"type": name}


def _text(text: str, marks: tuple[Json, ...]) -> Json:
    return {"type": "text", "text": text} | ({"marks": list(marks)} if marks else {})


def _append(nodes: list[Json], text: str, marks: tuple[Json, ...]) -> None:
    if text:
        nodes.append(_text(text, marks))


def _joined(nodes: list[Json]) -> list[Json]:
    """Join neighbouring texts with the same marks, as an editor would have them."""
    joined: list[Json] = []
    for node in nodes:
        last = joined[-1] if joined else {}
        if node["type"] == last.get("type") == "text" and node.get("marks") == last.get("marks"):
            joined[-1] = {**last, "text": last["text"] + node["text"]}
        else:
            joined.append(node)
    return joined
