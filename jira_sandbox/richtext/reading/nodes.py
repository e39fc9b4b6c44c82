"""Small pieces of documents, and what is asked of them."""

from collections.abc import Iterable

from jira_sandbox.richtext.document import INLINE
from jira_sandbox.state.values import Json

SPACES = " \t\n\v\f\r\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""What JavaScript trims off a text, which is not quite what Python does."""
BREAK: Json = {"type": "hardBreak"}


def node(kind: str, content: Iterable[Json] = (), **attrs: Json) -> Json:
    """Make a node, its neighbouring texts with the same marks joined; no empty attributes or content."""
    inside = _joined(content)
    made: Json = {"type": kind}
    return made | ({"attrs": attrs} if attrs else {}) | ({"content": inside} if inside else {})


def texts(words: str, *marks: Json) -> list[Json]:
    """Make the one text node of some words, none when there are none."""
    if not words:
        return []
    return [{"type": "text", "text": words} | ({"marks": list(marks)} if marks else {})]


def is_block(each: Json) -> bool:
    """Whether a node stands on its own, not in a line."""
    return each["type"] not in INLINE


def marked(each: Json, mark: Json) -> Json:
    """Add a mark to a text that has neither one of the kind nor is code; anything else is as it was."""
    held = each.get("marks", [])
    if each["type"] != "text" or any(one["type"] in {mark["type"], "code"} for one in held):
        return each
    return each | {"marks": [*held, mark]}


def words_of(each: Json) -> str:
    """Give the text of a node; what has none (mentions, breaks, pictures) counts as empty."""
    return each.get("text", "") if each["type"] == "text" else "".join(map(words_of, each.get("content", [])))


def _joined(nodes: Iterable[Json]) -> list[Json]:
    joined: list[Json] = []
    for each in nodes:
        last = joined[-1] if joined else {}
        if each["type"] == last.get("type") == "text" and each.get("marks") == last.get("marks"):
            joined[-1] = {**last, "text": last["text"] + each["text"]}
        else:
            joined.append(each)
    return joined
