"""The judge of rest bites: what the app leaves for somebody to help it with is told, where nobody has to."""

import pytest

from backbone_app.models import Failure, Pair, Synchronization
from tests.simulation.hosts import Host
from tests.simulation.judging.rest import unhelped
from tests.support.rows import NOW, make_pair, make_site, make_synchronization

PAUSED = "tests.simulation.experiments.paused"


@pytest.fixture
def pair(db: None) -> Pair:
    site = make_site("acme")
    return make_pair(make_synchronization(site), site, "10000", "20000")


def test_what_is_not_done_when_everything_is_over_is_told_whatever_there_was(pair: Pair) -> None:
    fine = list(unhelped(()))
    Pair.objects.update(due=1)

    assert fine == []
    for kinds in ((), ("F13",)):
        (found,) = unhelped(kinds)
        assert found.startswith(f"I10: it did not come to rest before anybody helped: pair {pair.pk} due=1")


def test_what_waits_for_a_synchronization_that_stands_still_waits_rightly(pair: Pair) -> None:
    Pair.objects.update(due=1)
    Synchronization.objects.update(state="paused")

    found = list(unhelped({"F13"}))

    assert found == []


def test_a_synchronization_that_stands_is_told_of_where_no_right_was_lost(pair: Pair) -> None:
    Synchronization.objects.update(state="paused", pause_reason="too_many_missing")

    assert [each.partition(" was ")[2] for each in unhelped({"F15"})] == ["paused too_many_missing"]
    assert list(unhelped({"F13"})) == list(unhelped({"F14"})) == []


def test_what_stands_in_the_way_is_told_of_unless_it_has_to_stay(pair: Pair) -> None:
    for row, code in (("status", "no_path"), ("", "deleted"), ("summary", "field_refused")):
        Failure.objects.create(
            synchronization=pair.synchronization,
            pair=pair,
            side="left",
            row=row,
            code=code,
            first_at=NOW,
            last_at=NOW,
        )

    assert list(unhelped(())) == [
        f"I10: before anybody helped field_refused stood in the way of pair {pair.pk} (left summary)"
    ]
    assert list(unhelped({"F14"})) == []


def test_a_life_is_judged_before_anybody_helps_it(host: Host, short: int) -> None:
    violations = host.ask(PAUSED, short)

    assert any(each.startswith("I10: before anybody helped") for each in violations)
