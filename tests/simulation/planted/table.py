"""All bugs, by their names."""

from typing import Final

from tests.simulation.planted import beyond, claiming, recovering, working, writing
from tests.simulation.planted.planting import Bug, put_in

BUGS: Final = (*writing.BUGS, *working.BUGS, *claiming.BUGS, *recovering.BUGS, *beyond.BUGS)


def named(name: str) -> Bug:
    """Find a bug by its name; raises ``LookupError``."""
    found = next((bug for bug in BUGS if bug.name == name), None)
    if found is None:
        raise LookupError(f"there is no bug {name!r}; there are: {', '.join(bug.name for bug in BUGS)}")
    return found


def plant(name: str) -> None:
    """Put the bug of this name into this process for good. Raises ``LookupError``, ``Rotten``."""
    put_in(named(name))
