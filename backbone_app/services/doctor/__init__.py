"""Whether an installation is in order, and what to mend where it is not: for its operator.

One small function a check, each of which looks at one thing and gives a finding or several. None of
them changes anything, and none says a secret, an account or anything a customer wrote: sites are
named by our own id of them.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from django.db import Error, connection

from backbone_app.services.doctor import configured, database, lanes, licences, machine, outside, sites
from backbone_app.services.doctor.findings import Finding, Level, bad

__all__ = ["Finding", "Level", "examine"]

Check = Callable[[datetime], Iterable[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    configured.mode,
    configured.keys,
    configured.forge_app,
    configured.networks,
    configured.erasure_log,
    database.reachable,
    database.migrated,
    database.clock,
    database.old_keys,
    lanes.alive,
    lanes.swept,
    lanes.backlog,
    lanes.held,
    sites.known,
    sites.secrets,
    sites.links,
    sites.broken_links,
    sites.waiting_addresses,
    sites.accounts,
    sites.forge,
    sites.unmatched,
    sites.held_off,
    sites.leftovers,
    licences.believed,
    machine.metrics_directory,
    machine.disks,
    outside.key_hosts,
    outside.mail_server,
    outside.public_address,
)


def examine(now: datetime) -> Iterator[Finding]:
    """Make every check, one after the other; a database that is away fails those that ask it, once."""
    is_away = False
    for check in CHECKS:
        try:
            yield from check(now)
        except Error as trouble:
            if not is_away:
                yield bad(
                    "database",
                    f"{connection.vendor} does not answer as it should ({type(trouble).__name__}).",
                    "See that DATABASE_URL is right, that the server runs, and that the tables are there: "
                    "manage.py migrate. What else is in the database was not looked at.",
                )
            is_away = True
