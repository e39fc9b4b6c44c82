"""Say of each planted bug which seed catches it: ``python -m tests.simulation.planted [NAME …]``."""

import argparse
import sys
from typing import TYPE_CHECKING

from tests.simulation.boot import boot, leave

if TYPE_CHECKING:
    from tests.simulation.ground import Grounds
    from tests.simulation.planted import Bug

CALM = 30
"""Lives without faults in which a bug that needs one does no harm."""


def main() -> int:
    """Print a line for each; gives how many are not caught, or do harm where they must not."""
    asked = _asked()
    directory = boot("sqlite")
    from tests.simulation.ground import Grounds, Sqlite
    from tests.simulation.planted import BUGS, named

    try:
        grounds = Grounds(Sqlite(directory / "world.sqlite3"))
        bugs = [named(name) for name in asked.names] or BUGS
        return sum(not _is_caught(grounds, bug, most=asked.most, calm=asked.calm) for bug in bugs)
    finally:
        leave(directory)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.planted")
    parser.add_argument("names", nargs="*", help="which bugs (all)")
    parser.add_argument("--most", type=int, default=2_000, help="seeds within which they have to show (2000)")
    parser.add_argument("--calm", type=int, default=CALM, help=f"lives without faults first ({CALM})")
    return parser.parse_args()


def _is_caught(grounds: "Grounds", bug: "Bug", *, most: int, calm: int) -> bool:
    from tests.simulation.planted import seeking

    told = f"{bug.name} · {','.join(bug.faults) or 'no fault'}"
    harm = seeking.harm_in_calm(grounds, bug, lives=calm) if bug.is_calm else None
    if harm is not None:
        _say(f"{told} · does harm without any fault: {harm}")
        return False
    caught = seeking.seek(grounds, bug, most=most, first=(bug.caught_by,))
    if caught is None:
        _say(f"{told} · NOT CAUGHT within {most} seeds")
        return False
    how = caught.violation.replace("\n", " ")[:100]
    nature = f"harmless in {calm} lives without faults" if bug.is_calm else "may harm without faults too"
    _say(f"{told} · seed {caught.seed} · {how} · {caught.lives} lives, {caught.seconds:.0f} s · {nature}")
    return True


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
