"""What the app gave back of what it had overwritten before it knew of it."""

from itertools import pairwise

from jira_sandbox.demo.history import Item


def given_back(item: Item, cell: str, *, is_shared: bool) -> int:
    """Count how often the app gave a person's value back that it had overwritten, whoever brought it there.

    Where two synchronizations share the work item, one overwrites what the other has brought; each such value
    is given back once, for a second time would be the two of them at odds.
    """
    overwritten: list[str] = []
    brought: set[str] = set()
    count = 0
    for (_, before, was_by_app), (_, held, by_app) in pairwise(item.steps(cell)):
        if by_app and held in overwritten:
            overwritten.remove(held)
            count += 1
        if by_app and (not was_by_app or (is_shared and before not in brought)):
            overwritten.append(before)
            brought |= {before} if was_by_app else set()
    return count
