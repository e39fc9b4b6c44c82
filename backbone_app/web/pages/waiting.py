"""Waiting for somebody who signs in elsewhere: a page looks again whether they have, ever more rarely."""

from typing import Final

from django.http import HttpRequest

from backbone_app.services.linking import Progress

_WAITS: Final = (2, 3, 5, 10, 20, 30)
"""Seconds between two looks: more the longer it takes."""


def waiting(found: Progress, *, turn: int, look_at: str) -> dict[str, object]:
    """Give what the part of a page needs that waits; ``look_at`` is the address that tells how far it is."""
    return {"found": found, "turn": turn, "seconds": _WAITS[min(turn, len(_WAITS) - 1)], "look_at": look_at}


def next_turn(request: HttpRequest) -> int:
    """Tell which look this is, by what the part of the page has sent along."""
    turn = request.GET.get("turn", "0")
    return int(turn) + 1 if turn.isascii() and turn.isdecimal() and len(turn) < 3 else 0
