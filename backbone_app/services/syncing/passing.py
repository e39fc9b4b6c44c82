"""Statuses that another pair of a work item is just walking through.

A work item can be in several pairs, and a walk of one may take many steps. A
status in the middle of it was chosen by nobody: neither is it carried across,
nor does it stand against anybody's edit, nor does it agree with one. What that
walk reaches does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from backbone_app.core.authorship import unnamed
from backbone_app.core.expectation import from_json
from backbone_app.core.holding import apart_from
from backbone_app.core.operations import Plan
from backbone_app.core.state import UNDER_WAY
from backbone_app.core.values import Entry, FieldKind, Item, Side
from backbone_app.ledger import leases
from backbone_app.models import FieldBase, Intent, PairSide
from backbone_app.models.intent import IntentKind, IntentState
from backbone_app.models.pair import PairState
from backbone_app.services.syncing.look import Look
from backbone_app.services.syncing.work import Half, JustChanged, Work

PATIENCE: Final = 3
"""So many looks in a row wait for another pair's walk; one that takes longer was broken off for a while."""


def apart_from_walks(work: Work, planned: Plan, looks: Mapping[Side, Look]) -> Plan:
    """Leave the status out of a plan while another pair walks a work item, or has since we looked."""
    rows = frozenset(row.key for row in work.configuration.fields if row.kind is FieldKind.STATUS)
    rest = apart_from(planned, rows)
    return rest if rest != planned and _is_walked(work, rows, looks) else planned


def wait(work: Work) -> None:
    """Put the pair off until the walk is over; raises ``JustChanged`` and ``LeaseLost``."""
    leases.stay_incomplete(work.claim)  # no delivery may have told of the walk's end by then
    raise JustChanged


def _is_walked(work: Work, rows: Iterable[str], looks: Mapping[Side, Look]) -> bool:
    """Whether what we saw is not where a walk leads; of two pairs on the way the older one goes on."""
    if work.claim.attempt > PATIENCE:
        return False
    mine = FieldBase.objects.filter(half__pair=work.pair_id, row__in=rows, digest=UNDER_WAY)
    first = work.pair_id if mine.exists() else None
    halves = [half for half in work.halves.values() if half.item]
    return any(
        _is_under_way(half, work.pair_id, rows, first) or _has_moved_since(half, work.pair_id, looks)
        for half in halves
    )


def _is_under_way(half: Half, pair_id: int, rows: Iterable[str], before: int | None) -> bool:
    """Whether another pair has begun to walk the work item, and goes on; a pair ``before`` one."""
    others = PairSide.objects.filter(site=half.site_id, item=half.item).exclude(pair=pair_id)
    active = others.filter(pair__due__gt=0, pair__state=PairState.ACTIVE)
    pairs = list(
        (active if before is None else active.filter(pair__lt=before)).values_list("pair", flat=True)
    )
    if not pairs:
        return False
    far = FieldBase.objects.filter(half__pair__in=pairs, row__in=rows, digest=UNDER_WAY)
    begun = Intent.objects.filter(pair__in=pairs, state=IntentState.OPEN, kind=IntentKind.TRANSITION)
    here = begun.filter(site=half.site_id, item=half.item)
    return far.exclude(half__site=half.site_id, half__item=half.item).exists() or any(
        _is_on_the_way(step) for step in here
    )


def _has_moved_since(half: Half, pair_id: int, looks: Mapping[Side, Look]) -> bool:
    """Whether another pair has moved the work item after our look at it."""
    if half.side not in looks:
        return False
    others = PairSide.objects.filter(site=half.site_id, item=half.item).exclude(pair=pair_id).values("pair")
    moves = Intent.objects.filter(
        pair__in=others, site=half.site_id, item=half.item, kind=IntentKind.TRANSITION
    ).exclude(state=IntentState.VOID)
    seen = looks[half.side].item.stamp.entry
    return (moves if seen is None else moves.filter(seen_entry__gte=seen)).exists()


def without_passed(intent: Intent, answer: Item) -> Item:
    """Leave out of a history the steps of other pairs' walks that our own transition came after."""
    ours = next((entry.id for entry in answer.entries if entry.intent == str(intent.pk)), None)
    if ours is None or intent.kind != IntentKind.TRANSITION:
        return answer
    passed = _passed(intent, [entry for entry in answer.entries if entry.id < ours])
    return replace(answer, entries=tuple(one for one in answer.entries if one.intent not in passed))


def without_steps_back(intent: Intent, half: Half, answer: Item) -> Item:
    """Leave out of a history our own steps back to a status that our transition had crossed.

    The way back may be cut, and is looked at again then: nobody has gone on from our transition by it.
    """
    if intent.kind != IntentKind.TRANSITION or intent.state != IntentState.CROSSED:
        return answer
    since = Intent.objects.filter(
        pair=intent.pair_id, side=half.side, kind=intent.kind, started_at__gt=intent.started_at
    )
    own = {str(step.pk): step for step in since.exclude(state=IntentState.VOID)}
    dropped = {_entry_without_name(step, half, answer) for step in own.values()}
    kept = (one for one in answer.entries if one.intent not in own and one.id not in dropped)
    return replace(answer, entries=tuple(kept))


def _entry_without_name(step: Intent, half: Half, answer: Item) -> int | None:
    """Give the entry of a step whose site has dropped what it said of itself."""
    if any(one.intent == str(step.pk) for one in answer.entries):
        return None
    found = unnamed(
        answer.entries,
        from_json(step.expectation),
        author=half.author,
        seen=step.seen_entry,
        key=half.key,
    )
    return found.id if found else None


def _passed(intent: Intent, entries: Iterable[Entry]) -> frozenset[str]:
    marks = {entry.intent for entry in entries if entry.intent}
    if not marks:
        return frozenset()
    walks = Intent.objects.filter(pk__in=marks, kind=IntentKind.TRANSITION).exclude(pair=intent.pair_id)
    return frozenset(str(walk.pk) for walk in walks if _is_on_the_way(walk))


def _is_on_the_way(walk: Intent) -> bool:
    writes = from_json(walk.expectation).writes
    return any(one.becomes.on(Side(walk.side).other) == UNDER_WAY for one in writes)
