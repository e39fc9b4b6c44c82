"""How long answers take."""

import random
import statistics
from collections.abc import Mapping

import pytest

from jira_sandbox.latency import Delay, Latency, parsed
from jira_sandbox.world import World
from tests.support.sandbox import Person, VirtualClock

MYSELF = "GET /rest/api/3/myself"


def waiting(clock: VirtualClock, usual: Delay, by_endpoint: Mapping[str, Delay] | None = None) -> Latency:
    def wait(seconds: float) -> None:
        clock.advance(seconds=seconds)

    return Latency(usual=usual, wait=wait, by_endpoint=by_endpoint or {})


def test_a_constant_latency_moves_the_clock_by_as_much_for_each_call(
    world: World, alice: Person, clock: VirtualClock
) -> None:
    began = clock()
    world.latency = waiting(clock, Delay(0.25))

    answers = [alice.get("/rest/api/3/myself") for _ in range(4)]

    assert (clock() - began).total_seconds() == 1.0
    assert answers[-1].headers["Date"] == "Sun, 22 Nov 2026 01:02:04 GMT"


def test_an_endpoint_may_take_longer_than_others(world: World, alice: Person, clock: VirtualClock) -> None:
    began = clock()
    world.latency = waiting(clock, Delay(0.0), {MYSELF: Delay(2.0)})

    alice.get("/rest/api/3/serverInfo")
    alice.get("/rest/api/3/myself")

    assert (clock() - began).total_seconds() == 2.0


def test_what_people_look_at_and_the_controls_do_not_wait(
    world: World, alice: Person, clock: VirtualClock
) -> None:
    began = clock()
    world.latency = waiting(clock, Delay(1.0))

    alice.get("/_sandbox/state")
    alice.get("/")

    assert clock() == began


def test_a_log_normal_latency_has_its_median_and_its_long_tail() -> None:
    chance = random.Random(1)
    drawn = sorted(Delay(0.2, 0.5).draw(chance) for _ in range(4000))

    assert statistics.median(drawn) == pytest.approx(0.2, rel=0.05)
    assert drawn[int(0.95 * len(drawn))] == pytest.approx(0.2 * 2.28, rel=0.1)


def test_the_same_seed_takes_the_same_time(world: World) -> None:
    drawn = [Delay(0.2, 1.0).draw(random.Random("5:latency")) for _ in range(2)]

    assert drawn[0] == drawn[1]


@pytest.mark.parametrize(
    ("text", "delay"), [("0", Delay(0.0)), ("0.25", Delay(0.25)), ("0.2~0.5", Delay(0.2, 0.5))]
)
def test_a_latency_as_one_writes_it(text: str, delay: Delay) -> None:
    assert parsed(text) == delay


@pytest.mark.parametrize("text", ["", "soon", "-1", "0.2~", "0.2~-1", "nan", "inf"])
def test_what_is_no_latency(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parsed(text)
