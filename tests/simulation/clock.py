"""The one clock of a simulated world: sites, app, database and people read the same virtual time.

It only moves when the baton moves it. Installed before the app is loaded, so that a module that takes
``monotonic`` by name has this one too; outside a life every reading is the machine's.
"""

import os
import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
from psycopg.adapt import Dumper

START: Final = datetime(2026, 11, 22, 1, 2, 3, 456_000, tzinfo=UTC)
MICRO: Final = 1_000_000

_machine_monotonic = time.monotonic
_machine_time = time.time
_machine_urandom = os.urandom


class Clock:
    """Microseconds since ``START``; ``is_running`` while a life is lived."""

    def __init__(self) -> None:
        self.micros = 0
        self.is_running = False
        self._chance = random.Random(0)

    def begin(self, seed: int) -> None:
        """Begin a life: the time is ``START``, and what looks random is drawn from the seed."""
        self.micros, self.is_running = 0, True
        self._chance = random.Random(f"{seed}:bytes")

    def end(self) -> None:
        """Give the machine's clock back."""
        self.is_running = False

    def now(self) -> datetime:
        """Read the clock."""
        return START + timedelta(microseconds=self.micros)

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return self.micros / MICRO

    def monotonic(self) -> float:
        """Read it as ``time.monotonic`` would."""
        return self.seconds if self.is_running else _machine_monotonic()

    def time(self) -> float:
        """Read it as ``time.time`` would."""
        return self.now().timestamp() if self.is_running else _machine_time()

    def bytes(self, size: int) -> bytes:
        """Give what ``os.urandom`` would."""
        return self._chance.randbytes(size) if self.is_running else _machine_urandom(size)


clock: Final = Clock()


class Moment:
    """The time at which a statement is run, whenever it was built."""

    def __conform__(self, _protocol: object) -> str:
        """Give it as SQLite keeps it."""
        return clock.now().replace(tzinfo=None).isoformat(" ", "microseconds")


MOMENT: Final = Moment()


class MomentDumper(Dumper):
    """Gives it to PostgreSQL."""

    def dump(self, _moment: Moment) -> bytes:
        """Give it as text."""
        return clock.now().isoformat().encode()


def install() -> None:
    """Let everything that is loaded from now on read this clock and this chance."""
    for module, name, mine in (
        (time, "monotonic", clock.monotonic),
        (time, "time", clock.time),
        (os, "urandom", clock.bytes),
        (random, "_urandom", clock.bytes),
    ):
        setattr(module, name, mine)


def in_database() -> None:
    """Let the databases' own ``Now`` be this clock: leases are timed by it."""
    from django.db.models.functions import Now
    from django.utils import timezone

    def as_sql(_self: Now, _compiler: Any, _connection: Any, **_more: Any) -> tuple[str, tuple[Moment]]:
        return "%s", (MOMENT,)

    def as_postgresql(
        _self: Now, _compiler: Any, _connection: Any, **_more: Any
    ) -> tuple[str, tuple[Moment]]:
        return "%s::timestamptz", (MOMENT,)

    for name, way in (("as_sqlite", as_sql), ("as_postgresql", as_postgresql)):
        setattr(Now, name, way)
    psycopg.adapters.register_dumper(Moment, MomentDumper)
    machine_now = timezone.now
    timezone.now = lambda: clock.now() if clock.is_running else machine_now()
