"""Statuses that no way leads to: where the app says so of a pair, and it is true, they may differ.

Nobody's work is finished only to come to what lies behind, so a way leads through no status of the category
done unless it ends there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from backbone_app.models import Failure, PairSide
from jira_sandbox.demo.history import STATUS, Change, Item
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue
from tests.simulation.stage import Jira

DONE: Final = "done"


def pairs_without_a_way(jira: Jira) -> Iterator[frozenset[str]]:
    """Name the two items of each pair of which one cannot, and is said not to, follow the other's status.

    What is gone has no status any more, whatever is still said of it.
    """
    there = {item for site in jira.sites.values() for item in site.issues}
    for failure in Failure.objects.filter(code="no_path"):
        items = dict(
            PairSide.objects.filter(pair=failure.pair_id).exclude(item="").values_list("side", "item")
        )
        are_there = len(items) > 1 and there.issuperset(items.values())
        if are_there and not _can_follow(jira, items, failure.side):
            yield frozenset(items.values())


def without_a_way(jira: Jira) -> set[str]:
    """Name the items of each family in which there is such a pair."""
    found = {item for pair in pairs_without_a_way(jira) for item in pair}
    return found | set(_relatives(found))


def _relatives(items: set[str]) -> Iterator[str]:
    for _ in range(2):  # a family is its origin and the twins around it
        pairs = PairSide.objects.filter(item__in=items).values("pair")
        items = items | set(
            PairSide.objects.filter(pair__in=pairs).exclude(item="").values_list("item", flat=True)
        )
    yield from items


def _can_follow(jira: Jira, items: Mapping[str, str], side: str) -> bool:
    (partner,) = (item for name, item in items.items() if name != side)
    site, issue = jira.home_of(items[side]), jira.issue(items[side])
    wished = jira.home_of(partner).status(jira.issue(partner).status_id)
    here = {site.status(each) for each in site.space_of(issue).workflows[issue.type_id].status_ids}
    alike = {each.id for each in here if each.name == wished.name}
    return bool(
        (alike or {each.id for each in here if each.category == wished.category}) & _reached(site, issue)
    )


def _reached(site: Site, issue: Issue) -> set[str]:
    flow = site.space_of(issue).workflows[issue.type_id]
    reached, waiting = {issue.status_id}, [issue.status_id]
    while waiting:
        at = waiting.pop()
        for way in flow.transitions:
            if (way.sources is None or at in way.sources) and way.to not in reached:
                reached.add(way.to)
                waiting += [way.to] if site.status(way.to).category != DONE else []
    return reached


def item_without_status(item: Item) -> Item:
    """Leave a work item's status out of what it holds and held."""
    entries = (replace(one, values=_without(one.values)) for one in item.entries)
    return replace(item, now=_without(item.now), born=_without(item.born), entries=tuple(entries))


def change_without_status(change: Change) -> Change:
    """Leave the status out of what somebody did."""
    return replace(change, values=_without(change.values))


def _without(values: Mapping[str, str]) -> dict[str, str]:
    return {cell: value for cell, value in values.items() if cell != STATUS}
