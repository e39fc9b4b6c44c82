"""How much Jira lets an app ask for: points an hour, bursts an endpoint, writes a work item.

Figures as in https://developer.atlassian.com/cloud/jira/platform/rate-limiting/, one app assumed.
"""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Reason = Literal[
    "jira-quota-global-based", "jira-quota-tenant-based", "jira-burst-based", "jira-per-issue-on-write"
]
HOUR = timedelta(hours=1)
NEAR = 0.2
"""Less than this share left is near the limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A call of the app's as limits see it.

    ``endpoint`` is method and template; ``written`` the id of the work item it writes to, empty for any
    other call. What is not ``counted``, as on Data Center, has to wait where it was told to and no more.
    """

    site: str
    endpoint: str
    written: str = ""
    counted: bool = True

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.endpoint.partition(" ")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The limits, as Jira publishes them unless a test makes them small.

    ``points_per_hour`` are common to all sites but those in ``points_per_site``, which have their own.
    ``bursts`` are calls a second of one endpoint of one site by method, or by method and template, and
    what is not named is not limited;
    ``writes`` are (how many, in how many seconds) to one work item. Points that are not ``points_enforced``
    are only announced, in headers that begin with ``Beta-``.
    """

    points_per_hour: int = 65_000
    points_per_site: Mapping[str, int] = field(default_factory=dict)
    points_enforced: bool = True
    bursts: Mapping[str, int] = field(
        default_factory=lambda: {
            "GET": 100,
            "POST": 100,
            "PUT": 50,
            "DELETE": 50,
            "GET /rest/api/3/issue/{issueIdOrKey}": 150,
            "GET /rest/api/3/issue/{issueIdOrKey}/changelog": 200,
        }
    )
    writes: tuple[tuple[int, float], ...] = ((20, 2.0), (100, 30.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A limit that is reached; ``wait`` in seconds."""

    reason: Reason
    limit: int
    wait: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The points a call is paid from, and how the hour stands: ``left`` points, ``ends`` in seconds."""

    policy: str
    reason: Reason
    limit: int
    left: int
    ends: float

    @property
    def is_near(self) -> bool:
        """Whether it is nearly used up."""
        return self.left < self.limit * NEAR


class Quotas:
    """What has been used of each limit so far; every time is the world's."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self._spent: Counter[tuple[str, datetime]] = Counter()
        self._tokens: dict[tuple[str, str], tuple[float, datetime]] = {}
        self._written: defaultdict[tuple[str, str], deque[datetime]] = defaultdict(deque)

    def admit(self, asked: Asked, now: datetime) -> Reached | None:
        """Let the call in and count it, or tell which limit keeps it out, uncounted."""
        reached = self._burst(asked, now) or self._item(asked, now) or self._quota(asked, now)
        if reached is None:
            self._count(asked, now)
        return reached

    def _count(self, asked: Asked, now: datetime) -> None:
        rate = self._rate(asked)
        if rate:
            self._tokens[asked.site, asked.endpoint] = (self._tokens_left(asked, rate, now) - 1, now)
        if asked.written:
            written = self._written[asked.site, asked.written]
            written.append(now)
            longest = max((seconds for _, seconds in self.figures.writes), default=0.0)
            while (now - written[0]).total_seconds() > longest:
                written.popleft()

    def spend(self, asked: Asked, points: int, now: datetime) -> None:
        """Charge points to the hour that is running."""
        self._spent[self._pool_name(asked), _hour(now)] += points

    def pool(self, asked: Asked, now: datetime) -> Pool:
        """Tell what is left of the points the call is paid from."""
        name = self._pool_name(asked)
        limit = self.figures.points_per_site[name] if name else self.figures.points_per_hour
        return Pool(
            policy="tenant-app-quota" if name else "global-app-quota",
            reason="jira-quota-tenant-based" if name else "jira-quota-global-based",
            limit=limit,
            left=max(0, limit - self._spent[name, _hour(now)]),
            ends=(_hour(now) + HOUR - now).total_seconds(),
        )

    def _pool_name(self, asked: Asked) -> str:
        return asked.site if asked.site in self.figures.points_per_site else ""

    def _quota(self, asked: Asked, now: datetime) -> Reached | None:
        pool = self.pool(asked, now)
        if pool.left or not self.figures.points_enforced:
            return None
        return Reached(reason=pool.reason, limit=pool.limit, wait=pool.ends)

    def _rate(self, asked: Asked) -> int | None:
        bursts = self.figures.bursts
        return bursts.get(asked.endpoint) or bursts.get(asked.method)

    def _tokens_left(self, asked: Asked, rate: int, now: datetime) -> float:
        """Count the tokens in the bucket: it holds those of one second, and fills all the time."""
        tokens, at = self._tokens.get((asked.site, asked.endpoint), (float(rate), now))
        return min(float(rate), tokens + (now - at).total_seconds() * rate)

    def _burst(self, asked: Asked, now: datetime) -> Reached | None:
        rate = self._rate(asked)
        tokens = self._tokens_left(asked, rate, now) if rate else 1.0
        if rate is None or tokens >= 1:
            return None
        return Reached(reason="jira-burst-based", limit=rate, wait=(1 - tokens) / rate)

    def _item(self, asked: Asked, now: datetime) -> Reached | None:
        """Look at each window from its end: the oldest write in it must leave before the next may come."""
        written = self._written[asked.site, asked.written] if asked.written else deque[datetime]()
        for limit, seconds in self.figures.writes:
            inside = [each for each in written if (now - each).total_seconds() < seconds]
            if len(inside) >= limit:
                wait = seconds - (now - inside[-limit]).total_seconds()
                return Reached(reason="jira-per-issue-on-write", limit=limit, wait=wait)
        return None


def whole(seconds: float) -> int:
    """Round up to the whole seconds of ``Retry-After``, one at least."""
    return max(1, math.ceil(seconds))


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
