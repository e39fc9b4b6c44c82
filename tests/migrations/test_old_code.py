"""Whoever upgrades migrates first: until it is restarted, the former release works on the tables of this one.

Django names the columns it knows in what it writes, so old code leaves a new one to the database; and
it names them in what it reads, so each of them has to stay.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import uuid4

import pytest
from django.apps.registry import Apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

FORMER_RELEASE: Final = "0017_the_edge"
"""The last migration of the release before this one; a release moves it on."""

MOMENT: Final = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
Row = dict[str, Any]


def former_apps() -> Apps:
    """The models as the former release has them, made anew: nobody else's classes know them."""
    return MigrationLoader(connection).project_state(("backbone", FORMER_RELEASE)).apps


_FORMER: Final = MigrationLoader(None).project_state(("backbone", FORMER_RELEASE)).models
NAMES: Final = sorted(name for app, name in _FORMER if app == "backbone")


def written(field: "models.Field[Any, Any]", turn: int) -> Any:
    """A value that the former release may write into this field, another one at each turn."""
    if field.choices:
        values = [value for value, _ in field.flatchoices if value]
        return values[turn % len(values)]
    by_kind: dict[type[models.Field[Any, Any]], Any] = {
        models.BooleanField: turn % 2 == 0,
        models.UUIDField: uuid4(),
        models.DateTimeField: MOMENT + timedelta(days=turn),
        models.BinaryField: bytes([turn]),
        models.JSONField: {"turn": turn},
        models.FloatField: turn + 0.5,
        models.IntegerField: turn,
        models.CharField: f"v{turn}",
        models.TextField: f"text {turn}",
    }
    return next(value for kind, value in by_kind.items() if isinstance(field, kind))


def own_fields(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """The columns that hold a value of their own."""
    return [
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField | models.BigAutoField) and not field.is_relation
    ]


def inserted(model: type[models.Model], turns: Iterator[int]) -> models.Model:
    """A new row with a value in every column, and rows for what it belongs to."""
    turn = next(turns)
    values: Row = {field.attname: written(field, turn) for field in own_fields(model)}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            parent = field.related_model
            assert isinstance(parent, type)
            values[field.name] = inserted(parent, turns)
    return model._default_manager.create(**values)


def held(row: models.Model) -> Row:
    """What the row's columns hold, read anew."""
    columns = [field.attname for field in own_fields(type(row))]
    found = type(row)._default_manager.filter(pk=row.pk).values("pk", *columns).get()
    del found["pk"]
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in found.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_the_former_release_can_still_insert_update_and_read_rows_of(name: str) -> None:
    model = former_apps().get_model("backbone", name)
    turns = count(1)
    row = inserted(model, turns)
    assert held(row) == {field.attname: getattr(row, field.attname) for field in own_fields(model)}

    free = [field for field in own_fields(model) if not field.primary_key]
    changed = {field.attname: written(field, next(turns)) for field in free}
    model._default_manager.filter(pk=row.pk).update(**changed)

    assert changed.items() <= held(row).items()
    assert row.delete()[0] >= 1
