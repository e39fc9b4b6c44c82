"""Tell the story from the command line; without ``--check`` everything stays up until Ctrl-C."""

import argparse
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from jira_sandbox.demo.ending import Ending
from jira_sandbox.demo.story import Plot, told
from jira_sandbox.demo.trouble import Trouble

MOST_FAULTS = 20


def main() -> int:
    """Tell the story; 1 if it went wrong, or if it was to be checked and does not hold."""
    options = _options()
    plot = Plot(
        seed=options.seed,
        folder=options.folder,
        jira_port=options.jira_port,
        app_port=options.app_port,
        deliveries=options.deliveries == "on",
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        with told(plot) as ending:
            return _checked(ending) if options.check else _stay(ending)
    except KeyboardInterrupt:
        print("The demo has ended.", flush=True)
        return 1 if options.check else 0
    except Trouble as trouble:
        print(f"demo: {trouble}", file=sys.stderr)
        return 1


def _checked(ending: Ending) -> int:
    for fault in ending.faults[:MOST_FAULTS]:
        print(f"  {fault}")
    if len(ending.faults) > MOST_FAULTS:
        print(f"  … and {len(ending.faults) - MOST_FAULTS} more")
    print(ending.report.line(), flush=True)
    return 1 if ending.faults else 0


def _stay(ending: Ending) -> int:
    _checked(ending)
    print("Everything stays up until Ctrl-C.", file=sys.stderr)
    threading.Event().wait()
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End the story once; from then on nothing keeps the processes from being ended."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="jira_sandbox.demo", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="verify the story and end: 0 if it holds, else 1"
    )
    parser.add_argument(
        "--deliveries", choices=("on", "off"), default="on", help="off: Jira tells the app nothing"
    )
    parser.add_argument("--seed", type=int, default=0, help="of what people do")
    parser.add_argument(
        "--folder", type=Path, default=Path("build/demo"), help="for the database and the logs"
    )
    parser.add_argument("--jira-port", type=int, default=8100, help="if it is free")
    parser.add_argument("--app-port", type=int, default=8000, help="if it is free")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
