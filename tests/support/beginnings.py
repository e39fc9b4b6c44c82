"""What hundreds of tests begin with is brought about once a process; afterwards its rows are put back.

Only for what leaves the sites as they were: of what happened there nothing is put back.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Model
from django_q.models import OrmQ

from backbone_app.gateway import clocks

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Beginning(Generic[T]):
    """Everything the app knew then: its tables, and what the process remembered."""

    result: T
    rows: tuple[tuple[type[Model], tuple[Model, ...]], ...]
    remembered: dict[str, Any]
    until: dict[str, Any]
    measured: dict[UUID, tuple[int, ...]]


_made: Final[dict[Hashable, Beginning[Any]]] = {}


def begun(key: Hashable, make: Callable[[], T]) -> T:
    """Bring it about by ``make``, or put back what that left behind the first time; ``key`` names it.

    Whatever the outcome depends on is part of the key: sites, their secrets, the time.
    """
    if key not in _made:
        _made[key] = _kept(make())
        return _made[key].result  # type: ignore[no-any-return]
    beginning = _made[key]
    _put_back(beginning)
    result: T = beginning.result
    return result


def _kept(result: T) -> Beginning[T]:
    rows = tuple((model, tuple(model._default_manager.all())) for model in _tables())
    measured = {site: tuple(samples) for site, samples in clocks._measured.items()}
    remembered, until = dict(cache._cache), dict(cache._expire_info)  # type: ignore[attr-defined]
    return Beginning(result, rows, remembered, until, measured)


@transaction.atomic
def _put_back(beginning: Beginning[Any]) -> None:
    clocks._measured.clear()
    for site, samples in beginning.measured.items():
        clocks._measured[site].extend(samples)
    cache._cache.update(beginning.remembered)  # type: ignore[attr-defined]
    cache._expire_info.update(beginning.until)  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        for model, _ in beginning.rows:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
    for model, rows in beginning.rows:
        model._default_manager.bulk_create(rows)


def _tables() -> list[type[Model]]:
    return [*apps.get_app_config("backbone").get_models(), OrmQ]
