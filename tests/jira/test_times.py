"""Jira's spellings of a moment."""

from datetime import UTC, datetime

import pytest

from backbone_app.jira.times import moment

AT = datetime(2026, 11, 22, 1, 2, 3, 456_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "spelling",
    [
        "2026-11-22T01:02:03.456+0000",
        "2026-11-22T02:32:03.456+0130",
        "2026-11-22T01:02:03.456Z",
        1795309323456,
        "1795309323456",
    ],
)
def test_every_spelling_gives_the_same_moment_in_utc(spelling: object) -> None:
    found = moment(spelling)

    assert found == AT
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "nonsense", [None, "", "soon", "2026-11-22T01:02:03", True, 1.5, -1, 10**30, "9" * 30, "²", [], {}]
)
def test_what_is_no_moment_is_none(nonsense: object) -> None:
    assert moment(nonsense) is None


@pytest.mark.parametrize(
    "extreme",
    [
        "0001-01-01T00:00:00+23:59",
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999Z",
        "9999-01-01T00:00:01Z",
        "9999-12-31T23:59:59-23:59",
        253_370_764_800_001,
        "253402300799000",
    ],
)
def test_a_time_that_no_calendar_could_add_a_margin_to_is_none(extreme: object) -> None:
    assert moment(extreme) is None


@pytest.mark.parametrize("edge", [0, "1970-01-01T00:00:00Z", "9998-12-31T23:59:59Z", 253_370_764_800_000])
def test_any_other_time_is_one(edge: object) -> None:
    assert moment(edge) is not None
