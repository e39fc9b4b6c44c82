"""What of a document survives its way through wiki text, and what does not: by node and by mark.

The tests against Atlassian's own converter take every document and text that has nothing else in it.
"""

from dataclasses import dataclass
from enum import Enum, auto

from jira_sandbox.richtext.document import MARKS, NODES


class Way(Enum):
    """How something fares from a document to wiki text and back."""

    EXACT = auto()
    """It comes back as it was."""
    LOSS = auto()
    """It comes back with less, or as something else; the claim says what."""
    TEXT = auto()
    """Its words come back, it does not."""
    QUOTED = auto()
    """It is told as it is, in ``{adf}``, and comes back as it was."""


@dataclass(frozen=True, slots=True)
class Claim:
    """How a node or mark fares, and what is lost if something is."""

    way: Way
    loss: str = ""


_EXACT, _QUOTED = Claim(Way.EXACT), Claim(Way.QUOTED)
NODE_CLAIMS: dict[str, Claim] = {
    "doc": _EXACT,
    "text": Claim(Way.LOSS, "signs of wiki text that are not escaped become marks"),
    "paragraph": Claim(Way.LOSS, "empty ones"),
    "heading": _EXACT,
    "hardBreak": Claim(Way.LOSS, "those at the ends of paragraphs, in headings, and beside mentions"),
    "rule": _EXACT,
    "bulletList": _EXACT,
    "orderedList": Claim(Way.LOSS, "the number it begins with"),
    "listItem": Claim(Way.LOSS, "that its paragraphs are several; panels, quotes and rules leave the list"),
    "blockquote": _EXACT,
    "codeBlock": Claim(Way.LOSS, "languages Jira's wiki text does not know; blank lines around the code"),
    "panel": Claim(Way.LOSS, "types without a color of their own (custom) are info; other blocks leave it"),
    "table": Claim(Way.LOSS, "layout and widths; one with merged cells is told as it is"),
    "tableRow": _EXACT,
    "tableHeader": Claim(Way.LOSS, "its words are strong afterwards"),
    "tableCell": Claim(Way.LOSS, "its color"),
    "mediaSingle": Claim(Way.LOSS, "layout"),
    "mediaGroup": Claim(Way.LOSS, "each file is a picture of its own"),
    "media": Claim(Way.LOSS, "collection; one without a size gets 200 by 183"),
    "mediaInline": Claim(Way.LOSS, "it is a group of its own"),
    "caption": Claim(Way.TEXT),
    "mention": Claim(Way.LOSS, "its own words; the name is the site's"),
    "emoji": Claim(Way.TEXT, "a character or :name:, but Atlassian's own are signs that are read again"),
    "inlineCard": Claim(Way.LOSS, "its data, when it has no address it is told as it is"),
    "blockCard": Claim(Way.LOSS, "its data, when it has no address it is told as it is"),
    "embedCard": Claim(Way.LOSS, "its layout and width"),
    "status": Claim(Way.TEXT, "strong colored words in brackets"),
    "date": Claim(Way.TEXT, "code"),
    "expand": Claim(Way.TEXT, "a strong title and its body"),
    "taskList": Claim(Way.TEXT, "a bullet list"),
    "taskItem": Claim(Way.TEXT, "a bullet, struck when done"),
    "decisionList": Claim(Way.TEXT, "a bullet list"),
    "decisionItem": Claim(Way.TEXT, "a bullet with <>"),
    "extension": _QUOTED,
    "bodiedExtension": _QUOTED,
    "inlineExtension": _QUOTED,
    "layoutSection": _QUOTED,
    "layoutColumn": _QUOTED,
    "nestedExpand": _QUOTED,
    "syncBlock": _QUOTED,
    "bodiedSyncBlock": Claim(Way.TEXT, "its body"),
    "placeholder": _QUOTED,
}
MARK_CLAIMS: dict[str, Claim] = {
    "strong": _EXACT,
    "em": _EXACT,
    "strike": _EXACT,
    "underline": _EXACT,
    "code": Claim(Way.LOSS, "other marks beside it"),
    "subsup": _EXACT,
    "textColor": _EXACT,
    "link": Claim(Way.LOSS, "its title"),
    "alignment": Claim(Way.TEXT),
    "indentation": Claim(Way.TEXT),
    "breakout": Claim(Way.TEXT),
    "backgroundColor": Claim(Way.TEXT),
    "border": Claim(Way.TEXT),
    "annotation": Claim(Way.TEXT),
    "fontSize": Claim(Way.TEXT),
}
UNCLAIMED = (NODES - NODE_CLAIMS.keys()) | (MARKS - MARK_CLAIMS.keys())
"""Nothing is said of these; they are told as they are, or not at all."""
