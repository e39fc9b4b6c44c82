"""Webhooks of a Data Center: the form that its version takes, and how long we keep trying."""

from datetime import UTC, datetime, timedelta

import pytest

from backbone_app.core.hooks import MOST_TRIES, NO_ANSWER, HookForm, form_of, is_to_be_renewed


@pytest.mark.parametrize(
    ("version", "form"),
    [
        ((8, 22, 0), HookForm.FILTERS),
        ((9, 12, 14), HookForm.FILTERS),
        ((9, 17), HookForm.FILTERS),
        ((10, 0, 0), HookForm.CONFIGURATION),
        ((10, 3, 1), HookForm.CONFIGURATION),
        ((11,), HookForm.CONFIGURATION),
    ],
)
def test_webhooks_are_signed_from_version_ten_on(version: tuple[int, ...], form: HookForm) -> None:
    assert form_of(version) is form


def test_a_data_center_that_names_no_version_gets_the_form_of_the_newest() -> None:
    assert form_of(()) is HookForm.CONFIGURATION


def test_what_is_taken_away_in_vain_is_tried_for_half_a_day_at_the_least() -> None:
    tried_for = sum((NO_ANSWER.after(attempts) for attempts in range(MOST_TRIES)), timedelta())

    assert tried_for >= timedelta(hours=12)


@pytest.mark.parametrize(("days", "is_due"), [(30, False), (24, False), (22, True), (0, True), (-1, True)])
def test_what_lasts_thirty_days_is_renewed_once_a_week(days: int, is_due: bool) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)

    assert is_to_be_renewed(now + timedelta(days=days), now) is is_due
    assert is_to_be_renewed(None, now)
