"""Who of a drain's threads works for which site."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

import pytest

from backbone_app.models import Pair, Site
from backbone_app.models.pair import PairLane
from backbone_app.services.syncing.crew import Crew
from tests.support.rows import NOW, make_pair, make_site, make_synchronization
from tests.support.sandbox import VirtualClock

Queries = Callable[[int], AbstractContextManager[object]]


def waiting(name: str, count: int) -> None:
    """Let a site have so many pairs that are due."""
    site = make_site(name)
    synchronization = make_synchronization(site, spaces=(f"{name}-1", f"{name}-2"))
    for number in range(count):
        make_pair(synchronization, site, str(number), "")
    Pair.objects.filter(synchronization=synchronization).update(due=1)


def take(crew: Crew, hanging: ExitStack) -> str:
    """Let a thread take the next pair: it hangs at "slow" and is done at once elsewhere; returns the site."""
    with ExitStack() as thread:
        claim = thread.enter_context(crew.next())
        name = Site.objects.get(pk__in=claim.sites).client_key if claim else ""
        if name == "slow":
            hanging.push(thread.pop_all())
    return name


@pytest.mark.parametrize(("threads", "most"), [(1, 1), (2, 1), (4, 2), (5, 2)])
def test_a_site_that_hangs_gets_half_of_the_threads_while_others_have_work(
    db: None, threads: int, most: int
) -> None:
    crew = Crew(threads, PairLane.LIVE, VirtualClock(NOW))
    waiting("slow", 9)
    waiting("quick", 6)

    with ExitStack() as hanging:
        taken = [take(crew, hanging) for _ in range(6 + most)]
        alone = take(crew, hanging)

    assert (taken.count("slow"), taken.count("quick")) == (most, 6)
    assert alone == "slow"


def test_a_thread_that_is_done_makes_room_for_its_site(db: None) -> None:
    crew = Crew(2, PairLane.LIVE, VirtualClock(NOW))
    waiting("slow", 2)
    waiting("quick", 9)
    with ExitStack() as hanging:
        while take(crew, hanging) != "slow":
            pass
        assert {take(crew, hanging) for _ in range(3)} == {"quick"}

    assert "slow" in {take(crew, ExitStack()) for _ in range(2)}


def test_where_nothing_is_due_there_is_no_claim(db: None) -> None:
    with Crew(4, PairLane.LIVE, VirtualClock(NOW)).next() as claim:
        assert claim is None


def test_where_one_thread_found_nothing_the_others_do_not_look(
    db: None, django_assert_num_queries: Queries
) -> None:
    crew = Crew(4, PairLane.LIVE, VirtualClock(NOW))
    take(crew, ExitStack())

    with django_assert_num_queries(0):
        taken = [take(crew, ExitStack()) for _ in range(3)]

    assert taken == ["", "", ""]


def test_what_became_due_during_the_work_is_taken_although_another_thread_found_nothing(db: None) -> None:
    crew = Crew(2, PairLane.LIVE, VirtualClock(NOW))
    waiting("slow", 1)
    with ExitStack() as hanging:
        assert [take(crew, hanging), take(crew, hanging)] == ["slow", ""]
        waiting("quick", 1)

    assert take(crew, ExitStack()) == "quick"
