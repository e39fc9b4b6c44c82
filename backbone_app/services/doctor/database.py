"""The database: which one it is, whether its tables are ours, whose clock is right, which keys it needs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection

from backbone_app.env import Mode
from backbone_app.ledger import schema, sealed
from backbone_app.models.sealing import first_key
from backbone_app.services.doctor.findings import Finding, bad, fine, odd

OLDEST_POSTGRESQL: Final = 14
NOTEWORTHY: Final = timedelta(seconds=2)
TOO_MUCH: Final = timedelta(seconds=30)
"""Tokens are taken that are some seconds early or late, no more."""
_SECONDS: Final = {
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400",
}
"""How each database tells the seconds since 1970."""


def reachable(_now: datetime) -> Iterator[Finding]:
    """Say what it is. Raises Django's ``Error`` where it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if connection.vendor == "sqlite":
        if settings.MODE is Mode.PRODUCTION:
            yield odd(
                "database",
                "SQLite has one writer: web server and workers wait for each other.",
                "Use PostgreSQL where more than a few people work.",
            )
        else:
            yield fine("database", "SQLite, for development")
        return
    version = int(getattr(connection, "pg_version", 0)) // 10_000
    if version < OLDEST_POSTGRESQL:
        yield bad("database", f"PostgreSQL {version} is too old.", f"Use {OLDEST_POSTGRESQL} or newer.")
    else:
        yield fine("database", f"PostgreSQL {version}")


def migrated(_now: datetime) -> Iterator[Finding]:
    """See that the tables are those of this code."""
    missing = sorted(f"{app}.{name}" for app, name in schema.missing())
    if missing:
        yield bad(
            "migrations",
            f"Not applied up to {', '.join(missing)}.",
            "Run manage.py migrate; all may work on.",
        )
    else:
        yield fine("migrations", "all applied")


def clock(now: datetime) -> Iterator[Finding]:
    """Compare this machine's clock with the database's: leases are counted by one and begun by the other."""
    with connection.cursor() as cursor:
        cursor.execute(_SECONDS[connection.vendor])
        ((seconds,),) = cursor.fetchall()
    there = datetime.fromtimestamp(float(seconds), now.tzinfo)
    apart = abs(there - now)
    told = f"{apart.total_seconds():.1f} s apart from the database's"
    if apart >= TOO_MUCH:
        yield bad("clock", f"This machine's clock is {told}.", "Have both machines' clocks set by NTP.")
    elif apart >= NOTEWORTHY:
        yield odd("clock", f"This machine's clock is {told}.", "Have both machines' clocks set by NTP.")
    else:
        yield fine("clock", told)


def old_keys(_now: datetime) -> Iterator[Finding]:
    """Say which keys of the ring are still needed, and whether one is missing."""
    found = sealed.by_key(sealed.columns())
    lost = found.pop(sealed.NO_KEY, 0)
    if lost:
        yield bad(
            "sealed values",
            f"{lost} are under a key that is not in BACKBONE_ENCRYPTION_KEYS.",
            "Put the key back that was taken out too early, then run manage.py rotate_secrets.",
        )
    for key in [key for key in settings.BACKBONE_ENCRYPTION_KEYS if key != first_key()]:
        if found[key]:
            yield odd(
                "sealed values",
                f"{found[key]} are still under the key {key}: it must stay.",
                "Run manage.py rotate_secrets, then it can go.",
            )
        else:
            yield odd("sealed values", f"None is under the key {key} any more.", "It can be taken out.")
    if not lost and set(found) <= {first_key()}:
        yield fine("sealed values", f"all are under the key {first_key()}")
