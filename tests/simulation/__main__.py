"""``python -m tests.simulation``: live many seeds, or one again; see ``--help`` and README.md.

The last line is ``seeds=… violations=… lost=… duplicates=… echoes=…``; status 1 where there is any violation.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from itertools import starmap
from time import monotonic
from typing import Final

from tests.simulation.faults import FAULTS
from tests.simulation.hosts import TOLD, Host
from tests.simulation.kinds import HOME, LINKED
from tests.simulation.orders import Order, Story
from tests.simulation.plan import Schedule
from tests.simulation.runner import STORIES, Runner, Tally, command, orders

PROGRESS: Final = 15.0
"""Seconds between two lines that say how far it is."""


def main() -> int:
    """Do what the command line asks."""
    asked = arguments(sys.argv[1:])
    if asked.replay is not None:
        return _replay(asked)
    seeds = range(asked.start, asked.start + asked.seeds)
    runner = Runner(
        partial(Host, asked.store, asked.bug),
        _processes(asked),
        _say,
        again=partial(command, store=asked.store, bug=asked.bug),
        stories=asked.stories,
    )
    try:
        tally = _lived(runner, seeds, asked)
    finally:
        runner.close()
    return 1 if tally.violations else 0


def _lived(runner: Runner, seeds: range, asked: argparse.Namespace) -> Tally:
    began = told = monotonic()
    for tally in runner.run(orders(seeds, asked.faults, asked.kind, are_all_repeated=asked.twice)):
        if monotonic() - told > PROGRESS:
            told = monotonic()
            _say(f"{tally.seeds} of {len(seeds)} after {told - began:.0f} s, {tally.violations} violations")
    _say(_summary(runner.tally, monotonic() - began))
    _say(runner.tally.line())
    return runner.tally


def _replay(asked: argparse.Namespace) -> int:
    host = Host(asked.store, asked.bug)
    try:
        story: Story = host.ask(TOLD, Order(asked.replay, asked.faults, asked.schedule, kind=asked.kind))
    finally:
        host.close()
    _say(story.timeline)
    return 1 if story.violations else 0


def _summary(tally: Tally, seconds: float) -> str:
    struck = ", ".join(f"{name} {number}" for name, number in sorted(tally.struck.items()))
    sizes, kinds = (
        ", ".join(starmap("{1} {0}".format, sorted(each.items()))) for each in (tally.sizes, tally.kinds)
    )
    return (
        f"struck: {struck or 'nothing'}\n"
        f"worlds: {sizes}; {tally.happenings} happenings, {tally.changes} changes, {tally.calls} calls, "
        f"{tally.fenced} commits under a claim\n"
        f"second sites: {kinds}\n"
        f"{tally.repeated} seeds lived twice; {seconds:.0f} s, {tally.seeds / max(seconds, 1):.2f} a second"
    )


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read what is asked for; SystemExit where it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description="Live simulated worlds.")
    parser.add_argument("--seeds", type=int, default=200, help="how many (200)")
    parser.add_argument("--start", type=int, default=0, help="the first one (0)")
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--faults", type=_named, default=None, help="all, none, or some: F1,F7")
    parser.add_argument(
        "--kind",
        choices=(HOME, *LINKED),
        default=None,
        help="what the second site is (as each seed draws it)",
    )
    parser.add_argument("--twice", action="store_true", help="live every seed twice, not every twentieth")
    parser.add_argument("--processes", type=int, default=0, help="how many (one a core)")
    parser.add_argument("--stories", type=int, default=STORIES, help="how many failures are made small (3)")
    parser.add_argument("--replay", type=int, default=None, metavar="SEED", help="live this one and tell it")
    parser.add_argument("--schedule", type=Schedule.read, default=None, help="what alone comes about in it")
    parser.add_argument("--bug", default="", help="a planted fault of the app")
    return parser.parse_args(given)


def _named(text: str) -> tuple[str, ...] | None:
    if text in {"all", "none"}:
        return None if text == "all" else ()
    names = tuple(text.split(","))
    if unknown := set(names) - set(FAULTS):
        raise argparse.ArgumentTypeError(f"no such faults: {', '.join(sorted(unknown))}; there are {FAULTS}")
    return names


def _processes(asked: argparse.Namespace) -> int:
    """Count processes: two unless one is asked for, since another one repeats what one has lived."""
    return asked.processes or max(os.cpu_count() or 1, 2)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
