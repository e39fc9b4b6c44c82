"""What the app was told, whatever it made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from jira_sandbox.demo.history import Item

if TYPE_CHECKING:
    from tests.simulation.judging.versions import Version


@dataclass(frozen=True, slots=True)
class Knowledge:
    """``reads`` are by work item the moments at which the app asked for it whole and was answered; ``news``
    by changelog entry the moments at which the app took the news of it."""

    reads: Mapping[str, Sequence[tuple[datetime, datetime]]] = field(default_factory=dict)
    news: Mapping[int, datetime] = field(default_factory=dict)

    def covers(self, version: "Version", *, since: datetime, until: datetime) -> bool:
        """Whether the app was told before ``until`` that the version stood there, which it did ``since``."""
        reads = self.reads.get(version.item, ())
        is_read = any(since < asked and answered < until for asked, answered in reads)
        return is_read or (since < until and self.news.get(version.entry or 0, until) < until)

    def knew(self, version: "Version", item: Item, *, until: datetime, at: datetime) -> bool:
        """Whether the app was told before ``at`` of a version that stood on its work item ``until`` then.

        The news of an edit tell how the whole work item stood after it.
        """
        reads = self.reads.get(item.id, ())
        if any(version.at < asked and answered < min(until, at) for asked, answered in reads):
            return True
        meanwhile = (entry.id for entry in item.entries if version.at <= entry.at < until)
        return any(self.news.get(entry, at) < at for entry in meanwhile)
