"""What a remote licence grants, until when, and when its end is told beforehand."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from backbone_app.core import moments

NOTICES: Final = (1, 7, 30)
"""So many days before its end a licence is said to end, in the newest of these words each time."""
OVER: Final = 0
"""Stands among them for the end itself."""


@dataclass(frozen=True, slots=True)
class Notice:
    """That a licence ends soon: at most ``days`` (one of ``NOTICES``) are left."""

    days: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What whoever issued a licence has signed.

    ``endpoints`` is the number of partner sites it covers at a time. ``expires_on`` is its last day, which
    it covers whole, by UTC; ``creator`` is who issued it, on ``created_on``.
    """

    holder: str
    creator: str
    created_on: date
    expires_on: date
    endpoints: int
    is_evaluation: bool = False

    @property
    def ends_at(self) -> datetime:
        """The first moment that it does not cover."""
        return datetime.combine(self.expires_on, time(), UTC) + timedelta(days=1)

    @property
    def last_day(self) -> str:
        """Its last day in words, like ``3 May 2027``."""
        return moments.day(self.expires_on)

    def is_over(self, now: datetime) -> bool:
        """Whether it has expired."""
        return now >= self.ends_at

    def granted(self, now: datetime) -> int:
        """Say how many partner sites it covers now."""
        return 0 if self.is_over(now) else self.endpoints

    def days_left(self, now: datetime) -> int:
        """Say in how many days its last day is."""
        return (self.expires_on - now.date()).days

    def turn(self, now: datetime) -> int | None:
        """Tell which notice of its end is due: one of ``NOTICES``, ``OVER``, or None as long as it is far."""
        if self.is_over(now):
            return OVER
        left = self.ends_at - now
        return next((days for days in NOTICES if left <= timedelta(days=days)), None)

    def notice(self, now: datetime) -> Notice | None:
        """Say that its end is near; None as long as it is not, and once it is over."""
        due, soon = self.turn(now), moments.within(self.days_left(now))
        if not due:
            return None
        return Notice(due, f"The remote licence of this site ends {soon}: its last day is {self.last_day}.")
