"""What goes wrong when, drawn beforehand: killings, outages, a database that is shot, and the weather."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random

from jira_sandbox.demo.stage import Stage
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.weather import calls
from jira_sandbox.weather.deliveries import Doubled, Lost, Reordered, SecondaryFirst
from jira_sandbox.weather.sites import Down
from tests.support.ordeal.machine import VICTIMS, Machine
from tests.support.ordeal.server import Server

EVERY = 5.0
"""Seconds between two killings, give or take ``JITTER``."""
JITTER = 2.0
OFTEN = {"worker": 5, "leader": 2, "supervisor": 1, "web worker": 2, "web server": 1}
OUTAGE_EVERY = (25.0, 60.0)
OUTAGE = (5.0, 20.0)
RESTART_EVERY = (90.0, 180.0)
SHARES = {"busy": 0.02, "refused": 0.01, "broken": 0.015}
"""Of the app's calls: told to wait, refused before their effect, unanswered after it."""
Span = tuple[datetime, datetime]
OUTAGE_KIND, RESTARTS = "site down", ("restart", "backend")


@dataclass(frozen=True, slots=True, order=True)
class Mishap:
    """``what`` happens ``at`` so many seconds; to ``site`` for ``lasting`` seconds where it is an outage."""

    at: float
    what: str
    site: str = ""
    lasting: float = 0.0


def planned(seed: int, seconds: float, sites: tuple[str, ...]) -> list[Mishap]:
    """Draw everything that is to happen within so many seconds, at least one restart among it."""
    chance = Random(f"{seed}:mishaps")
    weights = [OFTEN[kind] for kind in VICTIMS]
    kills = [
        Mishap(max(0.0, at + chance.uniform(-JITTER, JITTER)), chance.choices(VICTIMS, weights)[0])
        for at in _times(EVERY, seconds)
    ]
    outages = [
        Mishap(at, OUTAGE_KIND, chance.choice(sites), min(chance.uniform(*OUTAGE), seconds - at))
        for at in _drawn_times(chance, OUTAGE_EVERY, seconds)
    ]
    restarts = [Mishap(at, chance.choice(RESTARTS)) for at in _drawn_times(chance, RESTART_EVERY, seconds)]
    return sorted([*kills, *outages, *restarts])


def _times(every: float, seconds: float) -> Iterator[float]:
    return (every * number for number in range(1, int(seconds / every) + 1))


def _drawn_times(chance: Random, between: tuple[float, float], seconds: float) -> Iterator[float]:
    """Draw moments, the first of them early enough to be one of those ``seconds``."""
    at = min(chance.uniform(*between), chance.uniform(seconds / 3, seconds * 2 / 3))
    while at < seconds:
        yield at
        at += chance.uniform(*between)


@dataclass(slots=True)
class Havoc:
    """Lets a plan happen, and counts; ``server`` and ``machine`` are what it happens to.

    ``deaths`` are the spans in which something died and could not write down what it had just been told.
    """

    stage: Stage
    machine: Machine
    server: Server
    chance: Random
    counts: Counter[str] = field(default_factory=Counter)
    deaths: list[Span] = field(default_factory=list)

    def happen(self, plan: list[Mishap], seconds: float) -> None:
        """Go through the plan in its own time; returns when the seconds are over."""
        began = time.monotonic()
        for mishap in plan:
            time.sleep(max(0.0, began + mishap.at - time.monotonic()))
            before = self.stage.clock()
            self.counts[mishap.what] += self._strikes(mishap)
            if mishap.what != OUTAGE_KIND:
                self.deaths.append((before, self.stage.clock()))
        time.sleep(max(0.0, began + seconds - time.monotonic()))

    def _strikes(self, mishap: Mishap) -> bool:
        match mishap.what:
            case "site down":
                if mishap.site in self.stage.down:
                    return False
                down = Down(mishap.site)
                self.stage.weather.script(down, lasting=timedelta(seconds=mishap.lasting))
            case "restart":
                self.server.restart_at_once()
            case "backend":
                self.server.lose_a_backend(self.chance)
            case kind:
                return self.machine.kill(kind, self.chance)
        return True


def blow(stage: Stage, seed: int) -> None:
    """Let deliveries go astray in four ways, and calls meet misfortunes in three, from now on."""
    weather = stage.weather
    weather.script(Lost(share=0.1))
    weather.script(Doubled(share=0.1, times=(2, 3), within=20.0))
    weather.script(Reordered(share=0.1, within=10.0))
    weather.script(SecondaryFirst(share=0.2))
    for name, make in (("busy", _busy), ("refused", calls.some_refusal), ("broken", calls.some_break)):
        chance = Random(f"{seed}:calls:{name}")
        weather.script(calls.Often(share=SHARES[name], make=make, chance=chance), name=name)


def _busy(chance: Random, now: datetime) -> Misfortune:
    """Draw a 429 for any reason, its wait short: a quota that names no time is full until the hour ends."""
    date = format_datetime((now + timedelta(seconds=4)).replace(microsecond=0), usegmt=True)
    reason, times = chance.choice(calls.REASONS), ["0", "1", "3", "-1", date]
    waits = times if reason.startswith("jira-quota-") else [None, "soon", *times]
    return calls.busy(reason, chance.choice(waits))
