"""The story from beginning to end: a Jira, the app, a handshake, people at work, and what came of it."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import requests

from jira_sandbox.demo import processes, record
from jira_sandbox.demo.checker import badly_settled, judge
from jira_sandbox.demo.history import COMMENT, EXISTENCE, STATUS, Change, Report, field_of
from jira_sandbox.demo.people import SECONDS
from jira_sandbox.demo.stage import SITES, Stage, served
from jira_sandbox.demo.trouble import Refused
from jira_sandbox.demo.visitor import Visitor
from jira_sandbox.demo.work import ASTRAY, LEADS, Say, Work
from jira_sandbox.state.site import Site

SPACES: Final = {"acme": ("ALPHA", "BETA"), "initech": ("GOLD",)}
FEWEST: Final = 120
FEWEST_EACH: Final = 20
TOGETHER: Final = timedelta(milliseconds=200)
LAST_STILL: Final = 3.0
LAST_PATIENCE: Final = 120.0
FIELDS: Final = (EXISTENCE, "summary", "priority", "labels", "duedate", "description", STATUS, COMMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """How the story is to go: its chance, where its files and ports are, whether webhooks are sent."""

    seed: int
    folder: Path
    jira_port: int
    app_port: int
    deliveries: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What came of it; ``faults`` are all reasons, in sentences, why the story does not hold."""

    report: Report
    faults: tuple[str, ...]


@contextmanager
def told(plot: Plot) -> Iterator[Ending]:
    """Tell the story; within the context everything stays up to be looked at."""
    say = _narrator()
    stage = Stage(plot.seed)
    plot.folder.mkdir(parents=True, exist_ok=True)
    with served(stage, plot.jira_port):
        for site, spaces in SPACES.items():
            say(f"A small Jira is at {stage.sites[site].base_url}, with {' and '.join(spaces)}")
        jira, port = stage.sites[SITES[0]].base_url, processes.free_port(plot.app_port)
        values = processes.settings(plot.folder, jira=jira, port=port)
        with processes.running(plot.folder, values, port=port) as app:
            say(f"The app is at {app}: a web server, its workers, an empty database")
            pages = _begin(stage, app, say)
            work = _work(stage, plot, say)
            ending = _ending(stage, work)
            _show(stage, work, pages, plot.folder)
            yield ending


def _begin(stage: Stage, app: str, say: Say) -> dict[str, str]:
    """Install the app and come to two agreements; gives the addresses of the app's pages inside Jira."""
    for site in stage.sites.values():
        _control(site, "install", descriptor_url=f"{app}/atlassian-connect.json")
    say("Both have installed the app: descriptor read, secret handed over, app enabled")
    visitors = {space: Visitor(stage.site_of(space), name, space) for space, name in LEADS.items()}
    agree_on_one_site(visitors["ALPHA"], visitors["BETA"], stage.site_of("BETA").space("BETA").id)
    say("Bob, admin of BETA, has accepted the request Alice sent from ALPHA; Alice has started")
    _agree_across(visitors["ALPHA"], visitors["GOLD"], stage.site_of("GOLD").base_url)
    say("Gina, admin of GOLD on the other site, has accepted Alice's second request, and has started")
    return {space: visitor.address for space, visitor in visitors.items()}


def agree_on_one_site(alice: Visitor, bob: Visitor, partner: str) -> None:
    """Come to an agreement in the app's pages; ``partner`` is the id of bob's space."""
    alice.press("New Synchronization")
    alice.press("Synchronize with another space on this instance")
    alice.press("Next", partner=partner)
    alice.press("Next")
    alice.press("Send Request")
    bob.look_again()
    bob.press("View Request")
    bob.press("Accept Request")
    alice.look_again()
    alice.press("Start")


def _agree_across(alice: Visitor, gina: Visitor, base_url: str) -> None:
    alice.press("New Synchronization")
    alice.press("Synchronize with another Cloud instance")
    alice.press("Next", base_url=base_url, space_key="GOLD")
    alice.press("Next", mode="immediate")
    alice.press("Next")
    alice.press("Send Request")
    gina.look_again()
    gina.press("View Request")
    gina.press("Accept Request")
    gina.look_again()
    gina.press("Start")


def _work(stage: Stage, plot: Plot, say: Say) -> Work:
    if not plot.deliveries:
        for site in stage.sites.values():
            _control(site, "deliveries", on=False)
        say("From now on Jira sends the app nothing")
    work = Work(stage, random.Random(plot.seed), say)
    work.begin()
    work.measure()
    with stage.deliveries_astray(ASTRAY):
        work.get_busy()
        work.talk()
        work.think_again()
    doubled, late = stage.chaos.doubled_so_far, stage.chaos.late_so_far
    say(f"{doubled} deliveries came twice, {late} late and behind newer ones")
    work.cross()
    if not stage.wait_until_quiet(still=LAST_STILL, within=LAST_PATIENCE):
        say(f"It does not become quiet: {len(stage.outbox)} deliveries wait")
    return work


def _ending(stage: Stage, work: Work) -> Ending:
    with stage.lock:
        history = record.everything(stage, work.changes, work.secrets)
    report = judge(history)
    faults = (
        *report.faults,
        *badly_settled(history, tuple(work.disputes)),
        *_thin_spots(work.changes, {item.id: item.space for item in history.items}),
        *_story_faults(stage, work),
    )
    return Ending(report=report, faults=faults)


def _thin_spots(changes: list[Change], space_of: dict[str, str]) -> Iterator[str]:
    """Say what there was too little of: changes at all, in each space, and of each kind there."""
    if len(changes) < FEWEST:
        yield f"only {len(changes)} changes"
    for space in LEADS:
        made = [change for change in changes if space_of.get(change.item) == space]
        if len(made) < FEWEST_EACH:
            yield f"only {len(made)} changes in {space}"
        touched = {field_of(cell) for change in made for cell in change.values}
        yield from (f"nobody changed {name} in {space}" for name in FIELDS if name not in touched)


def _story_faults(stage: Stage, work: Work) -> Iterator[str]:
    """Say what else the story fell short of: deliveries astray, edits at once, a fair price."""
    if not (stage.chaos.doubled_so_far and stage.chaos.late_so_far):
        yield "no delivery went astray"
    for dispute in work.disputes:
        apart = dispute.right.at - dispute.left.at
        if apart > TOGETHER:
            yield f"two edits meant to cross were {apart.total_seconds():.3f} s apart"
    for cost in work.costs:
        if not cost.is_fair:
            yield f"{cost.kind} cost {cost.reads} reads, {cost.writes} writes, {cost.echo} calls for the echo"


def _show(stage: Stage, work: Work, pages: dict[str, str], folder: Path) -> None:
    print("\nCalls of the app for one change, counted by the sandbox:\n")
    print(f"  {'kind of change':<32}{'twins':>6}{'reads':>7}{'writes':>8}{'for the echo':>14}{'seconds':>9}")
    for cost in work.costs:
        numbers = f"{cost.partners:>6}{cost.reads:>7}{cost.writes:>8}{cost.echo:>14}{cost.seconds:>9.2f}"
        print(f"  {cost.kind:<32}{numbers}")
    print("\nLook around (sign in as one of the people, for example Alice, Bob or Gina):\n")
    for space, page in pages.items():
        print(f"  {space:<10}{stage.site_of(space).base_url}/spaces/{space}\n            {page}")
    print(f"  Counters  {stage.sites[SITES[0]].base_url}/counters\n  Logs      {folder}\n", flush=True)


def _control(site: Site, what: str, **content: object) -> None:
    response = requests.post(f"{site.base_url}/_sandbox/{what}", json=content, timeout=SECONDS * 3)
    if not response.ok:
        raise Refused(f"{what} on {site.name}", response.status_code, response.text)


def _narrator() -> Say:
    began = time.monotonic()

    def say(sentence: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {sentence}", flush=True)

    return say
