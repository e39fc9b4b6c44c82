"""Live seed after seed with a bug in the code until it shows."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

from tests.simulation import script
from tests.simulation.faults import Rates
from tests.simulation.ground import Grounds
from tests.simulation.life import Options, Outcome, live
from tests.simulation.planted.planting import Bug, planted

MOST: Final = 2_000
"""Seeds within which a bug has to show."""
SHORT: Final = 11
"""Happenings of the longest life that is looked at: most bugs need few of them."""

MANY_CALLS: Final = (0.1, 0.3)
FEW_CRASHES: Final = 0.002
"""Of the rates that a seed may have, those of rough lives: what is planted shows there first."""


@dataclass(frozen=True, slots=True)
class Caught:
    """A seed that shows a bug, by what, after how many lives and seconds of work."""

    seed: int
    violation: str
    lives: int
    seconds: float


def seek(grounds: Grounds, bug: Bug, *, most: int = MOST, first: Iterable[int] = ()) -> Caught | None:
    """Live apt seeds below ``most``, the ``first`` ones first, until one shows the bug.

    It shows where the life violates what the same life without the bug does not.
    """
    began = time.process_time()
    for lives, seed in enumerate(chain(first, (each for each in range(most) if is_apt(bug, each))), 1):
        _prepare(grounds, options(bug, seed))
        with planted(bug):
            outcome = live(grounds, options(bug, seed))
        shown = showing(bug, outcome)
        if shown and not live(grounds, options(bug, seed)).violations:
            return Caught(seed, shown, lives, time.process_time() - began)
    return None


def harm_in_calm(grounds: Grounds, bug: Bug, *, lives: int) -> str | None:
    """Give what the first of those lives without faults that the bug harms violates."""
    for seed in range(lives):
        calm = Options(seed, among=(), kind=bug.kind)
        _prepare(grounds, calm)
        with planted(bug):
            outcome = live(grounds, calm)
        if outcome.violations:
            return f"seed {seed}: {outcome.violations[0]}"
    return None


def options(bug: Bug, seed: int) -> Options:
    """Give the life in which the bug is looked for."""
    return Options(seed, among=bug.faults, kind=bug.kind)


def _prepare(grounds: Grounds, lived: Options) -> None:
    """Have the ground of a life made by sound code; it is kept for all others."""
    _, begun = script.whole(lived.seed, lived.among, lived.kind)
    grounds.ground(begun.layout, begun.kind, seed=lived.seed)


def is_apt(bug: Bug, seed: int) -> bool:
    """Whether the seed has any of the faults and the deeds that the bug needs, many of them, and is short."""
    drawn, life = script.whole(seed, bug.faults, bug.kind)
    if not _are_many(Rates.of(seed, drawn)):
        return False
    deeds = sum(each.kind in bug.deeds for each in life.happenings)
    is_busy = (not bug.deeds or deeds >= 2) and len(life.happenings) <= SHORT
    return life.kind == bug.kind and bool(drawn or not bug.faults) and is_busy


def showing(bug: Bug, outcome: Outcome) -> str | None:
    """Give what a life shows of the bug, if anything."""
    return next((one for one in outcome.violations if one.startswith(bug.caught_as)), None)


def _are_many(rates: Rates) -> bool:
    return rates.call in {0.0, *MANY_CALLS} and (rates.crash == 0.0 or rates.crash > FEW_CRASHES)
