"""I3: the final value has not been overwritten by a value its author had already seen.

What stands nowhere in the end was overwritten by somebody who had it before their eyes, or lost a true
conflict, which is in the feed of each half once, and which the policy decided as it says. No conflict is in
the feed that was none. Judged from what really happened alone: the app's own words only tell which of two
equal values it meant.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from jira_sandbox.demo.history import Item, field_of
from tests.simulation.judging.versions import Sources, Track, Version, follow

SINGLE: Final = ("summary", "priority", "duedate", "description")
TIE: Final = timedelta(seconds=5)
Name = Callable[[str], str]
"""Gives the key of a work item."""
DOUBT: Final = timedelta(seconds=2.5)
"""By so much the app may be mistaken about a site's clock: it is told whole seconds."""


@dataclass(frozen=True, slots=True)
class Half:
    """A half of a conflict as its feed has it: the changelog entry that met the other one, None for none."""

    pair: int
    row: str
    side: str
    entry: int | None
    met: int | None
    outcome: str

    @property
    def has_lost(self) -> bool:
        """Whether it gave way."""
        return self.outcome.startswith("lost")


@dataclass(frozen=True, slots=True)
class Clocks:
    """When entries were really made; ``is_true``: no site's clock was ever wrong, so the policy holds."""

    times: Mapping[int, datetime]
    is_true: bool = True


def losses(
    family: Sequence[Item],
    sources: Sources,
    feed: Sequence[Half],
    clocks: Clocks,
    *,
    name: Name,
) -> Iterator[str]:
    """Say a sentence for each value of a family that was lost, made up, or badly settled."""
    cells = {cell for item in family for entry in item.entries for cell in entry.values}
    for cell in sorted(cells):
        if field_of(cell) in (*SINGLE, "labels"):
            yield from _of_cell(follow(family, cell, sources), feed, clocks, name=name)


def _of_cell(track: Track, feed: Sequence[Half], clocks: Clocks, *, name: Name) -> Iterator[str]:
    is_set = field_of(track.cell) == "labels"
    for made_up in track.made_up:
        yield f"I3: the app wrote {track.cell}={made_up.version.value!r} to {name(made_up.item)}: nobody had"
    yield from _stale(track, name=name)
    mine = [] if is_set else [half for half in feed if half.row == track.cell and _is_known(track, half)]
    # Where a write of the app lost that brought somebody's value there, that value did.
    beaten = [
        track.by_entry[half.entry or 0] for half in mine if half.has_lost and half.entry in track.by_entry
    ]
    for version in track.chosen():
        if not _is_told(track, version, is_set=is_set) and not any(version is one for one in beaten):
            yield f"I3: lost: {_said(track, version, name)}; in the end {_ends(track, name)}"
    yield from _false_conflicts(track, mine, clocks, name=name)


def _is_told(track: Track, version: Version, *, is_set: bool) -> bool:
    """Whether it stands everywhere, or somebody overwrote it who had seen it, or of a set the other half."""
    if all(held.value == version.value for held in track.held.values()):
        return True
    if _is_taken_back(track, version):
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
    told = Counter((half.pair, half.side, half.entry, half.met) for half in feed)
    for (pair, side, entry, met), times in sorted(told.items(), key=str):
        other = "right" if side == "left" else "left"
        if told[pair, other, met, entry] != times or times > 1:
            yield (
                f"I3: the conflict of {track.cell} of pair {pair}, entries {entry} and {met}, is {times} "
                f"times on the {side} and {told[pair, other, met, entry]} times on the {other}"
            )
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
    if not clocks.is_true or own != (half.entry, half.met):
        return  # a carried one may have lost the time that it was carried with
    ahead = clocks.times[half.entry or 0] - clocks.times[half.met or 0]
    is_clear = abs(ahead) > TIE + DOUBT
    wins_left = ahead > timedelta(0) if is_clear else True
    if (is_clear or abs(ahead) < TIE - DOUBT) and half.has_lost == wins_left:
        yield (
            f"I3: the wrong one won in pair {half.pair}: left {_said(track, left, name)} is {ahead} newer "
            f"than right {_said(track, right, name)}, and {'lost' if half.has_lost else 'won'}"
        )


def _said(track: Track, version: Version, name: Name) -> str:
    seen = repr(version.parent.value) if version.parent else "nothing"
    return (
        f"{track.cell}={version.value!r} on {name(version.item)} (entry {version.entry}, moment "
        f"{version.at:%S.%f}, who wrote it saw {seen})"
    )


def _ends(track: Track, name: Name) -> str:
    return ", ".join(f"{name(item)} holds {held.value!r}" for item, held in track.held.items())
