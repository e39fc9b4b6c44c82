"""The story from beginning to end: a Jira, the app, a handshake, people at work, and what came of it."""

import random
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from jira_sandbox.demo import abroad, agreements, datacenters, existing, mishap, processes, remote
from jira_sandbox.demo.checks import Checked, check, wait_until_in_step
from jira_sandbox.demo.ending import Ending, ended, lost_so_far, unsettled
from jira_sandbox.demo.rush import Rush
from jira_sandbox.demo.stage import SITES, Stage, served
from jira_sandbox.demo.visitor import Visitor
from jira_sandbox.demo.weather import FIRST_GUSTS, LATER_GUSTS, Weather
from jira_sandbox.demo.work import LEADS, Say, Work
from jira_sandbox.state.site import Site

SPACES: Final = {"acme": ("ALPHA", "BETA"), "initech": ("GOLD",)}
PARTNER: Final = "initech"
BEFORE, DOWN, AFTER = 3.0, 9.0, 8.0
LAST_STILL: Final = 3.0
PATIENCE: Final = 90.0
SOONER: Final = {
    # This Jira has no gateway that finishes late, and its search shows at once what there is.
    "BACKBONE_LATE_EFFECT_SECONDS": "1",
    "BACKBONE_INDEX_LAG_SECONDS": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """How the story is to go: its chance, where its files and ports are, whether webhooks are sent."""

    seed: int
    folder: Path
    jira_port: int
    app_port: int
    deliveries: bool


@contextmanager
def told(plot: Plot) -> Iterator[Ending]:
    """Tell the story; within the context everything stays up to be looked at."""
    say = _narrator()
    stage = Stage(plot.seed)
    plot.folder.mkdir(parents=True, exist_ok=True)
    further = plot.jira_port + len(SITES) if plot.jira_port else 0
    with (
        served(stage, plot.jira_port),
        datacenters.opened(plot.seed, further) as centers,
        remote.opened(plot.seed, further + 2 if further else 0) as cloud,
    ):
        for site, spaces in SPACES.items():
            say(f"A small Jira is at {stage.sites[site].base_url}, with {' and '.join(spaces)}")
        work = Work(stage, random.Random(plot.seed), say)
        strangers = existing.made(work)
        say("Alice and Bob each have a work item about the same thing, from before")
        jira, port = stage.sites[SITES[0]].base_url, processes.free_port(plot.app_port)
        values = processes.settings(plot.folder, jira=jira, port=port) | SOONER
        values |= remote.known(cloud, values, plot.folder)
        with processes.running(plot.folder, values, port=port) as app:
            say(f"The app is at {app}: a web server, its workers, an empty database")
            visitors = agreements.reached(stage, app, say)
            faults = _heard(work, visitors, strangers) if plot.deliveries else _unheard(work, visitors)
            ending = ended(work, faults)
            missing = []
            if plot.deliveries:
                missing += datacenters.linked(stage, centers, say)
                missing += remote.linked(stage, cloud, values, plot.folder, say)
            _show(work, visitors, (centers.new.site, cloud.site), plot.folder)
            yield replace(ending, faults=(*ending.faults, *missing))


def _heard(work: Work, visitors: Mapping[str, Visitor], strangers: existing.Strangers) -> list[str]:
    """Tell all of it; gives what went wrong with the story itself."""
    bob, both = visitors["BETA"], (visitors["BETA"], visitors["GOLD"])
    work.begin()
    faults = list(_at_rest("calm", check(work.stage, both, within=PATIENCE)))
    existing.pair(work, bob, strangers)
    work.settle("Bob has paired the two from before by their keys, with his space's values")
    faults += mishap.mended(work, bob)
    work.measure()
    work.think_again()
    work.cross()
    wait_until_in_step(work.stage, both, within=PATIENCE)  # a busy machine may be quiet before it is done
    faults += unsettled(work)
    weather = Weather(work.stage)
    _work_in(weather, work)
    if not wait_until_in_step(work.stage, both, within=PATIENCE):
        faults.append("the pages do not say that all pairs are in step")
    for sentence in weather.told():
        work.say(sentence)
    faults += _checked_twice(work, both)
    return [*faults, *weather.faults()]


def _unheard(work: Work, visitors: Mapping[str, Visitor]) -> list[str]:
    """Let people do the same while Jira tells the app nothing and it does not look by itself.

    After a check that found nothing the next one is far away.
    """
    check(work.stage, (visitors["BETA"], visitors["GOLD"]), within=PATIENCE)
    for site in work.stage.sites.values():
        agreements.control(site, "deliveries", on=False)
    work.say("From now on Jira sends the app nothing")
    work.begin()
    work.measure()
    work.think_again()
    work.cross()
    Rush(work).spell(LEADS, seconds=BEFORE)
    work.stage.wait_until_quiet(still=LAST_STILL, within=PATIENCE)
    return list(unsettled(work))


def _work_in(weather: Weather, work: Work) -> None:
    """Let people work while deliveries go astray, Jira is busy, and the partner site is down in between.

    Of the last changes none is told, so that there is something for a check to find.
    """
    before, rush = len(work.changes), Rush(work)
    with weather.bad():
        weather.blow(FIRST_GUSTS)
        rush.spell(LEADS, seconds=BEFORE)
        with weather.down(PARTNER):
            rush.spell(SPACES[SITES[0]], seconds=DOWN)
        weather.blow(LATER_GUSTS)
        rush.spell(LEADS, seconds=AFTER)
        with weather.deaf():
            rush.last_words()
    work.say(f"{len(work.changes) - before} changes in a hurry and in bad weather, {PARTNER} down in between")


def _checked_twice(work: Work, visitors: tuple[Visitor, ...]) -> Iterator[str]:
    """Let the visitors ask for a check in each synchronization, and for another one; gives what is wrong."""
    missing = lost_so_far(work)
    first = check(work.stage, visitors, within=PATIENCE)
    found = missing - lost_so_far(work)
    work.say(f'"Check now" everywhere: {found} changes had reached nobody until then; {_told(first)}')
    if found <= 0:
        yield "there was nothing for the first check to find"
    if not first.is_over:
        yield "the first check does not come to an end"
    second = check(work.stage, visitors, within=PATIENCE)
    work.say(f'"Check now" once more: {_told(second)}')
    yield from _at_rest("second", second)


def _at_rest(name: str, checked: Checked) -> Iterator[str]:
    """Say what is wrong with a check that had nothing to find."""
    if checked.writes:
        yield f"the {name} check wrote {checked.writes} times"
    if not checked.is_over:
        yield f"the {name} check does not come to an end"


def _told(checked: Checked) -> str:
    return f"{checked.reads} reads and {checked.writes} writes in {checked.seconds:.1f} s"


def _show(work: Work, visitors: Mapping[str, Visitor], further: Iterable[Site], folder: Path) -> None:
    stage = work.stage
    print("\nCalls of the app for one change, counted by the sandbox:\n")
    print(f"  {'kind of change':<32}{'twins':>6}{'reads':>7}{'writes':>8}{'for the echo':>14}{'seconds':>9}")
    for cost in work.costs:
        numbers = f"{cost.partners:>6}{cost.reads:>7}{cost.writes:>8}{cost.echo:>14}{cost.seconds:>9.2f}"
        print(f"  {cost.kind:<32}{numbers}")
    print("\nLook around (sign in as one of the people, for example Alice, Bob or Gina):\n")
    for space, visitor in visitors.items():
        print(f"  {space:<10}{stage.site_of(space).base_url}/spaces/{space}\n            {visitor.address}")
    for site in further:
        print(f"  {abroad.SPACE:<10}{site.base_url}/spaces/{abroad.SPACE} (without the app: {site.name})")
    print(f"  Counters  {stage.sites[SITES[0]].base_url}/counters\n  Logs      {folder}\n", flush=True)


def _narrator() -> Say:
    began = time.monotonic()

    def say(sentence: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {sentence}", flush=True)

    return say
