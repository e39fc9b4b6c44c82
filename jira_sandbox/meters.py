"""Counts of what went over the wire: calls and deliveries, how large, and how many points Jira would charge.

Points as in https://developer.atlassian.com/cloud/jira/platform/rate-limiting/: a read costs 1 and 1 for each
object it tells about (2 where that is a user, a group or a permission); a write costs 1.
Bytes are those of the bodies: headers depend on the client and on what lies between.

Jira cannot know why somebody calls. What can be seen of the cause is the kind of ``caller``, the ``agent``
(the first product its User-Agent names) and the misfortune that was ``met``.
"""

import re
import threading
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Literal, NamedTuple

LONGEST_AGENT = 40


class Cost(Enum):
    """How many points an object in the answer costs."""

    WRITE = 0
    CORE = 1
    IDENTITY = 2


class Row(NamedTuple):
    """What calls are told apart by; ``met`` is the kind of misfortune, empty for a lucky call."""

    site: str
    route: str
    caller: str
    agent: str = ""
    met: str = ""


Dimension = Literal["site", "route", "caller", "agent", "met"]
USUAL: tuple[Dimension, ...] = ("site", "route", "caller")


@dataclass(slots=True)
class Meter:
    """The sums for one kind of call."""

    calls: int = 0
    points: int = 0
    bytes_in: int = 0
    bytes_out: int = 0

    def add(self, other: "Meter", times: int = 1) -> None:
        """Count another's calls as well, or with ``times`` -1 no longer."""
        self.calls += other.calls * times
        self.points += other.points * times
        self.bytes_in += other.bytes_in * times
        self.bytes_out += other.bytes_out * times


@dataclass(slots=True)
class Outgoing:
    """The sums for one site and event: each attempt counts, with its bytes; ``accepted`` of them were."""

    attempts: int = 0
    accepted: int = 0
    bytes_out: int = 0


@dataclass(slots=True)
class Arrived:
    """A call that has been counted: where, and what of it."""

    row: Row
    counted: Meter


@dataclass(slots=True)
class Meters:
    """All meters of a world: ``rows`` of what came in, ``sent`` by site and event of what went out.

    Safe to share between threads, except for looking at ``rows`` and ``sent`` themselves.
    """

    rows: dict[Row, Meter] = field(default_factory=lambda: defaultdict(Meter))
    sent: dict[tuple[str, str], Outgoing] = field(default_factory=lambda: defaultdict(Outgoing))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def arrive(self, site: str, route: str, caller: str, size: int, *, agent: str = "") -> Arrived:
        """Count a call before anything is done about it."""
        product = re.split("[/ ]", agent, maxsplit=1)[0][:LONGEST_AGENT]
        arrived = Arrived(Row(site, route, caller, product), Meter(calls=1, points=1, bytes_in=size))
        with self._lock:
            self.rows[arrived.row].add(arrived.counted)
        return arrived

    def meet(self, arrived: Arrived, kind: str) -> None:
        """Put a call down to the misfortune it met."""
        with self._lock:
            self.rows[arrived.row].add(arrived.counted, -1)
            if not self.rows[arrived.row].calls:
                del self.rows[arrived.row]
            arrived.row = arrived.row._replace(met=kind)
            self.rows[arrived.row].add(arrived.counted)

    def answer(self, arrived: Arrived, *, points: int, size: int) -> None:
        """Add what the answer costs and how large it is."""
        told = Meter(points=points, bytes_out=size)
        with self._lock:
            arrived.counted.add(told)
            self.rows[arrived.row].add(told)

    def send(self, site: str, event: str, size: int, *, is_accepted: bool) -> None:
        """Count one attempt to tell an app something."""
        with self._lock:
            outgoing = self.sent[site, event]
            outgoing.attempts += 1
            outgoing.accepted += is_accepted
            outgoing.bytes_out += size

    def calls(self, *, site: str = "", route: str = "", caller: str = "") -> int:
        """How many calls came; an empty argument stands for all, ``route`` may be a part of one."""
        with self._lock:
            return sum(
                meter.calls
                for row, meter in self.rows.items()
                if site in {"", row.site} and route in row.route and caller in {"", row.caller}
            )

    def snapshot(self, by: tuple[Dimension, ...] = USUAL) -> list[dict[str, str | int]]:
        """List sums as JSON objects: the dimensions asked for, then calls, points, bytes_in, bytes_out."""
        sums: defaultdict[tuple[str, ...], Meter] = defaultdict(Meter)
        with self._lock:
            for row, meter in self.rows.items():
                sums[tuple(getattr(row, name) for name in by)].add(meter)
        return [
            {**dict(zip(by, names, strict=True)), **asdict(meter)}
            for names, meter in sorted(sums.items(), key=_name)
        ]

    def outgoing(self) -> list[dict[str, str | int]]:
        """List what went out as JSON objects: site, event, attempts, accepted, bytes_out."""
        with self._lock:
            return [
                {"site": site, "event": event, **asdict(sums)}
                for (site, event), sums in sorted(self.sent.items(), key=_name)
            ]

    def reset(self) -> None:
        """Start counting anew."""
        with self._lock:
            self.rows.clear()
            self.sent.clear()


def _name(item: tuple[tuple[str, ...], object]) -> tuple[str, ...]:
    return item[0]
