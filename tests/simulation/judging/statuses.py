"""I3 for statuses: conflicts are told once in each half, are true ones, and the newer status wins.

Spaces name their statuses differently and a walk takes several steps, so of who had seen what only this is
judged here: where the app's walk for one of them had come to its end, the other one was made knowing of it.
"""

from collections.abc import Callable, Iterable, Iterator

from jira_sandbox.demo.families import Families
from jira_sandbox.demo.history import STATUS, Entry, Item
from tests.simulation.judging.policy import Clocks, Half, unmirrored, wrongly_ahead
from tests.simulation.judging.versions import Sources

Made = tuple[Entry, Item]


def of_statuses(
    feed: Iterable[Half], clocks: Clocks, families: Families, sources: Sources, *, name: Callable[[str], str]
) -> Iterator[str]:
    """Say a sentence for each conflict of statuses that is told badly, is none, or that the wrong one won."""
    mine = [half for half in feed if half.row == STATUS]
    moves = ((entry, item) for item in families for entry in item.entries if STATUS in entry.values)
    people = {entry.id: (entry, item) for entry, item in moves if not entry.by_app}
    yield from unmirrored(STATUS, mine)
    for half in mine:
        if half.side == "left" and half.entry in people and half.met in people:
            first, then = sorted((people[half.entry], people[half.met]), key=lambda made: made[0].at)
            yield from _false(half, first, then, families, sources, name=name)
            yield from _badly_won(half, clocks)


def _false(
    half: Half, first: Made, then: Made, families: Families, sources: Sources, *, name: Callable[[str], str]
) -> Iterator[str]:
    (entry, item), (later, there) = first, then
    between = (one for one in there.entries if entry.at < one.at < later.at)
    carried = (one for one in between if entry.id in sources.get((one.id, STATUS), ()))
    for one in carried:
        if families.told(entry.values[STATUS], of=item, to=there, among=(one.values[STATUS],)):
            yield (
                f"I3: no true conflict of pair {half.pair}: status={later.values[STATUS]!r} on "
                f"{name(there.id)} (entry {later.id}) and {entry.values[STATUS]!r} on {name(item.id)} "
                f"(entry {entry.id}) are one in the feed, yet the app had brought it there before "
                f"(entry {one.id})"
            )


def _badly_won(half: Half, clocks: Clocks) -> Iterator[str]:
    ahead = None if half.is_followed else wrongly_ahead(half, clocks, (half.entry, half.met))
    if ahead is not None:
        yield (
            f"I3: the wrong status won in pair {half.pair}: left entry {half.entry} is {ahead} newer "
            f"than right entry {half.met}, and {half.outcome}"
        )
