"""Who may work on a pair, and what a late worker may still do: nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from backbone_app.errors import LeaseLost
from backbone_app.ledger import leases
from backbone_app.models import Pair, Pause, Site, Synchronization
from backbone_app.models.pair import PairLane
from tests.support.rows import NOW, make_pair, make_site, make_synchronization


@pytest.fixture
def due(pair: Pair) -> Pair:
    """The pair with two reasons to look at it."""
    Pair.objects.update(due=2)
    return pair


SECOND = timedelta(seconds=1)


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


def test_a_pair_that_never_rests_lets_the_others_of_its_synchronization_pass(
    due: Pair, synchronization: Synchronization, site: Site
) -> None:
    quiet = make_pair(synchronization, site, "3", "4")
    (hot,) = leases.claim_due(now=NOW, limit=1)
    Pair.objects.filter(pk=quiet.pk).make_due(now=NOW + SECOND, lane=PairLane.LIVE)
    Pair.objects.filter(pk=due.pk).make_due(now=NOW + 2 * SECOND, lane=PairLane.LIVE)

    leases.settle(hot)

    later = NOW + 3 * SECOND
    assert [claim.pair_id for claim in leases.claim_due(now=later, limit=2)] == [quiet.pk, due.pk]


def test_news_of_a_pair_that_waits_or_whose_worker_died_do_not_move_it_back(due: Pair) -> None:
    Pair.objects.update(not_before=NOW)
    for until in (None, NOW - timedelta(days=300)):
        Pair.objects.update(lease_until=until)

        Pair.objects.make_due(now=NOW + SECOND, lane=PairLane.LIVE)

        assert Pair.objects.get().not_before == NOW


# --- what comes to nothing again and again -------------------------------------------------------


def test_each_attempt_that_comes_to_nothing_waits_longer_until_the_pair_is_settled(due: Pair) -> None:
    now = NOW
    for minutes in (5, 10, 20, 40, 80, 160, 320, 360, 360):
        (claim,) = leases.claim_due(now=now, limit=1)
        leases.back_off(claim, now=now, reason="internal_error")
        assert Pair.objects.get().not_before == now + timedelta(minutes=minutes)
        now += timedelta(minutes=minutes)

    (claim,) = leases.claim_due(now=now, limit=1)
    leases.settle(claim)
    assert Pair.objects.get().attempts == 0
    Pair.objects.make_due(now=now, lane=PairLane.LIVE)
    (claim,) = leases.claim_due(now=now, limit=1)
    leases.back_off(claim, now=now, reason="internal_error")

    assert Pair.objects.get().not_before == now + timedelta(minutes=5)


def test_a_worker_with_an_old_epoch_counts_no_attempt(due: Pair) -> None:
    (late,) = leases.claim_due(now=NOW, limit=1)
    expire()
    leases.claim_due(now=NOW, limit=1)

    leases.back_off(late, now=NOW, reason="internal_error")

    assert Pair.objects.get().attempts == 0


def test_bulk_work_that_is_settled_leaves_the_pair_to_what_people_do_next(due: Pair) -> None:
    Pair.objects.update(lane=PairLane.BULK)
    (claim,) = leases.claim_due(now=NOW, limit=1, lane=PairLane.BULK)

    leases.settle(claim)

    assert Pair.objects.get().lane == PairLane.LIVE


def test_bulk_work_that_came_up_meanwhile_stays_bulk_work(due: Pair) -> None:
    Pair.objects.update(lane=PairLane.BULK)
    (claim,) = leases.claim_due(now=NOW, limit=1, lane=PairLane.BULK)
    Pair.objects.make_due(now=NOW, lane=PairLane.BULK)

    leases.settle(claim)

    assert Pair.objects.get().lane == PairLane.BULK


class Sites:
    """Sites with synchronizations among them, and how many pairs are due."""

    def __init__(self, *names: str) -> None:
        self.rows = {name: make_site(name) for name in names}
        self.names = {row.pk: name for name, row in self.rows.items()}
        self.spaces = 0

    def waiting(self, left: str, right: str, count: int, **more: Any) -> None:
        """Let a new synchronization of these sites have so many pairs that are due."""
        self.spaces += 1
        row = make_synchronization(self.rows[left], spaces=(f"{self.spaces}-1", f"{self.spaces}-2"))
        row.sides.filter(side="right").update(site=self.rows[right])
        for number in range(count):
            pair = make_pair(row, self.rows[left], f"{self.spaces}-{number}", "")
            pair.sides.filter(side="right").update(site=self.rows[right])
        since = NOW - timedelta(days=1) + timedelta(seconds=self.spaces)
        Pair.objects.filter(synchronization=row).update(**{"due": 1, "not_before": since, **more})

    def claim(self, count: int = 1, **more: Any) -> list[str]:
        """Claim one pair after the other; returns the sites of each."""
        claims = [claim for _ in range(count) for claim in self._claimed(**more)]
        return ["-".join(sorted(self.names[site] for site in claim.sites)) for claim in claims]

    def _claimed(self, **more: Any) -> tuple[leases.Claim, ...]:
        """Claim a second after everything before: SQLite's clock takes two quick turns for one moment."""
        Site.objects.update(turn_at=F("turn_at") - timedelta(seconds=1))
        return leases.claim_due(now=NOW, limit=1, **more)


@pytest.fixture
def sites(db: None) -> Sites:
    """Four sites that know nothing of each other yet."""
    return Sites("a", "b", "c", "d")


def test_of_two_sites_the_one_with_a_hundred_times_the_work_takes_every_other_turn(sites: Sites) -> None:
    sites.waiting("a", "a", 100)
    sites.waiting("b", "b", 2)

    assert sites.claim(6) == ["a", "b", "a", "b", "a", "a"]


def test_a_change_that_comes_while_a_busy_site_is_worked_for_is_next(sites: Sites) -> None:
    sites.waiting("a", "a", 50)
    sites.claim(10)

    sites.waiting("b", "b", 1, not_before=NOW)

    assert sites.claim(2) == ["b", "a"]


def test_a_busy_site_with_many_partners_has_one_turn_and_its_partners_take_turns(sites: Sites) -> None:
    for partner in ("b", "c"):
        sites.waiting("a", partner, 50)
    sites.waiting("d", "d", 3)

    assert sites.claim(6) == ["a-b", "d", "a-c", "d", "a-b", "d"]


def test_within_the_same_sites_who_waits_longest_is_next(sites: Sites) -> None:
    sites.waiting("a", "a", 1, not_before=NOW - timedelta(seconds=1))
    sites.waiting("a", "a", 1, not_before=NOW - timedelta(seconds=3))
    sites.waiting("a", "a", 1, not_before=NOW - timedelta(seconds=2))

    claims = leases.claim_due(now=NOW, limit=5)

    since = dict(Pair.objects.values_list("pk", "not_before"))
    assert [since[claim.pair_id] for claim in claims] == [
        NOW - timedelta(seconds=seconds) for seconds in (3, 2, 1)
    ]


def test_each_lane_takes_its_own(sites: Sites) -> None:
    sites.waiting("a", "a", 3, lane=PairLane.BULK)
    sites.waiting("b", "b", 1)

    assert sites.claim(3) == ["b"]
    assert sites.claim(1, lane=PairLane.BULK) == ["a"]


def test_a_paused_site_is_passed_over_with_its_partners_until_the_end(sites: Sites) -> None:
    sites.waiting("a", "b", 3)
    sites.waiting("c", "c", 3)
    until = NOW + timedelta(seconds=10)
    pause = Pause(scope=f"site:{sites.rows['b'].pk}", site=sites.rows["b"], reason="", since=NOW, until=until)
    pause.save()

    assert sites.claim(2) == ["c", "c"]
    Pause.objects.update(until=NOW)
    assert sites.claim(2) == ["a-b", "c"]


def test_a_pause_of_one_endpoint_or_item_passes_nobody_over(sites: Sites) -> None:
    sites.waiting("a", "a", 1)
    for scope in ("endpoint", "item"):
        name = f"{scope}:{sites.rows['a'].pk}:x"
        until = NOW + timedelta(seconds=10)
        Pause.objects.create(scope=name, site=sites.rows["a"], reason="", since=NOW, until=until)

    assert sites.claim() == ["a"]


def test_a_pause_of_the_app_stops_everybody(sites: Sites) -> None:
    sites.waiting("a", "a", 1)
    Pause.objects.create(scope="app", reason="", since=NOW, until=NOW + timedelta(seconds=10))

    assert sites.claim() == []


def test_a_site_to_avoid_is_passed_over_on_either_side(sites: Sites) -> None:
    sites.waiting("a", "b", 1)
    sites.waiting("b", "c", 1)
    sites.waiting("d", "d", 1)

    assert sites.claim(3, avoid=[sites.rows["b"].pk]) == ["d"]


def test_the_number_of_queries_does_not_grow_with_what_is_due(
    sites: Sites, django_assert_num_queries: Any
) -> None:
    sites.waiting("a", "b", 30)
    sites.waiting("c", "d", 30)

    with django_assert_num_queries(7):
        (claim,) = leases.claim_due(now=NOW, limit=1)

    assert {sites.names[site] for site in claim.sites} == {"a", "b"}


# --- between our look and our claim ------------------------------------------------------------


def claimed_while(act: Callable[[], object]) -> tuple[leases.Claim, ...]:
    """Claim, and let somebody act after we have looked for the next pair and before we take it."""
    looked = False

    def act_after_the_look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal looked
        result = execute(sql, params, many, context)
        if sql.startswith('SELECT "backbone_pair"') and not looked:
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
