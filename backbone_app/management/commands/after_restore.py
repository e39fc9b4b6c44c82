"""``manage.py after_restore``: what to run once the tables were restored, before the workers start."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backbone_app.errors import BackboneError
from backbone_app.services import erasure, leaving, restoring, rotation


class Command(BaseCommand):
    """Holds the whole service until every side has been checked against Jira; says how far that is."""

    requires_system_checks = ()  # nothing here is about pages
    help = (
        "Hold all writes after a restore until everything has been checked; run it before the workers start."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the time of the backup, or the wish to look or to release."""
        wish = parser.add_mutually_exclusive_group()
        wish.add_argument(
            "--taken-at", type=_moment, help="when the backup was begun, such as 2026-11-20T03:00Z"
        )
        wish.add_argument("--status", action="store_true", help="only say how far the checks are")
        wish.add_argument("--release", action="store_true", help="let writes out now")

    def handle(self, *_: object, **options: Any) -> None:
        """Begin, look or release; CommandError where a time or a key cannot be."""
        if options["status"]:
            self._tell()
        elif options["release"]:
            released = restoring.release()
            self.stdout.write("The hold is over." if released else "There was no hold.")
        else:
            self._begin(options["taken_at"] or restoring.newest_sign_of_life(), timezone.now())

    def _begin(self, taken_at: datetime | None, now: datetime) -> None:
        if taken_at is None:
            raise CommandError("The tables do not tell when they were backed up. Name it with --taken-at.")
        if taken_at > now:
            raise CommandError(
                "That backup would be of the future. Give --taken-at with its zone, such as Z."
            )
        if names := ", ".join(rotation.missing_keys()):
            raise CommandError(
                f"The backup is sealed with keys that are not in BACKBONE_ENCRYPTION_KEYS: {names}. "
                "Put them back behind the first one, and run this again before the workers start; "
                "rotate_secrets then takes them out of use as before."
            )
        hold = restoring.begin(taken_at, now=now)
        self._erase_again()
        self.stdout.write(
            f"Nothing is written to any Jira now. The backup is of {hold.point:%Y-%m-%d %H:%M} UTC."
        )
        self._tell()
        self.stdout.write("Start the workers: they check all sides first, and then go on by themselves.")

    def _erase_again(self) -> None:
        """Forget again whom the backup has brought back; the hold stands already, so nobody is called."""
        try:
            people = erasure.repeat(self.stdout.write, now=timezone.now())
            sites = leaving.erase_again(timezone.now)
        except BackboneError as trouble:
            raise CommandError(f"{trouble} Then run this again before the workers start.") from trouble
        self.stdout.write(
            f"erased again: rows of people={people.rows.total()} sites={len(sites)}; "
            f"unreadable lines of the erasure log={people.foreign + people.torn}"
        )

    def _tell(self) -> None:
        hold = restoring.look(timezone.now())
        if hold is None:
            self.stdout.write("There is no hold.")
            return
        self.stdout.write(
            f"sides checked={hold.checked} waiting={hold.waiting} out_of_reach={hold.out_of_reach} "
            f"since={hold.since:%Y-%m-%dT%H:%M:%SZ}"
        )


def _moment(text: str) -> datetime:
    """Read ISO 8601; a time without a zone is UTC."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
