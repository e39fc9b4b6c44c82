"""What is counted of calls and deliveries, and what can be seen of their cause."""

import requests

from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.state.site import Site
from jira_sandbox.transport import mounted
from jira_sandbox.world import World
from tests.support.sandbox import ACME, ListeningApp, Person, as_app

MYSELF = "/rest/api/3/myself"


def test_calls_are_told_apart_by_the_client_and_by_what_they_met(
    world: World, site: Site, app: ListeningApp
) -> None:
    world.misfortunes.add(Misfortune(match=("GET", "/myself"), kind="busy"))
    with mounted(world):
        requests.get(
            f"{ACME}{MYSELF}", headers={"User-Agent": "teller/1.0 (x)"}, auth=("alice", "secret-alice")
        )
    as_app(world, site).get(MYSELF)
    as_app(world, site).get(MYSELF)

    rows = world.meters.snapshot(("caller", "agent", "met"))
    counted = [(row["caller"], row["agent"], row["met"], row["calls"]) for row in rows]
    assert counted == [("app", "", "", 1), ("app", "", "busy", 1), ("person", "teller", "", 1)]


def test_what_was_struck_is_counted_once_and_long_names_of_clients_are_cut(world: World, site: Site) -> None:
    busy = Misfortune(match=("GET", "/myself"), kind="busy", caller="anyone")
    with mounted(world):
        requests.get(f"{ACME}{MYSELF}", headers={"User-Agent": "x" * 50}, auth=("alice", "secret-alice"))
        world.misfortunes.add(busy)
        requests.get(f"{ACME}{MYSELF}", headers={"User-Agent": "x" * 50}, auth=("alice", "secret-alice"))

    rows = world.meters.snapshot(("agent", "met"))
    assert [(row["agent"], row["met"], row["calls"]) for row in rows] == [
        ("x" * 40, "", 1),
        ("x" * 40, "busy", 1),
    ]


def test_a_struck_call_keeps_its_bytes_and_points(world: World, site: Site, app: ListeningApp) -> None:
    world.misfortunes.add(Misfortune(match=("POST", "/issue$"), kind="refuse_before_effect"))

    answer = as_app(world, site).post("/rest/api/3/issue", {"fields": {}})

    (row,) = world.meters.snapshot(("met",))
    assert row == {
        "met": "refuse_before_effect",
        "calls": 1,
        "points": 1,
        "bytes_in": len(b'{"fields": {}}'),
        "bytes_out": len(answer.body),
    }


def test_a_lost_call_is_counted_too(world: World, alice: Person) -> None:
    world.misfortunes.add(Misfortune(match=("GET", "/myself"), kind="lose_before_effect", caller="person"))
    with mounted(world):
        try:
            requests.get(f"{ACME}{MYSELF}", auth=("alice", "secret-alice"))
        except requests.ConnectionError:
            alice.get(MYSELF)

    met = {row["met"]: row["calls"] for row in world.meters.snapshot(("met",))}
    assert met == {"": 1, "lose_before_effect": 1}


def test_deliveries_are_counted_each_time_they_are_tried(
    world: World, app: ListeningApp, alice: Person
) -> None:
    app.answers = [503, 204]
    alice.create("ALPHA", "one")
    (delivery,) = world.outbox
    world.meters.reset()
    world.send_one(delivery, app)
    world.send_one(delivery, app)

    assert world.meters.outgoing() == [
        {
            "site": "acme",
            "event": "jira:issue_created",
            "attempts": 2,
            "accepted": 1,
            "bytes_out": 2 * len(delivery.body),
        }
    ]
    world.meters.reset()
    assert world.meters.outgoing() == []


def test_an_installation_is_counted_by_its_notices(world: World, app: ListeningApp) -> None:
    assert [(row["event"], row["accepted"]) for row in world.meters.outgoing()] == [
        ("enabled", 1),
        ("installed", 1),
    ]
