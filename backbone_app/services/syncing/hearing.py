"""What there is to hear of a pair's comments: from deliveries, from reads, from both sides' lists."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from backbone_app.core.comments import Comment, Made, News, Twin, TwinState
from backbone_app.core.values import Side
from backbone_app.errors import RemoteMissing
from backbone_app.jira import read
from backbone_app.ledger import comments
from backbone_app.models import Delivery, Intent
from backbone_app.models.intent import IntentKind, IntentState
from backbone_app.services.syncing.look import about, opened
from backbone_app.services.syncing.work import Half, Work

DELETED: Final = "comment_deleted"


def hear(
    work: Work, twins: Collection[Twin], waiting: tuple[Delivery, ...], *, complete: Collection[Side]
) -> tuple[list[News], Made]:
    """Read what is new, and what our own writes made of copies whose rows may have been lost.

    Where a comment without a row has been copied before, or may have been, the
    other side's list is read too: its copy is there, and is not to be doubled.
    """
    heard = {
        half.side: _news(half, twins, about(half, waiting), complete=half.side in complete)
        for half in work.halves.values()
    }
    unknown = {side: _unknown(work.halves[side], news, twins) for side, news in heard.items()}
    made = _made(work.pair_id, unknown)
    written = {(twin.origin, twin.id_on(twin.origin)) for twin in made.values()}
    for side, those in unknown.items():
        was_written = any((side, one.id) in written for one in those)
        may_be = side in complete and any(not one.restricted for one in those)
        if (was_written or may_be) and side.other not in complete:
            known = [twin.id_on(side.other) for twin in twins if twin.id_on(side.other)]
            heard[side.other] = _listed(work.halves[side.other], known)
    news = [
        one
        for side, those in heard.items()
        for one in those
        if not _was_there_before(work.halves[side], one, twins)
    ]
    return _without_other_copies(work.pair_id, news), made


def _unknown(half: Half, news: Iterable[News], twins: Iterable[Twin]) -> list[Comment]:
    """List the comments of people that no row tells of."""
    rows = {twin.id_on(half.side) for twin in twins}
    seen = [one.comment for one in news if one.comment and not _was_there_before(half, one, twins)]
    return [one for one in seen if one.id not in rows and not (one.by_us and one.mark)]


def _made(pair_id: int, unknown: Mapping[Side, Collection[Comment]]) -> dict[str, Twin]:
    """Say by the marks of copies what our last writes made of them, as far as originals are ``unknown``."""
    asked = Q(pk__in=[])
    for side, those in unknown.items():
        ids = [one.id for one in those]
        if ids:
            asked |= Q(expectation__twin__origin=str(side), **{f"expectation__twin__{side}__in": ids})
    if not asked:
        return {}
    ours = Intent.objects.filter(asked, pair_id=pair_id, kind=IntentKind.COMMENT, state=IntentState.DONE)
    marks: dict[tuple[Side, str], str] = {}
    made: dict[str, Twin] = {}
    for intent in ours.exclude(expectation__action="remove").order_by("started_at"):
        twin = comments.from_json(intent.expectation["twin"])
        place = twin.origin, twin.id_on(twin.origin)
        if intent.expectation["action"] == "add":
            marks[place] = str(intent.pk)
        if place in marks:
            made[marks[place]] = twin
    return made


def _without_other_copies(pair_id: int, news: list[News]) -> list[News]:
    """Leave out what another pair has copied here: it is nobody's copy in this one."""
    marks = [one.comment.mark for one in news if one.comment and one.comment.by_us and one.comment.mark]
    if not marks:
        return news
    others = Intent.objects.filter(pk__in=[mark for mark in marks if _is_id(mark)]).exclude(pair_id=pair_id)
    foreign = {str(pk) for pk in others.values_list("pk", flat=True)}
    return [one for one in news if one.comment is None or one.comment.mark not in foreign]


def _is_id(mark: str) -> bool:
    try:
        return str(UUID(mark)) == mark
    except ValueError:
        return False


def _news(half: Half, twins: Iterable[Twin], waiting: list[Delivery], *, complete: bool) -> list[News]:
    """Read what the deliveries tell of; a comment is missing only if the complete list lacks it."""
    parsed = [(delivery.event, opened(delivery)) for delivery in waiting]
    told = [(event, one.comment) for event, one in parsed if one and one.comment]
    gone = {one.id for event, one in told if event == DELETED}
    unnamed = any(event == DELETED and not (one and one.comment) for event, one in parsed)
    known = {twin.id_on(half.side): twin for twin in twins if twin.id_on(half.side)}
    fresh = {
        one.id
        for _, one in told
        if (one.author != half.account or one.id in known)
        and not (one.id in known and is_old(one.updated, known[one.id].updated_on(half.side)))
    } - gone
    if complete or unnamed or any(_concerns(known.get(name), half) for name in gone):
        return _listed(half, fresh | known.keys())
    try:
        seen = [read.comment(half.client, half.item, name) for name in sorted(fresh)]
    except RemoteMissing:
        return _listed(half, fresh | known.keys())
    return [News(half.side, one, one.id, missing=False) for one in seen]


def _was_there_before(half: Half, one: News, twins: Iterable[Twin]) -> bool:
    """Whether a comment without a twin is from before its work item was paired: it stays on its side."""
    if half.joined is None or one.comment is None or one.comment.created > half.joined:
        return False
    return all(twin.id_on(half.side) != one.id for twin in twins)


def is_old(updated: datetime | None, known: datetime | None) -> bool:
    """Whether a comment is no newer than what is known of it; where a time is missing it may be."""
    return updated is not None and known is not None and updated <= known


def _concerns(twin: Twin | None, half: Half) -> bool:
    """Whether a deletion is news: not of a comment that was never copied, nor of a copy known to be gone."""
    return twin is not None and (twin.origin is half.side or twin.state is TwinState.ACTIVE)


def _listed(half: Half, asked: Iterable[str]) -> list[News]:
    found = {one.id: one for one in read.comments(half.client, half.item)}
    missing = [News(half.side, None, name, missing=True) for name in sorted(set(asked) - found.keys())]
    return [*(News(half.side, one, one.id, missing=False) for one in found.values()), *missing]
