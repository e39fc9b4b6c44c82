"""After a restore: what a pair has agreed on since the backup is learnt from both sides' histories."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from backbone_app.core.agreed import Past, agreed_again
from backbone_app.core.values import Side
from backbone_app.ledger import leases, observations
from backbone_app.models import Intent
from backbone_app.services.syncing.look import Look, last_edits
from backbone_app.services.syncing.work import Work


def again(work: Work, looks: Mapping[Side, Look]) -> dict[Side, Look]:
    """Move the base of a pair to what its histories tell; returns the looks without writes of ours as edits.

    Nothing changes, and nothing is asked, where nothing is doubtful about the pair or a side was not
    read; nor where every write of ours there has its row, as on all days but those after a restore.
    Raises ``LeaseLost``.
    """
    found = dict(looks)
    if not work.incomplete or any(side not in found or not found[side].whole for side in Side):
        return found
    lost = _lost(work, found)
    base = work.base()
    if work.is_of_existing_items and not base.fields:
        return found  # how they were once paired before is no answer to whose values stand now
    twin = work.origin.other if not base.fields else None
    born = _born(work, found, twin) if twin else None
    if not any(lost.values()) and born is None:
        return found
    type_row = work.configuration.type_row(Side.LEFT, found[Side.LEFT].item.type_id)
    pasts = {side: _past(work, side, look, lost[side]) for side, look in found.items()}
    rows = work.configuration.rows(type_row) if type_row else ()
    changes = agreed_again(rows, base, pasts, twin=twin if born else None, born=born)
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        observations.apply(work.pair_id, work.half_ids, changes)
    return {side: _without(work, side, look, lost[side]) for side, look in found.items()}


def _lost(work: Work, looks: Mapping[Side, Look]) -> dict[Side, frozenset[int]]:
    """Name the entries of each side that are writes of ours which no pair's row tells of.

    What was settled is left out: the rows of old writes are dropped one day.
    """
    ours = {side: _marked(look, work.halves[side].stamp.entry) for side, look in looks.items()}
    marks = {mark for entries in ours.values() for mark in entries.values()}
    rows = Intent.objects.filter(pk__in=marks).values_list("pk", flat=True) if marks else ()
    known = {str(pk) for pk in rows}
    return {
        side: frozenset(entry for entry, mark in entries.items() if mark not in known)
        for side, entries in ours.items()
    }


def _marked(look: Look, since: int | None) -> dict[int, str]:
    return {one.id: one.intent for one in look.item.entries if one.intent and one.id > (since or 0)}


def _born(work: Work, looks: Mapping[Side, Look], twin: Side) -> datetime | None:
    """Tell when we created the twin, by our clock; None where it is not our work."""
    item, half = looks[twin].item, work.halves[twin]
    return item.created - half.ahead if item.created and item.creator == half.account else None


def _past(work: Work, side: Side, look: Look, lost: frozenset[int]) -> Past:
    half = work.halves[side]
    return Past(look.view(half.key, None), look.item.entries, lost, half.ahead)


def _without(work: Work, side: Side, look: Look, lost: frozenset[int]) -> Look:
    """Leave out of the edits what our forgotten writes did, where somebody's own edit is older."""
    half = work.halves[side]
    ours = {name for name, edit in look.edits.items() if edit.entry in lost}
    before = last_edits([entry for entry in look.item.entries if entry.id not in lost], half)
    kept = {name: edit for name, edit in look.edits.items() if name not in ours}
    return replace(look, edits=kept | {name: edit for name, edit in before.items() if name in ours})
