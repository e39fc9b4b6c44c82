"""Statements that are built once: Django takes longer to build a queryset than the database to answer it.

For what every call to Jira, every wake-up and every sweep asks. A statement is written as the queryset that
it is; the first time it is built with markers in place of its arguments, and from then on each call only
puts its arguments where the markers stood. What the queryset makes of an argument otherwise (a sum, a
prefix) would stand still from then on, so such a statement is refused when it is built.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, TypeVar, TypeVarTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Model, QuerySet
from django.db.models.sql import UpdateQuery
from django.utils.duration import duration_microseconds

Arguments = TypeVarTuple("Arguments")
Row = TypeVar("Row", bound=Model)
Argument = datetime | timedelta | UUID | int | str
Adapt = Callable[[Any], Any]
Converters = Mapping[int, tuple[list[Callable[[Any, Any, Any], Any]], Any]]
Places = tuple[tuple[int, int, Adapt], ...]
"""Which place of the statement's parameters holds which argument, and how the database takes it."""

_ROUNDS: Final = (1, 101)
"""It is built with two sets of markers: what differs between both and is no marker was made of one."""


class NotPreparable(TypeError):
    """A statement does more with an argument than to hand it on."""


class Rows(Generic[*Arguments]):
    """A ``SELECT``; ``build`` gives its queryset, of objects or of values in columns (``values_list``)."""

    def __init__(self, build: Callable[[*Arguments], "QuerySet[Any, Any]"]) -> None:
        self._build = build
        self._built: dict[str, tuple[str, tuple[Any, ...], Places, Converters]] = {}

    def __call__(self, *arguments: *Arguments) -> list[tuple[Any, ...]]:
        """Give all rows."""
        if connection.vendor not in self._built:
            self._built[connection.vendor] = self._prepared(arguments)
        sql, parameters, places, converters = self._built[connection.vendor]
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(parameters, places, arguments))
            rows = cursor.fetchall()
        return [_converted(row, converters) for row in rows] if converters else rows

    def exist(self, *arguments: *Arguments) -> bool:
        """Whether there is a row; the queryset should be cut to one."""
        return bool(self(*arguments))

    def _prepared(self, arguments: tuple[Any, ...]) -> tuple[str, tuple[Any, ...], Places, Converters]:
        compiled = []
        for markers in _markers(arguments):
            compiler = self._build(*markers).query.get_compiler(DEFAULT_DB_ALIAS)
            sql, parameters = compiler.as_sql()
            compiled.append((markers, tuple(parameters)))
        columns = [column for column, _, _ in compiler.select[: compiler.col_count]]
        return sql, compiled[0][1], _places(compiled), compiler.get_converters(columns)


class Update(Generic[*Arguments]):
    """An ``UPDATE`` of one table; ``build`` gives the rows and their new values by field."""

    def __init__(self, build: Callable[[*Arguments], "tuple[QuerySet[Any, Any], Mapping[str, Any]]"]) -> None:
        self._build = build
        self._built: dict[str, tuple[str, tuple[Any, ...], Places]] = {}

    def __call__(self, *arguments: *Arguments) -> int:
        """Update; gives how many rows there were."""
        if connection.vendor not in self._built:
            self._built[connection.vendor] = self._prepared(arguments)
        sql, parameters, places = self._built[connection.vendor]
        with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
            cursor.execute(sql, _filled(parameters, places, arguments))
            return int(cursor.rowcount)

    def _prepared(self, arguments: tuple[Any, ...]) -> tuple[str, tuple[Any, ...], Places]:
        compiled = []
        for markers in _markers(arguments):
            rows, values = self._build(*markers)
            query = rows.query.chain(UpdateQuery)
            query.add_update_values(values)  # type: ignore[attr-defined]  # it is of that class
            sql, parameters = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
            compiled.append((markers, tuple(parameters)))
        return sql, compiled[0][1], _places(compiled)


def objects(model: type[Row], rows: list[tuple[Any, ...]]) -> list[Row]:
    """Make objects of rows whose columns are all of the model's, in their order."""
    names = [field.attname for field in model._meta.concrete_fields]
    return [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in rows]


def _markers(arguments: tuple[Argument, ...]) -> list[tuple[Any, ...]]:
    return [tuple(_marker(each, first + n) for n, each in enumerate(arguments)) for first in _ROUNDS]


def _marker(like: Argument, number: int) -> Argument:
    """Give a value of the same type that occurs nowhere else."""
    match like:
        case bool():
            raise NotPreparable("A truth is no argument: it makes two statements of one.")
        case datetime():
            return datetime(1901, 2, 3, 4, 5, 6, number, tzinfo=UTC)
        case timedelta():
            return timedelta(days=4_321, microseconds=number)
        case UUID():
            return UUID(int=(0xABCDEF << 96) + number)
        case int():
            return 2_000_000_011 + number
        case str():
            return f"marker {number} of a statement"
    raise NotPreparable(f"{type(like).__name__} is no argument of a statement.")


def _places(compiled: list[tuple[tuple[Any, ...], tuple[Any, ...]]]) -> Places:
    (markers, parameters), (_, again) = compiled
    places = []
    for place, (found, other) in enumerate(zip(parameters, again, strict=True)):
        numbers = [n for n, marker in enumerate(markers) if found == _adapt(marker, found)(marker)]
        if numbers:
            places.append((place, numbers[0], _adapt(markers[numbers[0]], found)))
        elif found != other:
            raise NotPreparable("A parameter was made of an argument.")
    if {number for _, number, _ in places} != set(range(len(markers))):
        raise NotPreparable("An argument is not among the parameters.")
    return tuple(places)


def _adapt(marker: Argument, found: object) -> Adapt:
    """Tell how the database takes an argument, by what became of its marker."""
    match marker:
        case datetime():
            return connection.ops.adapt_datetimefield_value
        case timedelta():
            return duration_microseconds if isinstance(found, int) else _as_it_is
        case UUID():
            return _hex if isinstance(found, str) else _as_it_is
        case int():
            return type(found) if isinstance(found, int) else _as_it_is
    return str.__str__  # what an enumeration holds; of what is no text it makes none


def _filled(parameters: tuple[Any, ...], places: Places, arguments: tuple[Any, ...]) -> list[Any]:
    filled = list(parameters)
    for place, number, adapt in places:
        filled[place] = adapt(arguments[number])
    return filled


def _converted(row: tuple[Any, ...], converters: Converters) -> tuple[Any, ...]:
    values = list(row)
    for place, (convert, expression) in converters.items():
        for each in convert:
            values[place] = each(values[place], expression, connection)
    return tuple(values)


def _hex(value: UUID) -> str:
    return value.hex


def _as_it_is(value: Any) -> Any:
    return value
