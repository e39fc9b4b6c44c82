"""Single calls and deliveries in bad weather, as they look on the wire."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
import urllib3

from jira_sandbox.misfortunes import Kind, Misfortune
from jira_sandbox.state.site import Site
from jira_sandbox.transport import mounted
from jira_sandbox.weather.calls import REASONS, Struck, Unreachable, busy, waits
from jira_sandbox.weather.deliveries import Doubled, Lost, Reordered, SecondaryFirst, TooLarge
from jira_sandbox.wire import TimedOut
from jira_sandbox.world import World
from tests.support.sandbox import ACME, ListeningApp, Person, VirtualClock, as_app

ISSUE = "/rest/api/3/issue"
ALICE = ("alice", "secret-alice")
MYSELF = ("GET", "/myself")


@pytest.fixture
def wire(world: World) -> Iterator[None]:
    with mounted(world):
        yield


def strike(world: World, kind: Kind, match: tuple[str, str], **more: object) -> None:
    world.weather.script(Struck(Misfortune(match=match, kind=kind, **more)))  # type: ignore[arg-type]


def heard(app: ListeningApp) -> list[str]:
    return [json.loads(call.body)["issue"]["fields"]["summary"] for call in app.calls]


def test_of_a_lost_share_nothing_comes_until_the_weather_clears(
    world: World, app: ListeningApp, alice: Person
) -> None:
    world.weather.script(Lost(share=1.0))
    alice.create("ALPHA", "unheard")
    world.weather.clear()
    alice.create("ALPHA", "heard")

    world.deliver(app)

    assert heard(app) == ["heard"]


def test_a_delivery_comes_two_to_five_times_over_a_day(
    world: World, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    world.weather.script(Doubled(share=1.0))
    for number in range(20):
        alice.create("ALPHA", str(number))
    world.deliver(app)
    at_once = len(app.calls)
    clock.advance(hours=24)
    world.deliver(app)

    times = [heard(app).count(str(number)) for number in range(20)]
    assert (at_once, set(times), world.outbox) == (20, {2, 3, 4, 5}, [])
    assert len({call.headers["X-Atlassian-Webhook-Identifier"] for call in app.calls}) == 20


def test_deliveries_come_out_of_order_across_a_quarter_of_an_hour(
    world: World, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    world.weather.script(Reordered(share=0.5))
    for number in range(20):
        alice.create("ALPHA", str(number))
    for _ in range(16):
        world.deliver(app)
        clock.advance(minutes=1)

    assert sorted(heard(app), key=int) == [str(number) for number in range(20)]
    assert heard(app) != sorted(heard(app), key=int)


def test_secondary_deliveries_go_before_the_primary_ones(
    world: World, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    issue = alice.create("ALPHA", "one")
    alice.comment(issue, "gone with it")
    world.deliver(app)
    app.calls.clear()
    world.weather.script(SecondaryFirst(share=1.0))

    alice.delete(f"{ISSUE}/{issue}")
    world.deliver(app)
    clock.advance(seconds=30)
    world.deliver(app)

    assert [
        (call.headers["X-Atlassian-Webhook-Flow"], json.loads(call.body)["webhookEvent"])
        for call in app.calls
    ] == [("Secondary", "comment_deleted"), ("Primary", "jira:issue_deleted")]


def test_an_event_that_is_too_large_is_told_to_nobody(world: World, app: ListeningApp, alice: Person) -> None:
    spell = world.weather.script(TooLarge(most=8000))
    alice.create("ALPHA", "x" * 250, description=None)
    small = len(world.outbox)
    alice.create("ALPHA", "large", labels=["x" * 100 + str(number) for number in range(50)])
    spell.end()
    alice.create("ALPHA", "told", labels=["x" * 100 + str(number) for number in range(50)])
    world.deliver(app)

    assert (small, heard(app)[-1], len(app.calls)) == (1, "told", 2)


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("number", range(8))
def test_busy_for_any_reason_with_any_wait(
    world: World, site: Site, app: ListeningApp, clock: VirtualClock, reason: str, number: int
) -> None:
    wait = waits(clock())[number]
    world.weather.script(Struck(busy(reason, wait)))

    answer = as_app(world, site).get("/rest/api/3/myself")

    assert answer.status == 429
    assert answer.headers.get("RateLimit-Reason", "") == reason
    assert answer.headers.get("Retry-After") == wait
    assert as_app(world, site).get("/rest/api/3/myself").status == 200


def test_a_date_to_wait_for_is_half_a_minute_ahead(clock: VirtualClock) -> None:
    assert "Sun, 22 Nov 2026 01:02:33 GMT" in waits(clock())


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_refused_before_the_effect(world: World, site: Site, app: ListeningApp, status: int) -> None:
    strike(world, "refuse_before_effect", ("POST", "/issue$"), status=status)

    answer = as_app(world, site).post(ISSUE, {"fields": {}})

    assert (answer.status, site.issues) == (status, {})


def test_a_server_error_after_the_effect(world: World, site: Site, app: ListeningApp) -> None:
    strike(world, "refuse_after_effect", ("POST", "/issue$"), status=500)
    wish = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "made"}

    answer = as_app(world, site).post(ISSUE, {"fields": wish})

    assert (answer.status, len(site.issues)) == (500, 1)


@pytest.mark.usefixtures("wire")
@pytest.mark.parametrize(("kind", "made"), [("time_out_before_effect", 0), ("time_out_after_effect", 1)])
def test_a_time_out_is_that_of_the_client(world: World, site: Site, kind: Kind, made: int) -> None:
    strike(world, kind, ("POST", "/issue$"), caller="person")
    wish = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "one"}

    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{ACME}{ISSUE}", json={"fields": wish}, auth=ALICE)

    assert len(site.issues) == made


def test_an_effect_comes_after_its_caller_gave_up(
    world: World, site: Site, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    issue = alice.create("ALPHA", "one")
    strike(world, "effect_after_time_out", ("PUT", ""), seconds=60)

    with pytest.raises(TimedOut):
        as_app(world, site).edit(issue, summary="late")
    clock.advance(seconds=59)
    before = alice.get(f"{ISSUE}/{issue}").json()["fields"]
    clock.advance(seconds=1)
    after = alice.get(f"{ISSUE}/{issue}").json()["fields"]

    assert (before["summary"], after["summary"]) == ("one", "late")
    assert after["updated"] == "2026-11-22T01:03:03.456+0000"


@pytest.mark.usefixtures("wire")
@pytest.mark.parametrize(
    ("how", "error", "reason"),
    [
        ("name_unknown", requests.ConnectionError, urllib3.exceptions.NameResolutionError),
        ("tls_failed", requests.exceptions.SSLError, urllib3.exceptions.SSLError),
    ],
)
def test_a_site_nobody_finds_or_trusts(
    world: World, how: Kind, error: type[Exception], reason: type[Exception]
) -> None:
    world.weather.script(Unreachable(site="acme", how=how))

    with pytest.raises(error) as raised:
        requests.get(f"{ACME}/rest/api/3/myself", auth=ALICE)
    with pytest.raises(error):
        requests.get(f"{ACME}/rest/api/3/myself", auth=ALICE)
    world.weather.clear()

    found = raised.value.args[0].reason
    assert isinstance(found, reason)
    assert how != "tls_failed" or found.args[0].verify_message, "OpenSSL's errors say what is wrong"
    assert requests.get(f"{ACME}/rest/api/3/myself", auth=ALICE).status_code == 200


@pytest.mark.usefixtures("wire")
def test_an_answer_cut_short_promises_more_than_comes(world: World) -> None:
    strike(world, "cut_short", MYSELF, caller="person")

    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        requests.get(f"{ACME}/rest/api/3/myself", auth=ALICE)

    assert requests.get(f"{ACME}/rest/api/3/myself", auth=ALICE).status_code == 200


def test_the_event_comes_before_the_answer(world: World, site: Site, app: ListeningApp) -> None:
    world.courier = app
    strike(world, "event_before_answer", ("POST", "/issue$"))
    known: list[int] = []
    world.hooks.after("POST", "/issue$", lambda _: known.append(len(app.calls)))

    as_app(world, site).create("ALPHA", "one")

    assert (known, heard(app), world.outbox) == ([1], ["one"], [])


def test_the_metadata_of_the_history_is_dropped(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one")
    metadata = {"type": "example", "activityDescription": "by us"}
    strike(world, "drop_metadata", ("PUT", ""))

    for summary in ("two", "three"):
        wish = {"fields": {"summary": summary}, "historyMetadata": metadata}
        as_app(world, site).put(f"{ISSUE}/{issue}", wish)

    kept = [entry.history_metadata for entry in site.issue(issue).changelog]
    assert kept == [None, metadata]


def test_a_spell_ends_by_itself_when_its_time_has_come(
    world: World, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    world.weather.script(Lost(share=1.0), lasting=timedelta(hours=1))
    clock.advance(minutes=59)
    alice.create("ALPHA", "unheard")
    clock.advance(minutes=1)
    alice.create("ALPHA", "heard")

    assert [json.loads(each.body)["issue"]["key"] for each in world.outbox] == ["ALPHA-2"]
    assert (world.chaos.lost, world.weather.log) == (0.0, ["Lost"])
