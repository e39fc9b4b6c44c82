"""Which of two observations of one work item is newer.

The changelog id decides first: it rises with every change and knows no clock.
``updated`` decides where an observation came without a changelog. Where the
two contradict each other nothing is assumed, the work item is read instead.
"""

from enum import Enum, auto

from backbone_app.core.values import Stamp


class Order(Enum):
    """How an observation stands to what is known; UNCLEAR means: read."""

    OLDER = auto()
    SAME = auto()
    NEWER = auto()
    UNCLEAR = auto()


def order(new: Stamp, known: Stamp) -> Order:
    """Compare ``new`` with ``known``; nothing known yet makes anything newer."""
    if known == Stamp():
        return Order.NEWER
    if new.entry is not None and known.entry is not None:
        return _by_entry(new.entry, known.entry, _by_time(new, known))
    by_time = _by_time(new, known)
    # The first change of a work item can look old only where the clock was set back, and what has no
    # entry although one is known (its creation, say) may look new for no other reason.
    looks_old = by_time is Order.OLDER and new.entry is not None and known.entry is None
    looks_new = by_time is Order.NEWER and new.entry is None and known.entry is not None
    if looks_old or looks_new or (by_time is Order.SAME and new.entry != known.entry):
        return Order.UNCLEAR
    return by_time


def _by_time(new: Stamp, known: Stamp) -> Order:
    if new.updated is None or known.updated is None:
        return Order.UNCLEAR
    if new.updated == known.updated:
        return Order.SAME
    return Order.NEWER if new.updated > known.updated else Order.OLDER


def _by_entry(new: int, known: int, by_time: Order) -> Order:
    """Judge by the ids, unless the times contradict them (a clock set back)."""
    if new == known:
        return Order.SAME
    by_entry = Order.NEWER if new > known else Order.OLDER
    opposite = Order.OLDER if by_entry is Order.NEWER else Order.NEWER
    return Order.UNCLEAR if by_time is opposite else by_entry
