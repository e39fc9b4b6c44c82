"""``manage.py export_person``: everything held of one person, as JSON (``services.erasure`` says what)."""

import sys
from argparse import ArgumentParser

import orjson
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backbone_app.errors import BackboneError
from backbone_app.services import erasure


class Command(BaseCommand):
    """Changes nothing. What it writes is personal data: keep it as such."""

    requires_system_checks = ()
    help = "Write everything that is held of a person as JSON, sealed texts opened."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the account id or mail address, from standard input for ``-``, and a site."""
        parser.add_argument(
            "account",
            help="Jira's account id, or a mail address; - reads it from standard input, unseen by others",
        )
        parser.add_argument("--site", help="of this site only, such as https://name.atlassian.net")

    def handle(self, *_: object, account: str, site: str | None, **__: object) -> None:
        """Write the JSON; CommandError (status 1) for what is no account id or address, or no site."""
        named = sys.stdin.readline().strip() if account == "-" else account
        try:
            found = erasure.export(named, site, now=timezone.now())
        except BackboneError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
