"""``manage.py migrate``: Django's own, which never makes those who work wait for long.

A change of a table waits for everybody who uses it, and whoever comes later waits behind
that change: without a limit one long download would stop the whole service. So on PostgreSQL
it gives up after ``LOCK_SECONDS``. Each migration is one transaction: what was not done has
left nothing, and the command can be given again at any time.
"""

from typing import Any, Final

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections

LOCK_SECONDS: Final = 3
LOCK_NOT_AVAILABLE: Final = "55P03"


class Command(Migrate):
    """Takes what Django's takes."""

    def handle(self, *args: Any, database: str, **options: Any) -> None:
        """Migrate; CommandError where a table stayed in use for longer than ``LOCK_SECONDS``."""
        connection = connections[database]
        if connection.vendor != "postgresql":
            super().handle(*args, database=database, **options)
            return
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        try:
            super().handle(*args, database=database, **options)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
            raise CommandError(
                f"A table was in use for longer than {LOCK_SECONDS} s; this migration has changed nothing. "
                "Everything works on as before; give the command again."
            ) from None
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
