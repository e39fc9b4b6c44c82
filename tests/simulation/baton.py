"""Who runs: workers are threads, exactly one of which has the baton; the rest wait for their moment.

Time is virtual. A worker that waits gives the baton back with the moment at which it wants to go on; the
holder of the heap hands it to whoever's moment is next, and moves the clock there. A killed worker's every
further step raises ``Crash`` again, so that no handler of it reaches the database or the network, as after
``kill -9``; it begins anew in the same thread, as another incarnation.
"""

import heapq
import threading
from collections.abc import Callable
from itertools import count
from typing import Final

from tests.simulation.clock import MICRO, clock
from tests.simulation.witness import Told

STEP: Final = 300
"""Microseconds that pass at each step of a worker."""
PAUSES: Final = 'FROM "backbone_pause"'
LINKS: Final = 'FROM "backbone_link"'
CLAIM: Final = 'UPDATE "backbone_link" SET "refreshing_until" = '


class Crash(BaseException):  # no handler of the app's may catch it
    """The worker's process is gone."""


class Over(BaseException):
    """The life is over: the worker's thread ends."""


class Worker:
    """A process of the app with one thread; ``step`` counts its points since it began last."""

    def __init__(self, baton: "Baton", name: str, work: Callable[["Worker"], None]) -> None:
        self.name = name
        self.incarnation = 1
        self.step = 0
        self.is_dead = False
        self.is_idle = False
        self.doing = ""
        self.told: list[Told] = []
        self.looked = self.knew = self.claimed = clock.seconds
        self._baton = baton
        self._work = work
        self._turn = threading.Lock()
        self._turn.acquire()
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)

    @property
    def key(self) -> tuple[str, str]:
        """The point it is at."""
        return f"{self.name}.{self.incarnation}", str(self.step)

    def begin(self) -> None:
        """Let it start at once."""
        self._thread.start()
        self._baton.at(0.0, self)

    def sleep(self, seconds: float) -> None:
        """Wait so long; others run meanwhile."""
        self._baton.at(seconds, self)
        self._give_back()

    def wait(self) -> None:
        """Wait until somebody wakes it."""
        self.is_idle = True
        self._give_back()

    def wake(self, seconds: float) -> None:
        """End its waiting, so much later."""
        self.is_idle = False
        self._baton.at(seconds, self)

    def die(self) -> None:
        """Be killed; raises Crash."""
        self.is_dead = True
        raise Crash

    def rise(self) -> None:
        """Begin anew, as another process."""
        self.is_dead = False
        self.incarnation += 1
        self.step = 0
        self.told = []

    def tells(self) -> None:
        """Let the others know from now on where it was told to wait: it committed, or goes on to call."""
        for each in self.told:
            each.known = clock.now()
        self.told = []

    def asks(self, sql: str) -> None:
        """Note when it asks the database who was told to wait: what others have told by then, it knows.

        Likewise when it looks at a link, and when it takes one to ask for tokens.
        """
        if sql.startswith("SELECT") and PAUSES in sql:
            self.looked = clock.seconds
        elif sql.startswith("SELECT") and LINKS in sql:
            self.knew = clock.seconds
        elif sql.startswith(CLAIM):
            self.claimed = clock.seconds

    def resume(self) -> None:
        """Hand it the baton; returns when it gives it back. Called by the baton only."""
        self._turn.release()

    def join(self) -> None:
        """Let its thread end."""
        self.is_dead = True  # nothing that it does while it unwinds reaches anybody
        if self._thread.is_alive():
            self.resume()
            self._thread.join()

    def _give_back(self) -> None:
        if self._baton.is_over:
            raise Over
        self._baton.returned.release()
        self._turn.acquire()
        if self._baton.is_over:
            raise Over

    def _live(self) -> None:
        self._turn.acquire()
        try:
            if not self._baton.is_over:
                self._work(self)
        except (Over, Crash):
            return
        except BaseException as error:  # the main thread raises it
            self._baton.failed(error)
        finally:
            if not self._baton.is_over:
                self._baton.returned.release()


class Baton:
    """The heap of moments: workers that go on and things that happen, in the order of their times."""

    def __init__(self) -> None:
        self.current: Worker | None = None
        self.is_over = False
        self.returned = threading.Semaphore(0)
        self._error: BaseException | None = None
        self._numbers = count()
        self._heap: list[tuple[int, int, Worker | Callable[[], None]]] = []

    def at(self, seconds: float, what: Worker | Callable[[], None]) -> None:
        """Let ``what`` go on, or happen, so many seconds from now."""
        heapq.heappush(self._heap, (clock.micros + int(seconds * MICRO), next(self._numbers), what))

    def is_late(self) -> bool:
        """Whether somebody's moment has come."""
        return bool(self._heap) and self._heap[0][0] <= clock.micros

    def turn(self) -> bool:
        """Let the next one go on until it waits again; False where nobody ever will."""
        if not self._heap:
            return False
        when, _, what = heapq.heappop(self._heap)
        clock.micros = max(clock.micros, when)
        if isinstance(what, Worker):
            self.current = what
            what.resume()
            self.returned.acquire()
            self.current = None
        else:
            what()
        if self._error is not None:
            raise self._error
        return True

    def failed(self, error: BaseException) -> None:
        """Note what a worker did not survive: it is raised where the life is lived."""
        self._error = error

    def end(self, workers: list[Worker]) -> None:
        """Let all threads end."""
        self.is_over = True
        for worker in workers:
            worker.join()
