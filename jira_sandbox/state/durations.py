"""Durations as Jira writes and reads them: ``1w 2d 3h 4m``, by the hours and days a site works.

https://support.atlassian.com/jira-cloud-administration/docs/configure-time-tracking/
"""

import re
from dataclasses import dataclass
from typing import Literal

Unit = Literal["minute", "hour", "day", "week"]
Format = Literal["pretty", "days", "hours"]
UNITS: tuple[Unit, ...] = ("minute", "hour", "day", "week")
FORMATS: tuple[Format, ...] = ("pretty", "days", "hours")
MINUTE, HOUR = 60, 3600
MOST_SECONDS = 2**31 - 1
_TOKEN = re.compile(r"([0-9]+(?:\.[0-9]+)?)([wdhm]?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeTracking:
    """How a site tracks time, if it ``is_on``; ``unit`` is what a number without a letter counts."""

    hours_per_day: float = 8.0
    days_per_week: float = 5.0
    format: Format = "pretty"
    unit: Unit = "minute"
    is_on: bool = True

    def seconds_of(self, unit: Unit) -> float:
        """Give the length of a unit: a day is a working day, a week a working week."""
        day = self.hours_per_day * HOUR
        return {"minute": MINUTE, "hour": HOUR, "day": day, "week": day * self.days_per_week}[unit]


STANDARD = TimeTracking()


def parsed(text: str, settings: TimeTracking = STANDARD) -> int:
    """Read a duration as whole minutes, told in seconds; ValueError for anything else and for none at all.

    The parts come in any order, each unit once, as ``4m 1.5h``; what is less than a minute is dropped.
    """
    parts = [
        _TOKEN.fullmatch(part) for part in re.sub(r"(?<=[wdhm])(?=\d)", " ", text.strip().lower()).split()
    ]
    letters = [part[2] for part in parts if part]
    if not parts or None in parts or len(set(letters)) < len(letters):
        raise ValueError(f"{text!r} is not a duration")
    total = sum(float(part[1]) * _length(part[2], settings) for part in parts if part)
    if total > MOST_SECONDS:
        raise ValueError(f"{text!r} is too long")
    return whole_minutes(total)


def whole_minutes(seconds: float) -> int:
    """Drop what is less than a minute, which Jira does not keep."""
    return int(round(seconds, 6)) // MINUTE * MINUTE


def shown(seconds: int, settings: TimeTracking = STANDARD) -> str:
    """Write a duration in the site's format: ``1w 2d 3h 4m``, ``7d 3.07h`` or ``59.07h``; ``0m`` for none."""
    if settings.format == "hours" and seconds:
        return f"{_short(seconds / HOUR)}h"
    if settings.format == "days":
        days, rest = divmod(seconds, settings.seconds_of("day"))
        parts = [(int(days), "d"), (_short(rest / HOUR), "h")]
        return " ".join(f"{number}{letter}" for number, letter in parts if number not in {0, "0"}) or "0m"
    return " ".join(f"{number}{unit[0]}" for number, unit in _pretty(seconds, settings)) or "0m"


def in_words(seconds: int, settings: TimeTracking = STANDARD) -> str:
    """Write a duration as a history tells it: ``1 hour, 30 minutes``."""
    told = [f"{number} {unit}{'s' * (number > 1)}" for number, unit in _pretty(seconds, settings)]
    return ", ".join(told) or "0 minutes"


def _pretty(seconds: float, settings: TimeTracking) -> list[tuple[int, Unit]]:
    parts: list[tuple[int, Unit]] = []
    for unit in reversed(UNITS):
        number, seconds = divmod(round(seconds, 6), settings.seconds_of(unit))
        parts.append((int(number), unit))
    return [part for part in parts if part[0]]


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _length(letter: str, settings: TimeTracking) -> float:
    return settings.seconds_of(next(each for each in UNITS if each[0] == (letter or settings.unit[0])))
