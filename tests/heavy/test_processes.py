"""Every process of the app killed at random, the database shot, sites gone, and people at work all the while.

``MINUTES`` says for how long, ``SEED`` which people, mishaps and weather; how they meet is the machine's.
"""

import os
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from jira_sandbox.demo import agreements
from jira_sandbox.demo.checks import check
from jira_sandbox.demo.stage import Stage, served, wait_for
from jira_sandbox.demo.visitor import Visitor
from tests.support.ordeal import mishaps, verdict
from tests.support.ordeal.crowd import Crowd
from tests.support.ordeal.hands import Shared
from tests.support.ordeal.machine import VICTIMS, left_behind, running
from tests.support.ordeal.mishaps import OUTAGE_KIND, RESTARTS, Havoc
from tests.support.ordeal.rest import calm_down, wait_until_quiet
from tests.support.ordeal.server import Server
from tests.support.processes import MANAGE, ROOT, UNDER_WAY, Environment, settings
from tests.support.survival import SOONER

pytestmark = pytest.mark.heavy
MINUTES = float(os.environ.get("MINUTES", "10"))
SEED = int(os.environ.get("SEED", "2026"))
PATIENCE = 600.0
"""Seconds in which everything is at rest after the last fault: a pair may wait for some minutes."""
GONE_WITHIN = 60.0
ENOUGH = 10
"""In so many minutes everything strikes that is planned."""


def migrate(environment: Environment) -> None:
    subprocess.run(
        [*MANAGE, "migrate", "--no-input"], cwd=ROOT, env=environment, check=True, capture_output=True
    )


def checked_twice(stage: Stage, visitors: Mapping[str, Visitor]) -> int:
    """Press "Check now" everywhere, twice; gives what the second wrote."""
    both = (visitors["BETA"], visitors["GOLD"])
    assert check(stage, both, within=PATIENCE).is_over
    second = check(stage, both, within=PATIENCE)
    assert second.is_over
    return second.writes


def struck(stage: Stage, counts: Counter[str]) -> str:
    """Say how often each kind of fault struck."""
    chaos = stage.chaos
    met = {str(row["met"]): int(row["calls"]) for row in stage.meters.snapshot(("met",)) if row["met"]}
    weather = {"lost": chaos.lost_so_far, "doubled": chaos.doubled_so_far, "late": chaos.late_so_far, **met}
    return " ".join(f"{name.replace(' ', '_')}={count}" for name, count in {**counts, **weather}.items())


def test_whatever_dies_and_whatever_is_lost_everybodys_work_is_kept(tmp_path: Path) -> None:
    server, stage, seconds = Server(), Stage(SEED), MINUTES * 60
    stage.limits.grace = UNDER_WAY
    with served(stage, 0):
        environment = settings(tmp_path, jira=stage.sites["acme"].base_url, database=server.database.url)
        environment |= SOONER | {"BACKBONE_RECONCILE_MINUTES": "1"}
        migrate(environment)
        with running(environment, tmp_path) as machine:
            machine.wait_until_up()
            visitors = agreements.reached(stage, environment["BACKBONE_BASE_URL"], lambda _: None)
            shared = Shared(stage)
            havoc = Havoc(stage, machine, server, Random(f"{SEED}:victims"))
            with Crowd(shared, SEED).at_work():
                mishaps.blow(stage, SEED)
                havoc.happen(mishaps.planned(SEED, seconds, tuple(stage.sites)), seconds)
            calm_down(stage, machine)
            wait_until_quiet(stage, server.database, within=PATIENCE)
            written = checked_twice(stage, visitors)
            found = verdict.reached(shared, server.database, havoc.deaths)
    report, counts = found.report, havoc.counts

    kills, outages, restarts = (
        sum(counts[each] for each in kinds) for kinds in (VICTIMS, (OUTAGE_KIND,), RESTARTS)
    )
    print(f"\nprocesses: minutes={MINUTES:g} kills={kills} outages={outages} restarts={restarts}", end=" ")
    print(f"changes={report.changes} arrived={report.arrived} lost={report.lost}", end=" ")
    print(f"duplicates={report.duplicates} echoes={report.echoes} violations={len(found.violations)}")
    print(f"processes: {struck(stage, counts)}")
    assert found.faults == (), "\n".join((*found.faults, "", found.timeline))
    assert MINUTES < ENOUGH or min(kills, outages, restarts, report.changes) > 0
    assert written == 0, "the second check found something to write"
    assert wait_for(lambda: left_behind(server.database) == set(), within=GONE_WITHIN)
