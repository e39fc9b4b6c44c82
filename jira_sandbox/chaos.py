"""Deliveries gone astray: some never come, some several times, some late and behind newer ones, as Jira's.

Drawn from the world's seeded chance when a delivery is put on its way; the world's clock times them.
"""

import random
from dataclasses import dataclass, replace
from datetime import timedelta

from jira_sandbox.outbox import Delivery

Span = tuple[float, float]
LATE: Span = (0.3, 3.0)
"""Seconds a late delivery, or another copy, stays behind, unless told otherwise."""
PRIMARY_WITHIN: Span = (1.0, 30.0)
"""Seconds after which those of the Primary flow come at the latest, as Jira promises."""


@dataclass(slots=True)
class Chaos:
    """The shares, from 0 to 1, of deliveries lost, doubled and late, and how many there have been.

    ``primary_late`` are Primary ones that let Secondary ones go before them. A doubled one comes as
    many times more as ``copies`` says, ``copies_behind`` seconds later; a late one ``behind`` seconds late.
    """

    doubled: float = 0.0
    late: float = 0.0
    lost: float = 0.0
    primary_late: float = 0.0
    copies: tuple[int, int] = (1, 1)
    copies_behind: Span = LATE
    behind: Span = LATE
    doubled_so_far: int = 0
    late_so_far: int = 0
    lost_so_far: int = 0

    def sent(self, delivery: Delivery, chance: random.Random) -> list[Delivery]:
        """Give what becomes of ``delivery``: itself, perhaps late, perhaps copies after it; or nothing."""
        if self.lost and chance.random() < self.lost:
            self.lost_so_far += 1
            return []
        if self.late and chance.random() < self.late:
            self.late_so_far += 1
            delivery.due += _lag(chance, self.behind)
        if self.primary_late and delivery.flow == "Primary" and chance.random() < self.primary_late:
            self.late_so_far += 1
            delivery.due += _lag(chance, PRIMARY_WITHIN)
        if self.doubled and chance.random() < self.doubled:
            self.doubled_so_far += 1
            return [delivery, *self._copies(delivery, chance)]
        return [delivery]

    def told(self) -> dict[str, float]:
        """Give the shares and the counts by name."""
        names = ("doubled", "late", "lost", "primary_late", "doubled_so_far", "late_so_far", "lost_so_far")
        return {name: getattr(self, name) for name in names}

    def _copies(self, delivery: Delivery, chance: random.Random) -> list[Delivery]:
        few, many = self.copies
        count = few if few == many else chance.randint(few, many)
        return [
            replace(delivery, due=delivery.due + _lag(chance, self.copies_behind), answers=[])
            for _ in range(count)
        ]


def _lag(chance: random.Random, span: Span) -> timedelta:
    return timedelta(seconds=chance.uniform(*span))
