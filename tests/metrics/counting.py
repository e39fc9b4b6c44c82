"""A program that counts as our processes do: ``DIRECTORY COUNTS [fork|kill|orphan]``; prints its slot."""

import os
import signal
import sys
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, values

from backbone_app.metrics.slots import Slots


def main() -> None:
    """Count, and end as asked."""
    directory, amount, ending = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
    slots = Slots(Path(directory))
    values.ValueClass = values.MultiProcessValue(slots)
    counter = Counter("counted", "Counted.", registry=CollectorRegistry())
    counter.inc(amount)
    if ending == "fork":
        _fork(counter, amount, slots)
    if ending == "orphan":
        _leave_a_child(counter, amount)
    sys.stdout.write(f"{slots()}\n")
    sys.stdout.flush()
    if ending == "kill":
        os.kill(os.getpid(), signal.SIGKILL)


def _fork(counter: Counter, amount: int, slots: Slots) -> None:
    """Count as much in a child, at the same time."""
    child = os.fork()
    if not child:
        counter.inc(amount)
        os._exit(slots())
    slot = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert slot != slots()
    counter.inc(amount)


def _leave_a_child(counter: Counter, amount: int) -> None:
    """Count more after a fork, and end; the child counts for the first time once nobody has our slot."""
    reading, writing = os.pipe()
    if not os.fork():
        os.close(writing)
        os.read(reading, 1)
        counter.inc(amount)
        os._exit(0)
    counter.inc(amount)


if __name__ == "__main__":
    main()
