"""Watch over the lanes: beats go through each, and one that stays silent is said to be in trouble.

A lane's workers can hang without ending: whoever kills an idle one while it
holds the lock of its queue leaves all others waiting for ever. Only something
that has to pass through the queue tells that from having nothing to do.
Where several machines share a lane, a hung one among them is not seen while
the others answer its beats; what it held is woken again once it counts as lost.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from backbone_app import queue
from backbone_app.ledger import heartbeats
from backbone_app.queue import Job, Lane

PATIENCE: Final = timedelta(seconds=10)
"""An idle lane that answers no beat for so long hangs."""
BEYOND: Final = timedelta(seconds=10)
"""How long after a job's time-out the queue itself may take to end its worker."""
STARTING: Final = timedelta(seconds=20)
SWEEP_EVERY: Final = timedelta(seconds=10)
"""Sooner than the schedule: what was put off is taken up in time, and a lost schedule costs nothing."""


def lanes() -> tuple[str, ...]:
    """Name the lanes that have to be served."""
    return tuple(queue.lanes())


def serve(lane: str, clock: Callable[[], datetime]) -> None:
    """Work in ``lane`` until this process is asked to end; ValueError in the process of another one."""
    queue.serve(
        Lane(lane),
        begin=lambda span: heartbeats.begin(lane, now=clock(), span=span + BEYOND),
        end=lambda: heartbeats.end(lane, now=clock()),
    )


def beat(lane: str) -> None:
    """Let the next beat come; that this one was taken is noted around every job."""
    queue.taken(queue.BEATS[Lane(lane)])


def started(lane: str, *, now: datetime) -> None:
    """Note that new workers start in ``lane``; what the former ones held is looked for again."""
    heartbeats.begin(lane, now=now, span=STARTING)
    queue.forget_pending(Lane(lane))
    queue.wake(Job.SWEEP, now=now)


def look(names: Iterable[str], *, now: datetime) -> dict[str, str]:
    """Send the next beats, wake the sweep if it is due, and say what is wrong with which lane."""
    for lane in names:
        queue.wake(queue.BEATS[Lane(lane)], now=now)
    if heartbeats.is_due(heartbeats.SWEEP, every=SWEEP_EVERY, now=now):
        queue.wake(Job.SWEEP, now=now)
    told = {lane: _trouble(lane, now) for lane in names}
    return {lane: trouble for lane, trouble in told.items() if trouble}


def _trouble(lane: str, now: datetime) -> str:
    row = heartbeats.last(lane)
    if row is None:
        return ""
    if row.busy_until is not None:
        late = now - row.busy_until
        return f"busy {late.total_seconds():.0f} s longer than it may be" if late > timedelta(0) else ""
    silent = now - row.at
    return f"no sign of life for {silent.total_seconds():.0f} s" if silent > PATIENCE else ""
