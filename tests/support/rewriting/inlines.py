"""What stands in a line: people, addresses, links, signs, marks."""

import re
from typing import Final

from tests.support.rewriting.parts import LINK, MONOSPACED, PICTURE, lines, prose, words

_ADDRESS: Final = (
    r"(?<!\w)((?:https?|ftp)://)([^\s|\]\[{}\"/]+)([^\s|\]\[{}\"]*[^\s|\]\[{}\".,>);'!]|(?<=[\w]))"
)
_FACES: Final = {
    **dict.fromkeys((":)", ":-)"), "\N{SLIGHTLY SMILING FACE}"),
    **dict.fromkeys((":(", ":-("), "\N{DISAPPOINTED FACE}"),
    **dict.fromkeys((":P", ":-P", ":p", ":-p"), "\N{FACE WITH STUCK-OUT TONGUE}"),
    **dict.fromkeys((":D", ":-D"), "\N{SMILING FACE WITH OPEN MOUTH}"),
    **dict.fromkeys((";)", ";-)"), "\N{WINKING FACE}"),
    "(y)": "\N{THUMBS UP SIGN}",
    "(n)": "\N{THUMBS DOWN SIGN}",
    "(*)": "(*y)",
}
_FACE: Final = "|".join(map(re.escape, _FACES))
_INNERMOST_FIRST: Final = "_-*^~+"
_INSIDE: Final = re.compile(
    rf"(?P<code>{MONOSPACED})|\[(?P<words>[^\[\]\n|!^~]+)\|(?P<target>[^\[\]\n]+)\]"
    r"|(?<![\w*_+\-\\])(?P<sign>[*_+\-])(?![ *_+\-]*(?P=sign))(?! )(?P<marked>[^\n]*?[^ \n])(?P=sign)(?!\w)"
)


def who_is_unknown_is_named(text: str) -> str:
    """Who is not known on the other site is named."""
    return re.sub(
        r"\[~([^\]\[\r\n~|]{1,255})\]",
        lambda found: "@someone" if found[1].startswith("accountid:") else f"@{found[1]}",
        text,
    )


def anchors_are_gone(text: str) -> str:
    """An anchor is gone."""
    return words(r"\{anchor(?::[^{}\n]*)?\}", "", text)


def signs_are_bare(text: str) -> str:
    """A sign in braces stands without them."""
    text = lines(rf"\{{\{{\{{\}}([^\n]*?[^\n ])\{{\}}\}}\}}|{MONOSPACED}", _bare, text)
    return words(r"\{([*_+^~\-])\}", r"\1", text)


def _bare(found: re.Match[str]) -> str:
    return f"{{{{{found[1]}}}}}" if found[1] else found[0]


def colours_are_numbers(text: str) -> str:
    """A colour is a number of six digits."""
    return words(r"\{color:(#?\w+)\}", _colour, text)


def _colour(found: re.Match[str]) -> str:
    names = {"red": "#ff0000", "green": "#008000", "blue": "#0000ff"}
    number = found[1].lower() if found[1].startswith("#") else names.get(found[1], "#000000")
    digits = number[1:] if len(number) == 7 else "".join(digit * 2 for digit in number[1:])
    return f"{{color:#{digits}}}"


def links_have_no_titles(text: str) -> str:
    """The title of a link is gone."""
    return words(r"\[([^|\[\]\n]+\|[^|\[\]\n]+)\|(?!smart-)[^|\[\]\n]+\]", r"[\1]", text)


def mail_is_a_link_with_words(text: str) -> str:
    """An e-mail address is a link with the address for its words."""
    text = words(r"\[mailto:([^|\[\]\n]+)\]", r"[\1|mailto:\1]", text)
    address = r"(?<!\w)mailto:([\w.+\-]+@[\w.\-]*\w)"
    return words(address, r"[\1|mailto:\1]", text, besides=rf"{MONOSPACED}|{LINK}")


def addresses_are_links(text: str) -> str:
    """An address that stands for itself is a link, its host in small letters."""

    return words(_ADDRESS, _linked, text, besides=rf"{MONOSPACED}|{LINK}|{PICTURE}")


def _linked(found: re.Match[str]) -> str:
    scheme, host, rest = found.groups()
    return f"[{found[0]}|{scheme.lower()}{host.lower()}{rest or '/'}]"


def links_have_words(text: str) -> str:
    """A link without words has the address for them."""
    return words(r"\[((?:(?:https?|ftp|file)://|#)[^|\[\]\n]+)\]", r"[\1|\1]", text)


def backslashes_are_gone(text: str) -> str:
    """What needs no backslash has none."""
    return lines(r"(?<!\\)\\([-#*_+?^~|%{}\[\]()!@])", r"\1", text)


def faces_are_characters(text: str) -> str:
    """A face of signs is a character, and a star says that it is yellow."""
    return words(rf"({_FACE})(?![a-zA-Z0-9])", lambda found: _FACES[found[1]], text)


def dashes_are_long(text: str) -> str:
    """Two or three dashes between spaces are one long dash."""
    return words(
        r"(?<!\S)(---?)(?!\S)", lambda found: "\N{EN DASH}" if len(found[1]) == 2 else "\N{EM DASH}", text
    )


def monospaced_is_nothing_else(text: str) -> str:
    """What is monospaced has no other mark, and leads nowhere."""
    text = lines(rf"\[({MONOSPACED})\|[^\[\]\n]+\]", r"\1", text)
    return lines(rf"(?<!\w)([*_+\-])({MONOSPACED})\1(?!\w)", r"\2", text)


def marks_stand_around_each_part(text: str) -> str:
    """Marks stand in one order around each part that has the same ones, and within links."""
    return prose(text, lambda part: _marked(part, ""))


def _marked(text: str, signs: str) -> str:
    made, at = [], 0
    for found in _INSIDE.finditer(text):
        made.append(_around(text[at : found.start()], signs))
        at = found.end()
        if found["code"]:
            made.append(found[0])
        elif found["words"]:
            made.append(f"[{_marked(found['words'], signs)}|{found['target']}]")
        else:
            made.append(_marked(found["marked"], signs + found["sign"]))
    return "".join([*made, _around(text[at:], signs)])


def _around(text: str, signs: str) -> str:
    inner = text.strip()
    if not inner or not signs:
        return text
    around = "".join(sorted(set(signs), key=_INNERMOST_FIRST.index, reverse=True))
    start = text.index(inner)
    return f"{text[:start]}{around}{inner}{around[::-1]}{text[start + len(inner) :]}"
