"""How far each site's clock is ahead of ours, measured by its answers.

A single answer tells it to half a second and its own delay only; the median of the
last ones is what counts. They are kept by each process, the result in the site's row.
That the clock was set far off two answers tell: a process may end before it has heard more.
"""

import threading
from collections import defaultdict, deque
from datetime import timedelta
from statistics import median_low
from typing import Final
from uuid import UUID

from django.db import transaction

from backbone_app.models import Site

SAMPLES: Final = 20
FEWEST_SAMPLES: Final = 5
NOTEWORTHY_MS: Final = 500
JUMP_MS: Final = 60_000
"""No delay of an answer looks like so much."""
LARGEST_MS: Final = 86_400_000
"""A clock that is more than a day off tells nothing; and the column has an end."""

_measured: Final[dict[UUID, deque[int]]] = defaultdict(lambda: deque(maxlen=SAMPLES))
_lock: Final = threading.Lock()


def measured(site: Site, offset: timedelta) -> None:
    """Take in how far the site's clock was ahead at one answer; stores what that makes a difference to."""
    sample = round(offset / timedelta(milliseconds=1))
    with _lock:
        samples = _measured[site.pk]
        samples.append(max(-LARGEST_MS, min(LARGEST_MS, sample)))
        last = [*samples][-2:]
        ahead = median_low(samples) if len(samples) >= FEWEST_SAMPLES else site.clock_offset_ms
    if len(last) == 2 and _jump(site, last) > site.clock_step_ms:
        _note_jump(site, last)
    if abs(ahead - site.clock_offset_ms) >= NOTEWORTHY_MS:
        site.clock_offset_ms = _store(site.pk, ahead)


def _jump(site: Site, samples: list[int]) -> int:
    """Tell how far the clock has jumped by all of these, 0 for what may be their delay."""
    least = min(abs(each - site.clock_offset_ms) for each in samples)
    return least if least >= JUMP_MS else 0


def _note_jump(site: Site, samples: list[int]) -> None:
    """Store the step if it is the largest one, by what is known of the site by now."""
    with transaction.atomic():
        row = Site.objects.select_for_update().get(pk=site.pk)
        step = max(row.clock_step_ms, _jump(row, samples))
        if step > row.clock_step_ms:
            row.clock_step_ms = step
            row.save(update_fields=["clock_step_ms"])
    site.clock_offset_ms, site.clock_step_ms = row.clock_offset_ms, step


def _store(site_id: UUID, ahead: int) -> int:
    """Store the offset and the largest step between two of them; returns what is stored."""
    with transaction.atomic():
        row = Site.objects.select_for_update().get(pk=site_id)
        step = abs(ahead - row.clock_offset_ms)
        if step >= NOTEWORTHY_MS:
            row.clock_offset_ms, row.clock_step_ms = ahead, max(step, row.clock_step_ms)
            row.save(update_fields=["clock_offset_ms", "clock_step_ms"])
    return row.clock_offset_ms
