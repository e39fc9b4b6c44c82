"""Round after round of one pair: plan, write one operation, look again, until nothing is left."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from backbone_app import metrics
from backbone_app.core import guard
from backbone_app.core.operations import Conflict, FieldWrite, Operation, OperationKind, Plan
from backbone_app.core.plan import plan
from backbone_app.core.state import Base
from backbone_app.core.values import Item, Side
from backbone_app.errors import RemoteRefused
from backbone_app.services.syncing import passing, recovery, views, walking, writing
from backbone_app.services.syncing.hurdles import (
    Hurdles,
    begin,
    clear_of,
    learn,
    next_part,
    refusal_of_read,
    written,
)
from backbone_app.services.syncing.look import Look, read_side
from backbone_app.services.syncing.walking import NoWay
from backbone_app.services.syncing.work import Blocked, Declined, StillChanging, Work, load

ROUNDS: Final = 10
"""Writes in one go; where people keep editing both sides, the pair goes to the end of the line."""

BUDGET: Final = timedelta(seconds=15)
"""How long one pair may go on: with one more write it ends before its task's time-out."""
BREATH: Final = timedelta(seconds=5)

Looks = dict[Side, Look]


def bring_in_step(work: Work, looks: Looks) -> Hurdles:
    """Plan and write until nothing is left that can be done; returns what stands in the way.

    Raises ``Blocked`` where that is the whole work item, ``StillChanging`` after
    ``ROUNDS`` writes or ``BUDGET``, ``JustChanged`` while another pair walks the status.
    The deliveries stay, and the stamps stay old: the edits since then are still to be weighed.
    """
    must_be_at_home(work, {side: look.item for side, look in looks.items()})
    end, hurdles = work.clock() + BUDGET, begin(work)
    for _ in range(ROUNDS):
        if work.clock() >= end:
            break
        operations, conflicts = _next(work, looks, hurdles)
        if not operations and hurdles.is_walked:
            passing.wait(work)
        if not operations:
            return hurdles
        part = next_part(hurdles, operations[0])
        try:
            work = _carry_out(work, part, conflicts, looks)
            written(hurdles, part)
            _has_arrived(part, work.clock())
        except NoWay:
            hurdles.standing[str(operations[0].side), operations[0].writes[0].row] = "no_path"
            return hurdles
        except Declined as declined:
            learn(work, hurdles, operations[0], declined)
    raise StillChanging(work.clock() + BREATH)


def _has_arrived(operation: Operation, now: datetime) -> None:
    """Measure how long the newest edit that an operation carried was on its way."""
    edits = [one.edit.at for one in operation.writes if one.edit]
    if edits:
        metrics.PROPAGATION.took((now - max(edits)).total_seconds())


def must_be_at_home(work: Work, items: Mapping[Side, Item]) -> None:
    """Raise ``Blocked`` for a work item that was moved out of its space; it may come back."""
    for side, item in items.items():
        if item.space not in {"", work.halves[side].space}:
            raise Blocked("moved_away", side)


def _next(work: Work, looks: Looks, hurdles: Hurdles) -> tuple[tuple[Operation, ...], tuple[Conflict, ...]]:
    """Plan, leave out what was refused, commit what needs no write; edits come before moves."""
    whole = _plan(work, looks)
    hurdles.evaluated = all(side in looks and looks[side].whole for side in Side)
    planned = clear_of(work, hurdles, whole or Plan())
    refusal = guard.check(work.configuration, planned)
    if refusal:
        raise Blocked(refusal if refusal == "empty_summary" else "guarded")
    now = passing.apart_from_walks(work, planned, looks)
    hurdles.is_walked = now is not planned
    _agree(work, now, looks)
    return tuple(sorted(now.operations, key=_turn)), now.conflicts


def _turn(operation: Operation) -> tuple[bool, bool]:
    """Say when an operation's turn is: edits come before moves.

    What gives a side its crossed edit back comes before what carries it across: if that crosses a further
    edit, nothing of the earlier one has travelled yet. Of moves it comes last: there may be no way back.
    """
    puts_back = any(isinstance(one, FieldWrite) and one.puts_back for one in operation.writes)
    is_move = operation.kind is OperationKind.TRANSITION
    return is_move, puts_back is is_move


def _plan(work: Work, looks: Looks) -> Plan | None:
    """Plan from what is known; the partner is read only if a side differs from its base, None: none does."""
    if any(look.crossed and not look.whole for look in looks.values()):
        # The answer to a write of wiki text shows none: only a read tells what a claim on it stands against.
        looks |= recovery.crossed_look(work)
    base = work.base()
    twin_missing = any(not half.item for half in work.halves.values())
    if not twin_missing and not views.any_differs(work, base, looks):
        return None
    absent = [side for side in Side if side not in looks]
    read_sides(work, looks, absent)
    unread = views.unshown(work, looks) if twin_missing else views.unread_partners(work, base, looks)
    read_sides(work, looks, unread)
    fresh = {*absent, *unread}
    while True:
        planned = _plan_from(work, base, looks)
        doubtful = {
            *views.undated(work, planned, looks),
            *views.unheard(work, base, planned, looks),
            *views.unproven(work, base, planned, looks),
        }
        if doubtful <= fresh:
            return planned
        read_sides(work, looks, sorted(doubtful - fresh))
        fresh |= doubtful


def _plan_from(work: Work, base: Base, looks: Looks) -> Plan:
    seen = views.of(work, looks)
    return plan(
        work.configuration,
        base,
        seen.get(Side.LEFT),
        seen.get(Side.RIGHT),
        twin_key=work.halves[work.origin.other].key,
        twin_people=views.twin_people(work, looks),
        origin=None if work.is_of_existing_items else work.origin,
        choice=work.choice,
    )


def read_sides(work: Work, looks: Looks, sides: Iterable[Side]) -> None:
    """Read the sides that exist into ``looks``."""
    for side in sides:
        if work.halves[side].item:
            looks[side] = _read_side(work, side)


def _read_side(work: Work, side: Side) -> Look:
    try:
        return read_side(work.halves[side], work.pair_id)
    except RemoteRefused as refused:
        raise refusal_of_read(side, refused) from refused


def _agree(work: Work, planned: Plan, looks: Looks) -> None:
    """Commit agreements, and conflicts whose winner stands on both sides already."""
    settled = tuple(one for one in planned.conflicts if not _losers_write(one, planned.operations))
    if planned.agreements or settled:
        looks |= writing.agree(work, planned.agreements, settled, looks)


def _carry_out(work: Work, operation: Operation, conflicts: tuple[Conflict, ...], looks: Looks) -> Work:
    """Carry out one operation; ``looks`` then holds both sides as they are afterwards."""
    mine = tuple(one for one in conflicts if _losers_write(one, (operation,)))
    match operation.kind:
        case OperationKind.CREATE:
            return _create(work, operation, looks)
        case OperationKind.TRANSITION:
            looks |= walking.step(work, operation, looks, mine)
        case OperationKind.EDIT:
            looks |= writing.edit(work, operation, looks, mine)
    return work


def _create(work: Work, operation: Operation, looks: Looks) -> Work:
    """Create the twin and read it: its workflow gave it a status, and rich text has its own form there."""
    origin = operation.side.other
    if not looks[origin].item.mark_known:
        looks[origin] = _read_side(work, origin)
    if recovery.is_a_clone(looks[origin].item):
        writing.unmark(work, work.halves[origin], looks[origin].item)
    writing.create(work, operation, looks)
    whole = load(work.claim, work.clock)
    read_sides(whole, looks, [operation.side])
    writing.adopt_forms(whole, operation, looks[operation.side])
    writing.owe(whole, operation, looks)
    return whole


def _losers_write(conflict: Conflict, operations: Iterable[Operation]) -> bool:
    """Whether one of ``operations`` overwrites the loser of ``conflict``."""
    rows = {one.row for it in operations if it.side is conflict.winner.other for one in it.writes}
    return conflict.row in rows
