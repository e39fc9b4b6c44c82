"""``manage.py issue_licence``: write a remote licence, signed with the operator's private key."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backbone_app.errors import InvalidInput
from backbone_app.services import remote_licences
from backbone_app.services.remote_licences import Wanted


class Command(BaseCommand):
    """Reads the private key's file, writes one licence; the database is not asked."""

    requires_system_checks = ()
    help = "Write a remote licence (docs/remote-licence.md), to standard output unless --output names a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what the licence says, the key, and where to write."""
        parser.add_argument("--private-key-file", type=Path, required=True, help="as licence_keys wrote it")
        parser.add_argument("--holder", required=True, help="whose licence it is")
        parser.add_argument(
            "--expires", type=_day, required=True, metavar="YYYY-MM-DD", help="its last day, by UTC"
        )
        parser.add_argument(
            "--endpoints", type=int, required=True, help="how many partner sites it covers at a time"
        )
        parser.add_argument("--evaluation", action="store_true", help="say that it is for evaluation")
        parser.add_argument(
            "--creator",
            default=urlsplit(settings.BACKBONE_BASE_URL).hostname,
            help="who issues it; default: %(default)s",
        )
        parser.add_argument("--output", type=Path, help="a file for it; default: standard output")

    def handle(
        self,
        *_: object,
        private_key_file: Path,
        holder: str,
        expires: date,
        endpoints: int,
        evaluation: bool,
        creator: str,
        output: Path | None,
        **__: object,
    ) -> None:
        """Write the licence; CommandError (status 1) for what cannot be used."""
        wanted = Wanted(holder, creator, expires_on=expires, endpoints=endpoints, is_evaluation=evaluation)
        try:
            private = remote_licences.key_in(private_key_file.read_bytes())
            text, is_accepted = remote_licences.issue(wanted, private, today=timezone.now().date())
        except OSError as refused:
            raise CommandError(f"{private_key_file} cannot be read: {refused.strerror}.") from refused
        except InvalidInput as wrong:
            raise CommandError(str(wrong)) from wrong
        self._write(text, output)
        if not is_accepted:
            self.stderr.write(
                "BACKBONE_LICENCE_PUBLIC_KEY does not name the key that signed it: as it is set, "
                "this service would refuse this licence."
            )

    def _write(self, text: str, output: Path | None) -> None:
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as refused:
            raise CommandError(f"{output} cannot be written: {refused.strerror}.") from refused
        self.stdout.write(f"{output} is written.")


def _day(text: str) -> date:
    """Read a day; ValueError, which argparse answers, for what is none."""
    return date.fromisoformat(text)
