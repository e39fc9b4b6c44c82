"""What Atlassian answers to a report of accounts, read with care."""

from datetime import timedelta

import pytest

from backbone_app.jira import reports
from backbone_app.ledger.reports import CYCLE


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P7D", timedelta(days=7)),
        ("P2W", timedelta(days=14)),
        ("P1DT12H", timedelta(days=1, hours=12)),
        ("PT48H", timedelta(days=2)),
        (" P8D ", timedelta(days=8)),
    ],
)
def test_a_cycle_is_as_long_as_the_answer_says(text: str, length: timedelta) -> None:
    assert reports.cycle(text) == length


@pytest.mark.parametrize("text", ["", "P", "PT", "P0D", "7", "P-7D", "P1M", "soon", "P99999999999999999999D"])
def test_a_cycle_that_cannot_be_read_is_the_usual_one(text: str) -> None:
    assert reports.cycle(text) == reports.USUAL_CYCLE == CYCLE


@pytest.mark.parametrize(
    ("text", "length"),
    [("PT1S", timedelta(days=1)), ("P9999D", timedelta(days=30)), ("P9999W", timedelta(days=30))],
)
def test_a_cycle_that_makes_no_sense_is_brought_within_reason(text: str, length: timedelta) -> None:
    assert reports.cycle(text) == length
