"""``manage.py doctor``: whether this installation is in order, and what to mend."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backbone_app.services import doctor
from backbone_app.services.doctor import Finding, Level


class Command(BaseCommand):
    """Looks and changes nothing; can be run at any time, also while everything works."""

    requires_system_checks = ()  # it has checks of its own, and says what to do
    help = "Check this installation and say what to mend; exit status 1 where something does not work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the form of the answer."""
        parser.add_argument("--json", action="store_true", help="a list of objects instead of lines")

    def handle(self, *_: object, **options: object) -> None:
        """Examine; CommandError (status 1) where something must be mended."""
        found = doctor.examine(timezone.now())
        told = self._in_json(found) if options["json"] else self._in_lines(found)
        if failures := sum(one.level is Level.FAIL for one in told):
            raise CommandError(f"{failures} to mend.")

    def _in_json(self, found: Iterable[Finding]) -> list[Finding]:
        told = list(found)
        self.stdout.write(json.dumps([asdict(one) for one in told], indent=2))
        return told

    def _in_lines(self, found: Iterable[Finding]) -> list[Finding]:
        told = []
        for one in found:
            self.stdout.write(f"{one.level:<4} {one.what}: {one.why}")
            if one.remedy:
                self.stdout.write(f"     → {one.remedy}")
            told.append(one)
        return told
