"""Whether this installation can do its work now: the database answers, it is migrated, the lanes are alive.

A prober waits for three seconds at most (Atlassian's does): whatever the database does, the answer
comes within one. The look is made in a thread of its own, a single one: where it is stuck, later ones
are not ready either, and do not pile up.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import structlog
from django.db import Error, connection

from backbone_app import queue
from backbone_app.ledger import heartbeats, schema

PATIENCE: Final = 1.0
"""Seconds the database has to answer."""
SILENCE: Final = timedelta(seconds=60)
"""A lane that gave no sign for so long is not at work; one that hangs is replaced long before."""
FRESH_SECONDS: Final = 1.0
"""How long an answer stands: whoever asks more often is told the same again."""

Clock = Callable[[], datetime]
Failing = tuple["Part", ...]

_log = structlog.get_logger()


class Part(StrEnum):
    """What has to work."""

    DATABASE = "database"
    MIGRATIONS = "migrations"
    LANES = "lanes"


@dataclass(slots=True)
class Prober:
    """Looks, never twice at a time; ``look`` tells which parts do not work, ``elapsed`` is in seconds."""

    look: Callable[[], Failing]
    patience: float = PATIENCE
    elapsed: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="readiness")
    )
    _running: "Future[Failing] | None" = None
    _told: tuple[float, Failing] | None = None

    def failing(self) -> Failing:
        """Name what does not work, nothing where all does; within ``patience``."""
        with self._lock:
            if self._told is not None and self.elapsed() - self._told[0] < FRESH_SECONDS:
                return self._told[1]
            found = self._looked()
            self._told = self.elapsed(), found
            return found

    def forget(self) -> None:
        """Have the next answer looked up, whatever was told last."""
        with self._lock:
            self._told = None

    def _looked(self) -> Failing:
        if self._running is None or self._running.done():
            self._running = self._pool.submit(self._look_apart)
        try:
            return self._running.result(self.patience)
        except TimeoutError:
            return (Part.DATABASE,)

    def _look_apart(self) -> Failing:
        try:
            return self.look()
        finally:
            connection.close()  # this thread's own


def look(now: datetime) -> Failing:
    """Look at the tables and name what does not work."""
    try:
        if schema.missing():
            return (Part.MIGRATIONS,)
        return () if all(is_alive(str(lane), now=now) for lane in queue.lanes()) else (Part.LANES,)
    except Error as trouble:
        _log.warning("database_unreachable", trouble=type(trouble).__name__)
        return (Part.DATABASE,)


def is_alive(lane: str, *, now: datetime) -> bool:
    """Whether the lane has given a sign of life lately."""
    silent = heartbeats.overdue(lane, now=now)
    return silent is not None and silent <= SILENCE
