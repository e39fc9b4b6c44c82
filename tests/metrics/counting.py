"""A program that counts as our processes do: ``DIRECTORY COUNTS [fork|kill]``; prints its slot."""

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


if __name__ == "__main__":
    main()
