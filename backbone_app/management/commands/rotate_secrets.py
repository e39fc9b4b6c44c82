"""``manage.py rotate_secrets``: seal everything anew with the first key (``services.rotation`` says when)."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from backbone_app.services import rotation


class Command(BaseCommand):
    """Can be stopped and started again at any time; web servers and workers may run."""

    requires_system_checks = ()  # nothing here is about pages, and a lost key is no time to look at them
    help = "Seal every secret anew with the first key of BACKBONE_ENCRYPTION_KEYS, so that older keys can go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the wish to count only."""
        parser.add_argument("--status", action="store_true", help="only count what is sealed under which key")

    def handle(self, *_: object, status: bool, **__: object) -> None:
        """Rotate or count; CommandError (status 1) where something cannot be read, with the columns."""
        if status:
            self._status()
        else:
            self._rotate()

    def _status(self) -> None:
        for column, keys in rotation.by_key().items():
            counts = " ".join(f"{key}={count}" for key, count in sorted(keys.items()))
            self.stdout.write(f"{column}: {counts or 'nothing'}")

    def _rotate(self) -> None:
        done = rotation.rotate(lambda column, count: self.stdout.write(f"{column}: {count}"))
        rotated, already, unreadable = (
            sum(getattr(one, name) for one in done) for name in ("rotated", "already", "unreadable")
        )
        self.stdout.write(f"rotated={rotated} already={already} unreadable={unreadable}")
        if unreadable:
            where = ", ".join(f"{one.column} ({one.unreadable})" for one in done if one.unreadable)
            raise CommandError(
                f"{unreadable} sealed values cannot be read with the keys given: {where}. "
                "Put the key back that they were sealed with, or restore the rows; no key may go before that."
            )
