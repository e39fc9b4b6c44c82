"""What happened to a family of work items, in the order in which it did, for whoever reads of a fault."""

import re
from collections.abc import Iterable, Iterator, Mapping

from jira_sandbox.demo.copies import attributed
from jira_sandbox.demo.families import Families
from jira_sandbox.demo.history import Cells, History, Item
from tests.support.ordeal.sights import Sight

KEY = re.compile(r"\b[A-Z]+-[0-9]+\b")


def told(history: History, sights: Iterable[Sight], faults: Iterable[str]) -> str:
    """Tell of every family that the faults name: who wrote what when, and what was seen before."""
    named = {key for fault in faults for key in KEY.findall(fault)}
    families = Families(attributed(history).history)
    seen = {each.change.entry: each.seen for each in sights}
    roots = {
        family[0].id: family for item in families if item.key in named for family in [families.of(item.id)]
    }
    return "\n\n".join("\n".join(_lines(family, seen)) for family in roots.values())


def _lines(family: tuple[Item, ...], seen: Mapping[int | None, Cells]) -> Iterator[str]:
    yield ", ".join(f"{item.key} ({item.id})" for item in family)
    steps = [(entry.at, item.key, entry) for item in family for entry in item.entries]
    births = [f"{item.created:%H:%M:%S.%f} {item.key} born {dict(item.born)}" for item in family]
    yield from births
    for at, key, entry in sorted(steps, key=lambda step: step[:2]):
        who = "app" if entry.by_app else "   "
        over = f" overwrote {sorted(entry.overwrote)}" if entry.overwrote else ""
        saw = f" saw {seen[entry.id]}" if entry.id and entry.id in seen else ""
        yield f"{at:%H:%M:%S.%f} {key:<9} {who} [{entry.id}] {dict(entry.values)}{over}{saw}"
