"""How old work items are, seen from a synchronization."""

from datetime import datetime, timedelta

from backbone_app.core.newness import Age, Runs, age
from backbone_app.models import SynchronizationSide


def age_on(half: SynchronizationSide, created: datetime | None) -> Age:
    """Tell how old a work item of this side's space is; ``created`` is by its site's clock."""
    row, at_start = half.synchronization, half.started_ahead_ms
    stops = tuple(
        (datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until in row.stops
    )
    return age(
        created,
        Runs(row.started_at, stops),
        ahead=timedelta(milliseconds=half.site.clock_offset_ms),
        ahead_at_start=None if at_start is None else timedelta(milliseconds=at_start),
    )
