"""What the feed is told of a write: what stood there, whose edit it carries, what gave way to it."""

from collections.abc import Iterable, Mapping
from typing import Final

from backbone_app import metrics
from backbone_app.core.collections import names_of
from backbone_app.core.configuration import Direction
from backbone_app.core.mapping import name_across
from backbone_app.core.operations import Conflict, FieldWrite, LabelsWrite, Operation, Write
from backbone_app.core.settle import Followed
from backbone_app.core.state import UNDER_WAY
from backbone_app.core.values import Edit, Entry, FieldKind, Item, Labels, Option, Side, Value
from backbone_app.ledger import journal
from backbone_app.ledger.journal import WHOLE, Outcome, Why
from backbone_app.models import Intent
from backbone_app.models.intent import IntentKind, JournalKind
from backbone_app.services.syncing.look import Look
from backbone_app.services.syncing.work import Half, Work

LINES: Final = {
    IntentKind.CREATE: JournalKind.CREATED,
    IntentKind.EDIT: JournalKind.EDITED,
    IntentKind.TRANSITION: JournalKind.MOVED,
}

Looks = Mapping[Side, Look]


def of_write(work: Work, operation: Operation, looks: Looks, intent: Intent) -> None:
    """Add the line of what is about to be written. In the caller's transaction."""
    values = {one.row: _will_hold(one, operation.side, looks) for one in operation.writes}
    why = {one.row: _why(work, operation.side, one, looks) for one in operation.writes}
    kind = IntentKind(intent.kind)
    if kind is IntentKind.CREATE:
        source = operation.side.other
        why[WHOLE] = Why(birth(looks[source].item), source, about=operation.type_id)
    journal.note(
        work.place(operation.side), LINES[kind], values, now=intent.started_at, why=why, intent=intent
    )


def of_conflict(work: Work, conflict: Conflict, intent: Intent | None) -> None:
    """Keep both values, each in the half of the site it was written on. In the caller's transaction."""
    won, lost = (Outcome.WON_TIE, Outcome.LOST_TIE) if conflict.tie else (Outcome.WON, Outcome.LOST)
    _of_halves(work, conflict, intent, won=won, lost=lost)


def of_followed(work: Work, side: Side, followed: Followed, intent: Intent) -> None:
    """Tell that a crossed edit of ``side`` lost to what ``intent`` had written over it.

    What is edited where a field only arrives was in no conflict. In the caller's transaction.
    """
    if not any(
        row.key == followed.row and row.direction is Direction.BOTH for row in work.configuration.fields
    ):
        return
    crossed, carried = followed.crossed, journal.carried(intent, followed.row)
    values = {side: crossed.value, side.other: followed.carried}
    edits = {side: crossed.edit, side.other: carried}
    conflict = Conflict(
        followed.row,
        values[Side.LEFT],
        values[Side.RIGHT],
        side.other,
        edits[Side.LEFT],
        edits[Side.RIGHT],
    )
    _of_halves(work, conflict, intent, won=Outcome.WON_FOLLOWED, lost=Outcome.LOST_FOLLOWED)


def _of_halves(work: Work, conflict: Conflict, intent: Intent | None, *, won: Outcome, lost: Outcome) -> None:
    metrics.CONFLICTS.up(policy=work.configuration.policy, outcome=f"{conflict.winner} {won}")
    values = {Side.LEFT: conflict.left, Side.RIGHT: conflict.right}
    edits = {Side.LEFT: conflict.left_edit, Side.RIGHT: conflict.right_edit}
    for side in (conflict.winner.other, conflict.winner):
        edit = edits[side]
        why = Why(
            edits=(edit,) if edit else (),
            side=side,
            gave_way=edits[side.other],
            outcome=won if side is conflict.winner else lost,
        )
        journal.note(
            work.place(side),
            JournalKind.CONFLICT,
            {conflict.row: values[side]},
            now=work.clock(),
            why={conflict.row: why},
            intent=intent,
        )


def of_unmarking(work: Work, half: Half, clone: Item, intent: Intent) -> None:
    """Say that a clone is a work item of its own, and who made it. In the caller's transaction."""
    why = {WHOLE: Why(birth(clone), half.side)}
    place = work.place(half.side)
    journal.note(place, JournalKind.UNMARKED, {}, now=intent.started_at, why=why, intent=intent)


def birth(item: Item) -> tuple[Edit, ...]:
    """Give the creation of a work item as the edit that its first values came with."""
    return (Edit(item.created, item.creator),) if item.created and item.creator else ()


def _why(work: Work, side: Side, write: Write, looks: Looks) -> Why:
    before = looks[side].item.fields.get(write.field) if side in looks else None
    if _puts_back(write, side, looks):
        return Why((write.edit,) if write.edit else (), side, before, _overwritten(write))
    edits = _edits(work, side.other, write, looks.get(side.other))
    return Why(edits, side.other, before, _overwritten(write), _way(work, side, write, looks))


def _puts_back(write: Write, side: Side, looks: Looks) -> bool:
    """Whether the write gives a side back its own edit, which an earlier one of ours had crossed."""
    crossed = looks[side].crossed.get(write.field) if side in looks else None
    return crossed is not None and crossed.edit == write.edit


def _overwritten(write: Write) -> Edit | None:
    return write.overwrote if isinstance(write, FieldWrite) else None


def _edits(work: Work, source: Side, write: Write, look: Look | None) -> tuple[Edit, ...]:
    """Name the edits that a write carries; what nobody has edited came with the creation."""
    if look is None:
        return (write.edit,) if write.edit else ()
    if isinstance(write, LabelsWrite):
        name = next((row.on(source) for row in work.configuration.fields if row.key == write.row), "")
        made = _shares(look.item.entries, name, write)
        if made:
            return made
    if write.edit:
        return (write.edit,)
    return birth(look.item) if _has_never_agreed(work, write.row, source) else ()


def _shares(entries: Iterable[Entry], field: str, write: LabelsWrite) -> tuple[Edit, ...]:
    """Name the edits that brought or took each of the names: several people's may travel in one write."""
    last: dict[tuple[bool, str], Entry] = {}
    for entry in sorted(entries, key=lambda entry: entry.id):
        for step in entry.steps:
            if step.field == field:
                before, after = names_of(step.before), names_of(step.after)
                last |= {(True, name_across(name)): entry for name in after - before}
                last |= {(False, name_across(name)): entry for name in before - after}
    wanted = [*((True, name) for name in write.add), *((False, name) for name in write.remove)]
    found = {last[one].id: last[one] for one in wanted if one in last}
    return tuple(found[number].edit(field) for number in sorted(found))


def _has_never_agreed(work: Work, row: str, source: Side) -> bool:
    agreed = work.base().fields.get(row)
    kind = next((one.kind for one in work.configuration.fields if one.key == row), None)
    if agreed is None or kind is FieldKind.LABELS:
        return agreed is None
    return agreed.on(source) in (None, UNDER_WAY)


def _way(work: Work, side: Side, write: Write, looks: Looks) -> tuple[str, str] | None:
    """Name the row of the configuration that a status goes by: the source's status, and what that is here."""
    source = looks.get(side.other)
    row = next((row for row in work.configuration.fields if row.key == write.row), None)
    if source is None or row is None or row.kind is not FieldKind.STATUS:
        return None
    name = row.on(side.other)
    crossed = source.crossed.get(name)
    shown = crossed.value if crossed else source.item.fields.get(name)
    there = work.configuration.status_across(shown.name, to=side) if isinstance(shown, Option) else None
    return (shown.name, there) if isinstance(shown, Option) and there else None


def _will_hold(write: Write, side: Side, looks: Looks) -> Value:
    """Give what the field holds once the write stands; of a set, all of its names."""
    if isinstance(write, FieldWrite):
        return write.value
    held = looks[side].item.fields.get(write.field) if side in looks else None
    names = names_of(held) if held else frozenset()
    return Labels((names - frozenset(write.remove)) | frozenset(write.add))
