"""``manage.py erase_person``: erase what is held of one person (``services.erasure`` says how)."""

import sys
from argparse import ArgumentParser
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backbone_app.errors import BackboneError
from backbone_app.services import erasure


class Command(BaseCommand):
    """Can be stopped and started again at any time; web servers and workers may run."""

    requires_system_checks = ()
    help = "Erase what is held of a person; what they did stays, as done by a former user."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take who it is, from standard input for ``-``, a site, and the wish to count only."""
        parser.add_argument(
            "account",
            help="Jira's account id, or a mail address; - reads it from standard input, unseen by others",
        )
        parser.add_argument("--site", help="on this site only, such as https://name.atlassian.net")
        parser.add_argument("--dry-run", action="store_true", help="only count what would be erased")

    def handle(self, *_: object, account: str, site: str | None, dry_run: bool, **__: object) -> None:
        """Erase or count; CommandError (status 1) where nothing could be done, with what to do about it."""
        named = sys.stdin.readline().strip() if account == "-" else account
        try:
            found = erasure.look(named, site) if dry_run else erasure.erase(named, site, now=timezone.now())
        except BackboneError as refused:
            raise CommandError(str(refused)) from refused
        self._tell(found, "found" if dry_run else "erased")

    def _tell(self, found: Counter[str], done: str) -> None:
        for column, count in sorted(found.items()):
            self.stdout.write(f"{column}: {count}")
        self.stdout.write(f"{done}={found.total()}" if found else "Nothing is held of this person.")
