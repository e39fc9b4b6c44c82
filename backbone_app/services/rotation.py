"""Bring everything sealed under the first key of the ring, so that an older one can go.

What the operator does: put the new key first in ``BACKBONE_ENCRYPTION_KEYS``,
restart web servers and workers (from here on everything is sealed under it, and
both keys open), run ``manage.py rotate_secrets``, take the old key out of the
ring and restart again. Everything may go on working meanwhile.

It can be killed at any moment and started again: each value is replaced by a
statement of its own, and what is under the first key already is not looked at.
A value is replaced only where it still is the one that was opened: two seals of
the same text differ, so whoever wrote in between has not been overwritten.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db.models import BinaryField, Model, QuerySet
from django.db.models.functions import Substr

from backbone_app.errors import SecretUnreadable
from backbone_app.models.sealing import LONGEST_HEAD, SealedField, first_key, head, key_of, seal, unseal

BATCH: Final = 200
"""So many rows are looked up at once; their values are read one by one, they may be large."""
NO_KEY: Final = "?"
"""Stands for the key of bytes that are no sealed value."""


@dataclass(frozen=True, slots=True)
class Column:
    """One sealed column of one table."""

    model: type[Model]
    field: SealedField

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.field.name}"

    @property
    def kept(self) -> "QuerySet[Any]":
        """The rows that hold something, in the order of their ids."""
        kept: QuerySet[Any] = self.rows.exclude(**{self.field.name: b""}).order_by("pk")
        return kept

    @property
    def rows(self) -> "QuerySet[Any]":
        """Every row of the table."""
        rows: QuerySet[Any] = self.model._default_manager.all()
        return rows

    @property
    def under_others(self) -> "QuerySet[Any]":
        """Those of the kept that are not under the first key of the ring."""
        start = head(first_key())
        others: QuerySet[Any] = self.kept.alias(start=self.beginning(len(start))).exclude(start=start)
        return others

    def beginning(self, length: int) -> Substr:
        """So many of a value's first bytes, for a query."""
        return Substr(self.field.name, 1, length, output_field=BinaryField())


@dataclass(frozen=True, slots=True)
class Rotated:
    """How one column stands: values sealed anew, those that needed it not, those nobody can open."""

    column: str
    rotated: int
    already: int
    unreadable: int


def columns() -> tuple[Column, ...]:
    """Every sealed column of every table, in the order of the models."""
    return tuple(
        Column(model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
    )


def by_key() -> dict[str, Counter[str]]:
    """Count each column's values by the id of their key, ``NO_KEY`` where there is none; opens nothing."""
    return {str(column): _keys(column) for column in columns()}


def missing_keys() -> tuple[str, ...]:
    """Name the keys that something is sealed with and the ring lacks: an old backup needs old keys."""
    found: set[str] = set().union(*by_key().values())
    return tuple(sorted(found - {NO_KEY, *settings.BACKBONE_ENCRYPTION_KEYS}))


def rotate(tell: Callable[[str, int], None]) -> tuple[Rotated, ...]:
    """Seal everything anew that is not under the first key of the ring; how it went, by column.

    ``tell`` gets the column's name and how many of its values were replaced so far.
    """
    return tuple(_rotate(column, tell) for column in columns())


def _keys(column: Column) -> Counter[str]:
    starts = column.kept.annotate(start=column.beginning(LONGEST_HEAD))
    return Counter(_key(bytes(start)) for start in starts.values_list("start", flat=True).iterator())


def _key(start: bytes) -> str:
    try:
        return key_of(start)
    except ValueError:
        return NO_KEY


def _rotate(column: Column, tell: Callable[[str, int], None]) -> Rotated:
    """Go through the column until a round finds only what nobody can open: others write meanwhile."""
    already, rotated = column.kept.count() - column.under_others.count(), 0
    while True:
        found: Counter[str] = Counter()
        for ids in _batches(column):
            found.update(_renew(column, row) for row in ids)
            tell(str(column), rotated + found["rotated"])
        rotated += found["rotated"]
        if not found["rotated"] and not found["overtaken"]:
            return Rotated(str(column), rotated, already, found["unreadable"])


def _batches(column: Column) -> Iterator[list[Any]]:
    ids = list(column.under_others.values_list("pk", flat=True)[:BATCH])
    while ids:
        yield ids
        ids = list(column.under_others.filter(pk__gt=ids[-1]).values_list("pk", flat=True)[:BATCH])


def _renew(column: Column, row: object) -> str:
    """Seal one value anew: "rotated", "unreadable", or "overtaken" by somebody who wrote or dropped it."""
    name, rows = column.field.name, column.rows.filter(pk=row)
    found = rows.values_list(column.field.site, name).first()
    if found is None or not found[1]:
        return "overtaken"
    place, sealed = column.field.at(found[0]), bytes(found[1])
    try:
        plain = unseal(sealed, at=place)
    except SecretUnreadable:
        return "unreadable"
    replaced = rows.filter(**{name: sealed}).update(**{name: seal(plain, at=place)})
    return "rotated" if replaced else "overtaken"
