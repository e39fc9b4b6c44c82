"""What may begin at a place of wiki text, and what comes of it."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from jira_sandbox.state.values import Json


class Kind(Enum):
    """What a place of the text may begin; those that a context does not allow are read as text there."""

    ADF = auto()
    ANCHOR = auto()
    CODE = auto()
    QUOTE = auto()
    NOFORMAT = auto()
    PANEL = auto()
    COLOR = auto()
    LOREMIPSUM = auto()
    BLOCKQUOTE = auto()
    HEADING = auto()
    LIST = auto()
    TABLE = auto()
    RULE = auto()
    LINK = auto()
    ADDRESS = auto()
    PICTURE = auto()
    BREAK = auto()
    FORCED_BREAK = auto()
    TWO_DASHES = auto()
    THREE_DASHES = auto()
    FOUR_DASHES = auto()
    STRONG = auto()
    MONOSPACE = auto()
    SUPERSCRIPT = auto()
    SUBSCRIPT = auto()
    EMPHASIS = auto()
    CITATION = auto()
    DELETED = auto()
    INSERTED = auto()
    EMOJI = auto()


DASHES = frozenset({Kind.TWO_DASHES, Kind.THREE_DASHES, Kind.FOUR_DASHES})


class Unfit(Exception):
    """What was read cannot be where it is; its first sign is text."""


@dataclass(frozen=True, slots=True)
class Token:
    """``length`` characters were read: into ``nodes``, or when those are None, into the plain ``text``."""

    length: int
    text: str = ""
    nodes: list[Json] | None = None


class Read(Protocol):
    """Reads a text of its own: what is ``ignored`` is plain text in it.

    Spaces at the beginning of its lines are dropped unless it is ``spaced``.
    """

    def __call__(self, text: str, ignored: frozenset[Kind] = ..., *, spaced: bool = ...) -> list[Json]:
        """Give blocks and the inline nodes that stand outside of any."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a text, and how to read what is found inside of something there.

    ``dead`` remembers, by closing sign, up to where a search for it was vain, so that none is made twice.
    """

    text: str
    at: int
    read: Read
    dead: dict[str, int]


_MACRO = re.compile(r"\{(?:(?P<any>(?i:adf|anchor|code|quote|noformat|panel|loremipsum))|(?P<color>color))")
_LEADING = re.compile(
    r"""(?P<BLOCKQUOTE>bq\.)
      | (?P<HEADING>h[1-6]\.)
      | (?P<RULE>-{4,5}(?:\s|\Z))
      | (?P<THREE_DASHES>-{3}\s)
      | (?P<TWO_DASHES>-{2}\s)
      | (?P<LIST>(?:[*\#]{1,20}|-)[ ])
      | (?P<TABLE>\|)""",
    re.VERBOSE,
)
_OTHERS = {
    "[": Kind.LINK,
    "http": Kind.ADDRESS,
    "ftp": Kind.ADDRESS,
    "jamfselfservice": Kind.ADDRESS,
    "irc": Kind.ADDRESS,
    "mailto": Kind.ADDRESS,
    "\\\\": Kind.FORCED_BREAK,
    "\r": Kind.BREAK,
    "\n": Kind.BREAK,
    "!": Kind.PICTURE,
    "----": Kind.FOUR_DASHES,
    "---": Kind.THREE_DASHES,
    "--": Kind.TWO_DASHES,
    "{-}": Kind.DELETED,
    "{+}": Kind.INSERTED,
    "{*}": Kind.STRONG,
    "{^}": Kind.SUPERSCRIPT,
    "{~}": Kind.SUBSCRIPT,
    "{_}": Kind.EMPHASIS,
    "{{{}": Kind.MONOSPACE,
    "{??}": Kind.CITATION,
    "-": Kind.DELETED,
    "+": Kind.INSERTED,
    "*": Kind.STRONG,
    "^": Kind.SUPERSCRIPT,
    "~": Kind.SUBSCRIPT,
    "_": Kind.EMPHASIS,
    "{{": Kind.MONOSPACE,
    "??": Kind.CITATION,
    ":": Kind.EMOJI,
    "(": Kind.EMOJI,
    ";": Kind.EMOJI,
}
_OTHER = re.compile("|".join(map(re.escape, _OTHERS)))
STOP = re.compile(r"[\[\\\r\n!\-{+*^~_?:(;]|http|ftp|irc|mailto|jamfselfservice")
"""Everything else is plain text wherever it stands in a line."""
NEWLINE = re.compile(r"\r\n?|\n")


def macro(text: str, at: int) -> Kind | None:
    """Tell the macro that begins there, closed or not."""
    found = _MACRO.match(text, at)
    return Kind[(found["any"] or found["color"]).upper()] if found else None


def leading(text: str, at: int) -> Kind | None:
    """Tell what begins there if a line does."""
    found = _LEADING.match(text, at)
    return Kind[found.lastgroup] if found and found.lastgroup else None


def other(text: str, at: int) -> Kind | None:
    """Tell what begins there in the midst of a line, apart from macros; it may turn out to be text."""
    found = _OTHER.match(text, at)
    return _OTHERS[found[0]] if found else None


def as_text(spot: Spot, length: int = 1) -> Token:
    """Read what is there as the text it is."""
    return Token(length, spot.text[spot.at : spot.at + length])
