"""I3: the final value has not been overwritten by a value its author had already seen.

What stands nowhere in the end was overwritten by somebody who had it before their eyes, or lost a true
conflict, which is in the feed of each half once, and which the policy decided as it says. No conflict is in
the feed that was none. Judged from what really happened alone: the app's own words only tell which of two
equal values it meant.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from jira_sandbox.demo.history import Item, field_of
from tests.simulation.judging.knowledge import Knowledge
from tests.simulation.judging.policy import NEVER, Clocks, Half, unmirrored, wrongly_ahead
from tests.simulation.judging.versions import Sources, Track, Version, follow

SINGLE: Final = ("summary", "priority", "duedate", "description")
Name = Callable[[str], str]
"""Gives the key of a work item."""


def losses(
    family: Sequence[Item],
    sources: Sources,
    feed: Sequence[Half],
    clocks: Clocks,
    *,
    knowledge: Knowledge,
    name: Name,
) -> Iterator[str]:
    """Say a sentence for each value of a family that was lost, made up, or badly settled."""
    cells = {cell for item in family for entry in item.entries for cell in entry.values}
    for cell in sorted(cells):
        if field_of(cell) in (*SINGLE, "labels"):
            yield from _of_cell(
                follow(family, cell, sources, knowledge), feed, clocks, knowledge=knowledge, name=name
            )


def losers(
    family: Sequence[Item], sources: Sources, feed: Sequence[Half], knowledge: Knowledge
) -> Iterator[tuple[int, str]]:
    """Name by entry and cell the values that lost, and those that gave way as the same of somebody else did.

    Where a write of the app lost that does not say whose value it had brought, the histories tell.
    """
    for cell in SINGLE:
        track = follow(family, cell, sources, knowledge)
        beaten = _beaten(track, _of_track(track, feed))
        for version in (*beaten, *_one_with(track, beaten, knowledge)):
            if version.entry is not None:
                yield version.entry, cell


def _of_track(track: Track, feed: Sequence[Half]) -> list[Half]:
    return [half for half in feed if half.row == track.cell and _is_known(track, half)]


def _beaten(track: Track, feed: Sequence[Half]) -> list[Version]:
    """List what lost; where a write of the app lost that brought somebody's value there, that value did."""
    return [
        track.by_entry[half.entry or 0] for half in feed if half.has_lost and half.entry in track.by_entry
    ]


def _one_with(track: Track, beaten: Sequence[Version], knowledge: Knowledge) -> list[Version]:
    """List what people wrote alike without knowing of each other, and of which the app knew while both stood.

    From then on the two are one value of the family: what one of them loses to in the feed, the other does.
    """
    return [
        each
        for lost in beaten
        for each in track.versions
        if _is_twin(each, lost)
        and (
            knowledge.covers(
                each,
                since=max(each.at, lost.at),
                until=min(_ends_at(track, each), _ends_at(track, lost)),
            )
            or _is_given_back(track, each, since=lost.at, until=_ends_at(track, lost))
        )
    ]


def _is_given_back(track: Track, version: Version, *, since: datetime, until: datetime) -> bool:
    """Whether the app wrote it anew where somebody had chosen it: it knew of it then as if it had read it."""
    return any(
        one.version is version and one.item == version.item and since < one.at < until
        for one in track.carried
    )


def _ends_at(track: Track, version: Version) -> datetime:
    """Give the moment at which something else came to stand where it was written."""
    by_app = [each.at for each in track.carried if each.replaced is version and each.item == version.item]
    by_people = [each.at for each in track.versions if each.parent is version and each.item == version.item]
    return min([*by_app, *by_people], default=NEVER)


def _of_cell(
    track: Track, feed: Sequence[Half], clocks: Clocks, *, knowledge: Knowledge, name: Name
) -> Iterator[str]:
    is_set = field_of(track.cell) == "labels"
    for made_up in track.made_up:
        yield f"I3: the app wrote {track.cell}={made_up.version.value!r} to {name(made_up.item)}: nobody had"
    yield from _stale(track, name=name)
    mine = [] if is_set else _of_track(track, feed)
    beaten = _beaten(track, mine)
    beaten += _one_with(track, beaten, knowledge)
    for version in track.chosen():
        if not _is_told(track, version, is_set=is_set) and not any(version is one for one in beaten):
            yield f"I3: lost: {_said(track, version, name)}; in the end {_ends(track, name)}"
    yield from _false_conflicts(track, mine, clocks, name=name)


def _is_told(track: Track, version: Version, *, is_set: bool) -> bool:
    """Whether it stands everywhere, or somebody overwrote it who had seen it, or of a set the other half."""
    if all(held.value == version.value for held in track.held.values()):
        return True
    if _is_taken_back(track, version) or _is_seen_alike(track, version):
        return True
    alike = [version, *(each for each in track.versions if _is_twin(each, version))]
    if any(later.has_seen(each) for later in track.chosen() for each in alike):
        return True
    return is_set and any(other.crosses(version) for other in track.chosen() if other.value != version.value)


def _is_taken_back(track: Track, version: Version) -> bool:
    """Whether it only put back what had stood there, before the app passed on anything that came between."""
    carried = {id(each.version) for each in track.carried}
    above = version.parent
    while above is not None and above.value != version.value and id(above) not in carried:
        above = above.parent
    return above is not None and above is not version.parent and above.value == version.value


def _is_seen_alike(track: Track, version: Version) -> bool:
    """Whether somebody overwrote the same value where it stood still when this one had come elsewhere."""
    return any(
        later.parent in standing and later.at > at
        for at, standing in track.agreed
        if version in standing
        for later in track.chosen()
    )


def _is_twin(one: Version, other: Version) -> bool:
    """Whether two people wrote the same without knowing of each other: who saw the one saw the other."""
    return one.value == other.value and one.crosses(other)


def _stale(track: Track, *, name: Name) -> Iterator[str]:
    """Tell of final values that somebody had already replaced."""
    for item, held in track.held.items():
        later = [each for each in track.chosen() if each.has_seen(held)]
        leaves = [each for each in track.chosen() if not any(one.has_seen(each) for one in track.chosen())]
        if later and not any(leaf.value == held.value for leaf in leaves):
            yield (
                f"I3: {name(item)} ends with {track.cell}={held.value!r}, which had been replaced: "
                f"{_said(track, later[-1], name)}"
            )


def _is_known(track: Track, half: Half) -> bool:
    return any(entry in track.by_entry for entry in (half.entry, half.met) if entry is not None)


def _false_conflicts(track: Track, feed: Sequence[Half], clocks: Clocks, *, name: Name) -> Iterator[str]:
    yield from unmirrored(track.cell, feed)
    for half in feed:
        if half.side == "left" and half.entry in track.by_entry and half.met in track.by_entry:
            yield from _false(track, half, clocks, name=name)


def _false(track: Track, half: Half, clocks: Clocks, *, name: Name) -> Iterator[str]:
    left, right = track.by_entry[half.entry or 0], track.by_entry[half.met or 0]
    own = left.entry, right.entry
    if not left.crosses(right):
        yield (
            f"I3: no true conflict of pair {half.pair}: {_said(track, left, name)} and "
            f"{_said(track, right, name)} are one in the feed, yet one's author had seen the other"
        )
        return
    if half.is_followed:
        won, lost = (right, left) if half.has_lost else (left, right)
        known = (each for each in track.chosen() if clocks.times.get(each.entry or 0, half.at) <= half.at)
        brought = (each for each in track.carried if clocks.times.get(each.entry, half.at) <= half.at)
        # What another pair has brought there over what won is somebody's as well.
        stood = {lost.item} | {one.item for one in track.carried if one.version is lost}
        is_replaced = any(one.item in stood and one.replaced is won for one in brought)
        if not is_replaced and not any(each.item in stood and _goes_on(each, won, lost) for each in known):
            went = _said(track, won, name)
            yield f"I3: nobody went on from {went}, to which {_said(track, lost, name)} lost"
        return
    if clocks.may_lose_times and own != (half.entry, half.met):
        return  # a carried one may have lost the time that it was carried with
    ahead = wrongly_ahead(half, clocks, own)
    if ahead is not None:
        yield (
            f"I3: the wrong one won in pair {half.pair}: left {_said(track, left, name)} is {ahead} newer "
            f"than right {_said(track, right, name)}, and {'lost' if half.has_lost else 'won'}"
        )


def _goes_on(one: Version, won: Version, lost: Version) -> bool:
    """Whether its author had what won before their eyes, and never the other one."""
    return one.has_seen(won) and not one.has_seen(lost)


def _said(track: Track, version: Version, name: Name) -> str:
    seen = repr(version.parent.value) if version.parent else "nothing"
    return (
        f"{track.cell}={version.value!r} on {name(version.item)} (entry {version.entry}, moment "
        f"{version.at:%S.%f}, who wrote it saw {seen})"
    )


def _ends(track: Track, name: Name) -> str:
    return ", ".join(f"{name(item)} holds {held.value!r}" for item, held in track.held.items())
