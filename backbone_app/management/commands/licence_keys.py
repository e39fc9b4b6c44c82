"""``manage.py licence_keys``: make the key pair that remote licences are signed and checked with."""

import os
import secrets
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from backbone_app.services import remote_licences


class Command(BaseCommand):
    """Writes the private key to a new file that only its owner can read, and prints the public one."""

    requires_system_checks = ()
    help = (
        "Make a key pair for remote licences: the private key into FILE, the public one as a settings line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file of the private key."""
        parser.add_argument(
            "private_key_file",
            type=Path,
            metavar="FILE",
            help="where the private key goes; must not be there yet",
        )

    def handle(self, *_: object, private_key_file: Path, **__: object) -> None:
        """Write and print; CommandError (status 1) where the file cannot be made."""
        file, public = remote_licences.key_pair(secrets.token_bytes(32))
        try:
            # Made with its mode, and never over another one: there is no moment at which others can read it.
            number = os.open(private_key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "wb") as opened:
                opened.write(file)
        except FileExistsError:
            raise CommandError(
                f"{private_key_file} is there already, and is left as it is: the licences that it signed "
                "would be worth nothing. Name another file."
            ) from None
        except OSError as refused:
            raise CommandError(f"{private_key_file} cannot be written: {refused.strerror}.") from refused
        self.stdout.write(f"BACKBONE_LICENCE_PUBLIC_KEY={public}")
