"""Who wrote what on top of what: the versions of one cell of a family of work items, as it really went.

A version is what a person wrote, and its parent is the version that stood before that person's eyes. What
the app writes is no version: it carries one from one work item to another. So what somebody had *seen* is the
line of a version's parents, and two versions of which neither is on the other's line are a true conflict.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jira_sandbox.demo.history import Entry, Item, field_of
from tests.simulation.judging.knowledge import Knowledge
from tests.simulation.judging.policy import NEVER

Sources = Mapping[tuple[int, str], tuple[int, ...]]
"""The changelog entries that a write of the app, by its entry and a field, says it carries; believed only
where they hold the value that was written."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Version:
    """What a cell of ``item`` came to hold ``at`` a moment; ``entry`` is None for what it was created with.

    ``is_chosen``: a person did it, and it is no default of the site.
    """

    item: str
    value: str
    at: datetime
    entry: int | None
    parent: "Version | None"
    is_chosen: bool

    def seen(self) -> Iterator["Version"]:
        """Walk back through what its author had seen, from the newest."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def has_seen(self, other: "Version") -> bool:
        """Whether its author knew of the other one."""
        return any(each is other for each in self.seen())

    def crosses(self, other: "Version") -> bool:
        """Whether neither author had seen what the other wrote."""
        return self is not other and not self.has_seen(other) and not other.has_seen(self)


Knew = Callable[[Version, datetime], bool]
"""Whether the app had been told of a version by a moment."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A write of the app to ``item``: it replaced one version by another."""

    item: str
    entry: int
    at: datetime
    replaced: Version
    version: Version


@dataclass(slots=True)
class Track:
    """All versions of a cell, what each work item holds in the end, what the app carried, what it made up.

    ``agreed`` are the moments from which on all work items held one value that several people had written.
    """

    cell: str
    versions: list[Version] = field(default_factory=list)
    held: dict[str, Version] = field(default_factory=dict)
    by_entry: dict[int, Version] = field(default_factory=dict)
    carried: list[Carried] = field(default_factory=list)
    made_up: list[Carried] = field(default_factory=list)
    agreed: list[tuple[datetime, frozenset[Version]]] = field(default_factory=list)

    def chosen(self) -> list[Version]:
        """List what people wrote."""
        return [each for each in self.versions if each.is_chosen]


def follow(family: Sequence[Item], cell: str, sources: Sources, knowledge: Knowledge) -> Track:
    """Go through everything that happened to the cell in its true order."""
    track = Track(cell)
    items = {item.id: item for item in family}

    def knew(version: Version, at: datetime) -> bool:
        item = items[version.item]
        later = (one.at for one in item.entries if cell in one.values and one.at > version.at)
        return knowledge.knew(version, item, until=min(later, default=NEVER), at=at)

    for at, item, entry in _events(family, cell):
        if entry is None:
            _born(track, item, knew)
        elif entry.by_app:
            named = sources.get((entry.id, field_of(cell)), ())
            source = _source(track, entry.values[cell], named, at=entry.at, knew=knew)
            _carried(track, item, entry, source)
        else:
            parent = track.held[item.id]
            _written(track, item, entry.values[cell], entry.at, parent=parent, entry=entry.id)
        standing = frozenset(track.held.values())
        if len(standing) > 1 and len({each.value for each in standing}) == 1:
            track.agreed.append((at, standing))
    return track


def _events(family: Sequence[Item], cell: str) -> list[tuple[datetime, Item, Entry | None]]:
    births: list[tuple[datetime, Item, Entry | None]] = [(item.created, item, None) for item in family]
    changes = [(entry.at, item, entry) for item in family for entry in item.entries if cell in entry.values]
    return sorted([*births, *changes], key=lambda event: event[0])


def _born(track: Track, item: Item, knew: Knew) -> None:
    value = item.born.get(track.cell, "")
    known = _source(track, value, (), at=item.created, knew=knew) if item.by_app else None
    if known is None:
        _written(track, item, value, item.created, parent=None, is_chosen=not item.by_app)
    else:
        track.held[item.id] = known


def _written(
    track: Track,
    item: Item,
    value: str,
    at: datetime,
    *,
    parent: Version | None,
    entry: int | None = None,
    is_chosen: bool = True,
) -> Version:
    made = Version(item=item.id, value=value, at=at, entry=entry, parent=parent, is_chosen=is_chosen)
    track.versions.append(made)
    track.held[item.id] = made
    if entry is not None:
        track.by_entry[entry] = made
    return made


def _carried(track: Track, item: Item, entry: Entry, version: Version | None) -> None:
    value, before = entry.values[track.cell], track.held[item.id]
    if version is None:
        version = _written(track, item, value, entry.at, parent=before, entry=entry.id, is_chosen=False)
        track.made_up.append(Carried(item.id, entry.id, entry.at, before, version))
    track.held[item.id] = version
    track.by_entry[entry.id] = version
    track.carried.append(Carried(item.id, entry.id, entry.at, before, version))


def _source(track: Track, value: str, named: tuple[int, ...], *, at: datetime, knew: Knew) -> Version | None:
    """Find which version the app wrote ``at`` a moment; of one value on one line the newest it knew of."""
    found = _known(track, value, named)
    if found is None or found.entry in named or knew(found, at):
        return found
    older = (each for each in found.seen() if each.value == value and knew(each, at))
    return next(older, found)


def _known(track: Track, value: str, sources: tuple[int, ...]) -> Version | None:
    """Find which version a value is: one that the app names, else one that stands, else the newest."""
    named = [track.by_entry[one] for one in sources if one in track.by_entry]
    standing = [each for each in track.versions if any(each is one for one in track.held.values())]
    fitting = ([each for each in group if each.value == value] for group in (named, standing, track.versions))
    return next((group[-1] for group in fitting if group), None)
