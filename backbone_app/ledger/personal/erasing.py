"""Erase people from the tables; what else a row says stays, so that everything works on.

It can be stopped at any moment and started again, and workers may run: each statement is right by
itself. Work that began before may write a person's edit down once more: whoever calls goes through twice.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import islice
from typing import Final, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backbone_app.gateway import returning
from backbone_app.ledger.personal import edits, texts
from backbone_app.ledger.personal.columns import COLUMNS, Column, Form
from backbone_app.ledger.personal.finding import AT_ONCE, naming_rows, with_address
from backbone_app.models import Delivery, JournalEntry, Link, Pair

BATCH: Final = 500
"""So many rows are changed by one statement."""
ERASED: Final = "erased"
"""Why a link is broken that let us act as somebody who is erased."""

Part = TypeVar("Part")


def erase(accounts: Collection[str], sites: Collection[UUID] | None, *, now: datetime) -> Counter[str]:
    """Erase these people from the rows of these sites, None: of all; how many rows changed, by column.

    Of a link that lets us act as one of them the tokens go too, and their site is told.
    """
    erased: Counter[str] = Counter()
    for some in _parts(sorted(accounts), AT_ONCE):
        for columns in texts.sealed_tables().values():
            erased += _texts(columns, some, sites)
        for column in COLUMNS:
            if column.form is Form.ACCOUNT:
                erased[str(column)] += _ids(column, some, sites)
            elif column.form is Form.SYNC_USER:
                erased[str(column)] += _sync_users(column, some, sites, now=now)
            elif column.form is Form.EDITS:
                erased[str(column)] += _edits(column, some, sites)
            elif column.form is Form.ADDRESS:
                erased[str(column)] += _addresses(column, some, sites)
    return +erased


def _ids(column: Column, accounts: Collection[str], sites: Collection[UUID] | None) -> int:
    named = naming_rows(column, accounts, sites)
    changed = 0
    while ids := list(named.values_list("pk", flat=True)[:BATCH]):
        rows = column.rows(None).filter(pk__in=ids)
        changed += rows.delete()[0] if column.goes_whole else rows.update(**{column.name: ""})
    return changed


def _sync_users(
    column: Column, accounts: Collection[str], sites: Collection[UUID] | None, *, now: datetime
) -> int:
    """Forget whose account it is that a link lets us act as; it is broken then, until somebody signs in."""
    changed = 0
    for there in list(naming_rows(column, accounts, sites).values_list("pk", flat=True)):
        with transaction.atomic():
            locked = Link.objects.select_for_update(of=("self",)).select_related("site", "application")
            returned = returning.take_back(locked.get(pk=there), reason=ERASED, now=now)
            changed += column.rows(None).filter(pk=there).update(**{column.name: ""})
        returned.tell()
    return changed


def _addresses(column: Column, accounts: Collection[str], sites: Collection[UUID] | None) -> int:
    """Delete the rows with these mail addresses; what was still to be told there goes with them."""
    changed = 0
    for ids in _parts(with_address(column, accounts, sites), BATCH):
        rows = column.rows(None).filter(pk__in=ids)
        changed += rows.count()
        rows.delete()
    return changed


def _edits(column: Column, accounts: Collection[str], sites: Collection[UUID] | None) -> int:
    found = naming_rows(column, accounts, sites).values_list("pk", flat=True)
    changed = last = 0
    while ids := list(found.filter(pk__gt=last)[:BATCH]):
        changed += _masked(column, ids, accounts)
        last = ids[-1]
    return changed


@transaction.atomic
def _masked(column: Column, ids: Collection[int], accounts: Collection[str]) -> int:
    """Mask authors in these rows. They are locked: somebody else may be erased from the same row just now."""
    changed = 0
    rows = column.rows(None).select_for_update().filter(pk__in=ids)
    for row, causes in list(rows.values_list("pk", column.name)):
        if not edits.authors(causes).isdisjoint(accounts):
            masked = edits.without(causes, lambda author: author in accounts)
            changed += column.rows(None).filter(pk=row).update(**{column.name: masked})
    return changed


def _texts(
    columns: tuple[Column, ...], accounts: Collection[str], sites: Collection[UUID] | None
) -> Counter[str]:
    """Empty the texts that name one of these people; of a line of the feed, its other text as well."""
    pattern = texts.naming(accounts)
    emptied: Counter[str] = Counter()
    named = (one for one in texts.kept(columns, sites) if pattern.search(one.text))
    for some in _parts(named, BATCH):
        ids = {one.row for one in some}
        emptied.update(str(one.column) for one in some)
        if columns[0].model is Delivery:
            _empty_bodies(ids)
        else:
            JournalEntry.objects.filter(pk__in=ids).update(values_sealed=b"", before_sealed=b"")
    return emptied


def _empty_bodies(ids: Collection[int]) -> None:
    """Empty bodies of deliveries; a pair that waits for one reads both its sides instead.

    It is taken from its worker, who may not have seen what came last, and would note that nothing is missing.
    """
    with transaction.atomic():
        pairs = Pair.objects.filter(uses__delivery__in=ids)
        pairs.update(incomplete=True, epoch=F("epoch") + 1)
        Delivery.objects.filter(pk__in=ids).update(body_sealed=b"")


def _parts(whole: Collection[Part] | Iterator[Part], size: int) -> Iterator[list[Part]]:
    rest = iter(whole)
    while part := list(islice(rest, size)):
        yield part
