"""Deliveries gone astray: some never come, some twice, some late and behind newer ones, as Jira's own do.

Drawn from the world's seeded chance when a delivery is put on its way; the world's clock times them.
"""

import random
from dataclasses import dataclass, replace
from datetime import timedelta

from jira_sandbox.outbox import Delivery

LATE = (0.3, 3.0)
"""Seconds a late delivery, or a second copy, stays behind."""


@dataclass(slots=True)
class Chaos:
    """The shares, from 0 to 1, of deliveries lost, doubled and late, and how many there have been."""

    doubled: float = 0.0
    late: float = 0.0
    lost: float = 0.0
    doubled_so_far: int = 0
    late_so_far: int = 0
    lost_so_far: int = 0

    def sent(self, delivery: Delivery, chance: random.Random) -> list[Delivery]:
        """Give what becomes of ``delivery``: itself, perhaps late, perhaps a copy after it; or nothing."""
        if self.lost and chance.random() < self.lost:
            self.lost_so_far += 1
            return []
        if self.late and chance.random() < self.late:
            self.late_so_far += 1
            delivery.due += _lag(chance)
        if self.doubled and chance.random() < self.doubled:
            self.doubled_so_far += 1
            return [delivery, replace(delivery, due=delivery.due + _lag(chance), answers=[])]
        return [delivery]


def _lag(chance: random.Random) -> timedelta:
    return timedelta(seconds=chance.uniform(*LATE))
