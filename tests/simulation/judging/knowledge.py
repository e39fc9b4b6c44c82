"""What the app was told, whatever it made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulation.judging.versions import Version


@dataclass(frozen=True, slots=True)
class Knowledge:
    """``reads`` are by work item the moments at which the app asked for it whole and was answered; ``news``
    by changelog entry the moments at which the app took the news of it."""

    reads: Mapping[str, Sequence[tuple[datetime, datetime]]] = field(default_factory=dict)
    news: Mapping[int, datetime] = field(default_factory=dict)

    def covers(self, version: Version, *, since: datetime, until: datetime) -> bool:
        """Whether the app was told before ``until`` that the version stood there, which it did ``since``."""
        reads = self.reads.get(version.item, ())
        is_read = any(since < asked and answered < until for asked, answered in reads)
        return is_read or (since < until and self.news.get(version.entry or 0, until) < until)
