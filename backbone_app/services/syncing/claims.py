"""Crossed edits that still have to be weighed, kept with the intent that overwrote them.

They outlive the worker: an edit that we overwrote unseen must not be lost just
because we died before we had weighed it, nor be weighed twice.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from django.db.models import QuerySet

from backbone_app.core.expectation import Expectation, Expected, from_json
from backbone_app.core.settle import still_open, still_owed
from backbone_app.core.state import BaseChange
from backbone_app.core.values import Side
from backbone_app.models import Intent
from backbone_app.models.intent import IntentKind, IntentState
from backbone_app.services.syncing.look import Look
from backbone_app.services.syncing.work import Work

BRINGING: Final = (IntentKind.CREATE, IntentKind.EDIT, IntentKind.TRANSITION)


def open_in(work: Work, side: Side, look: Look, changes: Iterable[BaseChange]) -> Look:
    """Leave out of a side's look the crossed edits that lost when ``changes`` became base."""
    claims = look.claims(work.halves[side].key)
    return look.only(still_open(claims, changes, work.configuration.fields, side))


def owed_in(work: Work, side: Side, look: Look, expectation: Expectation) -> Look:
    """Leave out of a side's look the crossed edits that a write to it has put back or overruled."""
    return look.only(still_owed(look.claims(work.halves[side].key), expectation))


def weighed(work: Work, side: Side, remaining: Collection[str]) -> None:
    """Note that of a side's crossed edits only those of the ``remaining`` fields are still to be weighed."""
    for intent in crossed(work, side):
        keep(intent, remaining)


def weighed_by_write(work: Work, expectation: Expectation, changes: Iterable[BaseChange]) -> None:
    """Note what a write has settled: on its own side by what was written, on the other by the new base."""
    moved = tuple(changes)
    for intent in crossed(work, expectation.side):
        keep(intent, still_owed(intent.crossed, expectation))
    for intent in crossed(work, expectation.side.other):
        open_ = still_open(intent.crossed, moved, work.configuration.fields, expectation.side.other)
        keep(intent, open_)


def crossed(work: Work, side: Side) -> QuerySet[Intent]:
    """Give the writes to a side whose crossed edits are still to be weighed."""
    return Intent.objects.filter(pair_id=work.pair_id, side=side, state=IntentState.CROSSED)


def brought(work: Work, side: Side) -> Iterator[Expected]:
    """Give what our writes to a side were to bring there, those that came to nothing left out."""
    written = Intent.objects.filter(pair_id=work.pair_id, side=side, kind__in=BRINGING)
    for expectation in written.exclude(state=IntentState.VOID).values_list("expectation", flat=True):
        yield from from_json(expectation).writes


def forget(pair_id: int) -> None:
    """Close the writes whose crossed edits nothing is weighed against any more."""
    crossed = Intent.objects.filter(pair_id=pair_id, state=IntentState.CROSSED)
    crossed.update(state=IntentState.DONE, crossed={})


def keep(intent: Intent, fields: Collection[str]) -> None:
    """Keep of a write's crossed edits only those of ``fields``; without any it is done."""
    intent.crossed = {name: claim for name, claim in intent.crossed.items() if name in fields}
    intent.state = IntentState.CROSSED if intent.crossed else IntentState.DONE
    intent.save(update_fields=["crossed", "state"])
