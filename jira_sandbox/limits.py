"""Limits on the app's calls: refusals with Jira's headers, and who called although told to wait.

Off until ``enforce``; ``violations`` are kept always, for a misfortune too can tell the app to wait.
"""

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from jira_sandbox.quotas import Asked, Figures, Pool, Quotas, Reached, whole
from jira_sandbox.wire import Response, answer

LONGEST = 3600.0
"""Seconds; nobody is held to a longer wait, whatever was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A wait that was told to ``thread``; empty ``site``, ``endpoint`` and ``written`` stand for all."""

    site: str
    endpoint: str
    written: str
    since: datetime
    until: datetime
    reason: str
    thread: int

    def covers(self, asked: Asked) -> bool:
        """Whether the call is one of those that have to wait."""
        return (
            self.site in {"", asked.site}
            and self.endpoint in {"", asked.endpoint}
            and self.written in {"", asked.written}
        )

    def binds(self, now: datetime, grace: timedelta) -> bool:
        """Whether a call that comes now can have known of it.

        In a test the clock stands while threads work: at the very moment of the answer only the thread
        that got it is sure to know, and the calls of others may have been under way.
        """
        knew = now > self.since or threading.get_ident() == self.thread
        return knew and now >= self.since + grace


class Limits:
    """The limits of one world. ``now`` is its clock's reading; all sites are those of one app.

    ``violations`` has a sentence for each call that came although it had been told to wait, and for each
    time that it had been: of one of them it may have known nothing. Calls that come within ``grace`` after
    they were told are forgiven: where time is real they were under way.
    """

    def __init__(self) -> None:
        self.violations: list[str] = []
        self.grace = timedelta(0)
        self._quotas: Quotas | None = None
        self._pauses: list[Pause] = []
        self._lock = threading.Lock()

    def enforce(self, figures: Figures | None = None) -> None:
        """Hold the app to these limits, by default the published ones; nothing is used up yet."""
        with self._lock:
            self._quotas = Quotas(figures or Figures())

    @property
    def figures(self) -> Figures | None:
        """What the app is held to, None while there are no limits."""
        return self._quotas.figures if self._quotas else None

    def relax(self) -> None:
        """Hold the app to no limits any more; it still has to wait where it was told to."""
        with self._lock:
            self._quotas = None

    def arrived(self, asked: Asked, now: datetime) -> None:
        """Note the call as a violation if it should have waited."""
        with self._lock:
            self._pauses = [each for each in self._pauses if each.until > now]
            self.violations += [
                _sentence(asked, pause, now)
                for pause in self._pauses
                if pause.covers(asked) and pause.binds(now, self.grace)
            ]

    def refusal(self, asked: Asked, now: datetime) -> Response | None:
        """Count the call and give None, or give Jira's 429 when a limit is reached."""
        with self._lock:
            reached = self._quotas.admit(asked, now) if self._quotas and asked.counted else None
        return _refused(reached, now) if reached else None

    def answered(
        self, asked: Asked, response: Response, *, points: int, now: datetime, date: datetime
    ) -> Response:
        """Charge the points, add the headers that announce limits, and remember a wait that is told.

        ``date`` is what the answer says the time is, by which a client reads a date in ``Retry-After``.
        """
        with self._lock:
            headers: dict[str, str] = {}
            if self._quotas and asked.counted:
                if response.status != 429:
                    self._quotas.spend(asked, points, now)
                pool = self._quotas.pool(asked, now)
                headers = _announced(pool, is_enforced=self._quotas.figures.points_enforced)
            if response.status == 429:
                self._pauses += _told(asked, response.headers, now=now, date=date)
        return replace(response, headers={**headers, **response.headers})


def _sentence(asked: Asked, pause: Pause, now: datetime) -> str:
    return (
        f"{asked.endpoint} on {asked.site} came at {now:%H:%M:%S.%f}, told to wait from "
        f"{pause.since:%H:%M:%S.%f} until {pause.until:%H:%M:%S.%f} ({pause.reason or 'no reason'})"
    )


def _refused(reached: Reached, now: datetime) -> Response:
    told = answer(429, {"errorMessages": ["Rate limit exceeded."], "errors": {}}, objects=0)
    wait = whole(reached.wait)
    reset = (now + timedelta(seconds=wait)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    headers = {
        "Retry-After": str(wait),
        "X-RateLimit-Limit": str(reached.limit),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": reset,
        "X-RateLimit-NearLimit": "true",
        "RateLimit-Reason": reached.reason,
    }
    return Response(429, {**told.headers, **headers}, told.body)


def _announced(pool: Pool, *, is_enforced: bool) -> dict[str, str]:
    """Give the headers of any answer; what remains is told in the structured one only near the limit."""
    prefix = "" if is_enforced else "Beta-"
    remaining = f";r={pool.left}" if pool.is_near else ""
    structured = {
        f"{prefix}RateLimit-Policy": f'"{pool.policy}";q={pool.limit};w=3600',
        f"{prefix}RateLimit": f'"{pool.policy}"{remaining};t={whole(pool.ends)}',
    }
    plain = {
        "X-RateLimit-Limit": str(pool.limit),
        "X-RateLimit-Remaining": str(pool.left),
        "X-RateLimit-NearLimit": str(pool.is_near).lower(),
    }
    return {**plain, **structured} if is_enforced else structured


def _told(asked: Asked, headers: dict[str, str], *, now: datetime, date: datetime) -> list[Pause]:
    """Give the pause the headers tell, none when they tell no time; an unknown reason pauses the site."""
    lower = {name.lower(): value for name, value in headers.items()}
    seconds, reason = _seconds(lower.get("retry-after", ""), date), lower.get("ratelimit-reason", "")
    if seconds <= 0 or (reason == "jira-per-issue-on-write" and not asked.written):
        return []
    pause = Pause(
        # A Data Center has no quota that it shares with others, whatever it says.
        site="" if reason == "jira-quota-global-based" and asked.counted else asked.site,
        endpoint=asked.endpoint if reason == "jira-burst-based" else "",
        written=asked.written if reason == "jira-per-issue-on-write" else "",
        since=now,
        until=now + timedelta(seconds=min(seconds, LONGEST)),
        reason=reason,
        thread=threading.get_ident(),
    )
    return [pause]


def _seconds(told: str, date: datetime) -> float:
    """Read ``Retry-After``: whole seconds or a date; 0 for anything else, which binds nobody."""
    text = told.strip()
    if text.isdecimal():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return (when.replace(tzinfo=when.tzinfo or UTC) - date).total_seconds()
