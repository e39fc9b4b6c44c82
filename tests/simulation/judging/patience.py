"""I9: nobody calls who was told to wait, if whoever was told lived to tell the others.

A worker that is killed or frozen between hearing it and its next commit tells nobody: until then no other
one can know. Whoever goes on to call has had its chance to say so. And who was frozen just before its own
call, as another one was told, could not have looked.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from tests.simulation.clock import START
from tests.simulation.stage import UNDER_WAY
from tests.simulation.witness import Call, Told

TIMES: Final = re.compile(r" came at ([0-9:.]+), told to wait from ([0-9:.]+) until ")
CLOCK: Final = "%H:%M:%S.%f"
DAY: Final = timedelta(days=1)


def impatient(violations: Iterable[str], told: Iterable[Told], calls: Iterable[Call]) -> Iterator[str]:
    """Say which of the calls that came although the app had been told to wait are the app's fault."""
    heard = tuple(told)
    looked = {_shown(call.at): call.looked for call in calls}
    for each in violations:
        came, since = (datetime.strptime(one, CLOCK) for one in TIMES.findall(each)[0])  # noqa: DTZ007
        last_look = looked.get(f"{came:{CLOCK}}")
        if not any(_excuses(one, since, came, last_look) for one in heard):
            yield f"I9: {each}"


def _shown(seconds: float) -> str:
    return f"{START + timedelta(seconds=seconds):{CLOCK}}"


def _excuses(told: Told, since: datetime, came: datetime, looked: float | None) -> bool:
    """Whether a call that ``came`` could not know; both are times of some day, less than one apart."""
    if f"{told.at:{CLOCK}}" != f"{since:{CLOCK}}":
        return False
    if looked is not None and START + timedelta(seconds=looked) <= told.at:
        return True
    return told.known is None or (came - since) % DAY < told.known - told.at + UNDER_WAY
