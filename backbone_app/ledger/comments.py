"""A pair's comments and their copies, as rows."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from backbone_app.core.comments import BACKWARDS, Twin, TwinState
from backbone_app.core.values import Side
from backbone_app.models import CommentTwin
from backbone_app.models.prepared import Rows, objects

_TWINS: Final = Rows(lambda pair: CommentTwin.objects.filter(pair_id=pair).order_by("pk"))


def load(pair_id: int) -> tuple[Twin, ...]:
    """Give every comment the pair knows of, with what became of its copy."""
    return tuple(_twin(row) for row in objects(CommentTwin, _TWINS(pair_id)))


def load_all(pair_ids: Collection[int]) -> dict[int, tuple[Twin, ...]]:
    """Give the comments of many pairs, by pair; one without comments is left out."""
    found: dict[int, list[Twin]] = {}
    for row in CommentTwin.objects.filter(pair__in=pair_ids).order_by("pk"):
        found.setdefault(row.pair_id, []).append(_twin(row))
    return {pair_id: tuple(twins) for pair_id, twins in found.items()}


def store(pair_id: int, twin: Twin) -> None:
    """Write a twin; its row is the one of its original. In the caller's transaction.

    A copy that is not there yet has an empty id: the row is the claim that
    keeps a second worker from writing it too.
    """
    original: dict[str, Any] = {str(twin.origin): twin.id_on(twin.origin)}
    CommentTwin.objects.update_or_create(
        pair_id=pair_id,
        origin=twin.origin,
        **original,
        defaults={
            str(twin.origin.other): twin.id_on(twin.origin.other),
            "left_digest": twin.left_digest,
            "right_digest": twin.right_digest,
            "left_updated": twin.left_updated,
            "right_updated": twin.right_updated,
            "state": twin.state,
            "told": twin.told,
        },
    )


def seen(pair_id: int, side: Side, comment: str, updated: datetime) -> None:
    """Note that a comment is known as of ``updated``. In the caller's transaction.

    A sight from shortly before takes nothing back; a much smaller time is of a
    clock that was set back.
    """
    mine = CommentTwin.objects.filter(pair_id=pair_id, **{str(side): comment})
    before, set_back = (
        Q(**{f"{side}_updated__lt": updated}),
        Q(**{f"{side}_updated__gt": updated + BACKWARDS}),
    )
    mine.filter(before | set_back).update(**{f"{side}_updated": updated})


def forget(pair_id: int, twin: Twin) -> None:
    """Drop a twin's row. In the caller's transaction."""
    original = {str(twin.origin): twin.id_on(twin.origin)}
    CommentTwin.objects.filter(pair_id=pair_id, origin=twin.origin, **original).delete()


def to_json(twin: Twin) -> dict[str, object]:
    """Give a twin as an intent keeps it; ``from_json`` is its inverse."""
    return {
        "origin": str(twin.origin),
        "left": twin.left,
        "right": twin.right,
        "left_digest": twin.left_digest,
        "right_digest": twin.right_digest,
        "left_updated": _text(twin.left_updated),
        "right_updated": _text(twin.right_updated),
        "state": str(twin.state),
        "told": twin.told,
    }


def from_json(document: Mapping[str, Any]) -> Twin:
    """Read what ``to_json`` made."""
    return Twin(
        Side(document["origin"]),
        document["left"],
        document["right"],
        document["left_digest"],
        document["right_digest"],
        _time(document["left_updated"]),
        _time(document["right_updated"]),
        TwinState(document["state"]),
        document["told"],
    )


def _twin(row: CommentTwin) -> Twin:
    return Twin(
        Side(row.origin),
        row.left,
        row.right,
        row.left_digest,
        row.right_digest,
        row.left_updated,
        row.right_updated,
        TwinState(row.state),
        row.told,
    )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
