"""Macros in braces: code, quotes, panels, colors, and documents as they are."""

import json
import re
from collections.abc import Callable

from jira_sandbox.richtext.colors import hex_color, panel_type
from jira_sandbox.richtext.document import fault, may_stand
from jira_sandbox.richtext.reading.nodes import SPACES, is_block, marked, node, texts
from jira_sandbox.richtext.reading.normal import blocks
from jira_sandbox.richtext.reading.tokens import DASHES, Kind, Spot, Token, as_text
from jira_sandbox.state.values import Json

_OPENING = re.compile(r"\{(\w+)(?::([^{\n}]*))?\}")
_BLOCKQUOTE = re.compile(r"bq\.([^\r\n\u2028\u2029]*)")
_KNOWN = """
    abap actionscript ada arduino autoit c c++ clojure coffeescript csharp css cuda d dart delphi elixir
    erlang fortran foxpro go groovy haskell haxe html java javascript json julia kotlin latex livescript
    lua mathematica matlab objective-c objective-j objectpascal ocaml octave perl php powershell prolog
    puppet python qml r racket restructuredtext ruby rust sass scala scheme shell smalltalk sql
    standardml swift tcl tex typescript vala vbnet verilog vhdl xml xquery
"""
_LANGUAGES = frozenset(_KNOWN.split())
_LOST = 4
"""How much of a heading in a quote is told: from this level on it is gray, up to it strong."""
_GRAY: Json = {"type": "textColor", "attrs": {"color": "#97a0af"}}
_STRONG: Json = {"type": "strong"}
_EM: Json = {"type": "em"}
_IN_PANELS = frozenset({"paragraph", "heading", "orderedList", "bulletList"})
_IN_QUOTES = frozenset({"paragraph", "bulletList", "orderedList", "codeBlock", "mediaSingle", "mediaGroup"})
_IN_COLORS = DASHES | {Kind.TABLE}
_EMPTY: Json = {"type": "paragraph"}


def extent(text: str, at: int, kind: Kind) -> tuple[int, bool]:
    """Tell how long the macro is, and whether it is only text."""
    opening = _opening(text, at, kind)
    if opening is None or kind is Kind.LOREMIPSUM:
        return 1, True
    if kind is Kind.ANCHOR:
        return len(opening[0]), True
    end = text.find(f"{{{opening[1]}}}", opening.end())
    return (opening.end() if end < 0 else end + len(opening[1]) + 2) - at, False


def attributes(given: str | None, separator: str = "|") -> dict[str, str]:
    """Read ``a=b|c``; of several with the same name the first that has a value counts."""
    found: dict[str, str] = {}
    for part in given.split(separator) if given else []:
        name, _, value = part.partition("=")
        if not found.get(name):
            found[name] = value
    return found


def _opening(text: str, at: int, kind: Kind) -> re.Match[str] | None:
    found = _OPENING.match(text, at)
    return found if found and found[1].upper() == kind.name else None


def _macro(kind: Kind, make: Callable[[Spot, str | None, str], list[Json]]) -> Callable[[Spot], Token]:
    """Read a macro of the kind: one that is never closed holds nothing."""

    def read(spot: Spot) -> Token:
        opening = _opening(spot.text, spot.at, kind)
        if opening is None:
            return as_text(spot)
        closing = f"{{{opening[1]}}}"
        end = -1
        if spot.dead.get(f"{closing} macro", 0) == 0:
            end = spot.text.find(closing, opening.end())
        if end < 0:
            spot.dead[f"{closing} macro"] = 1
            return Token(len(opening[0]), nodes=make(spot, opening[2], ""))
        inside = spot.text[opening.end() : end]
        return Token(end + len(closing) - spot.at, nodes=make(spot, opening[2], inside))

    return read


def _anchor(spot: Spot) -> Token:
    opening = _opening(spot.text, spot.at, Kind.ANCHOR)
    return Token(len(opening[0])) if opening else as_text(spot)


def _title(found: dict[str, str]) -> list[Json]:
    return [node("paragraph", texts(found["title"], _STRONG))] if found.get("title") else []


def _code(_spot: Spot, given: str | None, inside: str) -> list[Json]:
    found = attributes(given)
    names = [name.lower() for name in found]
    language = min(_LANGUAGES.intersection(names), default="objective-c" if "objc" in names else "java")
    return [*_title(found), node("codeBlock", texts(inside.strip(SPACES)), language=language)]


def _noformat(_spot: Spot, given: str | None, inside: str) -> list[Json]:
    code: Json = {"type": "codeBlock", "attrs": {}}
    words = texts(inside.strip(SPACES))
    return [*_title(attributes(given)), code | {"content": words} if words else code]


def _quote(spot: Spot, _given: str | None, inside: str) -> list[Json]:
    if not inside:
        return [node("blockquote", [_EMPTY])]
    made: list[Json] = []
    held: list[Json] = []
    for each in map(_as_paragraph, blocks(spot.read(inside))):
        if each["type"] in _IN_QUOTES:
            held.append(each)
        else:
            made += [*([node("blockquote", held)] if held else []), each]
            held = []
    return [*made, *([node("blockquote", held)] if held else [])]


def _as_paragraph(each: Json) -> Json:
    """Quotes have no headings; their levels are told by marks."""
    if each["type"] != "heading":
        return each
    level = each["attrs"]["level"]
    words = [
        one | {"text": one["text"].upper()} if level == 1 and one["type"] == "text" else one
        for one in each.get("content", [])
    ]
    for mark, is_wanted in ((_STRONG, level <= _LOST), (_EM, level in {2, 5}), (_GRAY, level >= _LOST)):
        words = [marked(one, mark) if is_wanted else one for one in words]
    return node("paragraph", words)


def _panel(spot: Spot, given: str | None, inside: str) -> list[Json]:
    """Put what may be in panels into some, with one, be it empty, before each block that may not."""
    found = attributes(given)
    kind = panel_type(found.get("bgColor", ""))
    made: list[Json] = []
    held = _title(found)
    for each in blocks(spot.read(inside)):
        if each["type"] in _IN_PANELS:
            held.append(each)
        else:
            made += [node("panel", held or [_EMPTY], panelType=kind), each]
            held = []
    return [*made, *([node("panel", held, panelType=kind)] if held else [])]


def _color(spot: Spot, given: str | None, inside: str) -> list[Json]:
    color = hex_color(next(iter(attributes(given)), ""))
    mark = {"type": "textColor", "attrs": {"color": color or "#000000"}}
    return [marked(each, mark) for each in spot.read(inside, _IN_COLORS)]


def _adf(_spot: Spot, _given: str | None, inside: str) -> list[Json]:
    """Take a node as it is, or show what is none as code."""
    try:
        made = json.loads(inside)
    except (ValueError, RecursionError):
        made = None
    is_line = isinstance(made, dict) and may_stand(made) and not is_block(made)
    held = {"type": "paragraph", "content": [made]} if is_line else made
    document = {"type": "doc", "version": 1, "content": [held]}
    if isinstance(made, dict) and may_stand(made) and not fault(document):
        return [made]
    words = texts(f"Invalid ADF Macro: {inside}") if inside else []
    return [node("codeBlock", words)]


def _blockquote(spot: Spot) -> Token:
    found = _BLOCKQUOTE.match(spot.text, spot.at)
    if found is None:
        return as_text(spot)
    return Token(len(found[0]), nodes=_quote(spot, "", found[1]))


TOKENS: dict[Kind, Callable[[Spot], Token]] = {
    Kind.ADF: _macro(Kind.ADF, _adf),
    Kind.ANCHOR: _anchor,
    Kind.CODE: _macro(Kind.CODE, _code),
    Kind.QUOTE: _macro(Kind.QUOTE, _quote),
    Kind.NOFORMAT: _macro(Kind.NOFORMAT, _noformat),
    Kind.PANEL: _macro(Kind.PANEL, _panel),
    Kind.COLOR: _macro(Kind.COLOR, _color),
    Kind.LOREMIPSUM: as_text,
    Kind.BLOCKQUOTE: _blockquote,
}
