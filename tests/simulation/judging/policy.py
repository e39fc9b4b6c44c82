"""Conflicts as the feeds have them: each once in either half, and won by whom the policy says."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

TIE: Final = timedelta(seconds=5)
NEVER: Final = datetime.max.replace(tzinfo=UTC)
DOUBT: Final = timedelta(seconds=2.5)
"""By so much the app may be mistaken about a site's clock: it is told whole seconds."""


@dataclass(frozen=True, slots=True)
class Half:
    """A half of a conflict as its feed has it: the changelog entry that met the other one, None for none.

    ``at`` is the time at which it was written down.
    """

    pair: int
    row: str
    side: str
    entry: int | None
    met: int | None
    outcome: str
    at: datetime = NEVER

    @property
    def has_lost(self) -> bool:
        """Whether it gave way."""
        return self.outcome.startswith("lost")

    @property
    def is_followed(self) -> bool:
        """Whether the app says that somebody had gone on from what won."""
        return self.outcome.endswith("followed")


@dataclass(frozen=True, slots=True)
class Clocks:
    """When entries were really made; ``is_true``: no site's clock was ever wrong, so the policy holds.

    ``may_lose_times``: a site may forget what a write of the app says of the edits it carries.
    """

    times: Mapping[int, datetime]
    is_true: bool = True
    may_lose_times: bool = False


def unmirrored(cell: str, feed: Iterable[Half]) -> Iterator[str]:
    """Tell of conflicts that are not once in each half."""
    told = Counter((half.pair, half.side, half.entry, half.met) for half in feed)
    for (pair, side, entry, met), times in sorted(told.items(), key=str):
        other = "right" if side == "left" else "left"
        if told[pair, other, met, entry] != times or times > 1:
            yield (
                f"I3: the conflict of {cell} of pair {pair}, entries {entry} and {met}, is {times} "
                f"times on the {side} and {told[pair, other, met, entry]} times on the {other}"
            )


def wrongly_ahead(half: Half, clocks: Clocks, own: tuple[int | None, int | None]) -> timedelta | None:
    """Give by how much the left one is newer where the wrong one won, as far as that can be told.

    ``own`` are the entries that people made: where a half is the app's, it is the edit that this carried.
    """
    left, right = (clocks.times.get(entry or 0) for entry in own)
    if not clocks.is_true or left is None or right is None:
        return None
    ahead = left - right
    is_clear = abs(ahead) > TIE + DOUBT
    wins_left = ahead > timedelta(0) if is_clear else True
    is_wrong = (is_clear or abs(ahead) < TIE - DOUBT) and half.has_lost == wins_left
    return ahead if is_wrong else None
