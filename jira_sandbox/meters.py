"""Counts of the calls a site received: how many, by whom, how large, and how many points Jira would charge.

Points as in https://developer.atlassian.com/cloud/jira/platform/rate-limiting/: a read costs 1 and 1 for each
object it tells about (2 where that is a user, a group or a permission); a write costs 1.
"""

from dataclasses import asdict, dataclass, field
from enum import Enum


class Cost(Enum):
    """How many points an object in the answer costs."""

    WRITE = 0
    CORE = 1
    IDENTITY = 2


@dataclass(slots=True)
class Meter:
    """The sums for one site, route and kind of caller; bytes are those of the bodies."""

    calls: int = 0
    points: int = 0
    bytes_in: int = 0
    bytes_out: int = 0


@dataclass(slots=True)
class Meters:
    """All meters of a world, by site, route and caller (``app``, ``person`` or ``nobody``)."""

    rows: dict[tuple[str, str, str], Meter] = field(default_factory=dict)

    def arrive(self, site: str, route: str, caller: str, size: int) -> Meter:
        """Count a call before anything is done about it."""
        meter = self.rows.setdefault((site, route, caller), Meter())
        meter.calls += 1
        meter.points += 1
        meter.bytes_in += size
        return meter

    def calls(self, *, site: str = "", route: str = "", caller: str = "") -> int:
        """How many calls came; an empty argument stands for all, ``route`` may be a part of one."""
        return sum(
            meter.calls
            for (its_site, its_route, its_caller), meter in self.rows.items()
            if site in {"", its_site} and route in its_route and caller in {"", its_caller}
        )

    def snapshot(self) -> list[dict[str, str | int]]:
        """List the rows as JSON objects: site, route, caller, calls, points, bytes_in, bytes_out."""
        return [
            {"site": site, "route": route, "caller": caller, **asdict(meter)}
            for (site, route, caller), meter in sorted(self.rows.items())
        ]

    def reset(self) -> None:
        """Start counting anew."""
        self.rows.clear()
