"""I9: no work item is written more often than Jira allows: 20 times in 2 s, 100 times in 30 s.

Source: https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ (per issue on write). The hourly
budget of points is out of reach of a world of this size; what else a site asks to wait for, see ``patience``.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from tests.simulation.witness import Call

ALLOWED: Final = ((20, 2.0), (100, 30.0))
"""How many writes of one work item in how many seconds."""


def hasty(calls: Sequence[Call]) -> Iterator[str]:
    """Say a sentence for each write that comes too soon after too many others."""
    written: defaultdict[tuple[str, str], list[Call]] = defaultdict(list)
    for call in calls:
        if call.kind and call.item:
            written[call.origin, call.item].append(call)
    for those in written.values():
        for most, seconds in ALLOWED:
            for first, last in zip(those, those[most:], strict=False):
                if last.at - first.at < seconds:
                    yield f"I9: {last} is write {most + 1} of its work item within {seconds:.0f} s"
