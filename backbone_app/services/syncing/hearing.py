"""What there is to hear of a pair's comments: from deliveries, from reads, from both sides' lists."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Q

from backbone_app.core.comments import Comment, Made, News, Twin, TwinState, is_earlier
from backbone_app.core.marks import named
from backbone_app.core.values import Side
from backbone_app.errors import RemoteMissing
from backbone_app.jira import read
from backbone_app.ledger import comments
from backbone_app.models import Delivery, Intent
from backbone_app.models.intent import IntentKind, IntentState
from backbone_app.services.syncing.look import about, opened
from backbone_app.services.syncing.work import MISSING, Blocked, Half, Work

DELETED: Final = "comment_deleted"
Heard = Mapping[Side, list[News]]


def hear(
    work: Work, twins: Collection[Twin], waiting: tuple[Delivery, ...], *, complete: Collection[Side]
) -> tuple[list[News], Made]:
    """Read what is new, and what our own writes made of copies whose rows may have been lost.

    Where a comment without a row has been copied before, or may have been, both
    lists are read: its copy is there, and is not to be doubled. Raises ``Blocked``
    for a work item that has no list any more, and the client's errors.
    """
    heard = {
        half.side: _news(half, twins, about(half, waiting), complete=half.side in complete)
        for half in work.halves.values()
    }
    made = _made(work, heard, twins)
    if made or any(not one.restricted for side in complete for one in _unknown(work, side, heard, twins)):
        for side in [each for each in Side if each not in complete]:
            known = [twin.id_on(side) for twin in twins if twin.id_on(side)]
            heard[side] = _listed(work.halves[side], known)
        made = _made(work, heard, twins)
    news = [
        one
        for side, those in heard.items()
        for one in those
        if not _was_there_before(work.halves[side], one, twins)
    ]
    return _without_other_copies(work, news), made


def _unknown(work: Work, side: Side, heard: Heard, twins: Collection[Twin]) -> list[Comment]:
    """List the comments of people that no row tells of."""
    rows = {twin.id_on(side) for twin in twins}
    news = [one for one in heard[side] if not _was_there_before(work.halves[side], one, twins)]
    seen = [one.comment for one in news if one.comment]
    return [one for one in seen if one.id not in rows and not (one.by_us and one.mark)]


def _made(work: Work, heard: Heard, twins: Collection[Twin]) -> dict[str, Twin]:
    """Say by the marks of copies what our last writes made of them, where no row tells of the original."""
    unknown = {side: [one.id for one in _unknown(work, side, heard, twins)] for side in heard}
    asked = [
        Q(expectation__twin__origin=str(side), **{f"expectation__twin__{side}__in": ids})
        for side, ids in unknown.items()
        if ids
    ]
    if not asked:
        return {}
    ours = Intent.objects.filter(
        reduce(or_, asked), pair_id=work.pair_id, kind=IntentKind.COMMENT, state=IntentState.DONE
    )
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


def _without_other_copies(work: Work, news: list[News]) -> list[News]:
    """Leave out what another pair has copied here: it is nobody's copy in this one."""
    news = [one for one in news if one.comment is None or not _is_of_other_items(work, one.side, one.comment)]
    marks = [one.comment.mark for one in news if one.comment and one.comment.by_us and one.comment.mark]
    if not marks:
        return news
    others = Intent.objects.filter(pk__in=[mark for mark in marks if named(mark)]).exclude(
        pair_id=work.pair_id
    )
    foreign = {str(pk) for pk in others.values_list("pk", flat=True)}
    return [one for one in news if one.comment is None or one.comment.mark not in foreign]


def _is_of_other_items(work: Work, side: Side, comment: Comment) -> bool:
    return comment.original_item not in {"", work.halves[side.other].item}


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
        if (not half.is_the_apps(one.author) or one.id in known)
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
    return updated is not None and known is not None and (updated == known or is_earlier(updated, known))


def _concerns(twin: Twin | None, half: Half) -> bool:
    """Whether a deletion is news: not of a comment that was never copied, nor of a copy known to be gone."""
    return twin is not None and (twin.origin is half.side or twin.state is TwinState.ACTIVE)


def _listed(half: Half, asked: Iterable[str]) -> list[News]:
    try:
        found = {one.id: one for one in read.comments(half.client, half.item)}
    except RemoteMissing as gone:
        raise Blocked(MISSING, half.side) from gone
    missing = [News(half.side, None, name, missing=True) for name in sorted(set(asked) - found.keys())]
    return [*(News(half.side, one, one.id, missing=False) for one in found.values()), *missing]
