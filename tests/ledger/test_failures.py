"""Which refused wishes are sent again by themselves, and which are not."""

from datetime import timedelta

import pytest

from backbone_app.core.failures import held_for
from backbone_app.core.values import Side
from backbone_app.ledger import failures
from backbone_app.models import Failure, Pair
from tests.support.rows import NOW

PRIORITY = ("right", "priority")
HELD = {(Side.RIGHT, "priority"): "High"}


@pytest.fixture
def refused(pair: Pair) -> Pair:
    """A pair whose priority was refused on the right a moment ago."""
    failures.note(pair.synchronization_id, pair.pk, PRIORITY, "field_refused", now=NOW, wish="High")
    return pair


def test_a_refused_wish_is_held_back_for_a_while(refused: Pair) -> None:
    assert failures.refused_before(refused.pk, NOW + held_for(1) - timedelta(seconds=1)) == HELD
    assert failures.refused_before(refused.pk, NOW + held_for(1)) == {}


def test_a_refused_wish_that_somebody_ignores_is_held_back_for_good(refused: Pair) -> None:
    Failure.objects.update(ignored=True)

    assert failures.refused_before(refused.pk, NOW + timedelta(days=3650)) == HELD


def test_a_wish_that_was_refused_in_another_way_is_told_anew(refused: Pair) -> None:
    Failure.objects.update(ignored=True)

    is_same = failures.note(
        refused.synchronization_id, refused.pk, PRIORITY, "value_too_long", now=NOW, wish="High"
    )

    assert not is_same
    assert not Failure.objects.get().ignored
