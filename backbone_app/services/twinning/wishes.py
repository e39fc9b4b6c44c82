"""Whose values shall stand, as the people of one space say it: they know no left and right."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from backbone_app.core.values import Side
from backbone_app.errors import InvalidInput
from backbone_app.models.pair import Choice


class Wish(StrEnum):
    """What happens to fields that hold something else on the other side."""

    OWN = "own"
    PARTNER = "partner"
    NEWER = "newer"
    ASK = "ask"


WISHES: Final[Mapping[Wish, str]] = MappingProxyType(
    {
        Wish.OWN: "Your space's values",
        Wish.PARTNER: "The partner space's values",
        Wish.NEWER: "The newer edit of each field",
        Wish.ASK: "Ask me later: leave what differs as it is",
    }
)
"""How pages name them, in the order they are offered."""


def choice_of(wish: str, own: Side) -> Choice:
    """Turn a wish of side ``own`` into what the pair keeps; raises InvalidInput for any other word."""
    match wish:
        case Wish.OWN:
            return Choice(own)
        case Wish.PARTNER:
            return Choice(own.other)
        case Wish.NEWER:
            return Choice.NEWER
        case Wish.ASK:
            return Choice.ASK
        case _:
            raise InvalidInput("choice", "Choose whose values shall stand.")
