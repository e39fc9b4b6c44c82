"""I8: per pair and field applied versions are monotone: the app never puts an older one over a newer one.

What comes late is excused: the effect of a call that nobody waited for any more may fall anywhere.
"""

from collections.abc import Callable, Collection, Iterator

from tests.simulation.judging.versions import Carried, Track


def steps_back(track: Track, *, late: Collection[int], name: Callable[[str], str]) -> Iterator[str]:
    """Say a sentence for each write that put what its victim's author had already seen over it.

    ``late`` are the changelog entries of the app whose call was given up before its effect.
    """
    for one in track.carried:
        steps_back = one.replaced.is_chosen and one.replaced.has_seen(one.version)
        if steps_back and one.entry not in late and not _may_be_older(track, one):
            yield (
                f"I8: the app put {track.cell}={one.version.value!r} back over {one.replaced.value!r} "
                f"on {name(one.item)} (entry {one.entry}), whose author had seen it"
            )


def _may_be_older(track: Track, one: Carried) -> bool:
    """Whether what the app had brought there may as well be an older version of the same value."""
    was_brought = one.replaced.item != one.item
    alike = [each for each in track.versions if each.value == one.replaced.value and each is not one.replaced]
    return was_brought and any(one.version.has_seen(each) for each in alike)
