"""What a change costs: the app's calls around one change that nothing else happens beside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jira_sandbox.demo import record
from jira_sandbox.demo.checker import has_arrived
from jira_sandbox.demo.history import COMMENT, STATUS, Change, field_of
from jira_sandbox.demo.stage import Stage, wait_for

STILL = 0.5
PATIENCE = 20.0
MOST_FOR_A_STATUS = 5
"""Both sides, the way, the step; the first step anybody takes from a status looks whether it stands."""
_READING_POSTS = ("/search/jql", "/issue/bulkfetch", "/permissions/check", "/comment/list")
_READ_AT_SOURCE = frozenset({"description", COMMENT})
"""What no delivery carries in full, so that one more read is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The app's calls for one change of a field, and those for the deliveries of its own writes (``echo``).

    ``partners`` is how many work items had to be told.
    """

    kind: str
    field: str
    partners: int
    reads: int
    writes: int
    echo: int
    seconds: float

    @property
    def is_fair(self) -> bool:
        """For each partner one read and one write at most, more where there is a reason; no echo."""
        if self.field == STATUS:
            return self.reads + self.writes <= MOST_FOR_A_STATUS * self.partners and self.echo == 0
        reads = self.partners * (2 if self.field in _READ_AT_SOURCE else 1)
        return self.reads <= reads and self.writes <= self.partners and self.echo == 0


def measured(stage: Stage, kind: str, act: Callable[[], Change], changes: Sequence[Change]) -> Cost:
    """Let ``act`` happen in silence and count; what the app wrote is delivered after the first count."""
    with stage.deliveries_held():
        before = calls(stage)
        change = act()
        stage.deliver_waiting()
        reached = wait_until_reached(stage, change, changes)
        stage.wait_until_quiet(still=STILL, within=PATIENCE)
        after = calls(stage)
    stage.wait_until_quiet(still=STILL, within=PATIENCE)
    with stage.lock:
        partners = len(record.family_of(stage, change.item)) - 1
    return Cost(
        kind=kind,
        field=field_of(next(iter(change.values))),
        partners=partners,
        reads=after[0] - before[0],
        writes=after[1] - before[1],
        echo=sum(calls(stage)) - sum(after),
        seconds=reached,
    )


def wait_until_reached(stage: Stage, change: Change, changes: Sequence[Change]) -> float:
    """Wait until all partners have held the change, with some patience; gives the seconds it took."""

    def reached() -> bool:
        with stage.lock:
            return has_arrived(record.around(stage, change.item, changes), change)

    if not stage.is_silent:
        wait_for(reached, within=PATIENCE)
    return (stage.clock() - change.at).total_seconds()


def calls(stage: Stage) -> tuple[int, int]:
    """Count the app's reads and writes so far."""
    reads = writes = 0
    for row in stage.meters.snapshot(("route", "caller")):
        if row["caller"] == "app":
            route, count = str(row["route"]), int(row["calls"])
            is_read = route.startswith("GET ") or route.endswith(_READING_POSTS)
            reads += count if is_read else 0
            writes += 0 if is_read else count
    return reads, writes
