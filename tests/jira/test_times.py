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
