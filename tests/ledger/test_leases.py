"""Who may work on a pair, and what a late worker may still do: nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from backbone_app.errors import LeaseLost
from backbone_app.ledger import leases
from backbone_app.models import Pair, Site, Synchronization
from tests.support.rows import NOW, make_pair


@pytest.fixture
def due(pair: Pair) -> Pair:
    """The pair with two reasons to look at it."""
    Pair.objects.update(due=2)
    return pair


def expire() -> None:
    Pair.objects.update(lease_until=NOW - timedelta(days=300))


def test_a_claim_raises_the_epoch_and_notes_what_is_due(due: Pair) -> None:
    claims = leases.claim_due(now=NOW, limit=5)

    assert claims == (leases.Claim(due.pk, epoch=1, due=2),)


def test_a_claimed_pair_cannot_be_claimed_until_its_lease_ends(due: Pair) -> None:
    leases.claim_due(now=NOW, limit=5)

    assert leases.claim_due(now=NOW, limit=5) == ()
    expire()
    assert [claim.epoch for claim in leases.claim_due(now=NOW, limit=5)] == [2]


@pytest.mark.parametrize(
    "change", [{"due": 0}, {"state": "set aside"}, {"not_before": NOW + timedelta(seconds=1)}], ids=str
)
def test_what_is_not_due_active_and_ready_is_left_alone(due: Pair, change: dict[str, object]) -> None:
    Pair.objects.update(**change)

    assert leases.claim_due(now=NOW, limit=5) == ()


def test_a_stopped_synchronizations_pairs_wait(due: Pair) -> None:
    Synchronization.objects.update(state="stopped")

    assert leases.claim_due(now=NOW, limit=5) == ()


def test_settling_clears_what_was_due(due: Pair) -> None:
    (claim,) = leases.claim_due(now=NOW, limit=5)

    leases.settle(claim, reason="needs_decision", incomplete=True)

    due.refresh_from_db()
    assert (due.due, due.lease_until, due.reason, due.incomplete) == (0, None, "needs_decision", True)


def test_what_became_due_meanwhile_stays_due(due: Pair) -> None:
    (claim,) = leases.claim_due(now=NOW, limit=5)
    Pair.objects.update(due=F("due") + 1)

    leases.settle(claim)

    due.refresh_from_db()
    assert due.due == 3


def test_a_worker_with_an_old_epoch_commits_nothing(due: Pair) -> None:
    (late,) = leases.claim_due(now=NOW, limit=5)
    expire()
    leases.claim_due(now=NOW, limit=5)

    with pytest.raises(LeaseLost):
        leases.renew(late, span=timedelta(seconds=10))
    with pytest.raises(LeaseLost):
        leases.settle(late)
    with pytest.raises(LeaseLost):
        leases.set_aside(late, reason="deleted")
    leases.postpone(late, until=NOW, reason="remote_busy")
    due.refresh_from_db()
    assert (due.epoch, due.due, due.state, due.reason, due.not_before) == (2, 2, "active", "", None)
    assert due.lease_until is not None


def test_a_pair_put_off_comes_back_with_its_reasons(due: Pair) -> None:
    (claim,) = leases.claim_due(now=NOW, limit=5)

    leases.postpone(claim, until=NOW + timedelta(seconds=30), reason="remote_busy")

    assert leases.claim_due(now=NOW + timedelta(seconds=29), limit=5) == ()
    assert [claim.due for claim in leases.claim_due(now=NOW + timedelta(seconds=30), limit=5)] == [2]


def test_the_lease_runs_on_the_databases_clock(due: Pair) -> None:
    (claim,) = leases.claim_due(now=NOW + timedelta(days=10_000), limit=5)

    leases.renew(claim, span=timedelta(seconds=-1))

    assert len(leases.claim_due(now=NOW, limit=5)) == 1


# --- who waits longest -------------------------------------------------------------------------


def test_pairs_put_off_again_and_again_do_not_starve_a_fresh_one(
    due: Pair, synchronization: Synchronization, site: Site
) -> None:
    fresh = make_pair(synchronization, site, "3", "4")
    Pair.objects.filter(pk=due.pk).update(not_before=NOW - timedelta(seconds=1))
    Pair.objects.filter(pk=fresh.pk).update(due=1)

    claimed = [claim.pair_id for claim in leases.claim_due(now=NOW, limit=2)]

    assert claimed == [fresh.pk, due.pk]


# --- between our look and our claim ------------------------------------------------------------


def claimed_while(act: Callable[[], object]) -> tuple[leases.Claim, ...]:
    """Claim, and let somebody act after we have looked for due pairs and before we take one."""
    looked = False

    def act_after_the_look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal looked
        result = execute(sql, params, many, context)
        if sql.startswith("SELECT") and not looked:
            looked = True
            act()
        return result

    with connection.execute_wrapper(act_after_the_look):
        claims = leases.claim_due(now=NOW, limit=1)
    assert looked
    return claims


def test_a_pair_that_another_worker_took_since_we_looked_is_not_ours(due: Pair) -> None:
    taken: list[leases.Claim] = []

    claims = claimed_while(lambda: taken.extend(leases.claim_due(now=NOW, limit=1)))

    assert claims == ()
    assert len(taken) == 1
    leases.renew(taken[0], span=timedelta(seconds=10))


def test_a_pair_that_another_worker_took_and_gave_back_since_we_looked_is_not_claimed(due: Pair) -> None:
    def take_and_give_back() -> None:
        (claim,) = leases.claim_due(now=NOW, limit=1)
        leases.settle(claim)

    assert claimed_while(take_and_give_back) == ()


def test_a_pair_whose_worker_held_on_to_it_since_we_looked_is_not_ours(due: Pair) -> None:
    (late,) = leases.claim_due(now=NOW, limit=1)
    expire()

    claims = claimed_while(lambda: leases.renew(late, span=timedelta(seconds=10)))

    assert claims == ()
    leases.settle(late)


# --- no call goes out where no work is wanted --------------------------------------------------


@pytest.mark.parametrize("state", ["stopped", "requested"])
def test_no_call_begins_once_the_synchronization_does_not_run(due: Pair, state: str) -> None:
    (claim,) = leases.claim_due(now=NOW, limit=1)
    Synchronization.objects.update(state=state)

    with pytest.raises(LeaseLost):
        leases.begin(claim, span=timedelta(seconds=10))
    leases.settle(claim)


@pytest.mark.parametrize("status", ["disabled", "uninstalled"])
def test_a_site_that_is_not_enabled_is_left_in_peace(due: Pair, status: str) -> None:
    (claim,) = leases.claim_due(now=NOW, limit=1)
    Site.objects.update(status=status)

    with pytest.raises(LeaseLost):
        leases.begin(claim, span=timedelta(seconds=10))
    expire()
    assert leases.claim_due(now=NOW, limit=1) == ()


def test_a_call_that_begins_holds_the_pair_for_its_span(due: Pair) -> None:
    (claim,) = leases.claim_due(now=NOW, limit=1)
    expire()

    leases.begin(claim, span=timedelta(seconds=30))

    assert leases.claim_due(now=NOW, limit=1) == ()
