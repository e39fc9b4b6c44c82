"""A clock that stands until somebody moves it, for a world whose days pass when one says so."""

from datetime import datetime, timedelta


class StandingClock:
    """Shows ``start`` until it is moved; never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        """Read the clock."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds; ValueError for a step back."""
        if seconds < 0:
            raise ValueError("a clock does not go back")
        self._now += timedelta(seconds=seconds)
