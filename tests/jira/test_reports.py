"""What Atlassian answers to a report of accounts, read with care."""

from datetime import timedelta

import pytest

from backbone_app.jira import reports
from backbone_app.jira.egress import Door
from backbone_app.ledger.reports import CYCLE
from tests.jira.conftest import scripted
from tests.support.rows import NOW


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


def test_only_those_who_were_asked_about_are_told_of_and_nonsense_is_passed_over(door: Door) -> None:
    told = [
        {"accountId": "alice", "status": "closed"},
        {"accountId": "bob", "status": "updated"},
        {"accountId": "carol", "status": "closed"},
        {"accountId": "bob", "status": "odd"},
        {"accountId": 7, "status": "closed"},
        "closed",
    ]

    with scripted(door, {"accounts": told}) as jira:
        verdict = reports.report(jira.client, {"alice": NOW, "bob": NOW})

    assert (sorted(verdict.closed), sorted(verdict.updated)) == (["alice"], ["bob"])


@pytest.mark.parametrize("answer", [{}, {"accounts": None}, {"accounts": {"accountId": "alice"}}, []])
def test_an_answer_of_another_form_closes_nobodys_account(door: Door, answer: object) -> None:
    with scripted(door, answer) as jira:
        verdict = reports.report(jira.client, {"alice": NOW})

    assert (verdict.closed, verdict.updated, verdict.cycle) == (frozenset(), frozenset(), CYCLE)


@pytest.mark.parametrize("count", [0, 91])
def test_nobody_and_more_than_ninety_are_not_reported(door: Door, count: int) -> None:
    with scripted(door) as jira, pytest.raises(ValueError, match=f"{count} accounts"):
        reports.report(jira.client, {f"person-{number}": NOW for number in range(count)})
