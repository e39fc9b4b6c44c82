"""Bad weather: what goes wrong between the sites and the app while people work, and how much of it did."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from jira_sandbox.demo.stage import Stage
from jira_sandbox.misfortunes import Misfortune

SHARE: Final = 0.1
"""Of the deliveries so many are lost, so many come twice, and so many late."""
UNDER_WAY: Final = timedelta(seconds=1)
"""A call that arrives so soon after the app was told to wait had left before."""
EDIT: Final = ("PUT", r"/issue/[0-9]+$")
ANY: Final = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gust:
    """So many calls that a site answers 429; ``seconds`` None and an empty ``reason`` are not said."""

    site: str
    match: tuple[str, str]
    reason: str = ""
    seconds: int | None = None
    times: int = 1

    def misfortune(self) -> Misfortune:
        """Put it as the sandbox knows it."""
        wait = {} if self.seconds is None else {"Retry-After": str(self.seconds)}
        reason = {"RateLimit-Reason": self.reason} if self.reason else {}
        return Misfortune(
            match=self.match, kind="busy", times=self.times, headers={**wait, **reason}, site=self.site
        )


FIRST_GUSTS: Final = (
    Gust(site="acme", match=EDIT, reason="jira-burst-based", seconds=1, times=2),
    Gust(site="acme", match=EDIT, reason="jira-per-issue-on-write", seconds=2, times=2),
    Gust(site="initech", match=ANY, seconds=2),
)
LATER_GUSTS: Final = (
    Gust(site="initech", match=ANY, reason="jira-quota-tenant-based", seconds=3),
    Gust(site="acme", match=ANY),
)


class Weather:
    """What the weather does to one stage, where calls under way when the app is told to wait are forgiven."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._down_seconds = 0.0
        self._unheard = 0
        stage.answers.grace = UNDER_WAY

    @contextmanager
    def bad(self) -> Iterator[None]:
        """Meanwhile deliveries go astray."""
        chaos = self._stage.chaos
        chaos.lost = chaos.doubled = chaos.late = SHARE
        try:
            yield
        finally:
            chaos.lost = chaos.doubled = chaos.late = 0.0

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """Meanwhile every delivery is lost: nothing that comes later makes up for it."""
        chaos = self._stage.chaos
        share, lost = chaos.lost, chaos.lost_so_far
        chaos.lost = 1.0
        try:
            yield
        finally:
            chaos.lost = share
            self._unheard += chaos.lost_so_far - lost

    @contextmanager
    def down(self, site: str) -> Iterator[None]:
        """Meanwhile nobody reaches the site, and it reaches nobody."""
        began = time.monotonic()
        self._stage.take_down(site)
        try:
            yield
        finally:
            self._stage.bring_up(site)
            self._down_seconds += time.monotonic() - began

    def blow(self, gusts: tuple[Gust, ...]) -> None:
        """Let the sites be too busy for the app's next calls."""
        for gust in gusts:
            self._stage.misfortunes.add(gust.misfortune())

    def told(self) -> Iterator[str]:
        """Tell in sentences what there was."""
        chaos = self._stage.chaos
        yield (
            f"{chaos.lost_so_far - self._unheard} deliveries were lost, {chaos.doubled_so_far} came twice, "
            f"{chaos.late_so_far} late and behind newer ones; none came of the last {self._unheard}"
        )
        yield f"The partner site was down for {self._down_seconds:.1f} s"
        told = self._stage.answers.told_to_wait
        by_reason = ", ".join(f"{count} {reason or 'no reason'}" for reason, count in sorted(told.items()))
        yield f"{told.total()} calls of the app were answered 429 ({by_reason or 'none'})"

    def faults(self) -> Iterator[str]:
        """Say what kind of bad weather there was none of, and which calls came although told to wait."""
        chaos = self._stage.chaos
        counts: Mapping[str, float] = {
            "delivery was lost": chaos.lost_so_far - self._unheard,
            "delivery came twice": chaos.doubled_so_far,
            "delivery was late": chaos.late_so_far,
            "site was down": self._down_seconds,
        }
        yield from (f"no {what}" for what, count in counts.items() if not count)
        for gust in (*FIRST_GUSTS, *LATER_GUSTS):
            if not self._stage.answers.told_to_wait[gust.reason]:
                yield f"no call was answered 429 for {gust.reason or 'no reason'}"
        yield from (f"called although told to wait: {each}" for each in self._stage.limits.violations)
