"""Comments of a pair: what is new is read, decided by the origin rule, written one by one."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import Final

from django.db import transaction

from backbone_app.core import texts
from backbone_app.core.comments import (
    FIELD,
    Add,
    Adopt,
    Change,
    Comment,
    CommentStep,
    Forget,
    News,
    Note,
    NoteKind,
    Remove,
    Twin,
    TwinState,
    decide,
    written,
)
from backbone_app.core.values import EMPTY, Edit, Side, Value
from backbone_app.errors import RemoteMissing, RemoteRefused
from backbone_app.jira import read, write
from backbone_app.ledger import comments, journal, leases
from backbone_app.ledger.failures import Place
from backbone_app.ledger.journal import Why
from backbone_app.models import Delivery, Intent
from backbone_app.models.intent import IntentKind, IntentState, JournalKind
from backbone_app.services.syncing.hearing import DELETED, hear, is_old
from backbone_app.services.syncing.hurdles import COMMENT, refused_comment
from backbone_app.services.syncing.look import about, opened
from backbone_app.services.syncing.views import called, known_there
from backbone_app.services.syncing.weighing import MARGIN
from backbone_app.services.syncing.work import Half, Work
from backbone_app.services.syncing.writing import (
    CALL,
    NO_EFFECT,
    close,
    new_intent,
    seconds_left,
    withdraw,
)

LINES: Final = {
    Add: JournalKind.COMMENTED,
    Change: JournalKind.COMMENT_CHANGED,
    Remove: JournalKind.COMMENT_REMOVED,
}
ACTIONS: Final = {Add: "add", Change: "change", Remove: "remove"}

Write = Add | Change | Remove
Edits = Mapping[tuple[Side, str], Edit]
"""Who wrote or changed a comment last, and when, by the side it is on and its id."""
Refusals = Mapping[Place, str]
"""Where comments were refused, and the code of the last refusal there."""


def bring_in_step(work: Work, waiting: tuple[Delivery, ...], *, complete: Collection[Side]) -> Refusals:
    """Do what the news about comments ask for; the lists of the ``complete`` sides are read whatever came.

    A copy that vanishes before its change is written makes the lists worth a
    look too. Returns which sides refused a comment, and the code of why. Raises
    ``Blocked`` and the client's errors; each step is committed by itself.
    """
    if not all(half.item for half in work.halves.values()):
        return {}
    try:
        return _once(work, waiting, complete=complete)
    except RemoteMissing:
        return _once(work, waiting, complete=list(Side))


def _once(work: Work, waiting: tuple[Delivery, ...], *, complete: Collection[Side]) -> Refusals:
    twins = comments.load(work.pair_id)
    news, made = hear(work, twins, waiting, complete=complete)
    edits = _deletions(work, waiting)
    edits |= {
        (one.side, one.id): Edit(one.comment.updated, one.comment.author) for one in news if one.comment
    }
    keys = {side: half.key for side, half in work.halves.items()}
    people = {side: known_there(work, side, _mentions(news, side.other)) for side in Side}
    names = {name: told for side in Side for name, told in called(work, side, _mentions(news, side)).items()}
    rules = work.configuration.comments
    steps = decide(rules, twins, news, keys=keys, people=people, made=made, names=names)
    refusals = _carry_out_all(work, sorted(steps, key=lambda step: not isinstance(step, Remove)), edits)
    if not refusals:
        _remember(work, twins, news)
    return refusals


def _remember(work: Work, twins: Iterable[Twin], news: Iterable[News]) -> None:
    """Note how new the comments are that called for nothing: a check is not to take them for news."""
    known = {(side, twin.id_on(side)): twin.updated_on(side) for twin in twins for side in Side}
    seen = [(one.side, one.comment) for one in news if one.comment and (one.side, one.id) in known]
    later = [(side, one) for side, one in seen if not is_old(one.updated, known[side, one.id])]
    if later:
        with transaction.atomic():
            leases.renew(work.claim, span=leases.LEASE)
            for side, one in later:
                comments.seen(work.pair_id, side, one.id, one.updated)


def _carry_out_all(work: Work, steps: list[CommentStep], edits: Edits) -> Refusals:
    """Carry out every step, what must be taken back first; a refused one holds back no other."""
    refusals: dict[Place, str] = {}
    for step in steps:
        try:
            _carry_out(work, step, edits)
        except RemoteRefused as refused:
            if isinstance(refused, RemoteMissing) or not isinstance(step, Write):
                raise
            refusals[str(step.to), COMMENT] = refused_comment(work, step.to, refused)
    return refusals


def _deletions(work: Work, waiting: tuple[Delivery, ...]) -> dict[tuple[Side, str], Edit]:
    """Tell whose comments were deleted, and when; Jira does not say by whom."""
    told = [
        (half.side, one, delivery)
        for half in work.halves.values()
        for delivery in about(half, waiting)
        if delivery.event == DELETED and (one := opened(delivery)) and one.comment
    ]
    return {
        (side, one.comment.id): Edit(one.at or delivery.received_at, one.comment.author)
        for side, one, delivery in told
        if one.comment
    }


def _mentions(news: Iterable[News], side: Side) -> frozenset[str]:
    return texts.mentions(one.comment.body for one in news if one.side is side and one.comment)


def _carry_out(work: Work, step: CommentStep, edits: Edits) -> None:
    match step:
        case Forget(twin):
            with transaction.atomic():
                leases.renew(work.claim, span=leases.LEASE)
                comments.forget(work.pair_id, twin)
        case Adopt(becomes):
            with transaction.atomic():
                leases.renew(work.claim, span=leases.LEASE)
                comments.store(work.pair_id, becomes)
        case Note(side, kind, _, becomes):
            _note(work, side, kind, becomes)
        case Add() | Change() | Remove():
            origin = step.becomes.origin
            _write(work, step, edits.get((origin, step.becomes.id_on(origin))))


def _note(work: Work, side: Side, kind: NoteKind, becomes: Twin) -> None:
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        comments.store(work.pair_id, becomes)
        why = {FIELD: Why(side=side, about=becomes.id_on(becomes.origin), code=kind)}
        journal.note(work.place(side), JournalKind.COMMENT_LEFT, {FIELD: EMPTY}, now=work.clock(), why=why)


def _write(work: Work, step: Write, edit: Edit | None) -> None:
    """Carry out one write: intent and claim first, then the call, then the base from its answer."""
    half = work.halves[step.to]
    intent = _open(work, half, step, edit)
    try:
        answer = _call(work, step, intent)
    except NO_EFFECT:
        _take_back(work, step.becomes, intent)
        raise
    becomes = step.becomes if answer is None else written(step.becomes, step.to, answer, key=half.key)
    _settle(work, intent, becomes)


def _settle(work: Work, intent: Intent, becomes: Twin) -> None:
    """Commit what a write made of a comment's copy; with the original gone too, nothing is left to know."""
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        close(intent, IntentState.DONE)
        if becomes.state is TwinState.GONE:
            comments.forget(work.pair_id, becomes)
        else:
            comments.store(work.pair_id, becomes)


def settle_unanswered(work: Work, intent: Intent) -> None:
    """Look for a write whose answer was lost; it is withdrawn where it did not happen.

    A copy that we meant to delete and that is gone was deleted by us: taken for
    somebody else's deletion, it would never come back.
    """
    half = work.halves[Side(intent.side)]
    becomes = comments.from_json(intent.expectation["twin"])
    copies = read.comments(half.client, half.item)
    match intent.expectation["action"]:
        case "add":
            found = next((one for one in copies if one.by_us and one.mark == str(intent.pk)), None)
            after = written(becomes, half.side, found, key=half.key) if found else None
        case "change":
            after = _changed(half, copies, becomes)
        case _:
            after = None if any(one.id == intent.expectation["copy"] for one in copies) else becomes
    if after is None:
        _take_back(work, becomes, intent)
    else:
        _settle(work, intent, after)


def _changed(half: Half, copies: Iterable[Comment], becomes: Twin) -> Twin | None:
    """Give the twin if its copy holds what was to be written."""
    copy = next((one for one in copies if one.id == becomes.id_on(half.side)), None)
    after = written(becomes, half.side, copy, key=half.key) if copy else None
    return after if after and after.digest_on(half.side) == becomes.digest_on(half.side) else None


def _call(work: Work, step: Write, intent: Intent) -> Comment | None:
    half, timeout = work.halves[step.to], seconds_left(work, intent)
    match step:
        case Add():
            nonce, original = str(intent.pk), (work.halves[step.to.other].item, step.source_id)
            return write.add_comment(
                half.client, half.item, step.body, nonce=nonce, original=original, timeout=timeout
            )
        case Change():
            return write.change_comment(half.client, half.item, step.copy_id, step.body, timeout=timeout)
        case Remove():
            with suppress(RemoteMissing):
                write.remove_comment(half.client, half.item, step.copy_id, timeout=timeout)
                return None
            # Gone already is fine. That the whole work item is hidden, copy and all, is answered alike.
            read.comments(half.client, half.item, timeout=timeout)
            return None


def _open(work: Work, half: Half, step: Write, edit: Edit | None) -> Intent:
    expectation: dict[str, object] = {
        "action": ACTIONS[type(step)],
        "twin": comments.to_json(step.becomes),
        "copy": "" if isinstance(step, Add) else step.copy_id,
    }
    values: dict[str, Value] = {FIELD: EMPTY if isinstance(step, Remove) else step.body}
    with transaction.atomic():
        leases.begin(work.claim, span=CALL + MARGIN)
        intent = new_intent(work, half, IntentKind.COMMENT, expectation, None)
        place, why = work.place(half.side), {FIELD: _why(step, edit)}
        journal.note(place, LINES[type(step)], values, now=intent.started_at, why=why, intent=intent)
        if isinstance(step, Add):
            comments.store(work.pair_id, step.becomes)
    return intent


def _why(step: Write, edit: Edit | None) -> Why:
    origin = step.becomes.origin
    return Why(
        edits=(edit,) if edit else (),
        side=origin,
        about=step.becomes.id_on(origin),
        code=step.reason if isinstance(step, Remove) else "",
    )


def _take_back(work: Work, becomes: Twin, intent: Intent) -> None:
    """Withdraw a write that did not happen; the row of a copy that was to be added goes with it."""
    with transaction.atomic():
        if intent.expectation["action"] == ACTIONS[Add]:
            comments.forget(work.pair_id, becomes)
        withdraw(work, intent)
