"""Words between two signs, as ``*strong*`` or ``{*}strong{*}``: how the second is found, what they mean."""

import functools
import re
from collections.abc import Callable

from jira_sandbox.richtext.reading.macros import extent
from jira_sandbox.richtext.reading.nodes import marked
from jira_sandbox.richtext.reading.tokens import DASHES, NEWLINE, Kind, Spot, Token, as_text, macro
from jira_sandbox.state.values import Json

_ESCAPED = frozenset("-#*_+?^~|%{}[]()!@")
_WORD = re.compile(r"[a-zA-Z0-9]|[^\x00-\x7f\u00a0]")
_LINK = re.compile(r"\[[^\[\]\n]+\]")
_IN_MARKS = DASHES | {Kind.TABLE}
_EVERYTHING = frozenset(Kind)


def escaped(text: str, at: int) -> str:
    """Give what a backslash and the sign after it are: that sign alone if Jira lets it be escaped.

    A backslash after another one escapes nothing.
    """
    sign = text[at + 1 : at + 2]
    return sign if sign in _ESCAPED and sign and text[at - 1 : at] != "\\" else f"\\{sign}"


def enclosed(spot: Spot, opening: str, closing: str) -> tuple[str, int] | None:
    """Give the text up to the closing sign and the length of all, None if it does not come in this line.

    A sign within a word opens or closes nothing unless it is in braces. Backslashes are resolved.
    """
    text, start = spot.text, spot.at + len(opening)
    is_bare = not (opening.startswith("{") and opening.endswith("}"))
    if spot.at and is_bare and _WORD.match(text, spot.at - 1):
        return None
    if not text.startswith(opening, spot.at) or text[start : start + 1] == " ":
        return None
    if spot.at < spot.dead.get(closing, 0):
        return None
    inside, end = _until(text, start, closing)
    if inside == "":
        return None
    if inside is None:
        spot.dead[closing] = end
        return None
    return inside, end - spot.at


@functools.cache
def _stops(closing: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(closing)}|[\r\n{{\[\\]")


def _until(text: str, start: int, closing: str) -> tuple[str | None, int]:
    """Give the text before the closing sign and the end of that; None and where the search ended in vain."""
    stops, is_bare = _stops(closing), not (closing.startswith("{") and closing.endswith("}"))
    found, at = [], start
    while stop := stops.search(text, at):
        found.append(text[at : stop.start()])
        at = stop.start()
        if NEWLINE.match(text, at):
            return None, at
        if stop[0] != closing:
            piece, at = _skipped(text, at)
            if piece is None:
                return None, at
            found.append(piece)
            continue
        after, inside = at + len(closing), "".join(found)
        if inside and is_bare and _WORD.match(text, after):
            found.append(closing)
            at = after
            continue
        return (None, at) if inside.endswith(" ") else (inside, after)
    return None, len(text)


def _skipped(text: str, at: int) -> tuple[str | None, int]:
    """Jump over a link, a macro or an escape, in which no sign closes anything; None where a block begins."""
    if text.startswith("{{", at):
        return "{{", at + 2
    if text[at] == "\\":
        return escaped(text, at), at + 2
    if text[at] == "[":
        link = _LINK.match(text, at)
        return (link[0], link.end()) if link else ("[", at + 1)
    kind = macro(text, at)
    if kind is None:
        return "{", at + 1
    length, is_text = extent(text, at, kind)
    if is_text:
        return ("" if kind is Kind.ANCHOR and length > 1 else text[at : at + length]), at + length
    return (text[at : at + length], at + length) if kind is Kind.COLOR else (None, at)


def _signs(spot: Spot, opening: str, closing: str) -> tuple[str, str]:
    """Give both signs as they are written: each may be in braces."""
    first = f"{{{opening}}}" if spot.text.startswith(f"{{{opening}}}", spot.at) else opening
    end = spot.text.find(closing, spot.at + len(first))
    in_braces = (
        end > 0
        and spot.text[end - 1] == "{"
        and spot.text[end + len(closing) : end + len(closing) + 1] == "}"
    )
    return first, f"{{{closing}}}" if in_braces else closing


def _read(sign: str, mark: Json, spot: Spot) -> Token:
    opening, closing = _signs(spot, sign, sign)
    found = enclosed(spot, opening, closing)
    if found is None:
        return as_text(spot, len(opening))
    inside, length = found
    return Token(length, nodes=[marked(each, mark) for each in spot.read(inside, _IN_MARKS)])


def _monospace(spot: Spot) -> Token:
    opening, closing = _signs(spot, "{{", "}}")
    found = enclosed(spot, opening, closing)
    if found is None:
        return as_text(spot, len(opening))
    inside, length = found
    return Token(length, nodes=[marked(each, {"type": "code"}) for each in spot.read(inside, _EVERYTHING)])


def _citation(spot: Spot) -> Token:
    """Read ``??who said it??``: emphasis, after a dash."""
    opening, closing = _signs(spot, "??", "??")
    found = enclosed(spot, opening, closing)
    if found is None:
        return as_text(spot, len(opening))
    inside, length = found
    nodes = spot.read(inside, DASHES)
    if nodes and nodes[0]["type"] == "text" and marked(nodes[0], {"type": "em"}) is not nodes[0]:
        nodes[0] = nodes[0] | {"text": f"\N{EM DASH} {nodes[0]['text']}"}
    return Token(length, nodes=[marked(each, {"type": "em"}) for each in nodes])


_MARKS: dict[Kind, tuple[str, Json]] = {
    Kind.STRONG: ("*", {"type": "strong"}),
    Kind.EMPHASIS: ("_", {"type": "em"}),
    Kind.DELETED: ("-", {"type": "strike"}),
    Kind.INSERTED: ("+", {"type": "underline"}),
    Kind.SUPERSCRIPT: ("^", {"type": "subsup", "attrs": {"type": "sup"}}),
    Kind.SUBSCRIPT: ("~", {"type": "subsup", "attrs": {"type": "sub"}}),
}
TOKENS: dict[Kind, Callable[[Spot], Token]] = {
    **{kind: functools.partial(_read, sign, mark) for kind, (sign, mark) in _MARKS.items()},
    Kind.MONOSPACE: _monospace,
    Kind.CITATION: _citation,
}
