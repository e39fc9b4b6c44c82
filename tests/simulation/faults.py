"""What can go wrong in a life, by the numbers of ``reliability.md`` §1, and which of it a seed lets go wrong.

Half of the seeds have one fault alone, the others each with a chance of one half; a few have none. What
befalls tokens (F10) comes to worlds with a linked site, by a chance of its own.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import Final

from jira_sandbox.misfortunes import Kind, Misfortune
from jira_sandbox.weather import calls
from tests.simulation import chance
from tests.simulation.clock import clock
from tests.simulation.plan import Action
from tests.simulation.witness import FOR_TOKENS

FAULTS: Final = (
    *("F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10"),
    *("F11", "F12", "F13", "F14", "F15", "F19"),
    *("late effect", "metadata dropped"),
)
"""Those of Jira's side that strike at once and those of ours."""
TOKENS: Final = "F10"
OTHERS: Final = tuple(name for name in FAULTS if name != TOKENS)
DAY: Final = 86_400.0
QUARTER: Final = 900.0
TOKENS_SHARE: Final = 0.4
"""In how many of the worlds with a linked site tokens run out and are taken away."""
TOKENS_ALONE: Final = 1 / 3
"""In how many of those nothing else goes wrong."""


def drawn(seed: int, among: Collection[str] = FAULTS) -> frozenset[str]:
    """Draw which of these faults the seed has, but for what befalls tokens."""
    dice = chance.stream(seed, "faults")
    names = sorted({*among}.intersection(OTHERS))
    if not names or dice.random() < 0.05:
        return frozenset()
    if dice.random() < 0.5:
        return frozenset({dice.choice(names)})
    return frozenset(name for name in names if dice.random() < 0.5)


def with_tokens(seed: int, others: frozenset[str], among: Collection[str]) -> frozenset[str]:
    """Draw whether tokens are befallen too, beside the ``others`` or alone; always where all else is off."""
    dice = chance.stream(seed, "tokens")
    share = 1.0 if {*among} == {TOKENS} else TOKENS_SHARE
    if TOKENS not in among or dice.random() >= share:
        return others
    return frozenset({TOKENS}) | (frozenset() if dice.random() < TOKENS_ALONE else others)


@dataclass(frozen=True, slots=True)
class Rates:
    """Which share of points each kind of intervention strikes, given the faults there are."""

    switch: float
    crash: float
    freeze: float
    call: float
    tokens: float
    delivery: float
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, seed: int, faults: frozenset[str]) -> "Rates":
        """Draw how often: seldom as a rule, since a short schedule is what can be understood."""
        dice = chance.stream(seed, "rates")
        return cls(
            switch=dice.choice((0.0, 0.01, 0.05, 0.15)),
            crash=dice.choice((0.0005, 0.002, 0.006, 0.015)) if "F8" in faults else 0.0,
            freeze=dice.choice((0.001, 0.004)) if "F9" in faults else 0.0,
            call=dice.choice((0.02, 0.05, 0.1, 0.3)) if faults & (CALLS.keys() - {TOKENS}) else 0.0,
            tokens=chance.stream(seed, "token calls").choice((0.1, 0.3, 0.5)) if TOKENS in faults else 0.0,
            delivery=dice.choice((0.05, 0.15, 0.3)) if faults & DELIVERIES.keys() else 0.0,
            kinds=tuple(sorted(faults)),
        )

    def at(self, call: str) -> float:
        """Tell which share of such calls meets something: the more what makes things anew or moves them."""
        if is_for_tokens(call):
            return self.tokens
        return min(self.call * next((more for name, more in OFTENER if name.search(call)), 1.0), 0.5)


def at_point(dice: Random) -> Action:
    """Draw how long a worker stands still at a point while others go on."""
    return Action("stands still", dice.choice((0.01, 0.1, 0.5, 2.0)) * dice.random())


def freeze(dice: Random) -> Action:
    """F9: a process is stopped for longer than its lease, and goes on as if nothing had been."""
    return Action("is frozen", dice.uniform(20, 200), "F9")


def crash(_dice: Random) -> Action:
    """F8."""
    return Action("is killed", 0.0, "F8")


# --- calls -------------------------------------------------------------------------------------

Drawer = type(calls.some_busy)
OFTENER: Final = (
    (re.compile(r"^POST \S*/rest/api/[23]/issue(/[^/]+/(comment|transitions))?$"), 6.0),
    (re.compile(r"^(PUT|DELETE) \S*/rest/api/[23]/issue/"), 3.0),
)
"""Calls whose outcome matters, by how much oftener they meet something."""
TOKEN_KINDS: Final[tuple[Kind, ...]] = (
    *("busy", "refuse_before_effect", "lose_before_effect", "time_out_before_effect"),
    *("refuse_after_effect", "lose_answer_after_effect", "time_out_after_effect"),
)


def is_for_tokens(call: str) -> bool:
    """Whether it asks an authorization server for something; ``call`` is method and path, or a path."""
    return FOR_TOKENS.search(call) is not None


def _busy(dice: Random, now: datetime) -> Misfortune:
    """F5 with more of what nobody should say in ``Retry-After``."""
    if dice.random() < 0.6:
        return calls.some_busy(dice, now)
    odd = (
        "1e9",
        "NaN",
        "Infinity",
        "0.5",
        "",
        " 7 ",
        "+3",
        "9" * 400,
        "3, 60",
        "Thu, 01 Jan 1970 00:00:00 GMT",
    )
    dates = tuple(
        format_datetime((now + timedelta(seconds=each)).replace(microsecond=0), usegmt=True)
        for each in (-600, 1, 600, 4 * DAY)
    )
    return calls.busy(dice.choice(calls.REASONS), dice.choice((*odd, *dates)))


def _late_effect(dice: Random, _now: object) -> Misfortune:
    """Draw an effect that comes after its caller gave up, as late as the app reckons with.

    That is ``BACKBONE_LATE_EFFECT_SECONDS`` (60) after the 15 s a call may take. What comes later still is
    carried on, but the app has written down by then that it did not happen: whom it overwrote stands in
    Jira's own history only.
    """
    return Misfortune(match=calls.REST, kind="effect_after_time_out", seconds=dice.uniform(1, 72))


def _dropped(_dice: Random, _now: object) -> Misfortune:
    return Misfortune(match=calls.ANY, kind="drop_metadata")


def _at_tokens(dice: Random, now: datetime) -> Misfortune:
    """F10: nobody knows whether there are new tokens, or there are none just now."""
    kind = dice.choice(TOKEN_KINDS)
    if kind == "busy":
        return calls.some_busy(dice, now)
    return Misfortune(match=calls.ANY, kind=kind, status=dice.choice(calls.SERVER_ERRORS))


CALLS: Final = {
    "F5": _busy,
    "F6": calls.some_refusal,
    "F7": calls.some_break,
    "late effect": _late_effect,
    "metadata dropped": _dropped,
    TOKENS: _at_tokens,
}


def at_call(kinds: tuple[str, ...], call: str) -> "CallDraw":
    """Draw what a call meets, of those kinds of faults that strike such calls."""
    striking = (kind for kind in kinds if kind in CALLS)
    return CallDraw(tuple(kind for kind in striking if (kind == TOKENS) == is_for_tokens(call)))


@dataclass(frozen=True, slots=True)
class CallDraw:
    """Draws a name and a number, of which ``misfortune`` makes the same thing again."""

    kinds: tuple[str, ...]

    def __call__(self, dice: Random) -> Action:
        """Draw."""
        return Action("meets", 0.0, f"{dice.choice(self.kinds)}:{dice.getrandbits(32)}")


def misfortune(action: Action) -> Misfortune:
    """Make what was drawn for a call."""
    kind, _, number = action.detail.partition(":")
    return CALLS[kind](chance.stream(number), clock.now())


# --- deliveries --------------------------------------------------------------------------------


def _lost(_dice: Random) -> Action:
    return Action("is lost", 0.0, "F1")


def _doubled(dice: Random) -> Action:
    within = dice.choices((5.0, 60.0, 600.0, DAY), (40, 35, 20, 5))[0] * dice.random()
    return Action("comes again", within, f"F2:{dice.randint(2, 5)}")


def _late(dice: Random) -> Action:
    return Action("is late", dice.uniform(3, QUARTER), "F3")


def _behind(dice: Random) -> Action:
    """Draw how long a delivery is behind, whichever it is.

    So a Secondary one comes before its Primary where that is the one behind. F4 counts all that are behind,
    ``Secondary first`` those that really came before.
    """
    return Action("is late", dice.uniform(1, 30), "F4")


DELIVERIES: Final = {"F1": _lost, "F2": _doubled, "F3": _late, "F4": _behind}


def at_delivery(kinds: tuple[str, ...]) -> "DeliveryDraw":
    """Draw what becomes of a delivery, of those kinds of faults that strike deliveries."""
    return DeliveryDraw(tuple(kind for kind in kinds if kind in DELIVERIES))


@dataclass(frozen=True, slots=True)
class DeliveryDraw:
    """Draws one of several fates."""

    kinds: tuple[str, ...]

    def __call__(self, dice: Random) -> Action:
        """Draw."""
        return DELIVERIES[dice.choice(self.kinds)](dice)
