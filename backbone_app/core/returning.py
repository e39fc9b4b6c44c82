"""A field that holds again what it held before: somebody chose that anew, or a write of ours gave it back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from backbone_app.core.values import Entry

SAME_EDIT: Final = timedelta(seconds=1)
"""So far apart may two times of one edit be: a site's clock is not always as far ahead of ours."""


def is_told(name: str, changes: Sequence[Entry]) -> bool:
    """Whether the first and the last of our own writes say how old the edit is that they carry."""
    return None not in (changes[0].carried(name), changes[-1].carried(name))


def is_given_back(name: str, changes: Sequence[Entry], before: Entry | None, ahead: timedelta) -> bool:
    """Whether our own ``changes``, which end where they began, carry no newer edit in the end than was there.

    So it is where a write had overwritten something unseen, and that won. ``before`` brought what was
    there, None: not known; ``ahead`` is how far the site's clock is ahead of ours.
    """
    first, last = changes[0].carried(name), changes[-1].carried(name)
    if first is None or last is None:
        return False
    return last <= first or (before is not None and last <= before.edit(name, ahead).at + SAME_EDIT)
