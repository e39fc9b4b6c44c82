"""``manage.py run_lane LANE``: the workers of one lane, started by ``run_workers``."""

import sys
import threading
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backbone_app.management.supervision import outlive_nobody
from backbone_app.services import vigil


class Command(BaseCommand):
    """Works until it is asked to end, or until its standard input ends: then its supervisor is gone."""

    requires_system_checks = ()  # the pages are no concern of the workers, and looking at them takes a second
    help = "Run the workers of one lane (run_workers starts it; Q_CLUSTER_NAME must name the lane too)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the lane, for whoever looks at the list of processes."""
        parser.add_argument("lane", choices=vigil.lanes())

    def handle(self, *_: object, lane: str, **__: object) -> None:
        """Work; what is asked of it in the meantime is ``services.vigil``'s."""
        threading.Thread(target=outlive_nobody, args=(sys.stdin.fileno(),), daemon=True).start()
        try:
            vigil.serve(lane, timezone.now)
        except ValueError as mistaken:
            raise CommandError(str(mistaken)) from None
