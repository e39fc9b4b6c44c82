"""Real processes that are killed, stopped and left alone: work goes on, and nobody is left behind."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection

from jira_sandbox.demo.history import label_cell
from jira_sandbox.demo.stage import wait_for
from tests.support import databases, environment
from tests.support.processes import group, is_alive
from tests.support.survival import Stand, killings, stand, survive
from tests.support.workers import EDIT

pytestmark = pytest.mark.waits(1)
SEED = 4


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """One app for all of this module, on the database that is tested with."""
    directory = tmp_path_factory.mktemp("survival")
    on_sqlite = connection.vendor == "sqlite"
    database = databases.sqlite(directory) if on_sqlite else databases.postgres(environment.postgres_url())
    with stand(directory, database, seed=SEED) as made:
        yield made


def gone(processes: set[int]) -> bool:
    return not any(is_alive(pid) for pid in processes)


def arrives(one: Stand, summary: str, *, within: float) -> bool:
    """Whether a new item gets its twin in time."""
    began = time.monotonic()
    one.twin_of(one.people["ALPHA"].create({"summary": summary}).item)
    return time.monotonic() - began <= within


def test_workers_killed_at_a_random_call_lose_nothing_and_double_nothing(one: Stand) -> None:
    for number, killing in enumerate(killings(SEED, 2)):
        survive(one, killing, number)
    one.wait_until_quiet()

    report = one.report()

    assert (report.lost, report.duplicates) == (0, 0), report.faults


def test_work_goes_on_when_the_idle_worker_that_holds_the_queues_lock_is_killed(one: Stand) -> None:
    assert arrives(one, "While all is well", within=30)
    one.wait_until_quiet()

    os.kill(one.app.worker(), signal.SIGKILL)

    assert arrives(one, "After the kill", within=30)


def test_a_lane_whose_worker_hangs_is_replaced_with_all_its_processes(one: Stand) -> None:
    assert arrives(one, "Before it hangs", within=30)
    one.wait_until_quiet()
    leader = one.app.leader()
    everybody = group(leader)

    os.kill(one.app.worker(), signal.SIGSTOP)

    assert arrives(one, "While it hangs", within=30)
    assert wait_for(lambda: gone(everybody), within=30)
    assert '"event": "lane_replaced"' in one.app.log.read_text()


def test_a_killed_supervisor_leaves_nobody_behind(one: Stand) -> None:
    everybody = one.app.groups()
    assert len(everybody) >= 5

    one.app.supervisor.kill()
    one.app.supervisor.wait()

    assert wait_for(lambda: gone(everybody), within=30)
    one.app.start_workers()
    assert arrives(one, "With a new supervisor", within=30)


def test_a_clean_stop_finishes_what_runs_and_leaves_nobody_and_no_lease(one: Stand) -> None:
    items = [one.people["ALPHA"].create({"summary": f"Lamp {number}"}).item for number in range(12)]
    for item in items:
        one.twin_of(item)
    one.wait_until_quiet()
    under_way = threading.Event()

    def dawdle(_: object) -> None:
        under_way.set()
        time.sleep(1)

    for _ in items:
        one.stage.hooks.before(*EDIT, dawdle)
    with one.stage.deliveries_held():
        for number, item in enumerate(items):
            one.people["ALPHA"].edit(item, {label_cell(f"red-{number}"): "present"})
        one.stage.deliver_waiting()
    assert under_way.wait(30)
    everybody = one.app.groups()

    one.app.supervisor.send_signal(signal.SIGTERM)
    status = one.app.supervisor.wait(15)

    assert status == 0
    assert one.database.number(databases.DUE) > 0
    assert gone(everybody)
    assert one.database.number(databases.LEASES) == 0
    one.app.start_workers()
    one.wait_until_quiet()
    assert one.report().lost == 0
