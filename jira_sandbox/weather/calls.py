"""Faults of calls: F5 busy, F6 refused before the effect, F7 broken after it, F11 unreachable, F24 cut short.

Scripted, a misfortune waits for the call that fits it (``Struck``); drawn, it strikes a share of the app's
calls (``Often``).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime

from jira_sandbox.misfortunes import ALWAYS, Draw, Kind, Misfortune
from jira_sandbox.weather.sky import Undo
from jira_sandbox.world import World

ANY = ("", "")
REST = ("", r"/rest/api/[23]/")
FILES = ("GET", r"/attachment/content/|^/_media/")
REASONS = (
    "jira-quota-global-based",
    "jira-quota-tenant-based",
    "jira-burst-based",
    "jira-per-issue-on-write",
    "jira-cost-based",  # seen in the field, not documented
    "",
)
"""What ``RateLimit-Reason`` says; the empty one is not sent."""
SERVER_ERRORS = (500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Struck:
    """The next call that fits meets the misfortune, as often as it says."""

    misfortune: Misfortune

    def begin(self, world: World) -> Undo:
        """Let it wait for its call."""
        waiting = replace(self.misfortune)
        world.misfortunes.add(waiting)
        return lambda: world.misfortunes.remove(waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Often:
    """A share of the app's calls meets what ``make`` draws, given the chance and the time."""

    share: float
    make: Callable[[random.Random, datetime], Misfortune]
    chance: random.Random

    def begin(self, world: World) -> Undo:
        """Draw for every call from now on."""
        draw = Draw(
            share=self.share, make=lambda chance: self.make(chance, world.clock()), chance=self.chance
        )
        world.misfortunes.drawn.append(draw)
        return lambda: world.misfortunes.drawn.remove(draw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """Nobody finds the site (``name_unknown``) or trusts it (``tls_failed``); its deliveries still go out."""

    site: str
    how: Kind = "name_unknown"

    def begin(self, world: World) -> Undo:
        """Break every call to the site's API."""
        forever = Misfortune(match=ANY, kind=self.how, times=ALWAYS, caller="anyone", site=self.site)
        return Struck(forever).begin(world)


def waits(now: datetime) -> tuple[str | None, ...]:
    """Give what ``Retry-After`` may say: nothing, sense, nonsense, a date, words."""
    date = format_datetime((now + timedelta(seconds=30)).replace(microsecond=0), usegmt=True)
    return (None, "0", "1", "30", "-1", "1000000000", date, "soon")


def busy(reason: str = "", retry_after: str | None = None, *, match: tuple[str, str] = ANY) -> Misfortune:
    """Make a 429 as Jira words it; what is empty or None is not sent."""
    told = {"RateLimit-Reason": reason or None, "Retry-After": retry_after}
    return Misfortune(
        match=match,
        kind="busy",
        headers={name: value for name, value in told.items() if value is not None},
    )


def some_busy(chance: random.Random, now: datetime) -> Misfortune:
    """Draw one of F5."""
    return busy(chance.choice(REASONS), chance.choice(waits(now)))


def some_refusal(chance: random.Random, _now: datetime) -> Misfortune:
    """Draw one of F6."""
    return Misfortune(match=ANY, kind="refuse_before_effect", status=chance.choice(SERVER_ERRORS))


def some_break(chance: random.Random, _now: datetime) -> Misfortune:
    """Draw one of F7."""
    kinds: tuple[Kind, ...] = ("refuse_after_effect", "time_out_after_effect", "lose_answer_after_effect")
    return Misfortune(match=REST, kind=chance.choice(kinds), status=500)


def some_late_effect(chance: random.Random, _now: datetime) -> Misfortune:
    """Draw a call whose effect comes up to five minutes after its caller gave up."""
    return Misfortune(match=REST, kind="effect_after_time_out", seconds=chance.uniform(1, 300))


def some_cut(chance: random.Random, _now: datetime) -> Misfortune:
    """Draw one of F24: a file that breaks off, or one that is too large to be taken."""
    if chance.random() < 0.5:
        return Misfortune(match=FILES, kind="cut_short", caller="anyone")
    return Misfortune(match=("POST", "/attachments$"), kind="refuse_before_effect", status=413)


def always(kind: Kind) -> Callable[[random.Random, datetime], Misfortune]:
    """Give what draws this kind each time."""
    return lambda _chance, _now: Misfortune(match=ANY, kind=kind)
