"""What stands in the way of pairs, as rows: noted when it happens, gone when it is mended."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F, Q

from backbone_app.core.failures import held_for
from backbone_app.core.holding import Spot
from backbone_app.core.values import Side
from backbone_app.models import Failure
from backbone_app.models.prepared import Rows, objects

Place = tuple[str, str]
"""Side and row of a failure; either may be empty."""
_REFUSED: Final = Rows(lambda pair: Failure.objects.filter(pair_id=pair).exclude(wish="").exclude(side=""))
_PLACES: Final = Rows(lambda pair: Failure.objects.filter(pair_id=pair).values_list("side", "row"))


def refused_before(pair_id: int, now: datetime) -> dict[Spot, str]:
    """Give the wishes that are not to be sent again by themselves: ignored ones, and fresh ones."""
    return {
        (Side(one.side), one.row): one.wish
        for one in objects(Failure, _REFUSED(pair_id))
        if one.ignored or now < one.last_at + held_for(one.attempts)
    }


def note(
    synchronization_id: UUID, pair_id: int, place: Place, code: str, *, now: datetime, wish: str = ""
) -> bool:
    """Note a failure; the same one again counts as a further attempt. In the caller's transaction.

    Returns whether it is the same one. A failure that somebody ignores and that
    has become another one is told anew. One without a wish was asked to be tried
    again.
    """
    side, row = place
    mine = Failure.objects.filter(pair_id=pair_id, side=side, row=row)
    same = mine.filter(code=code, wish__in={wish, ""})
    if same.update(attempts=F("attempts") + 1, last_at=now, wish=wish):
        return True
    Failure.objects.update_or_create(
        pair_id=pair_id,
        side=side,
        row=row,
        defaults={
            "synchronization_id": synchronization_id,
            "code": code,
            "wish": wish,
            "attempts": 1,
            "ignored": False,
            "first_at": now,
            "last_at": now,
        },
    )
    return False


def keep_only(pair_id: int, places: Iterable[Place]) -> str:
    """Drop what no longer stands in the way; gives the code of what still does and is not ignored.

    Empty where nothing does. What stops the whole work item counts before a
    field. In the caller's transaction.
    """
    standing = Q(pk__in=[])
    for side, row in places:
        standing |= Q(side=side, row=row)
    rows = Failure.objects.filter(pair_id=pair_id)
    rows.exclude(standing).delete()
    return rows.filter(ignored=False).order_by("row", "side").values_list("code", flat=True).first() or ""


def places(pair_id: int) -> frozenset[Place]:
    """Give where something stands in the way of the pair at present."""
    return frozenset(_PLACES(pair_id))


def ignored(pair_ids: Iterable[int]) -> Mapping[int, Mapping[str, str]]:
    """Give what people chose to ignore, codes by row, of the pairs that have such."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Failure.objects.filter(pair__in=list(pair_ids), ignored=True)
    for pair_id, row, code in rows.order_by("pk").values_list("pair_id", "row", "code"):
        found[pair_id][row] = code
    return found
