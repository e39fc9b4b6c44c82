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
from jira_sandbox.demo.history import History, Report
from jira_sandbox.demo.people import SECONDS
from jira_sandbox.demo.stage import SITE, Stage, served
from jira_sandbox.demo.trouble import Refused
from jira_sandbox.demo.visitor import Visitor
from jira_sandbox.demo.work import SPACES, Say, Work

FEWEST: Final = 40
FEWEST_EACH_WAY: Final = 10
TOGETHER: Final = timedelta(milliseconds=200)
LAST_STILL: Final = 3.0
LAST_PATIENCE: Final = 120.0
EDIT: Final = "PUT /rest/api/3/issue/{issueIdOrKey}"


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
        say(f"A small Jira is at {stage.site.base_url}, with the spaces {' and '.join(SPACES)}")
        port = processes.free_port(plot.app_port)
        values = processes.settings(plot.folder, jira=stage.site.base_url, port=port)
        with processes.running(plot.folder, values, port=port) as app:
            say(f"The app is at {app}: a web server, two worker clusters, an empty database")
            pages = _begin(stage, app, say)
            work = _work(stage, plot, say)
            ending = _ending(stage, work)
            _show(stage, work, pages, plot.folder)
            yield ending


def _begin(stage: Stage, app: str, say: Say) -> list[str]:
    """Install the app and come to an agreement; gives the addresses of the app's pages inside Jira."""
    _control(stage, "install", descriptor_url=f"{app}/atlassian-connect.json")
    say("Jira has installed the app: descriptor read, secret handed over, app enabled")
    alice, bob = (Visitor(stage, name, space) for name, space in zip(("alice", "bob"), SPACES, strict=True))
    alice.press("New Synchronization")
    alice.press("Synchronize with another space on this instance")
    alice.press("Next", partner=stage.site.space("BETA").id)
    alice.press("Next")
    alice.press("Send Request")
    say("Alice, admin of ALPHA, has sent a request to BETA")
    bob.look_again()
    bob.press("View Request")
    bob.press("Accept Request")
    say("Bob, admin of BETA, has accepted it")
    alice.look_again()
    alice.press("Start")
    say("Alice has started the synchronization")
    return [alice.address, bob.address]


def _work(stage: Stage, plot: Plot, say: Say) -> Work:
    if not plot.deliveries:
        _control(stage, "deliveries", on=False)
        say("From now on Jira sends the app nothing")
    work = Work(stage, random.Random(plot.seed), say)
    work.begin()
    work.measure()
    work.get_busy()
    work.think_again()
    work.cross()
    if not stage.wait_until_quiet(still=LAST_STILL, within=LAST_PATIENCE):
        say(f"It does not become quiet: {len(stage.outbox)} deliveries wait")
    return work


def _ending(stage: Stage, work: Work) -> Ending:
    with stage.lock:
        items = record.items_of(stage.site)
        edits = stage.meters.rows.get((SITE, EDIT, "app"))
    written = sum(entry.by_app for item in items for entry in item.entries)
    history = History(
        changes=tuple(work.changes),
        items=items,
        idle_edits=(edits.calls if edits else 0) - written,
    )
    report = judge(history)
    faults = (
        *report.faults,
        *badly_settled(history, tuple(work.disputes)),
        *_story_faults(work, {item.id: item.key.partition("-")[0] for item in items}),
    )
    return Ending(report=report, faults=faults)


def _story_faults(work: Work, space_of: dict[str, str]) -> Iterator[str]:
    """Say what the story itself fell short of: enough changes, at once, at a fair price."""
    if len(work.changes) < FEWEST:
        yield f"only {len(work.changes)} changes"
    for space in SPACES:
        made = sum(space_of.get(change.item) == space for change in work.changes)
        if made < FEWEST_EACH_WAY:
            yield f"only {made} changes in {space}"
    for dispute in work.disputes:
        apart = dispute.right.at - dispute.left.at
        if apart > TOGETHER:
            yield f"two edits meant to cross were {apart.total_seconds():.3f} s apart"
    for cost in work.costs:
        if not cost.is_fair:
            yield f"{cost.kind} cost {cost.reads} reads, {cost.writes} writes, {cost.echo} calls for the echo"


def _show(stage: Stage, work: Work, pages: list[str], folder: Path) -> None:
    print("\nCalls of the app for one change, counted by the sandbox:\n")
    print(f"  {'kind of change':<24}{'reads':>7}{'writes':>8}{'for the echo':>14}{'seconds':>9}")
    for cost in work.costs:
        print(f"  {cost.kind:<24}{cost.reads:>7}{cost.writes:>8}{cost.echo:>14}{cost.seconds:>9.2f}")
    jira = stage.site.base_url
    print(f"\nLook around (sign in as one of the people, for example Alice or Bob):\n\n  Jira      {jira}")
    for space, page in zip(SPACES, pages, strict=True):
        print(f"  {space:<10}{jira}/spaces/{space}\n            {page}")
    print(f"  Counters  {jira}/counters\n  Logs      {folder}\n", flush=True)


def _control(stage: Stage, what: str, **content: object) -> None:
    response = requests.post(f"{stage.site.base_url}/_sandbox/{what}", json=content, timeout=SECONDS * 3)
    if not response.ok:
        raise Refused(what, response.status_code, response.text)


def _narrator() -> Say:
    began = time.monotonic()

    def say(sentence: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {sentence}", flush=True)

    return say
