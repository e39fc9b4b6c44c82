"""What stands in lines of its own: code, quotes, panels, pictures, headings, lists, tables."""

import re
from typing import Final

from tests.support.rewriting.parts import CODE, PICTURE, lines, prose, words

_KNOWN: Final = """
    abap actionscript ada arduino autoit c c++ clojure coffeescript csharp css cuda d dart delphi elixir
    erlang fortran foxpro go groovy haskell haxe html java javascript json julia kotlin latex livescript
    lua mathematica matlab objective-c objective-j objectpascal ocaml octave perl php powershell prolog
    puppet python qml r racket restructuredtext ruby rust sass scala scheme shell smalltalk sql
    standardml swift tcl tex typescript vala vbnet verilog vhdl xml xquery
"""
_READ: Final = frozenset(_KNOWN.split())
_WRITTEN: Final = """
    actionscript ada c c++ css erlang go groovy haskell html java javascript json lua perl php python r ruby
    scala sql swift xml
"""
_TOLD: Final = frozenset(_WRITTEN.split())
_BACKGROUNDS: Final = ("#deebff", "#eae6ff", "#e3fcef", "#fffae6", "#ffebe6")
_OPENED: Final = re.compile(r"(?s)\{(code|noformat)(?::([^{}\n]*))?\}(.*?)\{\1\}")
_PANEL: Final = re.compile(r"(?s)\{panel(?::([^{}\n]*))?\}\s*(.*?)\s*\{panel\}")
_BLOCK: Final = re.compile(
    rf"(?s)({CODE}|\{{quote\}}.*?\{{quote\}}|\{{panel[^{{}}\n]*\}}.*?\{{panel\}}|{PICTURE})"
)
_PLAIN: Final = r"[^\n*_{\[!:;|+^~#]+"


def lines_end_with_lf(text: str) -> str:
    """Lines end with LF, but for those of code."""
    return prose(text, lambda part: part.replace("\r\n", "\n"))


def the_ends_are_no_line_ends(text: str) -> str:
    """No line end stands at the beginning or the end of the text."""
    return text.strip("\n")


def forced_line_ends_are_line_ends(text: str) -> str:
    """A forced line end is a line end."""
    return words(r"(?<!\\)\\\\(?![^\s\\]*\\)", "\n", text)


def code_has_a_language(text: str) -> str:
    """Code without a language, or in one that the converter does not know, is in Java."""

    def told(found: re.Match[str]) -> str:
        kind, given, inside = found.groups()
        if kind == "noformat":
            return found[0]
        parts = (given or "").split("|")
        names = _READ.intersection(part.partition("=")[0].lower() for part in parts)
        more = [part for part in parts if "=" in part]
        return f"{{code:{'|'.join([min(names, default='java'), *more])}}}{inside}{{code}}"

    return _OPENED.sub(told, text)


def code_of_some_languages_has_none(text: str) -> str:
    """Code in a language that the converter reads but does not write is noformat."""

    def told(found: re.Match[str]) -> str:
        kind, given, inside = found.groups()
        language, _, more = (given or "").partition("|")
        if kind == "noformat" or language in _TOLD:
            return found[0]
        return f"{{noformat{':' * bool(more)}{more}}}{inside}{{noformat}}"

    return _OPENED.sub(told, text)


def code_has_a_strong_line_for_a_title(text: str) -> str:
    """The title of code is a strong line before it; all else that was said of its looks is gone."""

    def told(found: re.Match[str]) -> str:
        kind, given, inside = found.groups()
        parts = (given or "").split("|")
        title = next((part[6:] for part in parts if part.startswith("title=") and part[6:]), "")
        language = f":{parts[0]}" if kind == "code" and "=" not in parts[0] else ""
        before = f"\n\n*{title}*\n\n" if title else ""
        return f"{before}{{{kind}{language}}}{inside}{{{kind}}}"

    return _OPENED.sub(told, text)


def panels_have_a_strong_line_for_a_title(text: str) -> str:
    """The title of a panel is a strong line in it; its background is one of five, all else is gone."""
    return _PANEL.sub(_panel, text)


def _panel(found: re.Match[str]) -> str:
    parts = dict(part.partition("=")[::2] for part in (found[1] or "").split("|"))
    title = f"*{parts['title']}*\n\n" if parts.get("title") else ""
    background = parts.get("bgColor") or _BACKGROUNDS[0]
    nearest = min(_BACKGROUNDS, key=lambda one: _distance(one, background))
    return f"{{panel:bgColor={nearest}}}\n{title}{found[2]}\n{{panel}}"


def _distance(one: str, other: str) -> int:
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return sum((left - right) ** 2 for left, right in pairs)


def blocks_begin_on_the_line_of_their_marks(text: str) -> str:
    """The text of code and quotes stands on the line of its marks, without spaces and lines around it."""
    text = _OPENED.sub(lambda found: found[0].replace(f"}}{found[3]}{{", f"}}{found[3].strip()}{{"), text)
    return re.sub(r"(?s)\{quote\}\s*(.*?)\n*\{quote\}", r"{quote}\1{quote}", text)


def quoted_lines_are_quoted_blocks(text: str) -> str:
    """A quoted line is a quoted block."""
    return lines(r"^[ \t]*bq\.[ \t]*(.*)$", r"{quote}\1{quote}", text)


def lines_are_not_indented(text: str) -> str:
    """No spaces stand before the words of a line."""
    return prose(text, lambda part: re.sub(r"(\n|\{color:[^}]*\})[ \t]+", r"\1", part))


def bullets_are_stars(text: str) -> str:
    """A bullet is a star."""
    return lines(r"^(-+)(?= )", lambda found: "*" * len(found[1]), text)


def heads_of_tables_are_bold(text: str) -> str:
    """The heads of a table are bold, and cells have no spaces around them."""
    return lines(r"^[ \t]*\|.*$", lambda found: _row(found[0].strip()), text)


def _row(line: str) -> str:
    pieces = re.split(r"(\|+)", line)
    made = ""
    for sign, cell in zip(pieces[1::2], pieces[2::2], strict=True):
        inner = cell.strip()
        is_bold = len(sign) == 1 or not inner or (inner[0] == inner[-1] == "*")
        made += sign + (inner if is_bold else f"*{inner}*") + (" " if not inner and cell else "")
    return made


def pictures_have_a_size(text: str) -> str:
    """A picture has a width and a height, or a width in percent; it is no thumbnail and has no border."""
    return words(PICTURE, lambda found: _picture(found[0][1:-1]), text)


def _picture(inside: str) -> str:
    name, _, rest = inside.partition("|")
    given = dict(part.partition("=")[::2] for part in rest.split(","))
    width = given.get("width", "")
    sizes = [f"width={width}"]
    if not width.endswith("%"):
        sizes = [f"width={_number(width, '200')}", f"height={_number(given.get('height', ''), '183')}"]
    more = [f"{each}={given[each]}" for each in ("alt", "href") if given.get(each)]
    return f"!{name}|{','.join([*sizes, *more])}!"


def _number(given: str, usual: str) -> str:
    found = re.match(r"\s*(\d+)", given)
    return found[1] if found else usual


def files_are_thumbnails(text: str) -> str:
    """A file that is linked is a thumbnail, without the words of the link."""
    return words(r"\[(?:[^\[\]\n|]*\|)?\^([^\[\]\n]+)\]", r"!\1|thumbnail!", text)


def lines_after_blocks_are_paragraphs(text: str) -> str:
    """A line of words right after code, a quote, a panel, a picture, a heading or a list is a paragraph."""
    text = re.sub(rf"(?s)({_BLOCK.pattern[4:]}\n{_PLAIN})\n(?=\S)", _as_paragraph, text)
    return lines(rf"((?:^h[1-6]\..*\n|^[*#]+ .*\n\n){_PLAIN})\n(?=\S)", r"\1\n\n", text)


def _as_paragraph(found: re.Match[str]) -> str:
    return f"{found[1]}\n\n"


def headings_stand_alone(text: str) -> str:
    """Headings and rules stand between empty lines."""
    text = lines(r"^(h[1-6])\.[ \t]*(.*)\n?", r"\n\n\1. \2\n\n", text)
    return lines(r"^----[ \t]*$", "\n\n----\n\n", text)


def blocks_stand_alone(text: str) -> str:
    """Code, quotes, panels, pictures and files stand between empty lines, in lists on lines of their own."""
    made = ""
    for place, part in enumerate(_BLOCK.split(text)):
        if place % 2:
            is_item = _ends_with_an_item(made) and not part.startswith(("{quote", "{panel"))
            made = made.rstrip("\n")
            made += ("\n" if is_item else "\n\n") * bool(made) + part
        elif place and part.strip("\n"):
            goes_on = _ends_with_an_item(made) and not part.startswith("\n\n")
            made += ("\n" if goes_on else "\n\n") + part.lstrip("\n")
        else:
            made += part
    return made


def _ends_with_an_item(text: str) -> bool:
    without_code = re.sub(f"(?s){CODE}", "{code}", text)
    return re.search(r"(?m)^[*#]+ ", re.split(r"\n[ \t]*\n", without_code)[-1]) is not None


def lists_and_tables_stand_alone(text: str) -> str:
    """Lists and tables stand between empty lines."""
    text = lines(r"^(?![*#|]+ )(?!\|)(.+)\n(?=[*#]+ )", r"\1\n\n", text)
    return lines(r"^(?!\|)(.+)\n(?=\|)", r"\1\n\n", text)


def one_empty_line_is_enough(text: str) -> str:
    """Several empty lines are one."""
    return lines(r"\n{3,}", "\n\n", text)
