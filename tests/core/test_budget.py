"""The common points: nobody overdraws the pool, and nobody's hunger eats another one's share."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core.budget import Hour, Lane, Spent, allows

POOLS = st.integers(min_value=10, max_value=5000)


@dataclass
class Pool:
    """A pool and what each site has spent of it: live and bulk of this hour, all of the last."""

    size: int
    before: dict[str, int]
    live: dict[str, int] = field(default_factory=dict)
    bulk: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.live.values()) + sum(self.bulk.values())

    def spent(self, site: str) -> int:
        return self.live.get(site, 0) + self.bulk.get(site, 0)

    def hour(self, site: str) -> Hour:
        active = len({*self.before, *self.live, *self.bulk, site})
        return Hour(self.size, active, self.total, mine=self.spent(site), bulk=self.bulk.get(site, 0))

    def asks(self, site: str, cost: int, lane: Lane = Lane.LIVE) -> bool:
        """Let the site ask for points, and spend them if it may."""
        others = {*self.before, *self.live, *self.bulk} - {site}
        rows = [Spent(self.spent(other), self.before.get(other, 0)) for other in sorted(others)]
        if not allows(self.hour(site), cost=cost, lane=lane, others=lambda: rows):
            return False
        purse = self.live if lane is Lane.LIVE else self.bulk
        purse[site] = purse.get(site, 0) + cost
        return True

    def gives(self, site: str, wanted: int, lane: Lane = Lane.LIVE) -> int:
        """Let the site ask for point after point; returns how many it got."""
        got = 0
        while got < wanted and self.asks(site, 1, lane):
            got += 1
        return got


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """A pool, and some sites that were active in the hour before."""
    before = draw(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 400), min_size=1))
    return Pool(draw(POOLS), before)


ASKED = st.lists(
    st.tuples(st.sampled_from("abcdefg"), st.integers(1, 300), st.sampled_from(list(Lane))), max_size=60
)


# --- laws --------------------------------------------------------------------------------------


@given(pools(), ASKED)
def test_the_pool_is_never_overdrawn_and_bulk_leaves_the_reserve(
    pool: Pool, wishes: list[tuple[str, int, Lane]]
) -> None:
    for site, cost, lane in wishes:
        granted = pool.asks(site, cost, lane)

        assert pool.total <= pool.size
        if granted and lane is Lane.BULK:
            assert pool.total <= pool.size - pool.hour(site).reserve


@given(pools(), ASKED, st.sampled_from("abcdef"))
def test_within_its_share_a_site_is_refused_a_live_call_only_when_the_pool_is_empty(
    pool: Pool, wishes: list[tuple[str, int, Lane]], site: str
) -> None:
    for wish in wishes:
        pool.asks(*wish)
    hour = pool.hour(site)

    granted = pool.asks(site, 1)

    if hour.mine < hour.share and hour.total < hour.pool:
        assert granted


@given(pools(), st.integers(0, 2**32))
def test_hunger_never_takes_from_those_who_want_what_they_wanted_before(pool: Pool, seed: int) -> None:
    modest = sorted(pool.before)
    hour = Hour(pool.size, len(modest) + 1, 0, mine=0, bulk=0)
    due = {site: min(hour.share, 2 * pool.before[site]) for site in modest}
    pool.live["hungry"] = 0
    wants = [site for site in modest for _ in range(due[site])]
    wants += ["hungry"] * (pool.size - len(wants))
    Random(seed).shuffle(wants)

    got = Counter(site for site in wants if pool.asks(site, 1))

    assert {site: got[site] for site in modest} == due


@given(pools(), st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 50)), max_size=20), st.randoms())
def test_a_decision_depends_on_what_was_spent_and_not_on_the_order(
    pool: Pool, spent: list[tuple[str, int]], chance: Random
) -> None:
    there, back = Pool(pool.size, pool.before), Pool(pool.size, dict(reversed(pool.before.items())))
    for site, cost in spent:
        there.live[site] = there.live.get(site, 0) + cost
    chance.shuffle(spent)
    for site, cost in spent:
        back.live[site] = back.live.get(site, 0) + cost

    assert there.asks("a", 5) == back.asks("a", 5)


@given(pools(), st.integers(0, 400))
def test_what_others_do_not_want_is_not_wasted(pool: Pool, wanted: int) -> None:
    pool.before = dict.fromkeys(pool.before, 0)
    size, reserve = pool.size, pool.hour("a").reserve

    got = pool.gives("a", wanted)

    assert got == min(wanted, size - reserve)


# --- examples ----------------------------------------------------------------------------------


def test_a_site_alone_leaves_the_reserve_to_newcomers() -> None:
    pool = Pool(1000, {})

    assert pool.gives("first", 2000) == 800
    assert pool.gives("second", 2000) == 200


def test_beyond_its_share_a_site_gets_what_the_other_will_not_want() -> None:
    pool = Pool(1000, {"busy": 5000, "calm": 50})

    assert pool.gives("busy", 5000) == 1000 - 200 - 100
    assert pool.gives("calm", 100) == 100


def test_what_the_other_has_spent_already_is_not_kept_for_it_again() -> None:
    pool = Pool(1000, {"busy": 5000, "calm": 50})
    pool.gives("calm", 60)

    assert pool.gives("busy", 5000) == 1000 - 200 - 100


@pytest.mark.parametrize(("spent", "granted"), [(0, True), (199, True), (200, False)])
def test_bulk_gets_half_of_the_share_once_half_of_the_pool_is_spent(spent: int, granted: bool) -> None:
    hour = Hour(1000, 2, 500 + spent, mine=spent, bulk=spent)

    assert allows(hour, cost=1, lane=Lane.BULK, others=list) is granted
    assert allows(hour, cost=1, lane=Lane.LIVE, others=list)


def test_bulk_may_do_what_it_likes_while_half_of_the_pool_is_there_but_not_beyond_its_share() -> None:
    pool = Pool(1000, {"a": 10, "b": 400})

    assert pool.gives("a", 1000, Lane.BULK) == 400
    assert pool.gives("a", 1000) == 0
    assert pool.gives("b", 400) == 400
