"""What a world is to do later, by its own clock: effects that come after a time-out, rights that come back.

Nobody wakes a world whose clock stands: what has become due is done before the next call and the next
delivery, in the order of its times, and dates itself then.
"""

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

Act = Callable[[], None]


@dataclass(order=True, slots=True)
class Entry:
    """An act and its time; ``is_off`` once it is not to be done any more."""

    when: datetime
    number: int
    act: Act = field(compare=False)
    is_off: bool = field(default=False, compare=False)


class Agenda:
    """Acts by time; those of one time keep the order they were put down in. Safe to share between threads."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return sum(not each.is_off for each in self._entries)

    @property
    def next(self) -> datetime | None:
        """When there is something to do next, if ever."""
        return min((each.when for each in self._entries if not each.is_off), default=None)

    def at(self, when: datetime, act: Act) -> Entry:
        """Put down ``act`` for the first occasion at or after ``when``; cross it out by ``is_off``."""
        entry = Entry(when, next(self._numbers), act)
        with self._lock:
            heapq.heappush(self._entries, entry)
        return entry

    def catch_up(self, clock: Callable[[], datetime]) -> None:
        """Do everything that is due, also what such an act puts down for a time that has come."""
        while self._entries and (entry := self._next(clock())):
            if not entry.is_off:
                entry.act()

    def _next(self, now: datetime) -> Entry | None:
        with self._lock:
            is_due = self._entries and self._entries[0].when <= now
            return heapq.heappop(self._entries) if is_due else None
