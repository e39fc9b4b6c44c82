"""What stands in a line of a document, told in wiki text: words with their marks, mentions, pictures."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from jira_sandbox.richtext.reading.emojis import sign_of
from jira_sandbox.richtext.reading.nodes import SPACES
from jira_sandbox.state.values import Json

_MACRO = re.compile(r"\[~|\{(?:adf|anchor|code|quote|noformat|panel|color|loremipsum)")
_PICTURE = re.compile(r"(![^ !]+)(!)")
_FILE = re.compile(r"(\[\^[^ ]+)(\])")
_SIGNS = {"em": "_", "strike": "-", "strong": "*", "subsup": "", "underline": "+"}
"""Signs in the order in which they are put around words, the first innermost."""
_NUMBER = re.compile(r"[0-9a-f]{2,6}(-[0-9a-f]{2,6})*")
_START = datetime(1970, 1, 1, tzinfo=UTC)
_STATUS = {
    "grey": "#97A0AF",
    "purple": "#6554C0",
    "blue": "#00B8D9",
    "red": "#FF5630",
    "yellow": "#FF991F",
    "green": "#36B37E",
    "#B3F5FF": "#164555",
    "#ABF5D1": "#36B37E",
    "#D3F1A7": "#37471F",
    "#FFF0B3": "#533F04",
    "#FCE4A6": "#FF991F",
    "#FDD0EC": "#50253F",
}
"""The color of a status's text by its own."""


def inline(node: Json) -> str:
    """Give the wiki text of a node that stands in a line."""
    return _INLINES.get(node["type"], _as_it_is)(node)


def attrs(node: Json) -> dict[str, Json]:
    """Give the attributes of a node, none when it has none."""
    return dict(node.get("attrs") or {})


def marks(node: Json) -> dict[str, dict[str, Json]]:
    """Give the attributes of each mark of a node by the mark's type."""
    return {mark["type"]: dict(mark.get("attrs") or {}) for mark in node.get("marks") or []}


def picture(node: Json, width: Json, href: Json) -> str:
    """Tell a picture: as wide as ``width`` percent of the page, or of its own size, or a thumbnail."""
    held = attrs(node)
    told = (
        [f"width={_number(width)}%"]
        if width
        else [f"{name}={_number(held[name])}" for name in ("width", "height") if held.get(name)]
    )
    told += [f'alt="{held["alt"]}"'] if held.get("alt") else []
    told += [f'href="{href}"'] if href else []
    name = held.get("url") if held.get("type") == "external" else held.get("id")
    return f"!{name}|{','.join(told) or 'thumbnail'}!"


def _number(value: Json) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _as_it_is(node: Json) -> str:
    return f"{{adf:display=inline}}{json.dumps(node, ensure_ascii=False, separators=(',', ':'))}{{adf}}"


def _text(node: Json) -> str:
    """Tell words and their marks. Only what would be a mention, macro or file is escaped, nothing else is."""
    held, words = marks(node), str(node["text"])
    if "code" not in held:
        words = _MACRO.sub(r"\\\g<0>", words)
        words = _FILE.sub(r"\\\1\\\2", _PICTURE.sub(r"\\\1\\\2", words))
    for name, sign in _SIGNS.items():
        if name not in held:
            continue
        if name == "em" and words.startswith("\N{EM DASH} "):
            words = _around(words[2:], "??")
        else:
            words = _around(words, sign or ("~" if held[name].get("type") == "sub" else "^"))
    if "textColor" in held:
        words = f"{{color:{held['textColor'].get('color')}}}{words}{{color}}"
    if "link" in held:
        words = f"[{words}|{held['link'].get('href')}]"
    return f"{{{{{words}}}}}" if "code" in held else words


def _around(words: str, sign: str) -> str:
    """Put the sign around the words themselves: spaces stay outside, and alone have no signs."""
    inner = words.strip(SPACES)
    if not inner:
        return words
    start = words.index(inner)
    return f"{words[:start]}{sign}{inner}{sign}{words[start + len(inner) :]}"


def _mention(node: Json) -> str:
    number = str(attrs(node).get("id", ""))
    is_told = number == "UNKNOWN_USER" or number.lower().startswith("accountid:")
    return f"[~{number}]" if is_told else f"[~accountid:{number}]"


def _emoji(node: Json) -> str:
    """Tell an emoji by its sign if wiki text has one of Atlassian's own, by its character, or by its name."""
    held = attrs(node)
    number = str(held.get("id", ""))
    if sign := sign_of(number):
        return sign
    name = str(held.get("shortName") or "")
    if not _NUMBER.fullmatch(number):
        return name or _as_it_is(node)
    try:
        return "".join(chr(int(each, 16)) for each in number.split("-"))
    except (ValueError, OverflowError):
        return name or _as_it_is(node)


def _card(node: Json) -> str:
    url = attrs(node).get("url")
    return f"[{url}|{url}|smart-link]" if url else _as_it_is(node)


def _status(node: Json) -> str:
    color = str(attrs(node).get("color") or "")
    told = _STATUS.get(color.upper() if color.startswith("#") else color, _STATUS["grey"])
    return f"{{color:{told}}}*[ {str(attrs(node).get('text', '')).upper()} ]*{{color}}"


def _date(node: Json) -> str:
    try:
        day = _START + timedelta(milliseconds=float(attrs(node).get("timestamp") or 0))
    except (ValueError, OverflowError):
        return "{{NaN-NaN-NaN}}"
    return f"{{{{{day:%Y-%m-%d}}}}}"


_INLINES: dict[str, Callable[[Json], str]] = {
    "text": _text,
    "hardBreak": lambda _node: "\n",
    "mention": _mention,
    "emoji": _emoji,
    "mediaInline": lambda node: f"[^{attrs(node).get('id')}]",
    "inlineCard": _card,
    "status": _status,
    "date": _date,
}
