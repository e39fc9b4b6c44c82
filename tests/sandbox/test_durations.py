import pytest

from jira_sandbox.state.durations import TimeTracking, in_words, parsed, shown

PART_TIME = TimeTracking(hours_per_day=7.6, days_per_week=5.5)
MINUTE, HOUR = 60, 3600


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1w 2d 3h 4m", 40 * HOUR + 16 * HOUR + 3 * HOUR + 4 * MINUTE),
        ("1h30m", 90 * MINUTE),
        ("4M 1.5H", 94 * MINUTE),
        (" 90 ", 90 * MINUTE),
        ("0.01h", 0),
        ("0.1h", 6 * MINUTE),
        ("0m", 0),
    ],
)
def test_a_duration_is_read_by_the_hours_a_site_works(text: str, seconds: int) -> None:
    assert parsed(text) == seconds


def test_days_weeks_and_bare_numbers_go_by_the_sites_settings() -> None:
    assert parsed("1d", PART_TIME) == 7.6 * HOUR
    assert parsed("1w", PART_TIME) == 5.5 * 7.6 * HOUR // MINUTE * MINUTE
    assert parsed("2", TimeTracking(unit="hour")) == 2 * HOUR


@pytest.mark.parametrize(
    "text", ["", "soon", "1x", "h", "-1h", "1h 2h", "1h, 2m", "9999999999w", "1.h", "٣h "]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|too long"):
        parsed(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0m"), (59, "0m"), (60, "1m"), (5400, "1h 30m"), (8 * HOUR, "1d"), (212_640, "1w 2d 3h 4m")],
)
def test_a_duration_is_shown_in_parts(seconds: int, text: str) -> None:
    assert shown(seconds) == text


def test_the_site_may_show_days_or_hours_alone() -> None:
    assert shown(212_640, TimeTracking(format="days")) == "7d 3.07h"
    assert shown(212_640, TimeTracking(format="hours")) == "59.07h"
    assert shown(0, TimeTracking(format="hours")) == shown(0, TimeTracking(format="days")) == "0m"
    assert shown(8 * HOUR, TimeTracking(format="days")) == "1d"


def test_what_is_shown_is_read_again() -> None:
    for seconds in range(0, 500_000, 6420):
        assert parsed(shown(seconds, PART_TIME), PART_TIME) == seconds


def test_a_history_tells_a_duration_in_words() -> None:
    assert in_words(HOUR) == "1 hour"
    assert in_words(2 * HOUR + MINUTE) == "2 hours, 1 minute"
    assert in_words(0) == "0 minutes"
