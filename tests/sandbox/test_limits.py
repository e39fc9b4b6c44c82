"""Jira's limits on an app, and the list of calls that came although they had been told to wait."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from jira_sandbox.limits import Limits
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.quotas import Asked, Figures
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Response
from jira_sandbox.world import World
from tests.support.sandbox import AppCaller, ListeningApp, Person, VirtualClock, as_app, install, two_sites

ISSUE = "/rest/api/3/issue"
MYSELF = "/rest/api/3/myself"
NO_WRITES_COUNTED: tuple[tuple[int, float], ...] = ()


@pytest.fixture
def world(clock: VirtualClock) -> World:
    return two_sites(clock)


@pytest.fixture
def us(world: World, site: Site, app: ListeningApp) -> AppCaller:
    """The app on acme."""
    return as_app(world, site)


@pytest.fixture
def over_there(world: World, app: ListeningApp) -> AppCaller:
    """The same app on initech."""
    install(world, world.sites["initech"], app)
    return as_app(world, world.sites["initech"])


def busy(
    world: World,
    site: Site,
    match: tuple[str, str] = ("GET", "/myself"),
    *,
    wait: str = "7",
    reason: str = "",
) -> None:
    """Let one call be answered with 429; an empty header is left out."""
    named = {"Retry-After": wait, "RateLimit-Reason": reason}
    headers = {name: value for name, value in named.items() if value}
    world.misfortunes.add(Misfortune(match=match, kind="busy", headers=headers, site=site.name))


def limit_headers(response: Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if "RateLimit" in name}


def statuses(*responses: Response) -> list[int]:
    return [each.status for each in responses]


def test_without_limits_nothing_is_said_of_them(us: AppCaller) -> None:
    answers = [us.get(MYSELF) for _ in range(300)]

    assert {each.status for each in answers} == {200}
    assert limit_headers(answers[0]) == {}


def test_points_are_common_to_all_sites_until_the_hour_ends(
    world: World, us: AppCaller, over_there: AppCaller, clock: VirtualClock
) -> None:
    world.limits.enforce(Figures(points_per_hour=6))

    paid = statuses(us.get(MYSELF), over_there.get(MYSELF))
    refused = us.get(MYSELF)

    assert paid == [200, 200]
    assert (refused.status, refused.json()["errorMessages"]) == (429, ["Rate limit exceeded."])
    assert refused.headers["Retry-After"] == "3477"
    assert limit_headers(refused) == {
        "X-RateLimit-Limit": "6",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "2026-11-22T02:00:00Z",
        "X-RateLimit-NearLimit": "true",
        "RateLimit-Reason": "jira-quota-global-based",
        "RateLimit-Policy": '"global-app-quota";q=6;w=3600',
        "RateLimit": '"global-app-quota";r=0;t=3477',
    }
    clock.advance(seconds=3477)
    assert statuses(over_there.get(MYSELF)) == [200]


def test_a_site_with_points_of_its_own_uses_up_nobody_elses(
    world: World, us: AppCaller, over_there: AppCaller
) -> None:
    world.limits.enforce(Figures(points_per_hour=6, points_per_site={"acme": 3}))

    assert statuses(us.get(MYSELF)) == [200]
    refused = us.get(MYSELF)

    assert refused.headers["RateLimit-Reason"] == "jira-quota-tenant-based"
    assert refused.headers["RateLimit-Policy"] == '"tenant-app-quota";q=3;w=3600'
    assert statuses(over_there.get(MYSELF), over_there.get(MYSELF)) == [200, 200]


def test_what_is_left_is_told_exactly_only_near_the_end(world: World, us: AppCaller) -> None:
    world.limits.enforce(Figures(points_per_hour=10))

    far, near = limit_headers(us.get(MYSELF)), [limit_headers(us.get(MYSELF)) for _ in range(2)][-1]

    assert far == {
        "X-RateLimit-Limit": "10",
        "X-RateLimit-Remaining": "7",
        "X-RateLimit-NearLimit": "false",
        "RateLimit-Policy": '"global-app-quota";q=10;w=3600',
        "RateLimit": '"global-app-quota";t=3477',
    }
    assert (near["X-RateLimit-NearLimit"], near["X-RateLimit-Remaining"]) == ("true", "1")
    assert near["RateLimit"] == '"global-app-quota";r=1;t=3477'


def test_points_that_are_only_announced_refuse_nobody(world: World, us: AppCaller) -> None:
    world.limits.enforce(Figures(points_per_hour=2, points_enforced=False))

    answers = [us.get(MYSELF) for _ in range(3)]

    assert statuses(*answers) == [200, 200, 200]
    assert limit_headers(answers[-1]) == {
        "Beta-RateLimit-Policy": '"global-app-quota";q=2;w=3600',
        "Beta-RateLimit": '"global-app-quota";r=0;t=3477',
    }


def test_a_burst_is_limited_by_site_endpoint_and_method_and_passes(
    world: World, us: AppCaller, over_there: AppCaller, clock: VirtualClock
) -> None:
    world.limits.enforce(Figures(bursts={"GET": 2}, writes=NO_WRITES_COUNTED))

    first = [us.get(MYSELF) for _ in range(3)]
    elsewhere = [us.get("/rest/api/3/priority"), over_there.get(MYSELF)]
    unlimited = [us.post(ISSUE, {"fields": {}}) for _ in range(5)]
    clock.advance(seconds=0.5)
    later = [us.get(MYSELF), us.get(MYSELF)]

    assert statuses(*first, *elsewhere) == [200, 200, 429, 200, 200]
    assert {each.status for each in unlimited} == {400}
    assert (first[2].headers["RateLimit-Reason"], first[2].headers["Retry-After"]) == (
        "jira-burst-based",
        "1",
    )
    assert first[2].headers["X-RateLimit-Limit"] == "2"
    assert statuses(*later) == [200, 429]


def test_the_published_figures_hold_when_none_are_given(
    world: World, us: AppCaller, clock: VirtualClock
) -> None:
    issue = us.create("ALPHA", "one")
    world.limits.enforce()

    reads = [us.get(f"{ISSUE}/{issue}").status for _ in range(151)]
    others = [us.get("/rest/api/3/priority").status for _ in range(101)]
    clock.advance(seconds=60)
    edits = [us.put(f"{ISSUE}/{issue}", {"fields": {"summary": str(n)}}).status for n in range(21)]

    assert (reads.count(200), reads[-1]) == (150, 429)
    assert (others.count(200), others[-1]) == (100, 429)
    assert (edits.count(204), edits[-1]) == (20, 429)


def test_writes_to_one_item_are_limited_in_two_windows_and_reads_are_not(
    world: World, us: AppCaller, clock: VirtualClock
) -> None:
    issue, other = us.create("ALPHA", "one"), us.create("ALPHA", "other")
    world.limits.enforce(Figures(writes=((2, 2.0), (3, 30.0))))
    us.comment(issue, "first")
    clock.advance(seconds=1)
    us.edit("ALPHA-1", summary="by key")

    in_the_short_one = us.put(f"{ISSUE}/{issue}/properties/link", 7)
    spared = [us.get(f"{ISSUE}/{issue}"), us.put(f"{ISSUE}/{other}/properties/link", 7)]
    clock.advance(seconds=1)
    allowed = us.put(f"{ISSUE}/{issue}/properties/link", 7)
    clock.advance(seconds=3)
    in_the_long_one = us.put(f"{ISSUE}/{issue}/properties/link", 8)

    assert (in_the_short_one.status, in_the_short_one.headers["Retry-After"]) == (429, "1")
    assert in_the_short_one.headers["RateLimit-Reason"] == "jira-per-issue-on-write"
    assert statuses(*spared, allowed) == [200, 201, 201]
    assert (in_the_long_one.status, in_the_long_one.headers["Retry-After"]) == (429, "25")
    assert in_the_long_one.headers["X-RateLimit-Limit"] == "3"
    clock.advance(seconds=25)
    assert us.put(f"{ISSUE}/{issue}/properties/link", 8).status == 200


def test_people_are_held_to_no_limits(world: World, alice: Person) -> None:
    world.limits.enforce(Figures(points_per_hour=1, bursts={"GET": 1}))

    assert statuses(*(alice.get(MYSELF) for _ in range(5))) == [200] * 5


def test_relaxed_limits_are_gone(world: World, us: AppCaller) -> None:
    world.limits.enforce(Figures(bursts={"GET": 1}))
    world.limits.relax()

    assert statuses(us.get(MYSELF), us.get(MYSELF)) == [200, 200]


def test_a_call_within_the_pause_of_its_site_is_a_violation(
    world: World, site: Site, us: AppCaller, over_there: AppCaller, alice: Person, clock: VirtualClock
) -> None:
    busy(world, site, reason="jira-quota-tenant-based")
    us.get(MYSELF)

    alice.get(MYSELF)
    over_there.get(MYSELF)
    assert world.limits.violations == []
    clock.advance(seconds=6.5)
    us.get("/rest/api/3/priority")
    clock.advance(seconds=0.5)
    us.get(MYSELF)

    (sentence,) = world.limits.violations
    assert sentence == (
        "GET /rest/api/3/priority on acme came at 01:02:09.956000, "
        "told to wait from 01:02:03.456000 until 01:02:10.456000 (jira-quota-tenant-based)"
    )


def test_a_global_quota_pauses_every_site(
    world: World, site: Site, us: AppCaller, over_there: AppCaller
) -> None:
    busy(world, site, reason="jira-quota-global-based")
    us.get(MYSELF)

    over_there.get(MYSELF)

    assert len(world.limits.violations) == 1


@pytest.mark.parametrize(("is_clouds", "violations"), [(True, 1), (False, 0)])
def test_a_data_center_has_no_quota_that_it_shares_with_others(is_clouds: bool, violations: int) -> None:
    limits, now = Limits(), datetime(2026, 11, 22, tzinfo=UTC)
    told = Response(429, {"Retry-After": "60", "RateLimit-Reason": "jira-quota-global-based"}, b"")
    asked = Asked(site="initech", endpoint=f"GET {MYSELF}", counted=is_clouds)
    limits.answered(asked, told, points=1, now=now, date=now)

    limits.arrived(Asked(site="acme", endpoint=f"GET {MYSELF}"), now + timedelta(seconds=5))

    assert len(limits.violations) == violations


@pytest.mark.parametrize("reason", ["jira-cost-based", ""])
def test_an_unknown_reason_pauses_the_site(
    world: World, site: Site, us: AppCaller, over_there: AppCaller, reason: str
) -> None:
    busy(world, site, reason=reason)
    us.get(MYSELF)

    over_there.get(MYSELF)
    assert world.limits.violations == []
    us.get("/rest/api/3/priority")

    assert len(world.limits.violations) == 1


def test_a_burst_pauses_one_endpoint_of_one_site(
    world: World, site: Site, us: AppCaller, over_there: AppCaller
) -> None:
    issue, other = us.create("ALPHA", "one"), us.create("ALPHA", "two")
    busy(world, site, ("GET", rf"/issue/{issue}$"), reason="jira-burst-based")
    us.get(f"{ISSUE}/{issue}")

    us.edit(issue, summary="two")
    us.get(f"{ISSUE}/{issue}/changelog")
    over_there.get(f"{ISSUE}/1")
    assert world.limits.violations == []
    us.get(f"{ISSUE}/{other}")

    assert len(world.limits.violations) == 1


def test_a_limit_of_one_item_pauses_the_writes_to_it(world: World, site: Site, us: AppCaller) -> None:
    issue, other = us.create("ALPHA", "one"), us.create("ALPHA", "two")
    busy(world, site, ("PUT", "/issue/"), reason="jira-per-issue-on-write")
    us.put(f"{ISSUE}/{issue}", {"fields": {"summary": "two"}})

    us.get(f"{ISSUE}/{issue}")
    us.edit(other, summary="three")
    us.create("ALPHA", "four")
    assert world.limits.violations == []
    us.comment("ALPHA-1", "by key")

    assert len(world.limits.violations) == 1


@pytest.mark.parametrize("told", ["", "0", "-1", "soon", "1.5", "1e9"])
def test_what_names_no_time_binds_nobody(world: World, site: Site, us: AppCaller, told: str) -> None:
    busy(world, site, wait=told)
    us.get(MYSELF)

    us.get(MYSELF)

    assert world.limits.violations == []


def test_a_date_binds_until_then_and_an_absurd_time_for_an_hour(
    world: World, site: Site, us: AppCaller, clock: VirtualClock
) -> None:
    until = clock() + timedelta(seconds=10)
    busy(world, site, wait=format_datetime(until, usegmt=True))
    busy(world, site, ("GET", "/priority"), wait="1000000000")

    us.get(MYSELF)
    clock.advance(seconds=9)
    us.get(MYSELF)
    clock.advance(seconds=1)
    us.get("/rest/api/3/priority")
    clock.advance(seconds=3599)
    us.get(MYSELF)
    clock.advance(seconds=1)
    us.get(MYSELF)

    assert len(world.limits.violations) == 2


def test_calls_already_under_way_can_be_forgiven(
    world: World, site: Site, us: AppCaller, clock: VirtualClock
) -> None:
    world.limits.grace = timedelta(seconds=1)
    busy(world, site)
    us.get(MYSELF)

    clock.advance(seconds=0.9)
    us.get(MYSELF)
    assert world.limits.violations == []
    clock.advance(seconds=0.1)
    us.get(MYSELF)

    assert len(world.limits.violations) == 1


def test_a_limit_that_is_reached_starts_a_pause_too(
    world: World, us: AppCaller, over_there: AppCaller, clock: VirtualClock
) -> None:
    world.limits.enforce(Figures(points_per_hour=1))
    us.get(MYSELF)
    assert us.get(MYSELF).status == 429

    clock.advance(minutes=30)
    over_there.get(MYSELF)
    clock.advance(minutes=30)
    over_there.get(MYSELF)

    assert len(world.limits.violations) == 1


def test_who_was_told_twice_is_told_of_both_times(
    world: World, site: Site, us: AppCaller, clock: VirtualClock
) -> None:
    for _ in range(2):
        busy(world, site, wait="60")
    us.get(MYSELF)
    clock.advance(seconds=1)

    us.get(MYSELF)
    clock.advance(seconds=1)
    us.get(MYSELF)

    since = [each.partition(" from ")[2][:15] for each in world.limits.violations]
    assert since == ["01:02:03.456000", "01:02:03.456000", "01:02:04.456000"]


def test_another_thread_is_bound_a_moment_later(
    world: World, site: Site, us: AppCaller, clock: VirtualClock
) -> None:
    busy(world, site)
    us.get(MYSELF)

    with ThreadPoolExecutor(1) as another:
        another.submit(us.get, MYSELF).result()
        assert world.limits.violations == []
        clock.advance(seconds=0.001)
        another.submit(us.get, MYSELF).result()

    assert len(world.limits.violations) == 1
