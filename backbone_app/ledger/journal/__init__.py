"""The activity feed: what was written where, through which edit, and what gave way.

A line about a write is laid down with its intent, before the call, and goes
with it if the write proves not to have happened. So every write has exactly
one line, whatever crashed in between. A conflict has a line in each half, each
with the value that was written there.

Values are sealed for the site of the half and kept as long as it wants them;
who edited, when, and digests of the values stay with the line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from backbone_app import gateway
from backbone_app.core import texts
from backbone_app.core.canonical import digest
from backbone_app.core.values import Day, Edit, Empty, Labels, Option, Rich, Side, Text, Value, Wiki
from backbone_app.ledger.journal.causes import NOTHING, Outcome, Why, causes_of, why_of
from backbone_app.models import Intent, JournalEntry, Site
from backbone_app.models.intent import JournalKind
from backbone_app.models.sealing import SealedField, seal, unseal

__all__ = [
    "KEPT",
    "WHOLE",
    "Outcome",
    "Place",
    "Told",
    "Why",
    "carried",
    "forget_values",
    "is_said",
    "note",
    "outline",
    "prune",
    "said_last",
    "told",
    "values",
    "withdraw",
]

KEPT: Final = timedelta(days=400)
"""How long a line itself is kept, values or not."""

WHOLE: Final = ""
"""In the place of a row: what is said of the work item as a whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line belongs: the half of the site it happened on; ``version`` is the configuration's."""

    synchronization_id: UUID
    pair_id: int
    site_id: UUID
    side: Side
    version: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a line as it can be read again; a value is text, a set's names in order, or None: empty.

    ``is_kept``: the values are still there. ``knows_before``: somebody looked
    what stood there. ``why`` has no ``before``: it is here, in the form of a value.
    """

    row: str
    is_kept: bool
    value: str | Sequence[str] | None
    knows_before: bool
    before: str | Sequence[str] | None
    why: Why


def note(
    place: Place,
    kind: JournalKind,
    values: Mapping[str, Value],
    *,
    now: datetime,
    why: Mapping[str, Why] = NOTHING,
    intent: Intent | None = None,
) -> None:
    """Add one line; ``values`` and ``why`` are by row. In the caller's transaction.

    ``why`` may speak of the ``WHOLE`` work item besides. The values are not even
    stored where the place's site keeps none.
    """
    site = Site.objects.only("retention_days", "digest_key_sealed").get(pk=place.site_id)
    edits = [edit for one in why.values() for edit in one.edits]
    newest = max(edits, key=lambda edit: edit.at, default=None)
    keeps = site.retention_days > 0
    JournalEntry.objects.create(
        synchronization_id=place.synchronization_id,
        pair_id=place.pair_id,
        site_id=place.site_id,
        side=place.side,
        kind=kind,
        intent=intent,
        rows=sorted(values),
        at=now,
        cause_author=newest.author if newest else "",
        cause_at=newest.at if newest else None,
        causes=causes_of(values, why, gateway.digest_key(site)),
        version=place.version,
        values_sealed=_sealed(place.site_id, _VALUES, _values(values)) if keeps else b"",
        before_sealed=_sealed(place.site_id, _BEFORE, _before(values, why)) if keeps else b"",
    )


def withdraw(intent: Intent) -> None:
    """Take back the lines of a write that did not happen."""
    intent.journal.all().delete()


def carried(intent: Intent, row: str) -> Edit | None:
    """Give the newest edit that a write carried in ``row``; None for one that nobody made."""
    lines = intent.journal.exclude(kind=JournalKind.CONFLICT).order_by("pk")
    edits = [edit for line in lines for edit in why_of(line.causes.get(row, {})).edits]
    return edits[-1] if edits else None


def said_last(place: Place, kind: JournalKind, row: str) -> str:
    """Open what the newest line of this kind says of ``row`` in this half; empty where nothing is kept."""
    newest = _newest(place, kind)
    return str(values(newest).get(row) or "") if newest else ""


def is_said(place: Place, kind: JournalKind, row: str, value: Value) -> bool:
    """Whether the newest line of this kind in this half says just that of ``row``, its value kept or not."""
    newest = _newest(place, kind)
    if newest is None:
        return False
    site = Site.objects.only("digest_key_sealed").get(pk=place.site_id)
    known: object = newest.causes.get(row, {}).get("digest")
    return known == digest(gateway.digest_key(site), row, value)


def values(entry: JournalEntry) -> dict[str, Any]:
    """Open a line's values: text, a name or a list of names by row; none where they are no longer kept."""
    return _opened(entry.site_id, _VALUES, entry.values_sealed)


def told(entry: JournalEntry) -> tuple[Told, ...]:
    """Read a line again, row by row, with what it says of the ``WHOLE`` work item first."""
    earlier = _opened(entry.site_id, _BEFORE, entry.before_sealed)
    return _rows(entry, values(entry), earlier)


def outline(entry: JournalEntry) -> tuple[Told, ...]:
    """Read a line again without opening its values, for the other side."""
    return _rows(entry, {}, {})


def forget_values(now: datetime, limit: int) -> int:
    """Empty the values of at most ``limit`` lines that their site keeps no longer, and count them."""
    forgotten = 0
    kept_for = Site.objects.order_by("retention_days").values_list("retention_days", flat=True).distinct()
    for days in list(kept_for):
        old = JournalEntry.objects.filter(site__retention_days=days, at__lt=now - timedelta(days=days))
        full = old.exclude(values_sealed=b"").order_by("at").values_list("pk", flat=True)
        chosen = list(full[: limit - forgotten])
        forgotten += JournalEntry.objects.filter(pk__in=chosen).update(values_sealed=b"", before_sealed=b"")
    return forgotten


def prune(now: datetime, limit: int) -> int:
    """Drop lines older than ``KEPT``, at most ``limit``; returns how many."""
    old = JournalEntry.objects.filter(at__lt=now - KEPT).order_by("at").values_list("pk", flat=True)
    return JournalEntry.objects.filter(pk__in=list(old[:limit])).delete()[0]


def _rows(entry: JournalEntry, shown: Mapping[str, Any], earlier: Mapping[str, Any]) -> tuple[Told, ...]:
    stood, ways = earlier.get("stood", {}), earlier.get("ways", {})
    return tuple(
        Told(
            row=row,
            is_kept=bool(entry.values_sealed),
            value=shown.get(row),
            knows_before=row in stood,
            before=stood.get(row),
            why=why_of(entry.causes.get(row, {}), ways.get(row)),
        )
        for row in sorted({*entry.rows, *entry.causes})
    )


def _newest(place: Place, kind: JournalKind) -> JournalEntry | None:
    lines = JournalEntry.objects.filter(
        pair_id=place.pair_id, site_id=place.site_id, side=place.side, kind=kind
    )
    return lines.order_by("-pk").first()


_VALUES: Final = JournalEntry.values_sealed.field
_BEFORE: Final = JournalEntry.before_sealed.field


def _sealed(site_id: UUID, column: SealedField, document: Mapping[str, object]) -> bytes:
    return seal(orjson.dumps(document), at=column.at(site_id))


def _opened(site_id: UUID, column: SealedField, sealed: "bytes | memoryview[int]") -> dict[str, Any]:
    if not sealed:
        return {}
    opened: dict[str, Any] = orjson.loads(unseal(sealed, at=column.at(site_id)))
    return opened


def _values(values: Mapping[str, Value]) -> dict[str, object]:
    return {row: _plain(value) for row, value in values.items()}


def _before(values: Mapping[str, Value], why: Mapping[str, Why]) -> dict[str, object]:
    """Give what stood there, and whose names the plain texts of this line have from mentions.

    Without the ids a person who is to be erased could not be found in them (``ledger.personal``).
    """
    said = [*values.values(), *(one.before for one in why.values() if one.before is not None)]
    return {
        "people": sorted(texts.mentions(said)),
        "stood": {row: _plain(one.before) for row, one in why.items() if one.before is not None},
        "ways": {row: list(one.way) for row, one in why.items() if one.way},
    }


def _plain(value: Value) -> str | Sequence[str] | None:
    match value:
        case Labels(names):
            return sorted(names)
        case Text(text) | Day(text):
            return text
        case Rich() | Wiki():
            return texts.plain(value)
        case Option(name):
            return name
        case Empty():
            return None
