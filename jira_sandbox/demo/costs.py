"""What a change costs: the app's calls around one edit that nothing else happens beside."""

from collections.abc import Callable
from dataclasses import dataclass

from jira_sandbox.demo import record
from jira_sandbox.demo.history import Change
from jira_sandbox.demo.stage import SITE, Stage, wait_for

STILL = 0.7
PATIENCE = 15.0
_READING_POSTS = ("/search/jql", "/permissions/check")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The app's calls for one change, and those for the delivery of its own write (``echo``)."""

    kind: str
    reads: int
    writes: int
    echo: int
    seconds: float

    @property
    def is_fair(self) -> bool:
        """At most one read and one write, and nothing for the echo."""
        return self.reads <= 1 and self.writes <= 1 and self.echo == 0


def measured(stage: Stage, kind: str, act: Callable[[], Change]) -> Cost:
    """Let ``act`` happen in silence and count; what the app wrote is delivered after the first count."""
    with stage.deliveries_held():
        before = _calls(stage)
        change = act()
        stage.deliver_waiting()
        reached = wait_until_reached(stage, change)
        stage.wait_until_quiet(still=STILL, within=PATIENCE)
        after = _calls(stage)
    stage.wait_until_quiet(still=STILL, within=PATIENCE)
    return Cost(
        kind=kind,
        reads=after[0] - before[0],
        writes=after[1] - before[1],
        echo=sum(_calls(stage)) - sum(after),
        seconds=reached,
    )


def wait_until_reached(stage: Stage, change: Change) -> float:
    """Wait until the other side holds the change, with some patience; gives the seconds it took."""

    def reached() -> bool:
        with stage.lock:
            return record.has_reached_twin(stage.site, change)

    if not stage.site.app.deliveries_off:
        wait_for(reached, within=PATIENCE)
    return (stage.clock() - change.at).total_seconds()


def _calls(stage: Stage) -> tuple[int, int]:
    """Count the app's reads and writes so far."""
    reads = writes = 0
    with stage.lock:
        for (site, route, caller), meter in stage.meters.rows.items():
            if site == SITE and caller == "app":
                is_read = route.startswith("GET ") or route.endswith(_READING_POSTS)
                reads += meter.calls if is_read else 0
                writes += 0 if is_read else meter.calls
    return reads, writes
