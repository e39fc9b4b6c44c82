"""Faults of deliveries: F1 lost, F2 repeated, F3 out of order, F4 Secondary before Primary, F24 too large."""

from dataclasses import dataclass
from functools import partial

from jira_sandbox.chaos import Chaos
from jira_sandbox.weather.sky import Undo
from jira_sandbox.world import World

DAY, QUARTER = 24 * 3600.0, 15 * 60.0
"""Seconds: so late may a second copy come, and so far may deliveries get out of order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A share of the deliveries never comes."""

    share: float = 0.3

    def begin(self, world: World) -> Undo:
        """Lose them."""
        return _set(world.chaos, lost=self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """A share comes ``times`` times in all, the copies up to ``within`` seconds later."""

    share: float = 0.2
    times: tuple[int, int] = (2, 5)
    within: float = DAY

    def begin(self, world: World) -> Undo:
        """Copy them."""
        few, many = self.times
        copies = (few - 1, many - 1)
        return _set(world.chaos, doubled=self.share, copies=copies, copies_behind=(0.0, self.within))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reordered:
    """A share comes up to ``within`` seconds late, behind newer ones."""

    share: float = 0.3
    within: float = QUARTER

    def begin(self, world: World) -> Undo:
        """Delay them."""
        return _set(world.chaos, late=self.share, behind=(0.0, self.within))


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondaryFirst:
    """A share of the Primary deliveries lets the Secondary ones of the same act go first."""

    share: float = 0.5

    def begin(self, world: World) -> Undo:
        """Delay the Primary ones."""
        return _set(world.chaos, primary_late=self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLarge:
    """Events whose body is larger than so many bytes are told to nobody; Jira's own limit is 25 MB."""

    most: int

    def begin(self, world: World) -> Undo:
        """Lower the limit."""
        before, world.largest_delivery = world.largest_delivery, self.most
        return partial(setattr, world, "largest_delivery", before)


def _set(chaos: Chaos, **values: object) -> Undo:
    before = {name: getattr(chaos, name) for name in values}

    def put(given: dict[str, object]) -> None:
        for name, value in given.items():
            setattr(chaos, name, value)

    put(values)
    return partial(put, before)
