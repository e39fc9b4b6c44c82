"""What is to happen in a life, drawn before it begins: who does what when, and which disasters come.

Each happening has chance of its own, so that leaving one out leaves the others as they are as far as the
world allows it.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from tests.simulation import chance, faults, kinds
from tests.simulation.ground import LAYOUTS

DEEDS: Final = {
    "create": 8, "edit": 26, "clash": 16, "label": 6, "unlabel": 5, "move": 7,
    "comment": 10, "rewrite": 6, "erase": 4, "two at once": 6,
    "duel": 6, "burst": 4, "melee": 4, "agree": 3, "back": 4, "tug": 4, "pounce": 6,
}  # fmt: skip
"""What people do, by how often they do it; ``people`` says what each is."""
DISASTERS: Final = ("F10", "F11", "F12", "F13", "F14", "F15", "F19")
AMID: Final = ("clash", "edit", "create", "move", "comment")
"""What people do around a disaster."""
SIZES: Final = ((2, 7), (7, 16), (16, 50))
"""How many happenings a life has: most lives are short, since they fail as well and are understood sooner."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens ``at`` so many seconds of the life; ``number`` names its chance."""

    at: float
    kind: str
    space: str
    number: int

    def __str__(self) -> str:
        return f"{self.at:9.3f} {self.kind} in {self.space} #{self.number}"


@dataclass(frozen=True, slots=True)
class Script:
    """A life as it is meant to go; ``kind`` is what the second site is, see ``kinds``."""

    layout: int
    happenings: tuple[Happening, ...]
    kind: str = kinds.HOME

    @property
    def end(self) -> float:
        """When the last thing happens."""
        return max((each.at for each in self.happenings), default=0.0)

    def only(self, numbers: Collection[int]) -> "Script":
        """Leave out whatever has none of these numbers."""
        kept = tuple(each for each in self.happenings if each.number in numbers)
        return replace(self, happenings=kept)


def whole(
    seed: int, among: Collection[str] = faults.FAULTS, kind: str | None = None
) -> tuple[frozenset[str], Script]:
    """Draw which of these faults the seed has, and its script; ``kind`` as in ``drawn``."""
    found = faults.drawn(seed, among)
    if _kind(seed, _layout(chance.stream(seed, "script")), kind) != kinds.HOME:
        found = faults.with_tokens(seed, found, among)
    return found, drawn(seed, found, kind)


def drawn(seed: int, having: frozenset[str], kind: str | None = None) -> Script:
    """Draw the script of a seed; ``kind`` decides what the second site is, None leaves it to chance."""
    dice = chance.stream(seed, "script")
    layout = _layout(dice)
    spaces = sorted({space for tie in LAYOUTS[layout].ties for space in tie})
    count = dice.randint(*dice.choices(SIZES, (65, 30, 5))[0])
    span = dice.choice((2.0, 10.0, 30.0, 120.0)) * (1 + count / 10)
    deeds = [
        Happening(
            dice.random() * span, dice.choices(list(DEEDS), list(DEEDS.values()))[0], dice.choice(spaces), n
        )
        for n in range(count)
    ]
    first = [Happening(0.1 * n, "create", dice.choice(spaces), count + n) for n in range(dice.randint(1, 3))]
    disasters = [
        Happening(dice.random() * span, name, dice.choice(spaces), 1000 + n)
        for n, name in enumerate(sorted(having & set(DISASTERS)) * dice.choice((1, 1, 2)))
    ]
    around = [each for disaster in disasters for each in _around(seed, disaster, spaces)]
    happenings = tuple(sorted((*first, *deeds, *disasters, *around), key=lambda each: each.at))
    return Script(layout, happenings, _kind(seed, layout, kind))


def _layout(dice: Random) -> int:
    return dice.choices(range(len(LAYOUTS)), (35, 35, 18, 8, 4))[0]


def _kind(seed: int, layout: int, wanted: str | None) -> str:
    if LAYOUTS[layout].sites == 1:
        return kinds.HOME
    return kinds.drawn(seed) if wanted is None else wanted


def _around(seed: int, disaster: Happening, spaces: list[str]) -> list[Happening]:
    """Draw what people do just before, during and just after the disaster begins: then it hurts."""
    dice = chance.stream(seed, "around", disaster.number)
    after = dice.choice((1.0, 1.0, 20.0, 300.0))
    return [
        Happening(
            max(disaster.at + dice.uniform(-1.0, 1.0) * after, 0.5),
            dice.choices(AMID, (5, 5, 1, 1, 1))[0],
            dice.choice(spaces),
            10 * disaster.number + n,
        )
        for n in range(dice.choice((0, 1, 2, 4)))
    ]
