"""Webhooks of a Data Center: the form that its version takes, and how long we keep trying."""

from datetime import timedelta

import pytest

from backbone_app.core.hooks import MOST_TRIES, NO_ANSWER, HookForm, form_of


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
