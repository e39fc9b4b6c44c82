"""Whole sites in bad weather, as it looks on the wire, and how it ends."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from jira_sandbox.quotas import Figures
from jira_sandbox.state.furniture import CustomField, FieldContext, Option
from jira_sandbox.state.site import Site
from jira_sandbox.transport import mounted
from jira_sandbox.weather.automation import Automation
from jira_sandbox.weather.items import (
    Archived,
    Deleted,
    FieldRemoved,
    FieldRenamed,
    Moved,
    OffScreen,
    OptionDeleted,
    StepRemoved,
)
from jira_sandbox.weather.sites import (
    AppAway,
    ClockOff,
    Down,
    IndexBehind,
    QuotaShort,
    Renamed,
    RightLost,
    SecretLost,
)
from jira_sandbox.wire import ConnectionLost
from jira_sandbox.world import World
from tests.support.sandbox import ACME, ListeningApp, Person, VirtualClock, as_app, descriptor, install

ISSUE = "/rest/api/3/issue"
ALICE = ("alice", "secret-alice")
RENAMED = "https://acme-2.atlassian.net"


@pytest.fixture
def issue(alice: Person, app: ListeningApp) -> str:
    return alice.create("ALPHA", "one")


@pytest.fixture
def color(site: Site) -> str:
    """A custom field with two values, on the screens of ALPHA."""
    options = (Option(id="1", value="red"), Option(id="2", value="green"))
    context = FieldContext(id="10", name="Default", options=options)
    site.put_field(CustomField(id="customfield_10050", name="Color", kind="select", contexts=(context,)))
    site.space("ALPHA").screen.add("customfield_10050")
    return "customfield_10050"


@pytest.fixture
def wire(world: World) -> Iterator[None]:
    with mounted(world):
        yield


def statuses(app: ListeningApp) -> list[str]:
    return [call.url.removeprefix("https://app.example") for call in app.calls]


def test_a_site_is_down_for_as_long_as_it_is_told(
    world: World, site: Site, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    alice.create("ALPHA", "one")
    world.weather.script(Down("acme"), lasting=timedelta(hours=72))

    with pytest.raises(ConnectionLost):
        as_app(world, site).get("/rest/api/3/myself")
    clock.advance(hours=71)
    silent = world.deliver(app)
    clock.advance(hours=1)

    assert (silent, world.deliver(app)) == (0, 1)
    assert as_app(world, site).get("/rest/api/3/myself").status == 200


@pytest.mark.parametrize("by", [timedelta(minutes=10), timedelta(minutes=-10), timedelta(hours=-1)])
def test_a_clock_is_off_and_set_right(world: World, alice: Person, by: timedelta) -> None:
    told = alice.get("/rest/api/3/myself").headers["Date"]

    spell = world.weather.script(ClockOff(site="acme", by=by))
    off = alice.get("/rest/api/3/myself").headers["Date"]
    spell.end()
    spell.end()

    assert off != told
    assert alice.get("/rest/api/3/myself").headers["Date"] == told
    assert world.sites["acme"].clock_shift == timedelta(0)


def test_faults_of_one_kind_go_in_any_order_or_all_at_once(world: World, site: Site) -> None:
    ahead, behind = (
        world.weather.script(ClockOff(site="acme", by=timedelta(hours=hours))) for hours in (2, -5)
    )
    for minutes in (1, 10):
        world.weather.script(IndexBehind(site="acme", lag=timedelta(minutes=minutes)))

    ahead.end()
    left = site.clock_shift
    behind.end()
    world.weather.clear()

    assert (left, site.clock_shift) == (timedelta(hours=-5), timedelta(0))
    assert site.index_lag == timedelta(0)


def test_a_lost_right_makes_all_of_a_space_go_away_and_come_back(
    world: World, site: Site, issue: str
) -> None:
    spell = world.weather.script(RightLost(site="acme", space="ALPHA"))
    lost = as_app(world, site).get(f"{ISSUE}/{issue}").status
    spell.end()

    assert (lost, as_app(world, site).get(f"{ISSUE}/{issue}").status) == (404, 200)


def test_a_right_of_one_kind_is_lost_alone(world: World, site: Site, issue: str) -> None:
    world.weather.script(RightLost(site="acme", space="ALPHA", permissions=("EDIT_ISSUES",)))
    us = as_app(world, site)

    assert us.get(f"{ISSUE}/{issue}").status == 200
    assert us.put(f"{ISSUE}/{issue}", {"fields": {"summary": "two"}}).status >= 400


def test_a_work_item_is_archived_and_restored(world: World, site: Site, issue: str) -> None:
    spell = world.weather.script(Archived(site="acme", item=issue))
    archived = as_app(world, site).put(f"{ISSUE}/{issue}", {"fields": {"summary": "two"}}).status
    spell.end()

    assert (archived, as_app(world, site).put(f"{ISSUE}/{issue}", {"fields": {}}).status) == (400, 204)


def test_a_work_item_is_moved_for_good_and_still_found_by_its_former_key(
    world: World, site: Site, issue: str
) -> None:
    world.weather.script(Moved(site="acme", item=issue, space="BETA"))
    world.weather.clear()

    assert as_app(world, site).get(f"{ISSUE}/ALPHA-1").json()["key"] == "BETA-1"
    assert [each.event for each in world.outbox] == ["jira:issue_created", "jira:issue_updated"]


def test_a_work_item_that_nobody_may_move_stays(world: World, site: Site, issue: str) -> None:
    for user in site.users.values():
        site.deny(user, "CREATE_ISSUES", space=site.space("BETA"))

    with pytest.raises(LookupError, match="ALPHA-1 cannot be moved to BETA"):
        world.weather.script(Moved(site="acme", item=issue, space="BETA"))


def test_a_work_item_is_deleted_for_good_and_told_of(world: World, site: Site, issue: str) -> None:
    world.weather.script(Deleted(site="acme", item=issue))
    world.weather.clear()

    assert as_app(world, site).get(f"{ISSUE}/{issue}").status == 404
    assert [each.event for each in world.outbox] == ["jira:issue_created", "jira:issue_deleted"]


def test_a_field_goes_off_the_screens_and_comes_back(world: World, site: Site, issue: str) -> None:
    wish = {"fields": {"labels": ["a"]}}
    spell = world.weather.script(OffScreen(site="acme", space="ALPHA", field="labels"))
    refused = as_app(world, site).put(f"{ISSUE}/{issue}", wish)
    spell.end()

    assert (refused.status, refused.json()["errors"].keys()) == (400, {"labels"})
    assert as_app(world, site).put(f"{ISSUE}/{issue}", wish).status == 204


def test_a_field_gets_another_name_and_its_own_again(
    world: World, site: Site, issue: str, color: str
) -> None:
    def name() -> str:
        return str(as_app(world, site).get(f"{ISSUE}/{issue}?expand=names").json()["names"][color])

    spell = world.weather.script(FieldRenamed(site="acme", field=color, name="Colour"))
    renamed = name()
    spell.end()

    assert (renamed, name()) == ("Colour", "Color")


def test_a_field_is_removed_and_restored(world: World, site: Site, issue: str, color: str) -> None:
    us = as_app(world, site)
    us.edit(issue, **{color: {"value": "red"}})
    spell = world.weather.script(FieldRemoved(site="acme", field=color))
    shown = us.get(f"{ISSUE}/{issue}").json()["fields"]
    refused = us.put(f"{ISSUE}/{issue}", {"fields": {color: {"value": "green"}}})
    spell.end()

    assert (color in shown, refused.status, refused.json()["errors"].keys()) == (False, 400, {color})
    assert us.get(f"{ISSUE}/{issue}").json()["fields"][color]["value"] == "red"


def test_an_option_is_deleted(world: World, site: Site, issue: str, color: str) -> None:
    us = as_app(world, site)
    world.weather.script(OptionDeleted(site="acme", field=color, value="green"))

    refused = us.put(f"{ISSUE}/{issue}", {"fields": {color: {"value": "green"}}})
    us.edit(issue, **{color: {"value": "red"}})

    assert (refused.status, refused.json()["errors"].keys()) == (400, {color})


def test_a_workflow_loses_a_step_and_gets_it_back(world: World, site: Site, issue: str) -> None:
    def offered() -> list[str]:
        listed = as_app(world, site).get(f"{ISSUE}/{issue}/transitions").json()["transitions"]
        return [each["name"] for each in listed]

    before = offered()
    spell = world.weather.script(StepRemoved(site="acme", space="ALPHA", step=before[0]))
    during = offered()
    spell.end()

    assert (during, offered()) == (before[1:], before)
    with pytest.raises(LookupError):
        world.weather.script(StepRemoved(site="acme", space="ALPHA", step="nothing like it"))


@pytest.mark.usefixtures("wire")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_renamed_site_sends_everybody_to_its_new_address(world: World, method: str) -> None:
    world.weather.script(Renamed(site="acme", base_url=RENAMED))
    path = "/rest/api/3/search/jql?jql=project+%3D+ALPHA"

    moved = requests.request(method, f"{ACME}{path}", auth=ALICE, allow_redirects=False)
    there = requests.get(f"{RENAMED}/rest/api/3/serverInfo")
    page = requests.get(f"{ACME}/browse/ALPHA-1", allow_redirects=False)

    assert (moved.status_code, moved.headers["Location"]) == (302, f"{RENAMED}{path}")
    assert (page.status_code, page.headers["Location"]) == (302, f"{RENAMED}/browse/ALPHA-1")
    assert there.json()["baseUrl"] == RENAMED


@pytest.mark.usefixtures("wire")
def test_a_site_gets_its_name_back(world: World) -> None:
    world.weather.script(Renamed(site="acme", base_url=RENAMED))
    world.weather.clear()

    assert requests.get(f"{ACME}/rest/api/3/serverInfo").status_code == 200
    assert requests.get(f"{RENAMED}/rest/api/3/serverInfo", allow_redirects=False).status_code == 302


@pytest.mark.parametrize("first", ["disabled", "uninstalled"])
def test_an_app_is_taken_away_and_put_back_with_another_secret(
    world: World, site: Site, app: ListeningApp, first: str
) -> None:
    world.courier = app
    secret, account = site.app.shared_secret, site.app.user.account_id

    spell = world.weather.script(AppAway(site="acme", first=first))  # type: ignore[arg-type]
    away = site.installation
    parted = statuses(app)
    spell.end()

    assert (away, parted[0], sorted(parted)) == (None, f"/{first}", ["/disabled", "/uninstalled"])
    assert statuses(app)[2:] == ["/installed", "/enabled"]
    assert site.app.shared_secret != secret
    assert site.app.user.account_id == account


def test_an_app_that_refuses_to_come_back_stays_away(world: World, site: Site, app: ListeningApp) -> None:
    world.courier = app
    world.weather.script(AppAway(site="acme"))
    app.answers = [500]

    world.weather.clear()

    assert site.installation is None


def test_what_was_installed_meanwhile_stays(world: World, site: Site, app: ListeningApp) -> None:
    world.courier = app
    world.weather.script(AppAway(site="acme"))
    install(world, site, app, wanted=descriptor(key="another.app"))

    world.weather.clear()

    assert site.app.key == "another.app"


def test_without_a_courier_an_app_cannot_be_taken_away(world: World, app: ListeningApp) -> None:
    with pytest.raises(LookupError, match="courier"):
        world.weather.script(AppAway(site="acme"))

    assert world.weather.spells == []


def test_a_forgotten_secret_is_a_401_until_the_app_is_installed_again(
    world: World, site: Site, app: ListeningApp
) -> None:
    world.courier = app
    known = site.app.shared_secret
    us = as_app(world, site)
    signed_as_before = type(us)(us.front, us.site, us.credentials, known)

    spell = world.weather.script(SecretLost("acme"))
    refused = signed_as_before.get("/rest/api/3/myself").status
    spell.end()

    assert (refused, as_app(world, site).get("/rest/api/3/myself").status) == (401, 200)
    assert json.loads(app.calls[0].body)["sharedSecret"] == site.app.shared_secret


def test_the_index_is_behind_and_catches_up(world: World, alice: Person) -> None:
    query = "/rest/api/3/search/jql?jql=project%20%3D%20ALPHA"
    spell = world.weather.script(IndexBehind(site="acme", lag=timedelta(minutes=5)))
    alice.create("ALPHA", "new")
    behind = alice.get(query).json()["issues"]
    spell.end()

    assert (behind, len(alice.get(query).json()["issues"])) == ([], 1)


def test_points_run_out_and_come_back_with_the_next_hour(
    world: World, site: Site, app: ListeningApp, clock: VirtualClock
) -> None:
    world.weather.script(QuotaShort(Figures(points_per_hour=3)))
    us = as_app(world, site)

    used_up = [us.get("/rest/api/3/myself").status for _ in range(2)]
    clock.advance(hours=1)
    later = us.get("/rest/api/3/myself").status
    world.weather.clear()

    assert (used_up, later) == ([200, 429], 200)
    assert [us.get("/rest/api/3/myself").status for _ in range(5)] == [200] * 5


def test_a_quota_that_was_there_before_is_there_again(world: World) -> None:
    world.limits.enforce(Figures(points_per_hour=9))

    world.weather.script(QuotaShort(Figures(points_per_hour=3)))
    world.weather.clear()

    assert world.limits.figures == Figures(points_per_hour=9)


def test_an_automation_edits_back_a_moment_later_as_the_lead(
    world: World, site: Site, alice: Person, issue: str, clock: VirtualClock
) -> None:
    world.weather.script(Automation(site="acme", when="summary", then={"summary": "Checked {n}"}))

    as_app(world, site).edit(issue, summary="ours")
    at_once = alice.get(f"{ISSUE}/{issue}").json()["fields"]["summary"]
    clock.advance(seconds=1)

    assert (at_once, alice.get(f"{ISSUE}/{issue}").json()["fields"]["summary"]) == ("ours", "Checked 1")
    lead = site.space("ALPHA").lead
    assert [entry.author for entry in site.issue(issue).changelog] == [site.app.user.account_id, lead]


def test_an_automation_can_write_under_the_apps_account(
    world: World, site: Site, alice: Person, issue: str, clock: VirtualClock
) -> None:
    world.weather.script(Automation(site="acme", when="summary", then={"labels": ["auto"]}, account="app"))

    alice.edit(issue, summary="two")
    clock.advance(seconds=1)
    alice.get(f"{ISSUE}/{issue}")

    entry = site.issue(issue).changelog[-1]
    assert (entry.author, entry.items[0].field_id) == (site.app.user.account_id, "labels")


def test_an_automation_stops_after_so_many_times_and_when_the_weather_clears(
    world: World, site: Site, alice: Person, issue: str, clock: VirtualClock
) -> None:
    world.weather.script(Automation(site="acme", when="labels", then={"summary": "n{n}"}, most=2))
    world.weather.script(Automation(site="acme", when="duedate", then={"priority": {"name": "Low"}}))
    for number in range(4):
        alice.edit(issue, labels=[str(number)])
        clock.advance(seconds=1)
    alice.edit(issue, duedate="2026-12-01")
    world.weather.clear()
    clock.advance(seconds=1)
    alice.get(f"{ISSUE}/{issue}")

    changed = [entry.items[0].field_id for entry in site.issue(issue).changelog]
    assert (changed.count("labels"), changed.count("summary"), changed.count("duedate")) == (4, 2, 1)
    assert "priority" not in changed
    assert world.listeners == []


def test_an_automation_does_not_set_itself_off(
    world: World, site: Site, alice: Person, issue: str, clock: VirtualClock
) -> None:
    world.weather.script(Automation(site="acme", when="summary", then={"summary": "Checked {n}"}))
    alice.edit(issue, summary="two")
    for _ in range(5):
        clock.advance(seconds=1)
        alice.get(f"{ISSUE}/{issue}")

    assert site.issue(issue).fields["summary"] == "Checked 1"
    assert len(site.issue(issue).changelog) == 2


def test_a_rule_that_may_not_write_does_no_harm(
    world: World, site: Site, alice: Person, issue: str, clock: VirtualClock
) -> None:
    world.weather.script(Automation(site="acme", when="summary", then={"nothing": 1}))
    alice.edit(issue, summary="two")
    clock.advance(seconds=1)

    assert alice.get(f"{ISSUE}/{issue}").status == 200
    assert len(site.issue(issue).changelog) == 1
