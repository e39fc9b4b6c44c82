"""Seeds whose lives once went wrong: ``(seed, faults, what it found)``; ``None`` are all faults.

Worlds change with the rig, so that a seed shows its old fault only as long as its script is drawn as it was;
what it found has a test of its own besides, in ``tests/scenarios`` or where the mended code is.
"""

from typing import Final

Found = tuple[int, tuple[str, ...] | None, str]

SEEDS: Final[tuple[Found, ...]] = (
    (4012, ("F12",), "the news of a creation undid edits that a clock set back dates before it"),
)
