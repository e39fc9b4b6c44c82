"""Rich text as wiki text: the way to another site, a first line, and what it says to a reader.

Only what has to change is touched: everything else crosses letter for letter. People are mentioned as
``[~name]`` on Data Center and as ``[~accountid:ID]`` on Cloud, as Jira's own API v2 writes them.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from backbone_app.core.values import Wiki

ACCOUNT: Final = "accountid:"
_MENTION: Final = re.compile(r"\[~([^\]\[\r\n~|]{1,255})\]")
_MARKS: Final = re.compile(
    r"(?m)^h[1-6]\. |^[*#-]+ |\{[a-z]+(?::[^}\r\n]*)?\}|(?<!\w)[*_+](?=\S)|(?<=\S)[*_+](?!\w)"
)
_NOBODY: Final = "someone"
_SPECIAL: Final = re.compile(r"[\[\]{}|\\\r\n]+")
NAMELESS: Final[Mapping[str, str]] = MappingProxyType({})


def mentions(wiki: Wiki) -> frozenset[str]:
    """List the account ids, or the user names of a Data Center, of the people mentioned."""
    return frozenset(found[1].removeprefix(ACCOUNT) for found in _MENTION.finditer(wiki.text))


def across(wiki: Wiki, people: frozenset[str] | None, names: Mapping[str, str] = NAMELESS) -> Wiki:
    """Give the text as a site shows it that knows only ``people``; None: it knows everybody.

    Who is not known there is named in plain text: as ``names`` has it by account id, for such an id says
    nothing to a reader, else by the user name.
    """

    def carried(found: re.Match[str]) -> str:
        name = found[1].removeprefix(ACCOUNT)
        if people is None or name in people:
            return found[0]
        return f"@{_plain(names.get(name, '')) or _NOBODY if found[1].startswith(ACCOUNT) else name}"

    return Wiki(_MENTION.sub(carried, wiki.text))


def _plain(name: str) -> str:
    """Leave out what would make a mention or a macro of somebody's name: people choose their own."""
    return " ".join(_SPECIAL.sub(" ", name).split())


def with_line(wiki: Wiki, line: str) -> Wiki:
    """Put a first paragraph before the text."""
    return Wiki(f"{line}\n\n{wiki.text}" if wiki.text else line)


def text(wiki: Wiki) -> str:
    """Give the text without its marks, for a reader."""
    named = _MENTION.sub(lambda found: f"@{found[1].removeprefix(ACCOUNT)}", wiki.text)
    return _MARKS.sub("", named).strip()
