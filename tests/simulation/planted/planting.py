"""Put a bug into the code of this process, and take it out again.

A bug is a change of the source of one function or more, word by word: where the source does not say any
more what is to be replaced, planting fails. So the table cannot rot unnoticed.
"""

import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from importlib import import_module
from types import CodeType, FunctionType

from tests.simulation.kinds import HOME


class Rotten(AssertionError):
    """A bug of the table no longer fits the code that it changes."""


@dataclass(frozen=True, slots=True)
class Change:
    """One replacement in a function; ``where`` is its module and its name, as in ``a.b:Class.method``."""

    where: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Bug:
    """A bug, and under which ``faults`` it has to show.

    ``caught_by`` is the first seed, counted from 0, that shows it under these faults, ``caught_as`` how what
    it shows begins. ``is_calm``: by its nature it does no harm without any fault; not so where calm lives
    merely never came to show it. ``deeds`` are what people must do twice at least for it to show, ``kind`` is
    what the second site has to be (see ``kinds``).
    """

    name: str
    says: str
    changes: tuple[Change, ...]
    faults: tuple[str, ...]
    caught_as: tuple[str, ...]
    caught_by: int
    is_calm: bool = True
    deeds: tuple[str, ...] = ()
    kind: str = HOME


@contextmanager
def planted(bug: Bug) -> Iterator[None]:
    """Have the bug in the code while it lasts. Raises ``Rotten``."""
    sound = put_in(bug)
    try:
        yield
    finally:
        for function, code in sound.items():
            function.__code__ = code


def put_in(bug: Bug) -> dict[FunctionType, CodeType]:
    """Put the bug in; gives the functions that it changed, with their sound code. Raises ``Rotten``."""
    by_place: dict[str, list[Change]] = {}
    for change in bug.changes:
        by_place.setdefault(change.where, []).append(change)
    mutants = {_function(where): _mutant(where, changes) for where, changes in by_place.items()}
    sound = {function: function.__code__ for function in mutants}
    # The code alone is exchanged: whoever imported the function by name has the bug as well.
    for function, code in mutants.items():
        function.__code__ = code
    return sound


def _function(where: str) -> FunctionType:
    module, _, path = where.partition(":")
    try:
        found = reduce(getattr, path.split("."), import_module(module))
    except AttributeError:
        raise Rotten(f"{where} is no more") from None
    function = inspect.unwrap(found)  # type: ignore[arg-type]
    if not isinstance(function, FunctionType):
        raise Rotten(f"{where} is no function")
    return function


def _mutant(where: str, changes: list[Change]) -> CodeType:
    function = _function(where)
    source = textwrap.dedent(inspect.getsource(function))
    for change in changes:
        if source.count(change.old) != 1:
            raise Rotten(f"{where} says {source.count(change.old)} times, not once: {change.old!r}")
        source = source.replace(change.old, change.new)
    made: dict[str, object] = {}
    code = compile(source, f"<{where}, with a bug>", "exec")
    exec(code, dict(function.__globals__), made)  # noqa: S102 - our own code, and the change of our own table
    return inspect.unwrap(made[function.__name__]).__code__  # type: ignore[arg-type,no-any-return]
