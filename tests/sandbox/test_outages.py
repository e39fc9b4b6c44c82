"""A site off the net, and a site whose clock is wrong."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
import requests

from jira_sandbox import seed
from jira_sandbox.server import serve
from jira_sandbox.state.site import Site
from jira_sandbox.wire import ConnectionLost
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, VirtualClock, as_app, as_person

ISSUE = "/rest/api/3/issue"
ALICE = ("alice", "secret-alice")


def test_a_site_that_is_down_breaks_off_before_any_effect(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    world.take_down("acme")

    with pytest.raises(ConnectionLost):
        as_app(world, site).create("ALPHA", "never made")
    with pytest.raises(ConnectionLost):
        alice.create("ALPHA", "never made either")

    assert site.issues == {}
    world.bring_up("acme")
    assert alice.create("ALPHA", "made") in site.issues


def test_calls_to_a_site_that_is_down_are_counted(world: World, site: Site, app: ListeningApp) -> None:
    world.take_down("acme")
    world.meters.reset()

    with pytest.raises(ConnectionLost):
        as_app(world, site).get("/rest/api/3/myself")

    assert world.meters.calls(caller="app") == 1


def test_deliveries_of_a_site_that_is_down_wait_until_it_is_up(
    world: World, app: ListeningApp, alice: Person
) -> None:
    alice.create("ALPHA", "one")
    world.take_down("acme")

    sent = [world.deliver(app), world.send_one(world.outbox[0], app)]

    assert (sent, len(world.outbox), app.calls) == ([0, False], 1, [])
    world.bring_up("acme")
    assert (world.deliver(app), world.outbox) == (1, [])
    assert "X-Atlassian-Webhook-Retry" not in app.calls[0].headers


def test_a_site_is_taken_down_and_brought_up_over_http() -> None:
    world = seed.standard(VirtualClock(), {"acme": "http://127.0.0.1", "initech": "http://127.0.0.1"})
    with serve(world) as running:
        acme, initech = running.addresses["acme"], running.addresses["initech"]

        down = requests.post(f"{acme}/_sandbox/down", json={"on": True}).json()
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{acme}/rest/api/3/myself", auth=ALICE)
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{acme}/")
        elsewhere = requests.get(f"{initech}/rest/api/3/myself", auth=ALICE).status_code
        up = requests.post(f"{acme}/_sandbox/down", json={"on": False}).json()
        again = requests.get(f"{acme}/rest/api/3/myself", auth=ALICE).status_code
        refused = requests.post(f"{acme}/_sandbox/down", json={"on": "yes"}).status_code

    assert (down, elsewhere, up, again, refused) == ({"on": True}, 200, {"on": False}, 200, 400)


def test_all_that_a_site_dates_goes_by_its_own_clock(
    world: World, site: Site, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    site.clock_shift = timedelta(minutes=7)
    shifted, stamp = clock() + site.clock_shift, "2026-11-22T01:09:03.456+0000"

    issue = alice.create("ALPHA", "one")
    alice.edit(issue, summary="two")
    comment = alice.get(f"{ISSUE}/{issue}/comment/{alice.comment(issue, 'first')}").json()
    answer = alice.get(f"{ISSUE}/{issue}?expand=changelog")
    shown = answer.json()

    assert {shown["fields"]["created"], shown["fields"]["updated"], comment["created"]} == {stamp}
    assert shown["changelog"]["histories"][0]["created"] == stamp
    assert parsedate_to_datetime(answer.headers["Date"]) == shifted.replace(microsecond=0)
    assert alice.get("/rest/api/3/serverInfo").json()["serverTime"] == stamp
    assert f'"timestamp": {int(shifted.timestamp() * 1000)}'.encode() in world.outbox[0].body
    assert world.deliver(app) == 3


def test_relative_times_of_a_search_go_by_the_sites_clock(
    site: Site, alice: Person, clock: VirtualClock
) -> None:
    issue = alice.create("ALPHA", "one")
    wanted = {"jql": 'project = ALPHA AND updated >= "-5m"'}

    site.clock_shift = timedelta(minutes=6)
    later = alice.post("/rest/api/3/search/jql", wanted).json()["issues"]
    site.clock_shift = timedelta(minutes=-6)
    earlier = alice.post("/rest/api/3/search/jql", wanted).json()["issues"]

    assert (later, earlier) == ([], [{"id": issue}])


def test_a_clock_set_back_leaves_the_history_in_its_order(
    site: Site, alice: Person, clock: VirtualClock
) -> None:
    issue = alice.create("ALPHA", "0")
    alice.edit(issue, summary="1")
    clock.advance(seconds=1)
    site.clock_shift = timedelta(minutes=-10)

    alice.edit(issue, summary="2")

    first, second = site.issue(issue).changelog
    assert first.id < second.id
    assert second.created == first.created - timedelta(minutes=10) + timedelta(seconds=1)
    assert alice.get(f"{ISSUE}/{issue}").json()["fields"]["updated"] == "2026-11-22T00:52:04.456+0000"


def test_another_sites_clock_and_the_apps_tokens_stay_as_they_are(
    world: World, site: Site, app: ListeningApp, clock: VirtualClock
) -> None:
    other = world.add_site("other", "https://other.example")
    site.clock_shift = timedelta(minutes=-10)

    assert as_app(world, site).get("/rest/api/3/myself").status == 200
    assert other.now() == clock()


def test_a_busy_site_is_ordered_over_http() -> None:
    world = seed.standard(VirtualClock(), {"acme": "http://127.0.0.1"})
    with serve(world) as running:
        control = f"{running.addresses['acme']}/_sandbox/busy"

        told = requests.post(control, json={"reason": "jira-burst-based", "seconds": 7, "times": 2})
        more = requests.post(control, json={})
        refused = requests.post(control, json={"seconds": "7", "times": -1})

    assert (told.json(), more.json()) == ({"waiting": 2}, {"waiting": 3})
    assert (refused.status_code, refused.json()["errors"].keys()) == (400, {"seconds", "times"})
    first, second = world.misfortunes.waiting
    assert first.headers == {"Retry-After": "7", "RateLimit-Reason": "jira-burst-based"}
    assert (first.match, first.site, second.headers) == (("", ""), "acme", {})


def test_what_is_busy_meets_the_app_whatever_it_calls_and_nobody_else() -> None:
    world = seed.standard(VirtualClock(), {"acme": "http://127.0.0.1"})
    site = world.sites["acme"]
    with serve(world) as running:
        requests.post(f"{running.addresses['acme']}/_sandbox/busy", json={"times": 1})
        person = requests.get(f"{running.addresses['acme']}/rest/api/3/myself", auth=ALICE).status_code

    struck = world.misfortunes.waiting[0]
    assert (person, struck.times, struck.caller) == (200, 1, "app")
    assert as_person(world, site, "alice").get("/rest/api/3/myself").status == 200


def test_limits_are_ordered_and_violations_told_over_http() -> None:
    world = seed.standard(VirtualClock(), {"acme": "http://127.0.0.1"})
    world.limits.violations.append("GET somewhere, too early")
    with serve(world) as running:
        control = f"{running.addresses['acme']}/_sandbox/limits"

        told = requests.post(control, json={"points_per_hour": 500, "grace": 1}).json()
        refused = requests.post(control, json={"points_per_hour": -1, "grace": "long"})
        violations = requests.get(control).json()

    assert told == {"points_per_hour": 500, "grace": 1}
    assert (refused.status_code, refused.json()["errors"].keys()) == (400, {"points_per_hour", "grace"})
    assert violations == {"violations": ["GET somewhere, too early"]}
    assert world.limits.grace == timedelta(seconds=1)
