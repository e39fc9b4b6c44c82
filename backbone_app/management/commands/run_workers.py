"""``manage.py run_workers``: the workers of every lane, watched over until SIGTERM or Ctrl-C."""

import os
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from backbone_app import metrics
from backbone_app.management import private
from backbone_app.management.supervision import Group, Processes, Supervisor, Ways
from backbone_app.services import vigil

LOOK_SECONDS: Final = 2.0

log = structlog.get_logger()


class Command(BaseCommand):
    """Starts a group of processes a lane, replaces those that end or hang, and ends them with itself."""

    requires_system_checks = ()  # the pages are no concern of the workers, and looking at them takes a second
    help = "Run the workers of all lanes and replace those that end or hang."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the lanes this machine serves; all of them by default."""
        parser.add_argument("--lanes", default=",".join(vigil.lanes()), help="separated by commas")

    def handle(self, *_: object, lanes: str, **__: object) -> None:
        """Supervise until a signal comes; CommandError for a lane there is not."""
        names = lanes.split(",")
        if strangers := set(names) - set(vigil.lanes()):
            raise CommandError(f"There is no lane {', '.join(sorted(strangers))}.")
        ending = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ending.set())
        supervisor = Supervisor(
            names, Ways(spawn=_spawn, started=_started, tell=_replaced, clock=time.monotonic)
        )
        if settings.BACKBONE_METRICS_LISTEN:
            private.start(settings.BACKBONE_METRICS_LISTEN, timezone.now)
        while not ending.is_set():
            supervisor.look(_troubles(names))
            ending.wait(LOOK_SECONDS)
        log.info("workers_stopping")
        supervisor.stop()
        log.info("workers_stopped")


def _spawn(lane: str) -> Group:
    command = [sys.executable, str(Path(sys.argv[0]).resolve()), "run_lane", lane]
    return Processes(command, {**os.environ, "Q_CLUSTER_NAME": lane})


def _started(lane: str) -> None:
    try:
        vigil.started(lane, now=timezone.now())
    except DatabaseError as trouble:
        _unreachable(trouble)


def _troubles(lanes: list[str]) -> dict[str, str]:
    """Ask how the lanes are; a database that cannot be asked is no reason to replace anybody."""
    try:
        return vigil.look(lanes, now=timezone.now())
    except DatabaseError as trouble:
        _unreachable(trouble)
        return {}


def _unreachable(trouble: DatabaseError) -> None:
    log.warning("database_unreachable", trouble=type(trouble).__name__)
    connection.close()


def _replaced(lane: str, why: str) -> None:
    log.warning("lane_replaced", lane=lane, why=why)
    metrics.LANES_REPLACED.up(lane=lane)
