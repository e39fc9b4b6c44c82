"""Tests that mostly wait for processes of their own begin first, each on the worker its mark names.

The others use the machine meanwhile; at the end of a run nothing would, and all would wait for them.
"""

from collections.abc import Sequence
from typing import TypeVar

import pytest

Item = TypeVar("Item")


def dealt(items: Sequence[tuple[Item, int | None]], workers: int) -> list[Item]:
    """Order items for ``workers`` that begin with equal shares, as pytest-xdist's worksteal deals them.

    Each share begins with the items whose number is its worker's, counted round; None goes anywhere.
    """
    first: list[list[Item]] = [[] for _ in range(workers)]
    rest: list[Item] = []
    for item, number in items:
        (rest if number is None else first[number % workers]).append(item)
    ordered: list[Item] = []
    for number, mine in enumerate(first):
        share = (len(items) - len(ordered)) // (workers - number)
        free = max(0, share - len(mine))
        ordered += mine + rest[:free]
        del rest[:free]
    return ordered + rest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order the tests; every worker orders them alike."""
    workers = int(getattr(config, "workerinput", {}).get("workercount", 1))
    items[:] = dealt([(item, _worker(item)) for item in items], workers)


def _worker(item: pytest.Item) -> int | None:
    mark = item.get_closest_marker("waits")
    return int(mark.args[0]) if mark else None
