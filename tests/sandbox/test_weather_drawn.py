"""Weather drawn from a seed: which faults, how often, alone and mixed, and that it ends."""

import json
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from jira_sandbox import generator
from jira_sandbox.connect import webhooks
from jira_sandbox.state.site import Site
from jira_sandbox.weather import catalogue
from jira_sandbox.weather.catalogue import CATALOGUE, OURS, Steady, Sudden, drawn
from jira_sandbox.weather.deliveries import Doubled, Reordered, SecondaryFirst
from jira_sandbox.wire import ConnectionLost, Response
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, VirtualClock, as_app
from tests.support.uploads import attach

SUDDEN = [name for name, kind in CATALOGUE.items() if isinstance(kind, Sudden)]
ON_CALLS = ["F5", "F6", "F7", "event first", "effect late", "metadata dropped"]


def ask(person: Person, method: str, path: str, content: object = None) -> Response | None:
    try:
        return person.call(method, path, content)
    except ConnectionLost:
        return None


def test_every_number_is_either_jiras_or_ours() -> None:
    numbers = {name for name in (*CATALOGUE, *OURS) if name.startswith("F")}

    assert numbers == {f"F{number}" for number in range(1, 27)}
    assert not CATALOGUE.keys() & OURS.keys()


def test_every_fault_has_many_seeds_and_some_for_itself(world: World, app: ListeningApp) -> None:
    world.courier = app
    seeds = 600
    met, alone = Counter[str](), Counter[str]()
    for seed in range(seeds):
        enabled = drawn(world, seed)
        world.weather.clear()
        met.update(enabled)
        alone.update(enabled if len(enabled) == 1 else ())

    assert set(alone) == set(CATALOGUE)
    assert all(met[name] >= seeds * 0.05 for name in CATALOGUE)
    assert 0.4 <= alone.total() / seeds <= 0.6


def test_only_the_faults_that_are_named_are_drawn_and_others_are_unknown(world: World) -> None:
    enabled = {name for seed in range(20) for name in drawn(world, seed, faults={"F1", "F19"})}

    assert enabled == {"F1", "F19"}
    with pytest.raises(KeyError, match="F8"):
        drawn(world, 0, faults={"F8"})


@pytest.mark.parametrize("name", ON_CALLS)
def test_a_drawn_share_of_the_apps_calls_is_struck(
    world: World, site: Site, app: ListeningApp, alice: Person, name: str
) -> None:
    issue = alice.create("ALPHA", "one")
    drawn(world, 7, faults={name}, rates={name: 0.5})
    for number in range(100):
        wish = {"fields": {"summary": str(number)}}
        ask(as_app(world, site), "PUT", f"/rest/api/3/issue/{issue}", wish)
    world.weather.clear()

    met = {str(row["met"]): int(row["calls"]) for row in world.meters.snapshot(("caller", "met"))}
    assert 30 <= sum(calls for kind, calls in met.items() if kind) <= 70
    assert as_app(world, site).get("/rest/api/3/myself").status == 200


def test_drawn_weather_cuts_files_short_wherever_the_app_fetches_them_and_spares_people(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    (number,) = attach(alice, alice.create("ALPHA", "one"), ("a.bin", b"x" * 100))
    content = f"/rest/api/3/attachment/content/{number}"
    place = urlsplit(as_app(world, site).get(content).headers["Location"])
    drawn(world, 1, faults={"F24"}, rates={"F24": 1.0})

    nobody = Person(alice.front, site, "")
    sent_on = [nobody.get(f"{place.path}?{place.query}") for _ in range(20)]
    at_once = [as_app(world, site).get(f"{content}?redirect=false") for _ in range(20)]
    to_people = [alice.get(f"{content}?redirect=false") for _ in range(20)]

    for cut in (sent_on, at_once):
        assert {(each.status, each.size, each.cut_at) for each in cut} == {(200, 100, None), (200, 100, 50)}
    assert {(each.status, each.cut_at) for each in to_people} == {(200, None)}
    assert as_app(world, site).get(content).cut_at is None


def test_drawn_weather_tells_nobody_of_the_largest_events(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    drawn(world, 1, faults={"F24"})
    alice.create("ALPHA", "small")
    alice.create("ALPHA", "large", labels=["x" * 100 + str(number) for number in range(50)])
    world.weather.clear()
    alice.create("ALPHA", "fair", labels=["x" * 100 + str(number) for number in range(50)])
    world.deliver(app)

    assert [json.loads(call.body)["issue"]["fields"]["summary"] for call in app.calls] == ["small", "fair"]


def test_of_a_generated_site_a_tenth_of_the_events_is_too_large(
    world: World, site: Site, app: ListeningApp
) -> None:
    made = generator.fill(site, "ALPHA", 300)
    drawn(world, 1, faults={"F24"})
    for issue in made:
        webhooks.announce(world, site, "jira:issue_updated", issue, site.user("alice"))

    assert 0.05 <= 1 - len(world.outbox) / len(made) <= 0.15


@pytest.mark.parametrize(
    ("name", "fault"), [("F2", Doubled()), ("F3", Reordered()), ("F4", SecondaryFirst())]
)
def test_a_fault_that_is_scripted_without_a_share_has_that_of_the_catalogue(
    name: str, fault: Doubled | Reordered | SecondaryFirst
) -> None:
    assert fault.share == CATALOGUE[name].rate


def test_a_drawn_late_effect_comes_within_five_minutes(
    world: World, site: Site, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    issues = [alice.create("ALPHA", str(number)) for number in range(30)]
    drawn(world, 1, faults={"effect late"}, rates={"effect late": 1.0})
    for issue in issues:
        ask(as_app(world, site), "PUT", f"/rest/api/3/issue/{issue}", {"fields": {"summary": "late"}})
    world.weather.clear()

    seen = []
    for seconds in (0.9, 150, 150):
        clock.advance(seconds=seconds)
        world.catch_up()
        seen.append(sum(site.issues[each].fields["summary"] == "late" for each in issues))

    assert (seen[0], seen[2]) == (0, 30)
    assert 0 < seen[1] < 30


def test_a_rate_of_nothing_is_fair_weather(world: World, site: Site, app: ListeningApp) -> None:
    drawn(world, 1, faults={"F6"}, rates={"F6": 0.0})
    drawn(world, 1, faults={"F11"}, rates={"F11": 0.0})
    before = world.largest_delivery
    drawn(world, 1, faults={"F24"}, rates={"F24": 0.0})

    assert [as_app(world, site).get("/rest/api/3/myself").status for _ in range(50)] == [200] * 50
    assert (len(world.agenda), world.largest_delivery) == (0, before)


@pytest.mark.parametrize("name", SUDDEN)
def test_a_sudden_fault_comes_again_and_again_and_clears_away(
    world: World, site: Site, app: ListeningApp, alice: Person, clock: VirtualClock, name: str
) -> None:
    world.courier = app
    for number in range(5):
        alice.create("ALPHA", str(number))
    drawn(world, 3, faults={name}, rates={name: 1.0})
    before = {each.base_url for each in world.sites.values()}

    for _ in range(10 * 24):
        clock.advance(hours=1)
        world.deliver(app)
    struck = list(world.weather.log)
    world.weather.clear()
    clock.advance(hours=100)
    world.deliver(app)

    assert 2 <= len(struck) <= 300
    assert set(struck) == {name}
    assert (world.weather.log, len(world.agenda), world.weather.spells) == (struck, 0, [])
    assert as_app(world, site).get("/rest/api/3/myself").status == 200
    assert ({each.base_url for each in world.sites.values()}, site.clock_shift) == (before, timedelta(0))


def test_the_same_seed_draws_the_same_weather(clock: VirtualClock, world: World, app: ListeningApp) -> None:
    assert [drawn(world, seed) for seed in range(30)] == [drawn(world, seed) for seed in range(30)]


def test_the_table_names_every_fault_and_how_often_it_comes() -> None:
    told = catalogue.table()

    steady = [kind for kind in CATALOGUE.values() if isinstance(kind, Steady)]
    assert told.count("a share of") == len(steady)
    assert told.count(" an hour |") == len(SUDDEN)
    assert all(f"| `{name}` |" in told for name in CATALOGUE)
