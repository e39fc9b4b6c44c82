"""Large tables of cases: the suite takes a share of each, ``WHOLE=1`` (``make heavy``) all of them."""

import os
import random
from collections.abc import Iterable
from typing import TypeVar

Case = TypeVar("Case")
WHOLE = bool(os.environ.get("WHOLE"))


def slice_of(cases: Iterable[Case], number: int) -> list[Case]:
    """Draw ``number`` of the cases, always the same ones, in their own order."""
    listed = list(cases)
    if WHOLE or number >= len(listed):
        return listed
    chosen = random.Random(len(listed)).sample(range(len(listed)), number)
    return [listed[place] for place in sorted(chosen)]
