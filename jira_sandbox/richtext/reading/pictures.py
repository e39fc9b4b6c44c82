"""Pictures: ``!name.png|width=20%,alt="words"!``. The name stands where a document has a media id."""

import re

from jira_sandbox.richtext.reading.links import ADDRESS
from jira_sandbox.richtext.reading.macros import attributes
from jira_sandbox.richtext.reading.marks import enclosed
from jira_sandbox.richtext.reading.nodes import node
from jira_sandbox.richtext.reading.tokens import Spot, Token, as_text
from jira_sandbox.state.values import Json

WIDTH, HEIGHT = 200, 183
"""Of a picture of which wiki text says nothing, in pixels."""
_NUMBER = re.compile(r"\s*([+-]?\d+)")


def read(spot: Spot) -> Token:
    """Read a picture: one of the work item's files, or one from elsewhere."""
    found = enclosed(spot, "!", "!")
    if found is None:
        return as_text(spot)
    inside, length = found
    name, _, rest = inside.partition("|")
    return Token(length, nodes=[_single(name, attributes(rest.partition("|")[0], ","))])


def _single(name: str, given: dict[str, str]) -> Json:
    size, layout = _size(given)
    alt = {"alt": _bare(given["alt"])} if given.get("alt") else {}
    if ADDRESS.match(name):
        media = node("media", type="external", url=name, **size, **alt)
    else:
        media = node("media", type="file", id=name, collection="", **size, **alt)
    if given.get("href"):
        media["marks"] = [{"type": "link", "attrs": {"href": _bare(given["href"])}}]
    return node("mediaSingle", [media], **layout)


def _size(given: dict[str, str]) -> tuple[dict[str, Json], dict[str, Json]]:
    """Give the attributes of the picture and of what is around it, which has the width in percent."""
    width = _number(given.get("width", ""))
    if given.get("width", "").endswith("%"):
        percent = {"width": max(0, min(100, width))} if width is not None else {}
        return {}, percent | {"layout": "center"}
    height = _number(given.get("height", ""))
    size = {"height": HEIGHT if height is None else height, "width": WIDTH if width is None else width}
    return size, {"layout": "center"}


def _number(text: str) -> int | None:
    found = _NUMBER.match(text)
    return int(found[1]) if found else None


def _bare(text: str) -> str:
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] == '"' else text
