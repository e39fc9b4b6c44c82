import json
from collections import Counter

import requests

from jira_sandbox import seed
from jira_sandbox.server import serve
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, VirtualClock


def summaries(app: ListeningApp) -> list[str]:
    return [json.loads(call.body)["issue"]["fields"]["summary"] for call in app.calls]


def test_without_chaos_each_delivery_goes_out_once_and_in_order(
    world: World, app: ListeningApp, alice: Person
) -> None:
    for number in range(20):
        alice.create("ALPHA", str(number))

    world.deliver(app)

    assert summaries(app) == [str(number) for number in range(20)]


def test_a_doubled_delivery_comes_again_under_the_same_identifier(
    world: World, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    world.chaos.doubled = 1.0
    alice.create("ALPHA", "one")

    world.deliver(app)
    first = len(app.calls)
    clock.advance(seconds=10)
    world.deliver(app)

    assert (first, len(app.calls), world.outbox) == (1, 2, [])
    assert len({call.headers["X-Atlassian-Webhook-Identifier"] for call in app.calls}) == 1
    assert "X-Atlassian-Webhook-Retry" not in app.calls[1].headers


def test_a_tenth_is_doubled_and_a_tenth_comes_behind_newer_ones(
    world: World, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    world.chaos.doubled = world.chaos.late = 0.1
    for number in range(300):
        alice.create("ALPHA", str(number))
        world.deliver(app)
        clock.advance(seconds=0.2)
    clock.advance(seconds=10)
    world.deliver(app)

    counted = Counter(summaries(app))
    assert len(counted) == 300
    assert 15 <= world.chaos.doubled_so_far == list(counted.values()).count(2) <= 45
    assert 15 <= world.chaos.late_so_far <= 45
    assert summaries(app) != sorted(summaries(app), key=int)


def test_a_lost_delivery_never_comes(
    world: World, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    world.chaos.lost = 0.1
    for number in range(300):
        alice.create("ALPHA", str(number))
    waiting = len(world.outbox)
    world.deliver(app)
    clock.advance(hours=3)
    world.deliver(app)

    assert 15 <= world.chaos.lost_so_far == 300 - waiting <= 45
    assert (len(summaries(app)), world.failed) == (waiting, [])


def test_the_same_seed_leads_the_same_deliveries_astray(clock: VirtualClock) -> None:
    def astray() -> int:
        world = seed.standard(clock, {"acme": "https://acme.example"}, seed=7)
        return int(world.chance("chaos").random() * 10**9)

    assert astray() == astray()


def test_chaos_is_set_over_http_and_a_share_that_is_none_is_refused() -> None:
    world = seed.standard(VirtualClock(), {"acme": "http://127.0.0.1"})
    with serve(world) as running:
        control = f"{running.addresses['acme']}/_sandbox/chaos"

        told = requests.post(control, json={"doubled": 0.1, "late": 1, "lost": 0.05}).json()
        refused = requests.post(control, json={"doubled": 2, "early": 0.1, "late": True})

    assert told == {
        "doubled": 0.1,
        "late": 1,
        "lost": 0.05,
        "primary_late": 0.0,
        "doubled_so_far": 0,
        "late_so_far": 0,
        "lost_so_far": 0,
    }
    assert refused.status_code == 400
    assert refused.json()["errors"].keys() == {"doubled", "early", "late"}
    assert world.chaos.doubled == 0.1
