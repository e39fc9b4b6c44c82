"""What the site holds, written down for the checker; read straight from the sandbox's memory."""

from collections.abc import Iterator
from typing import Any

from jira_sandbox.demo.history import EXISTENCE, PRESENT, Cells, Change, Entry, Item, label_cell
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, ChangelogItem, Issue

TWIN = "backbone-twin"
"""The property that the app leaves on a work item it created: ``{"nonce", "originSite", "originItem"}``."""


def items_of(site: Site) -> tuple[Item, ...]:
    """Write down every work item of the site; the caller holds the world's lock."""
    return tuple(_item(site, issue) for issue in site.issues.values())


def twin_of(site: Site, item_id: str) -> str | None:
    """Find the other item of the pair that ``item_id`` belongs to; the caller holds the world's lock."""
    for issue in site.issues.values():
        if _origin(issue) == item_id:
            return issue.id
    own = site.issues.get(item_id)
    return _origin(own) if own is not None else None


def has_reached_twin(site: Site, change: Change) -> bool:
    """Whether the other side holds the change's values now; the caller holds the world's lock."""
    twin = site.issues.get(twin_of(site, change.item) or "")
    if twin is None:
        return False
    held = _cells(twin.fields)
    return all(held.get(cell, "") == value for cell, value in change.values.items())


def _item(site: Site, issue: Issue) -> Item:
    app = site.app.user.account_id
    now = _cells(issue.fields)
    born = dict(now)
    for entry in reversed(issue.changelog):
        born |= {cell: before for cell, before, _ in _moves(entry)}
    return Item(
        id=issue.id,
        key=issue.key,
        by_app=issue.creator == app,
        created=issue.created,
        born=born,
        now=now,
        entries=tuple(_entry(entry, by_app=entry.author == app) for entry in issue.changelog),
        origin=_origin(issue),
    )


def _origin(issue: Issue) -> str | None:
    mark = issue.properties.get(TWIN)
    return str(mark["originItem"]) if isinstance(mark, dict) and "originItem" in mark else None


def _cells(fields: dict[str, Any]) -> Cells:
    return {
        EXISTENCE: PRESENT,
        "summary": fields["summary"],
        "priority": fields["priority"] or "",
        **{label_cell(label): PRESENT for label in fields["labels"]},
    }


def _entry(entry: ChangelogEntry, *, by_app: bool) -> Entry:
    extra = (entry.history_metadata or {}).get("extraData") or {}
    return Entry(
        id=entry.id,
        at=entry.created,
        by_app=by_app,
        values={cell: after for cell, _, after in _moves(entry)},
        overwrote=frozenset(
            int(each) for each in str(extra.get("overwrote", "")).split(",") if each.isdigit()
        ),
    )


def _moves(entry: ChangelogEntry) -> Iterator[tuple[str, str, str]]:
    """Take the entry apart: cell, what it held before, what it held afterwards."""
    for item in entry.items:
        if item.field_id == "labels":
            yield from _label_moves(item)
        elif item.field_id == "priority":
            yield "priority", item.before or "", item.after or ""
        else:
            yield item.field_id, item.before_text or "", item.after_text or ""


def _label_moves(item: ChangelogItem) -> Iterator[tuple[str, str, str]]:
    before, after = set((item.before_text or "").split()), set((item.after_text or "").split())
    for label in sorted(before ^ after):
        yield label_cell(label), PRESENT if label in before else "", PRESENT if label in after else ""
