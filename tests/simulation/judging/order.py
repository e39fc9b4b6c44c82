"""I8: per pair and field applied versions are monotone: the app never puts an older one over a newer one.

What comes late is excused: the effect of a call that nobody waited for any more may fall anywhere.
"""

from collections.abc import Callable, Collection, Iterator

from tests.simulation.judging.versions import Track


def steps_back(track: Track, *, late: Collection[int], name: Callable[[str], str]) -> Iterator[str]:
    """Say a sentence for each write that put what its victim's author had already seen over it.

    ``late`` are the changelog entries of the app whose call was given up before its effect.
    """
    for one in track.carried:
        if one.entry not in late and one.replaced.is_chosen and one.replaced.has_seen(one.version):
            yield (
                f"I8: the app put {track.cell}={one.version.value!r} back over {one.replaced.value!r} "
                f"on {name(one.item)} (entry {one.entry}), whose author had seen it"
            )
