"""The end of all faults, and the wait for everything they left to be done."""

import time

from jira_sandbox.demo.stage import Stage, wait_for
from tests.support.databases import WORK_LEFT, Database
from tests.support.ordeal.machine import Machine

STILL = 3.0
"""Seconds in which nothing may happen."""


def calm_down(stage: Stage, machine: Machine) -> None:
    """End every fault and have every process run; what the app did not take is told to it again at once."""
    stage.weather.clear()
    machine.keep_up()
    machine.wait_until_up()
    while stage.outbox:  # Jira itself would wait five to fifteen minutes
        stage.deliver_waiting()


def wait_until_quiet(stage: Stage, database: Database, *, within: float) -> None:
    """Wait until nothing is due, under way or waiting to be delivered; AssertionError if it takes longer."""
    since = time.monotonic()

    def quiet() -> bool:
        nonlocal since
        if stage.outbox or database.number(WORK_LEFT):
            since = time.monotonic()
        return time.monotonic() - since >= STILL

    assert wait_for(quiet, within=within), (
        f"{len(stage.outbox)} deliveries, {database.number(WORK_LEFT)} pairs wait"
    )
