"""How often the app set out for a status, told from the steps it took.

A workflow is walked step by step, so one change of a person may be several writes. A walk passes no status
twice and ends where somebody wanted the work item to be, or turns back where somebody changed the goal before
it was reached; whatever else the app moved is a stray.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import pairwise

Step = tuple[datetime, str, bool]
"""When, to which status, by the app."""
Wish = tuple[datetime, Collection[str]]
"""When somebody elsewhere chose a status, and which of those reached here say the same."""
Stop = tuple[datetime, str]


def counted(steps: Iterable[Step], wishes: Sequence[Wish]) -> tuple[int, int]:
    """Count walks and strays among ``steps``, the first of which is the creation; both in their order."""
    (born, start, _), *moves = steps
    walks, strays = 0, 0
    way: list[Stop] = [(born, start)]
    for at, status, by_app in moves:
        if not by_app:  # somebody steps in: where a walk was heading is over
            walks += len(way) > 1
            way = [(at, status)]
            continue
        while any(status == passed for _, passed in way):
            end = _last_wished(way, wishes)
            is_walk = bool(end) or _is_called_back(way, wishes, until=at)
            walks, strays = (walks + 1, strays) if is_walk else (walks, strays + 1)
            way = way[end:] if end else [] if way[-1][1] == status else way[-1:]
        way.append((at, status))
    if len(way) > 1 and not _is_wished(way[-1], wishes):
        return walks, strays + 1
    return walks + (len(way) > 1), strays


def _last_wished(way: Sequence[Stop], wishes: Sequence[Wish]) -> int:
    return max((index for index, stop in enumerate(way) if index and _is_wished(stop, wishes)), default=0)


def _is_wished(stop: Stop, wishes: Sequence[Wish]) -> bool:
    return any(stop[1] in told for _, told in wishes)


def _is_called_back(way: Sequence[Stop], wishes: Sequence[Wish], *, until: datetime) -> bool:
    """Whether a walk set out for a goal that somebody replaced by another one, before it turned back."""
    if len(way) < 2:
        return False
    (since, start), (begun, _), *_ = way
    return any(
        goal < begun and start not in told and since < later < until
        for (goal, told), (later, _) in pairwise(wishes)
    )
