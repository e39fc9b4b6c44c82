"""How long to wait before something that came to nothing is tried again: ever longer, up to a bound."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

MOST_DOUBLINGS: Final = 20
"""Beyond it every wait is the longest."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits that double from ``first`` to ``longest``."""

    first: timedelta
    longest: timedelta

    def after(self, attempts: int) -> timedelta:
        """Give the wait where so many attempts in a row came to nothing before this one."""
        return min(self.first * int(2 ** min(attempts, MOST_DOUBLINGS)), self.longest)


OUR_TROUBLE: Final = Waits(timedelta(minutes=5), timedelta(hours=6))
"""After what may be a bug."""
NO_ANSWER: Final = Waits(timedelta(seconds=30), timedelta(minutes=15))
"""After a site that did not answer, or with an error of its own."""
JUST_CHANGED: Final = Waits(timedelta(seconds=5), timedelta(minutes=15))
"""After a work item that Jira itself was changing: over in a moment, as a rule."""
