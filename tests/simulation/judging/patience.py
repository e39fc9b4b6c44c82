"""I9: nobody calls who was told to wait, if whoever was told lived to tell the others.

A worker that is killed or frozen between hearing it and its next commit tells nobody: until then no other
one can know. Whoever goes on to call has had its chance to say so.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from tests.simulation.stage import UNDER_WAY
from tests.simulation.witness import Told

TIMES: Final = re.compile(r" came at ([0-9:.]+), told to wait from ([0-9:.]+) until ")
CLOCK: Final = "%H:%M:%S.%f"
DAY: Final = timedelta(days=1)


def impatient(violations: Iterable[str], told: Iterable[Told]) -> Iterator[str]:
    """Say which of the calls that came although the app had been told to wait are the app's fault."""
    heard = tuple(told)
    for each in violations:
        came, since = (datetime.strptime(one, CLOCK) for one in TIMES.findall(each)[0])  # noqa: DTZ007
        if not any(_excuses(one, since, came) for one in heard):
            yield f"I9: {each}"


def _excuses(told: Told, since: datetime, came: datetime) -> bool:
    """Whether a call that ``came`` could not know; both are times of some day, less than one apart."""
    if f"{told.at:{CLOCK}}" != f"{since:{CLOCK}}":
        return False
    return told.known is None or (came - since) % DAY < told.known - told.at + UNDER_WAY
