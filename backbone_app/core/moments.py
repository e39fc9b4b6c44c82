"""Times in sentences for people: always UTC, with the day only where it is not today."""

from datetime import date, datetime


def said(moment: datetime, now: datetime) -> str:
    """Say a moment to the minute, like ``01:02 UTC`` or ``01:02 UTC on 3 May``; both are in UTC."""
    time = f"{moment:%H:%M} UTC"
    return time if moment.date() == now.date() else f"{time} on {moment.day} {moment:%B}"


def within(days: int) -> str:
    """Say how far off a day is: ``today``, ``tomorrow``, ``in 7 days``."""
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def day(date_: date) -> str:
    """Say a day with its year, like ``3 May 2027``; that of a moment is by UTC."""
    return f"{date_.day} {date_:%B %Y}"
