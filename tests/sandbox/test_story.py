"""What the demo's story notes of its own: answers to the app, the weather, pages, people in a hurry."""

import random
from collections.abc import Iterator

import pytest

from jira_sandbox.demo import record
from jira_sandbox.demo.ending import FIELDS
from jira_sandbox.demo.history import STATUS, Change, field_of
from jira_sandbox.demo.rush import Rush
from jira_sandbox.demo.stage import Stage, served
from jira_sandbox.demo.trouble import NotOffered
from jira_sandbox.demo.visitor import Page
from jira_sandbox.demo.weather import FIRST_GUSTS, LATER_GUSTS, Gust, Weather
from jira_sandbox.demo.work import LEADS, Work
from jira_sandbox.misfortunes import Misfortune
from tests.support.sandbox import AppCaller, ListeningApp, as_app, install

ISSUE = "/rest/api/3/issue"


@pytest.fixture
def stage() -> Stage:
    """Two sites on which an app is installed that does nothing by itself."""
    stage = Stage(seed=0)
    for name, site in stage.sites.items():
        site.base_url = f"https://{name}.atlassian.net"
        install(stage, site, ListeningApp())
    return stage


@pytest.fixture
def us(stage: Stage) -> AppCaller:
    """The app on acme."""
    return as_app(stage, stage.sites["acme"])


def edit(us: AppCaller, item: str, summary: str) -> int:
    return us.put(f"{ISSUE}/{item}", {"fields": {"summary": summary}}).status


def idle_edits(stage: Stage) -> int:
    return record.everything(stage, [], []).idle_edits


# --- answers to the app --------------------------------------------------------------------------


def test_an_edit_that_changed_nothing_is_idle(stage: Stage, us: AppCaller) -> None:
    item = us.create("ALPHA", "one")

    assert (edit(us, item, "two"), idle_edits(stage)) == (204, 0)
    assert (edit(us, item, "two"), idle_edits(stage)) == (204, 1)


def test_an_edit_that_was_refused_is_not_idle(stage: Stage, us: AppCaller) -> None:
    item = us.create("ALPHA", "one")
    site = stage.sites["acme"]
    site.take_off_screen(site.space("ALPHA"), "summary")
    stage.misfortunes.add(Misfortune(match=("PUT", ""), kind="busy"))

    statuses = [edit(us, item, "two"), edit(us, item, "two")]

    assert (statuses, idle_edits(stage)) == ([429, 400], 0)


def test_an_item_that_people_made_a_twin_belongs_to_its_origin(stage: Stage, us: AppCaller) -> None:
    left, right = us.create("ALPHA", "one"), us.create("BETA", "one")
    stage.joined[left] = right

    assert {issue.id for issue in record.family_of(stage, left)} == {left, right}
    origins = {item.id: item.origin for item in record.everything(stage, [], []).items}
    assert origins == {left: right, right: None}


# --- the weather ---------------------------------------------------------------------------------


def blown(stage: Stage, us: AppCaller) -> Weather:
    """Let there be some of every kind of bad weather."""
    weather, item = Weather(stage), us.create("ALPHA", "one")
    there = as_app(stage, stage.sites["initech"])
    weather.blow((*FIRST_GUSTS, *LATER_GUSTS))
    for _ in range(6):
        edit(us, item, "two")
        there.get("/rest/api/3/myself")
    with weather.bad(), weather.down("initech"):
        for number in range(60):
            us.create("ALPHA", str(number))
    return weather


def test_after_some_of_every_kind_of_bad_weather_nothing_is_missing(stage: Stage, us: AppCaller) -> None:
    weather = blown(stage, us)

    astray, down, busy = weather.told()

    assert list(weather.faults()) == []
    assert "deliveries were lost" in astray
    assert down.startswith("The partner site was down for")
    assert busy == (
        "7 calls of the app were answered 429 (2 no reason, 2 jira-burst-based, "
        "2 jira-per-issue-on-write, 1 jira-quota-tenant-based)"
    )


def test_calm_weather_is_a_fault_for_each_kind_there_was_none_of(stage: Stage) -> None:
    faults = list(Weather(stage).faults())

    assert faults[:4] == [
        "no delivery was lost",
        "no delivery came twice",
        "no delivery was late",
        "no site was down",
    ]
    assert "no call was answered 429 for jira-burst-based" in faults
    assert "no call was answered 429 for no reason" in faults


def test_a_call_that_came_although_told_to_wait_is_a_fault(stage: Stage, us: AppCaller) -> None:
    weather = blown(stage, us)
    weather.blow((Gust(site="acme", match=("", ""), seconds=60),))
    us.get("/rest/api/3/myself")
    stage.limits.grace *= 0

    us.get("/rest/api/3/myself")

    (fault,) = weather.faults()
    assert fault.startswith("called although told to wait: GET /rest/api/3/myself on acme")


def test_in_deaf_weather_every_delivery_is_lost(stage: Stage, us: AppCaller) -> None:
    weather = Weather(stage)

    with weather.bad(), weather.deaf():
        for number in range(5):
            us.create("ALPHA", str(number))
    us.create("ALPHA", "heard again")

    assert (stage.chaos.lost_so_far, len(stage.outbox), stage.chaos.lost) == (5, 1, 0)
    assert next(weather.told()) == (
        "0 deliveries were lost, 0 came twice, 0 late and behind newer ones; none came of the last 5"
    )
    assert "no delivery was lost" in weather.faults()


def test_the_weather_is_as_before_when_it_is_over(stage: Stage) -> None:
    weather = Weather(stage)

    with weather.bad(), weather.down("initech"):
        during = (stage.chaos.lost, stage.chaos.doubled, stage.chaos.late, set(stage.down))

    assert during == (0.1, 0.1, 0.1, {"initech"})
    assert (stage.chaos.lost, stage.chaos.doubled, stage.chaos.late, stage.down) == (0, 0, 0, set())


# --- pages ---------------------------------------------------------------------------------------


def test_a_button_with_the_very_words_comes_before_one_that_begins_with_them() -> None:
    page = Page("<button>Retry all</button><button>Retry</button>")

    assert [page.button(words).words for words in ("Retry", "Retry a")] == ["Retry", "Retry all"]
    with pytest.raises(NotOffered, match="Ignore"):
        page.button("Ignore")


def test_a_page_tells_its_times_with_their_places_in_the_text() -> None:
    page = Page('Since <time datetime="2026-11-22T01:02:03+00:00">then</time>, checked now')

    ((place, moment),) = page.times

    assert (page.text[place:], moment.isoformat()) == ("then, checked now", "2026-11-22T01:02:03+00:00")


# --- people in a hurry ---------------------------------------------------------------------------


@pytest.fixture
def work() -> Iterator[Work]:
    """Three people in front of a family of three, one across each synchronization, and no app at all."""
    stage = Stage(seed=0)
    with served(stage, 0):
        work = Work(stage, random.Random(0), lambda _sentence: None)
        for spaces in (("ALPHA", "BETA", "GOLD"), ("BETA", "ALPHA"), ("GOLD", "ALPHA")):
            made = {space: work.people[space].create(work.ideas.new_item()).item for space in spaces}
            work.families[spaces[0]] = [made]
        work.changes.clear()
        yield work


def done_in(work: Work, space: str) -> list[Change]:
    key_of = {
        issue.id: site.space_of(issue).key
        for site in work.stage.sites.values()
        for issue in site.issues.values()
    }
    return [change for change in work.changes if key_of[change.item] == space]


def test_in_a_hurry_everybody_does_some_of_everything(work: Work) -> None:
    Rush(work).spell(LEADS, seconds=0)

    for space in LEADS:
        changed = {field_of(cell) for change in done_in(work, space) for cell in change.values}
        assert changed == set(FIELDS)
    assert len(work.secrets) == 2 * len(LEADS)


def test_the_last_words_are_of_several_kinds(work: Work) -> None:
    Rush(work).last_words()

    for space in LEADS:
        mine = done_in(work, space)
        assert {"item", "comment"} <= {field_of(cell) for change in mine for cell in change.values}
        assert (
            sum("comment" in cell and not value for each in mine for cell, value in each.values.items()) == 2
        )


def test_in_a_hurry_nobody_works_on_what_somebody_else_has_at_hand(work: Work) -> None:
    families = [each for several in work.families.values() for each in several]

    Rush(work).spell(LEADS, seconds=0)

    touched = {change.item for change in work.changes}
    assert [len(touched & set(family.values())) for family in families] == [1, 1, 1]


def test_in_a_hurry_nobody_moves_a_work_item_twice(work: Work) -> None:
    rush = Rush(work)

    for _ in range(4):
        rush.spell(LEADS, seconds=0)

    moved = [change.item for change in work.changes if STATUS in change.values]
    assert len(moved) == len(set(moved)) > len(LEADS)


def test_who_is_not_asked_does_nothing(work: Work) -> None:
    Rush(work).spell(("ALPHA", "BETA"), seconds=0)

    assert done_in(work, "ALPHA")
    assert done_in(work, "BETA")
    assert not done_in(work, "GOLD")


def test_a_work_item_that_is_gone_has_no_home(stage: Stage) -> None:
    with pytest.raises(LookupError, match="no site holds the work item 10000"):
        stage.home_of("10000")
