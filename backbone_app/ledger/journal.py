"""The activity feed: what was written where, through which edit, and what gave way.

A line about a write is laid down with its intent, before the call, and goes
with it if the write proves not to have happened. So every write has exactly
one line, whatever crashed in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from backbone_app.core import richtext
from backbone_app.core.values import Day, Edit, Empty, Labels, Option, Rich, Side, Text, Value, Wiki
from backbone_app.models import Intent, JournalEntry
from backbone_app.models.intent import JournalKind
from backbone_app.models.sealing import context, seal, unseal


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line belongs: the half of the site it happened on."""

    synchronization_id: UUID
    pair_id: int
    site_id: UUID
    side: Side


def note(
    place: Place,
    kind: JournalKind,
    values: Mapping[str, Value],
    *,
    now: datetime,
    edit: Edit | None = None,
    intent: Intent | None = None,
) -> None:
    """Add one line; ``values`` by row are sealed for the place's site. In the caller's transaction."""
    JournalEntry.objects.create(
        synchronization_id=place.synchronization_id,
        pair_id=place.pair_id,
        site_id=place.site_id,
        side=place.side,
        kind=kind,
        intent=intent,
        rows=sorted(values),
        at=now,
        cause_author=edit.author if edit else "",
        cause_at=edit.at if edit else None,
        values_sealed=_sealed(place.site_id, values),
    )


def withdraw(intent: Intent) -> None:
    """Take back the lines of a write that did not happen."""
    intent.journal.all().delete()


def said_last(place: Place, kind: JournalKind, row: str) -> str:
    """Open what the newest line of this kind says of ``row`` in this half; empty where there is none."""
    lines = JournalEntry.objects.filter(
        pair_id=place.pair_id, site_id=place.site_id, side=place.side, kind=kind
    )
    newest = lines.order_by("-pk").first()
    return str(values(newest).get(row) or "") if newest else ""


def values(entry: JournalEntry) -> dict[str, object]:
    """Open a line's values: text, a name or a list of names by row."""
    opened: dict[str, object] = orjson.loads(unseal(entry.values_sealed, at=_at(entry.site_id)))
    return opened


def _sealed(site_id: UUID, values: Mapping[str, Value]) -> bytes:
    plain = {row: _plain(value) for row, value in values.items()}
    return seal(orjson.dumps(plain), at=_at(site_id))


def _plain(value: Value) -> str | Sequence[str] | None:
    match value:
        case Labels(names):
            return sorted(names)
        case Text(text) | Day(text) | Wiki(text):
            return text
        case Rich():
            return richtext.text(value)
        case Option(name):
            return name
        case Empty():
            return None


def _at(site_id: UUID) -> str:
    return context(site_id, "journal", "values")
