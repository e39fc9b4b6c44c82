"""What both databases share: where a worker may be stopped, and how a killed one leaves its connection.

A worker never waits inside a transaction (it may die there), so that none ever waits for another's lock.
"""

from collections.abc import Callable
from typing import Any, Protocol

from tests.simulation.baton import Crash, Worker
from tests.simulation.database.fencing import Fence

READS = ("SELECT", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET")
EPOCH = {
    "sqlite": "SELECT epoch FROM backbone_pair WHERE id = ?",
    "postgresql": "SELECT epoch FROM backbone_pair WHERE id = %s",
}


class Watch(Protocol):
    """Who is told of the points; ``None`` for the thread in which everything else happens."""

    def worker(self) -> Worker | None: ...
    def point(self, worker: Worker, label: str, *, may_wait: bool) -> None: ...
    def wrote(self, sql: str) -> None: ...
    @property
    def fence(self) -> Fence: ...


class _Nobody:
    def worker(self) -> Worker | None:
        return None

    def point(self, worker: Worker, label: str, *, may_wait: bool) -> None:
        raise AssertionError(worker, label, may_wait)

    def wrote(self, sql: str) -> None:
        """Nobody wants to know."""

    @property
    def fence(self) -> Fence:
        raise AssertionError


watching: list[Watch] = [_Nobody()]
"""The last one is told."""


class Watched:
    """Mixed into Django's wrapper of a connection."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.execute_wrappers: list[Any]
        self.execute_wrappers.append(self._stated)

    def _stated(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        watch = watching[-1]
        worker = watch.worker()
        is_read = sql.startswith(READS)
        if worker is None:
            done = execute(sql, params, many, context)
        elif self.in_atomic_block:  # type: ignore[attr-defined]
            if worker.is_dead:
                raise Crash
            done = execute(sql, params, many, context)
            if not is_read:
                watch.fence.stated(worker.key[0], sql, params, context["cursor"].rowcount)
        else:

            def run() -> Any:
                worker.asks(sql)
                done = execute(sql, params, many, context)
                if not is_read:
                    watch.fence.stated(worker.key[0], sql, params, context["cursor"].rowcount)
                    watch.fence.commits(worker.key[0], self._epoch_of)
                return done

            done = self._outside(watch, worker, sql, is_read=is_read, run=run)
        if not is_read:
            watch.wrote(sql)
        return done

    def _outside(
        self, watch: Watch, worker: Worker, sql: str, *, is_read: bool, run: Callable[[], Any]
    ) -> Any:
        """Run a statement that stands for itself, or the one that begins a transaction."""
        if worker.is_dead:
            raise Crash
        self._stop_at(watch, worker, "read" if is_read else "write", may_wait=True)
        done = run()
        if not is_read and not sql.startswith("BEGIN"):
            self._stop_at(watch, worker, "wrote", may_wait=True)
        return done

    def begins(self) -> None:
        """Stop before a transaction begins, where no statement says that it does."""
        watch = watching[-1]
        worker = watch.worker()
        if worker is None:
            return
        if worker.is_dead:
            raise Crash
        self._stop_at(watch, worker, "write", may_wait=True)

    def _commit(self) -> None:
        watch = watching[-1]
        worker = watch.worker()
        if worker is not None:
            self._stop_at(watch, worker, "commit", may_wait=False)  # killed here: rolled back
            watch.fence.commits(worker.key[0], self._epoch_of)
        super()._commit()  # type: ignore[misc]
        if worker is not None:
            self._stop_at(watch, worker, "committed", may_wait=True)  # killed here: kept, no hook is run

    def _rollback(self) -> None:
        watch = watching[-1]
        worker = watch.worker()
        if worker is not None:
            watch.fence.rolls_back(worker.key[0])
        super()._rollback()  # type: ignore[misc]

    def _epoch_of(self, pair: int) -> int | None:
        raw = self.connection  # type: ignore[attr-defined]
        found = raw.execute(EPOCH[self.vendor], (pair,)).fetchone()  # type: ignore[attr-defined]
        return int(found[0]) if found else None

    def _stop_at(self, watch: Watch, worker: Worker, label: str, *, may_wait: bool) -> None:
        try:
            watch.point(worker, label, may_wait=may_wait)
        except Crash:
            self.cut()
            raise

    def cut(self) -> None:
        """Leave the connection as a killed process does: what is not committed never was."""
        raw = self.connection  # type: ignore[attr-defined]
        if raw is not None:
            raw.rollback()
            self.close()  # type: ignore[attr-defined]
