"""Every fault on Jira's side by its number, and the weather that is drawn of them from a seed.

``python -m jira_sandbox.weather.catalogue`` prints the table that stands in the README.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from jira_sandbox.weather import calls, draws
from jira_sandbox.weather.deliveries import Doubled, Lost, Reordered, SecondaryFirst, TooLarge
from jira_sandbox.weather.sky import Fault, Undo, Weather
from jira_sandbox.world import LARGEST_DELIVERY, World

LARGE = 750
"""Bytes: so many, divided by a share of 0.1, is what a tenth of a generated site's events go beyond."""

Occasion = Callable[[random.Random, World], Fault]
"""Draws a fault that strikes now and then; LookupError when there is nothing it could strike."""
Climate = Callable[[random.Random, float], Fault]
"""Draws a fault that strikes all the time, this share of deliveries or calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steady:
    """A fault that strikes a share of deliveries or of the app's calls; ``rate`` is that share."""

    words: str
    rate: float
    draw: Climate


@dataclass(frozen=True, slots=True, kw_only=True)
class Sudden:
    """A fault that strikes ``rate`` times an hour of the world's clock, and lasts some ``hours``."""

    words: str
    rate: float
    draw: Occasion
    hours: tuple[float, float]


def _often(make: Callable[..., object]) -> Climate:
    return lambda chance, share: calls.Often(share=share, make=make, chance=chance)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Both:
    """Two faults that go by one name."""

    one: Fault
    other: Fault

    def begin(self, world: World) -> Undo:
        """Begin both."""
        undo_one, undo_other = self.one.begin(world), self.other.begin(world)

        def undo() -> None:
            undo_other()
            undo_one()

        return undo


def _cut_or_too_large(chance: random.Random, share: float) -> Fault:
    most = min(int(LARGE / share), LARGEST_DELIVERY) if share else LARGEST_DELIVERY
    return _Both(_often(calls.some_cut)(chance, share), TooLarge(most=most))


CATALOGUE: Mapping[str, Steady | Sudden] = {
    "F1": Steady(
        words="a delivery is lost", rate=0.3, draw=lambda chance, rate: Lost(share=chance.uniform(0, rate))
    ),
    "F2": Steady(
        words="a delivery comes 2 to 5 times, up to 24 h late",
        rate=0.2,
        draw=lambda _, rate: Doubled(share=rate),
    ),
    "F3": Steady(
        words="deliveries out of order across 15 min", rate=0.3, draw=lambda _, rate: Reordered(share=rate)
    ),
    "F4": Steady(words="Secondary before Primary", rate=0.5, draw=lambda _, rate: SecondaryFirst(share=rate)),
    "F5": Steady(words="429, any reason, any Retry-After", rate=0.05, draw=_often(calls.some_busy)),
    "F6": Steady(words="500, 502, 503, 504 before the effect", rate=0.05, draw=_often(calls.some_refusal)),
    "F7": Steady(words="500, time-out, reset after the effect", rate=0.05, draw=_often(calls.some_break)),
    "F10": Sudden(words="the Connect secret is forgotten", rate=0.05, draw=draws.secret, hours=(0.1, 2)),
    "F11": Sudden(
        words="a site is down, unknown to DNS, or not trusted", rate=0.05, draw=draws.outage, hours=(1, 72)
    ),
    "F12": Sudden(
        words="a clock is off, or jumps by an hour or a second", rate=0.2, draw=draws.clock, hours=(0.1, 12)
    ),
    "F13": Sudden(words="a right is lost and returns", rate=0.2, draw=draws.right, hours=(0.1, 6)),
    "F14": Sudden(
        words="a work item is moved, or archived and restored", rate=0.5, draw=draws.away, hours=(0.1, 6)
    ),
    "F15": Sudden(words="a work item is deleted", rate=0.5, draw=draws.deletion, hours=(0, 0)),
    "F16": Sudden(
        words="fields, options, screens, workflows change", rate=0.3, draw=draws.setting, hours=(0.1, 6)
    ),
    "F17": Sudden(words="a site is renamed: 302", rate=0.02, draw=draws.renaming, hours=(1, 24)),
    "F18": Sudden(
        words="the app is uninstalled and installed again", rate=0.05, draw=draws.reinstallation, hours=(0, 2)
    ),
    "F19": Sudden(words="the search index is behind", rate=0.5, draw=draws.lag, hours=(0.05, 1)),
    "F24": Steady(
        words="a file is cut short, a file or an event too large", rate=0.1, draw=_cut_or_too_large
    ),
    "F25": Sudden(words="an automation edits back", rate=0.2, draw=draws.automation, hours=(0.5, 4)),
    "F26": Sudden(words="points run out before the hour ends", rate=0.2, draw=draws.quota, hours=(1, 2)),
    "event first": Steady(
        words="the event comes before the answer", rate=0.2, draw=_often(calls.always("event_before_answer"))
    ),
    "effect late": Steady(
        words="the effect comes after the time-out", rate=0.03, draw=_often(calls.some_late_effect)
    ),
    "metadata dropped": Steady(
        words="historyMetadata is dropped", rate=0.2, draw=_often(calls.always("drop_metadata"))
    ),
    "as us": Sudden(
        words="an automation writes under the app's account",
        rate=0.2,
        draw=draws.own_automation,
        hours=(0.5, 4),
    ),
}
"""By the names they are asked for; the numbers are those of this project's list of faults."""

OURS: Mapping[str, str] = {
    "F8": "crashes of the app's own processes",
    "F9": "two workers of the app at the same work",
    "F20": "the app's database is down, full or busy",
    "F21": "the app's scripts",
    "F22": "a rule of the app's is edited meanwhile",
    "F23": "the app is restored from an old backup",
}
"""What lies on the app's side: no Jira can do it."""


def drawn(
    world: World,
    seed: int,
    *,
    faults: Iterable[str] | None = None,
    rates: Mapping[str, float] | None = None,
) -> tuple[str, ...]:
    """Draw a weather over ``world`` and name the faults in it; ``world.weather.clear()`` ends it.

    Half of the seeds have one fault alone, the others each with a chance of one half, so that a fault meets
    others as well as none: of all ``faults`` (by default the whole catalogue) or of those named. Each has a
    chance of its own, so it does the same in whatever company. KeyError for a name that is none.
    """
    names = sorted(set(CATALOGUE if faults is None else faults))
    enabled = _mix(random.Random(f"{seed}:weather"), names)
    for name in enabled:
        kind = CATALOGUE[name]
        chance = random.Random(f"{seed}:weather:{name}")
        rate = (rates or {}).get(name, kind.rate)
        if isinstance(kind, Steady):
            world.weather.script(kind.draw(chance, rate), name=name)
        else:
            _Visitor(world.weather, name, kind, rate, chance).wait()
    return enabled


def _mix(chance: random.Random, names: list[str]) -> tuple[str, ...]:
    unknown = set(names) - CATALOGUE.keys()
    if unknown:
        raise KeyError(f"no such faults: {', '.join(sorted(unknown))}")
    alone = chance.choice(names)
    if chance.random() < 0.5:
        return (alone,)
    return tuple(name for name in names if name == alone or chance.random() < 0.5)


@dataclass(frozen=True, slots=True)
class _Visitor:
    """A sudden fault that comes again and again, never twice at a time: it would put back what it found."""

    weather: Weather
    name: str
    kind: Sudden
    rate: float
    chance: random.Random

    def wait(self, at_least: timedelta = timedelta(0)) -> None:
        """Come after a while, as chance has it."""
        if self.rate > 0:
            while_away = timedelta(hours=self.chance.expovariate(self.rate))
            self.weather.plan(at_least + while_away, self._strike)

    def _strike(self) -> None:
        lasting = timedelta(hours=self.chance.uniform(*self.kind.hours))
        try:
            fault = self.kind.draw(self.chance, self.weather.world)
            self.weather.script(fault, name=self.name, lasting=lasting)
        except LookupError:  # nothing is there that it could strike; it comes again
            self.wait()
        else:
            self.wait(lasting)


def table() -> str:
    """Give the catalogue as a table in Markdown."""
    lines = ["| name | what happens | how often when drawn |", "|---|---|---|"]
    for name, kind in CATALOGUE.items():
        often = f"a share of {kind.rate:g}" if isinstance(kind, Steady) else f"{kind.rate:g} an hour"
        lines.append(f"| `{name}` | {kind.words} | {often} |")
    lines += [f"| {name} | {words} | on the app's side, not here |" for name, words in OURS.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
