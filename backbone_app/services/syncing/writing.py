"""One operation of a plan, carried out: intent first, then the call, then what became of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from django.db import transaction

from backbone_app import logs, metrics
from backbone_app.core.canonical import digest
from backbone_app.core.configuration import FieldRow
from backbone_app.core.expectation import expect, from_json, to_json
from backbone_app.core.failures import Doing
from backbone_app.core.operations import Conflict, FieldWrite, LabelsWrite, Operation, Write
from backbone_app.core.settle import Verdict
from backbone_app.core.state import UNDER_WAY, BaseChange
from backbone_app.core.values import Edit, FieldKind, Item, Labels, Side, TwinMark, Value
from backbone_app.errors import LeaseLost, LinkBroken, RemoteBusy, RemoteRefused, RemoteUnreachable
from backbone_app.jira import write
from backbone_app.ledger import journal, leases, observations
from backbone_app.models import Intent
from backbone_app.models.intent import IntentKind, IntentState
from backbone_app.services.syncing import claims, telling
from backbone_app.services.syncing.look import Look, seen, with_history
from backbone_app.services.syncing.weighing import MARGIN, overtake, overtaken_by, weigh
from backbone_app.services.syncing.work import Declined, Half, Work

CALL: Final = timedelta(seconds=15)
"""How long a call may take in all; the lease outlives it by ``weighing.MARGIN``."""
NOT_SENT: Final = (RemoteBusy, RemoteUnreachable, LinkBroken)
NO_EFFECT: Final = (RemoteRefused, *NOT_SENT)
NO_CLAIMS: Final[Mapping[str, str]] = MappingProxyType({})

Looks = Mapping[Side, Look]


def create(work: Work, operation: Operation, looks: Looks) -> None:
    """Create the twin. Raises ``Declined`` and the client's errors; ``OutcomeUnknown`` leaves it open."""
    target, source = work.halves[operation.side], work.halves[operation.side.other]
    intent = open_intent(work, operation, looks, (), kind=IntentKind.CREATE)
    draft = write.Draft(
        space=target.space,
        type_id=operation.type_id,
        fields={one.field: _wished(one) for one in operation.writes},
        mark=TwinMark(str(intent.pk), str(work.origin_site), work.origin_item, str(work.synchronization_id)),
    )
    why = cause(intent, operation.writes, source)
    try:
        created = write.create(target.client, draft, cause=why, timeout=seconds_left(work, intent))
    except RemoteRefused as refused:
        withdraw(work, intent)
        raise Declined(operation, Doing.CREATE, refused) from refused
    except NOT_SENT:
        withdraw(work, intent)
        raise
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        observations.twin_found(intent, item=created.id, key=created.key, now=work.clock())
    leases.renew(work.claim, span=leases.LEASE)  # lost where the twin was taken: nothing more is to be done


def adopt_forms(work: Work, operation: Operation, twin: Look) -> None:
    """Take for a new twin's base what its site made of the fields: defaults, and texts in its own form.

    None of it is anybody's edit, so it neither flows back nor is it corrected;
    a field that somebody has edited since is left out.
    """
    side, half = operation.side, work.halves[operation.side]
    rows = {row.key: row.on(side) for row in work.configuration.fields if row.kind is not FieldKind.LABELS}
    keys = {change.row for change in (*operation.also, *(one.becomes for one in operation.writes))}
    shown = {key: rows[key] for key in sorted(keys & rows.keys()) if rows[key] in twin.item.fields}
    adopted = [
        BaseChange(key).with_digest(side, digest(half.key, name, twin.item.fields[name]))
        for key, name in shown.items()
        if name not in twin.edits
    ]
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        observations.apply(work.pair_id, work.half_ids, adopted)


def owe(work: Work, operation: Operation, looks: Looks) -> None:
    """Note which fields a creation had to leave out: they are still to come, whatever the twin holds there.

    Without it a default of the new twin's would stand against the original's
    value as if the two had never agreed.
    """
    side, half = operation.side, work.halves[operation.side]
    origin, twin = looks[side.other], looks[side]
    carried = {change.row for change in operation.also} | {one.row for one in operation.writes}
    type_row = work.configuration.type_row(side, operation.type_id)
    owed = [
        BaseChange(row.key)
        .with_digest(side, digest(half.key, row.on(side), twin.item.fields[row.on(side)]))
        .with_digest(side.other, UNDER_WAY)
        for row in (work.configuration.rows(type_row) if type_row else ())
        if _is_owed(row, side, origin, twin) and row.key not in carried
    ]
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        observations.apply(work.pair_id, work.half_ids, owed)


def _is_owed(row: FieldRow, side: Side, origin: Look, twin: Look) -> bool:
    """Whether a row is still to travel: both sides show it, and nobody has edited the new twin's."""
    plain = row.kind not in {FieldKind.LABELS, FieldKind.STATUS} and row.direction.writes(side)
    shown = row.on(side.other) in origin.item.fields and row.on(side) in twin.item.fields
    return plain and shown and row.on(side) not in twin.edits


def edit(work: Work, operation: Operation, looks: Looks, conflicts: tuple[Conflict, ...]) -> dict[Side, Look]:
    """Carry out an edit and return the looks as they are afterwards.

    The answer's changelog tells whether somebody edited a written field between
    what the plan had seen and our write: such a crossed edit comes back with
    the look and is planned again. Raises ``Declined`` and the client's errors.
    """
    target = work.halves[operation.side]
    intent = open_intent(work, operation, looks, conflicts, kind=IntentKind.EDIT)
    labels = [one for one in operation.writes if isinstance(one, LabelsWrite)]
    try:
        answer = write.edit(
            target.client,
            target.item,
            sets={one.field: one.value for one in operation.writes if isinstance(one, FieldWrite)},
            labels_add=[name for one in labels for name in one.add],
            labels_remove=[name for one in labels for name in one.remove],
            cause=cause(intent, operation.writes, work.halves[operation.side.other]),
            timeout=seconds_left(work, intent),
        )
    except RemoteRefused as refused:
        withdraw(work, intent)
        raise Declined(operation, Doing.EDIT, refused) from refused
    except NOT_SENT:
        withdraw(work, intent)
        raise
    return finish(work, intent, answer, looks)


def finish(work: Work, intent: Intent, answer: Item, looks: Looks) -> dict[Side, Look]:
    """Settle an edit or a transition by Jira's answer and return the looks as they are afterwards."""
    half = work.halves[Side(intent.side)]
    answer = with_history(half, answer, intent.seen_entry)
    verdict = weigh(intent, half, answer, has_happened=True)
    written = settle(work, intent, half, answer, verdict)
    owed = claims.owed_in(work, half.side, looks[half.side], from_json(intent.expectation))
    partner = half.side.other
    return {
        half.side: replace(written, crossed={**owed.crossed, **written.crossed}),
        partner: claims.open_in(work, partner, looks[partner], verdict.becomes),
    }


def unmark(work: Work, half: Half, clone: Item) -> None:
    """Take our mark off a clone: it is a work item of its own."""
    with transaction.atomic():
        leases.begin(work.claim, span=CALL + MARGIN)
        intent = new_intent(work, half, IntentKind.UNMARK, {}, None)
        telling.of_unmarking(work, half, clone, intent)
    try:
        write.remove_mark(half.client, half.item, timeout=seconds_left(work, intent))
    except NO_EFFECT:
        withdraw(work, intent)
        raise
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        close(intent, IntentState.DONE)


def settle(work: Work, intent: Intent, half: Half, answer: Item, verdict: Verdict) -> Look:
    """Commit what an applied edit made of the base; a crossed edit keeps the intent from being forgotten."""
    expectation = from_json(intent.expectation)
    # Wiki text is written through an interface whose answer shows no rich text: that is still to be read.
    is_shown = all(expected.field in answer.fields for expected in expectation.writes)
    look = seen(answer, half, work.pair_id, verdict.crossed, whole=is_shown)
    overtaken = overtaken_by(work, half, answer, expectation, verdict)
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        for followed in verdict.followed.values():
            telling.of_followed(work, half.side, followed, intent)
        for each in overtaken:
            overtake(work, half, each)
        claims.weighed_by_write(work, expectation, verdict.becomes)
        close(
            intent, IntentState.CROSSED if look.crossed else IntentState.DONE, crossed=look.claims(half.key)
        )
        observations.apply(work.pair_id, work.half_ids, verdict.becomes)
    return look


def close(intent: Intent, state: IntentState, *, crossed: Mapping[str, str] = NO_CLAIMS) -> None:
    """Close an open intent; raises ``LeaseLost`` if another worker has done it."""
    still_open = Intent.objects.filter(pk=intent.pk, state=IntentState.OPEN)
    if not still_open.update(state=state, crossed=dict(crossed)):
        raise LeaseLost


def agree(
    work: Work, changes: tuple[BaseChange, ...], conflicts: tuple[Conflict, ...], looks: Looks
) -> dict[Side, Look]:
    """Commit what both sides agree on already, and conflicts that need no write any more.

    Returns the looks without the crossed edits that are settled by it: a claim
    that stayed would be taken for a new edit against the new base.
    """
    rows = {change.row for change in changes}
    agreed = {side: work.configuration.fields_of(side, rows) for side in looks}
    left = {side: look.only(set(look.crossed) - agreed[side]) for side, look in looks.items()}
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        observations.apply(work.pair_id, work.half_ids, changes)
        for conflict in conflicts:
            telling.of_conflict(work, conflict, None)
        for side, look in left.items():
            claims.weighed(work, side, look.crossed)
    return left


def open_intent(
    work: Work, operation: Operation, looks: Looks, conflicts: tuple[Conflict, ...], *, kind: IntentKind
) -> Intent:
    """Lay down what is about to be written, with its lines in the feed, before the call."""
    half = work.halves[operation.side]
    seen = looks[operation.side].item.stamp.entry if operation.side in looks else None
    with transaction.atomic():
        leases.begin(work.claim, span=CALL + MARGIN)
        intent = new_intent(work, half, kind, to_json(expect(operation, key=half.key)), seen)
        telling.of_write(work, operation, looks, intent)
        for conflict in conflicts:
            telling.of_conflict(work, conflict, intent)
    return intent


def new_intent(
    work: Work, half: Half, kind: IntentKind, expectation: dict[str, object], seen: int | None
) -> Intent:
    """Insert the row that exists before its effect. In the caller's transaction."""
    now = work.clock()
    metrics.WRITES.up(kind=kind)
    op = uuid4()
    logs.bear(op_id=str(op))
    return Intent.objects.create(
        id=op,
        pair_id=work.pair_id,
        side=half.side,
        site_id=half.site_id,
        kind=kind,
        epoch=work.claim.epoch,
        expectation=expectation,
        seen_entry=seen,
        item=half.item,
        started_at=now,
        deadline=now + CALL,
    )


def seconds_left(work: Work, intent: Intent) -> float:
    """Give how long an intent's call may still take: who was stopped since then must not write any more."""
    return (intent.deadline - work.clock()).total_seconds()


def withdraw(work: Work, intent: Intent) -> None:
    """Note that the write surely did not happen, and take its lines out of the journal."""
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        close(intent, IntentState.VOID)
        journal.withdraw(intent)


def _wished(one: Write) -> Value:
    return one.value if isinstance(one, FieldWrite) else Labels(frozenset(one.add))


def _newest(writes: tuple[Write, ...]) -> Edit | None:
    edits = [one.edit for one in writes if one.edit]
    return max(edits, key=lambda edit: edit.at) if edits else None


def cause(intent: Intent, writes: tuple[Write, ...], source: Half) -> write.Cause:
    """Say in Jira's own history where the change came from, and whom it overwrote."""
    newest = _newest(writes)
    times = {one.field: one.edit.at for one in writes if one.edit}
    lost = [one.overwrote.entry for one in writes if isinstance(one, FieldWrite) and one.overwrote]
    return write.Cause(
        intent=str(intent.pk),
        edited=newest.at if newest else None,
        actor=newest.author if newest else "backbone",
        note=f"Synchronized from {source.item_key} by Backbone Work Sync",
        overwrote=tuple(entry for entry in lost if entry is not None),
        older={name: at for name, at in times.items() if newest and at < newest.at},
    )
