"""A fair share of Jira's points: who may spend what of the one pool that all sites draw from.

The pool is for all customers together and full again every hour. A part of it is
the *reserve*; the rest is shared out evenly among the sites that are active in this
or the last hour. A site may always spend its share. Beyond it a site gets what
the others leave over: the reserve stays, and so does what each other site
will want, taken to be twice what it spent last hour, up to its share. That is
max-min fairness with demand guessed from the past; the reserve covers wrong
guesses and newcomers.

What nobody waits for (``Lane.BULK``) never touches the reserve, and once half of the
pool is spent has half of its site's share only.

Pure: sums in, a decision out, in whatever order the spending came about.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

RESERVE_PART: Final = 5
EXPECTED_GROWTH: Final = 2


class Lane(StrEnum):
    """What a call is for: what people just did, or what a check found."""

    LIVE = "live"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Spent:
    """What another site spent, in points: this hour, and the one before."""

    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Hour:
    """How the pool stands for the site that asks: points spent this hour by all, by it, by its bulk.

    ``active`` is how many sites were active this hour or last, the asking one included.
    """

    pool: int
    active: int
    total: int
    mine: int
    bulk: int

    @property
    def reserve(self) -> int:
        """What is kept for the live changes of sites below their share."""
        return self.pool // RESERVE_PART

    @property
    def share(self) -> int:
        """What each active site may spend whatever the others do."""
        return (self.pool - self.reserve) // self.active


def allows(hour: Hour, *, cost: int, lane: Lane, others: Callable[[], Iterable[Spent]]) -> bool:
    """Decide whether the site may spend ``cost`` points more.

    ``others`` gives what the other sites spent; it is asked only where it matters,
    which is beyond the share: there is a row for every site behind it.
    """
    total = hour.total + cost
    if total > hour.pool:
        return False
    if lane is Lane.BULK and not _in_bulk(hour, cost):
        return False
    if hour.mine + cost <= hour.share:
        return True
    wanted = sum(_still_wanted(other, hour.share) for other in others())
    return total + hour.reserve + wanted <= hour.pool


def _in_bulk(hour: Hour, cost: int) -> bool:
    total = hour.total + cost
    if total + hour.reserve > hour.pool:
        return False
    return 2 * total <= hour.pool or 2 * (hour.bulk + cost) <= hour.share


def _still_wanted(other: Spent, share: int) -> int:
    return max(0, min(share, EXPECTED_GROWTH * other.before) - other.now)
