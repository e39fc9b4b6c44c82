"""Reading work items as any Jira's API returns them: v2 or v3, alone or as a page of a search."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from jira_sandbox import fields, richtext
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal


class Misfit(Exception):
    """The document cannot be a work item here; the message says why."""


@dataclass(frozen=True, slots=True)
class Given:
    """A document with its key or number as its name; ``names`` are the titles of its fields by id."""

    name: str
    document: dict[str, Json]
    names: dict[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Json]:
        """The fields of the work item."""
        held: dict[str, Json] = self.document["fields"]
        return held


def each(documents: Iterable[Json]) -> Iterator[tuple[str, Given | None]]:
    """Give every work item with its name; None for what has no fields."""
    number = 0
    for given in documents:
        page = given.get("issues") if isinstance(given, dict) else None
        for document in page if isinstance(page, list) else [given]:
            number += 1
            key = document.get("key") if isinstance(document, dict) else None
            name = str(key or f"document {number}")
            is_whole = isinstance(document, dict) and isinstance(document.get("fields"), dict)
            titles = given.get("names") if isinstance(given, dict) else None
            yield name, Given(name, document, titles or {}) if is_whole else None


def named(raw: Json) -> str:
    """Give the name of a thing, empty without one."""
    return str(raw.get("name") or raw.get("value") or "") if isinstance(raw, dict) else ""


def things(raw: Json) -> list[dict[str, Json]]:
    """Give the objects of a list; none for anything else."""
    return [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []


def page(raw: Json, name: str) -> list[dict[str, Json]]:
    """Give the objects of a page like ``{"comments": […]}``, or of a bare list."""
    return things(raw.get(name)) if isinstance(raw, dict) else things(raw)


def moment(raw: Json) -> datetime | None:
    """Read a moment as Jira writes them, in milliseconds or with a zone; None for anything else."""
    if isinstance(raw, int) and not isinstance(raw, bool) and raw > 0:
        return datetime.fromtimestamp(raw / 1000, UTC)
    try:
        found = datetime.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo else None


def document(name: str, raw: Json) -> Json:
    """Read rich text of either version; Misfit if it is neither."""
    if isinstance(raw, str):
        return richtext.from_wiki(raw)
    try:
        return fields.checked(name, raw)
    except Refusal as refusal:
        raise Misfit(f"{name}: {refusal.errors[name]}") from None
