"""How often the app set out for a status, told from the steps it took.

A workflow is walked step by step, so one change of a person may be several writes. A walk passes no status
twice and ends where somebody wanted the work item to be; whatever else the app moved is a stray.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

Step = tuple[datetime, str, bool]
"""When, to which status, by the app."""


def counted(steps: Iterable[Step], wished: Collection[str]) -> tuple[int, int]:
    """Count walks and strays among ``steps``, the first of which is the creation."""
    (_, start, _), *moves = steps
    walks, strays, way = 0, 0, [start]
    for _, status, by_app in moves:
        if not by_app:  # somebody steps in: where a walk was heading is over
            walks += len(way) > 1
            way = [status]
            continue
        while status in way:
            end = _last_wished(way, wished)
            walks, strays = (walks + 1, strays) if end else (walks, strays + 1)
            way = way[end:] if end else [] if way[-1] == status else way[-1:]
        way.append(status)
    if len(way) > 1 and way[-1] not in wished:
        return walks, strays + 1
    return walks + (len(way) > 1), strays


def _last_wished(way: list[str], wished: Collection[str]) -> int:
    return max((index for index, status in enumerate(way) if index and status in wished), default=0)
