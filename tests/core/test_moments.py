"""A time in a sentence names its day only where that is another one."""

from datetime import UTC, date, datetime

from backbone_app.core.moments import day, said

NOW = datetime(2026, 5, 2, 23, 58, tzinfo=UTC)


def test_of_today_the_time_is_enough() -> None:
    assert said(NOW.replace(hour=1, minute=2), NOW) == "01:02 UTC"


def test_of_another_day_the_day_is_said() -> None:
    assert said(NOW.replace(day=3, hour=0, minute=28), NOW) == "00:28 UTC on 3 May"
    assert said(NOW.replace(year=2025), NOW) == "23:58 UTC on 2 May"


def test_a_day_is_said_with_its_year() -> None:
    assert day(date(2027, 5, 3)) == "3 May 2027"
