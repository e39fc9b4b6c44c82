"""What stands in the way of one pair, as it shows while the pair is worked on.

A refused field is left out and the rest goes on; where Jira does not say which
field it means, the fields go one by one. What concerns the whole work item, or
the whole site, ends the work on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction

from backbone_app.core.failures import Diagnosis, Doing, Response, diagnose, rule
from backbone_app.core.holding import Spot, narrowed, wish, without, without_empty_summary
from backbone_app.core.operations import Operation, OperationKind, Plan
from backbone_app.core.values import Side, Text
from backbone_app.errors import RemoteRefused
from backbone_app.ledger import failures, journal, leases
from backbone_app.ledger.failures import Place
from backbone_app.models.intent import JournalKind
from backbone_app.services.syncing.work import Blocked, Declined, JustChanged, Work

COMMENT: Final = "comment"
"""The row that refused comments are noted under."""


@dataclass(slots=True)
class Hurdles:
    """What was refused before and now; ``one_by_one`` are the sides whose writes go alone.

    ``known`` is where something stood in the way before, ``evaluated`` says that
    both sides were seen as a whole, so that what does not show any more is mended;
    ``mended`` is what was written or agreed on, whatever was seen. ``is_walked``:
    another pair is walking the status just now, so ours has to wait.
    """

    known: frozenset[Place]
    refused: dict[Spot, str]
    standing: dict[Place, str] = field(default_factory=dict)
    held: frozenset[Place] = frozenset()
    mended: set[Place] = field(default_factory=set)
    one_by_one: set[Side] = field(default_factory=set)
    evaluated: bool = False
    is_walked: bool = False


def begin(work: Work) -> Hurdles:
    """Load what was refused before and is not to be sent again yet."""
    return Hurdles(failures.places(work.pair_id), failures.refused_before(work.pair_id, work.clock()))


def clear_of(work: Work, hurdles: Hurdles, planned: Plan) -> Plan:
    """Take what was refused out of a plan, and note what the plan itself says is in the way."""
    keys = {side: half.key for side, half in work.halves.items()}
    rest, held = without(planned, hurdles.refused, keys)
    hurdles.held = frozenset((str(side), row) for side, row in held)
    hurdles.standing = {("", problem.row or ""): problem.code for problem in planned.problems}
    hurdles.standing |= {("", question.row): "needs_decision" for question in planned.questions}
    rest, nameless = without_empty_summary(rest)
    hurdles.standing |= {(str(side), row): "empty_summary" for side, row in nameless}
    hurdles.mended |= {(side, change.row) for change in rest.agreements for side in ("", *Side)}
    return rest


def written(hurdles: Hurdles, operation: Operation) -> None:
    """Note that an operation was carried out: what was in the way of its fields is not any more."""
    hurdles.mended |= {(side, one.row) for one in operation.writes for side in ("", str(operation.side))}


def next_part(hurdles: Hurdles, operation: Operation) -> Operation:
    """Give the operation as it is to be sent now: whole, or one field of it."""
    return narrowed(operation) if operation.side in hurdles.one_by_one else operation


def learn(work: Work, hurdles: Hurdles, planned: Operation, declined: Declined) -> None:
    """Draw the conclusion from a refusal; raises ``Blocked`` or ``PutOff`` if it is about the whole item.

    ``planned`` is what was wished: one step of a walk may be what was refused.
    """
    operation, doing = declined.operation, declined.doing
    diagnosis = diagnose(declined.refused, doing, [one.field for one in operation.writes])
    if diagnosis.fields:
        _leave_out(work, hurdles, planned, diagnosis)
    elif doing is Doing.TRANSITION and rule(diagnosis.code).response is Response.DROP:
        _leave_out(work, hurdles, planned, _all_of(operation, diagnosis))
    elif diagnosis.code != "remote_refused":
        raise _for_the_item(operation.side, diagnosis)
    elif len(operation.writes) > 1:
        hurdles.one_by_one.add(operation.side)
    elif operation.kind is OperationKind.CREATE:
        raise _for_the_item(operation.side, diagnosis)
    else:
        refused = Diagnosis("field_refused", said=diagnosis.said)
        _leave_out(work, hurdles, planned, _all_of(operation, refused))


def refusal_of_read(side: Side, refused: RemoteRefused) -> Blocked | JustChanged:
    """Say what a read that was refused means for the work item."""
    return _for_the_item(side, diagnose(refused, Doing.READ))


def refused_comment(work: Work, side: Side, refused: RemoteRefused) -> str:
    """Keep what Jira said of a comment, give the code; raises ``Blocked`` or ``PutOff`` for the item."""
    diagnosis = diagnose(refused, Doing.COMMENT)
    if rule(diagnosis.code).response is not Response.DROP:
        raise _for_the_item(side, diagnosis)
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        is_known = (str(side), COMMENT) in failures.places(work.pair_id)
        tell(work, side, COMMENT, diagnosis.said, is_known=is_known)
    return diagnosis.code


def _for_the_item(side: Side, diagnosis: Diagnosis) -> Blocked | JustChanged:
    if rule(diagnosis.code).response is Response.RETRY:
        return JustChanged()
    return Blocked(diagnosis.code, side, diagnosis.said)


def outcome(work: Work, hurdles: Hurdles, further: Mapping[Place, str]) -> str:
    """Note what stands in the way in the end, drop what does not any more; gives the pair's reason or "".

    In the caller's transaction. What could not be seen this time (nothing
    differed, so nobody was asked) stays as it was.
    """
    standing = {**hurdles.standing, **further}
    if not (hurdles.known or hurdles.held or standing):
        return ""
    for place, code in standing.items():
        failures.note(work.synchronization_id, work.pair_id, place, code, now=work.clock())
    unseen = frozenset() if hurdles.evaluated else hurdles.known - hurdles.mended
    return failures.keep_only(work.pair_id, {*standing, *hurdles.held, *unseen})


def block(work: Work, blocked: Blocked) -> str:
    """Note what stands in the way of the whole work item; gives the pair's reason. In a transaction.

    Empty where somebody has said that it may be ignored.
    """
    place = (str(blocked.side or ""), "")
    is_known = failures.note(work.synchronization_id, work.pair_id, place, blocked.code, now=work.clock())
    if blocked.side is not None:
        tell(work, blocked.side, "", blocked.said, is_known=is_known)
    for spot, code in blocked.beside.items():
        failures.note(work.synchronization_id, work.pair_id, spot, code, now=work.clock())
    fields = {spot for spot in failures.places(work.pair_id) if spot[1]}
    return failures.keep_only(work.pair_id, {place, *fields})


def tell(work: Work, side: Side, row: str, said: str, *, is_known: bool) -> None:
    """Keep Jira's own sentence in the half of its site, once while the failure and it are the same.

    In a transaction.
    """
    place, sentence = work.place(side), Text(said)
    if said and not (is_known and journal.is_said(place, JournalKind.FAILED, row, sentence)):
        journal.note(place, JournalKind.FAILED, {row: sentence}, now=work.clock())


def _all_of(operation: Operation, diagnosis: Diagnosis) -> Diagnosis:
    """Blame every field of the operation."""
    names = [one.field for one in operation.writes]
    return Diagnosis(
        diagnosis.code,
        dict.fromkeys(names, diagnosis.code),
        diagnosis.said,
        dict.fromkeys(names, diagnosis.said),
    )


def _leave_out(work: Work, hurdles: Hurdles, operation: Operation, diagnosis: Diagnosis) -> None:
    """Note the refused fields and what they would have become; from now on they are held."""
    side, key = operation.side, work.halves[operation.side].key
    blamed = [one for one in operation.writes if one.field in diagnosis.fields]
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        for one in blamed:
            wished, code = wish(one, key), diagnosis.fields[one.field]
            hurdles.refused[side, one.row] = wished
            place = (str(side), one.row)
            synchronization_id, now = work.synchronization_id, work.clock()
            is_known = failures.note(synchronization_id, work.pair_id, place, code, now=now, wish=wished)
            tell(work, side, one.row, diagnosis.told.get(one.field, ""), is_known=is_known)
