"""Real work items put into a space: what fits is taken as it is, the rest is named with the reason.

Nobody is told: the work items were there before anybody installed an app or listened.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from jira_sandbox import fields, richtext
from jira_sandbox.acts import comments, issues
from jira_sandbox.fields import Place
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json, Space
from jira_sandbox.wire import Refusal

TAKEN = ("summary", "priority", "labels", "duedate", "description", "environment")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The work items made, and of each document that did not fit its key (or its number) and the reason."""

    items: list[Issue]
    skipped: list[tuple[str, str]]


class Misfit(Exception):
    """The document cannot be a work item here; the message says why."""


def load(site: Site, space_key: str, documents: Iterable[Json]) -> Loaded:
    """Put work items, as any Jira's API returns them (v2 or v3, or a search's page), into a space.

    Each gets the type of its name or Task, its status where the workflow has one of that name, and its
    comments. The space's lead has written it all, just now: its people are not of this site.
    """
    space = site.space(space_key)
    items: list[Issue] = []
    skipped: list[tuple[str, str]] = []
    for name, document in _each(documents):
        try:
            items.append(_placed(site, space, document))
        except Misfit as misfit:
            skipped.append((name, str(misfit)))
    return Loaded(items, skipped)


def _each(documents: Iterable[Json]) -> Iterator[tuple[str, Json]]:
    number = 0
    for given in documents:
        page = given.get("issues") if isinstance(given, dict) else None
        for document in page if isinstance(page, list) else [given]:
            number += 1
            key = document.get("key") if isinstance(document, dict) else None
            yield str(key or f"document {number}"), document


def _placed(site: Site, space: Space, document: Json) -> Issue:
    given = document.get("fields") if isinstance(document, dict) else None
    if not isinstance(given, dict):
        raise Misfit("it has no fields")
    type_id = _type(site, space, _name(given.get("issuetype")))
    author, now = site.users[space.lead], site.now()
    place = Place(site=site, space=space, type_id=type_id, actor=author)
    values = fields.first_values(place) | dict(_values(place, given))
    bodies = [_document("comment", each.get("body")) for each in _comments(given)]
    issue = issues.placed(site, space, type_id, values, author=author, now=now)
    for status_id in space.workflows[type_id].status_ids:
        if site.status(status_id).name == _name(given.get("status")):
            issue.status_id = status_id
    for body in filter(None, bodies):
        comments.placed(site, issue, body, author=author, now=now)
    return issue


def _values(place: Place, given: dict[str, Json]) -> Iterator[tuple[str, Any]]:
    """Give the stored values; a priority this site does not have is left as that of a new work item."""
    for name in TAKEN:
        raw = given.get(name)
        if name not in place.space.screen or (raw is None and name != "summary"):
            continue
        if fields.EDITABLE[name].is_rich:
            raw = _document(name, raw)
        if name == "priority" and _name(raw) not in {each.name for each in place.site.priorities}:
            continue
        if name == "priority":
            raw = {"name": _name(raw)}
        yield name, _parsed(place, name, raw)


def _parsed(place: Place, name: str, raw: Json) -> Any:
    try:
        return fields.EDITABLE[name].parse(place, raw)
    except Refusal as refusal:
        raise Misfit(f"{name}: {refusal.errors[name]}") from None


def _document(name: str, raw: Json) -> Json:
    if isinstance(raw, str):
        return richtext.from_wiki(raw)
    try:
        return fields.checked(name, raw)
    except Refusal as refusal:
        raise Misfit(f"{name}: {refusal.errors[name]}") from None


def _comments(given: dict[str, Json]) -> list[dict[str, Json]]:
    field = given.get("comment")
    listed = field.get("comments") if isinstance(field, dict) else field
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _type(site: Site, space: Space, name: str) -> str:
    for type_id in space.type_ids:
        if site.work_types[type_id].name == name:
            return type_id
    return next(each for each in space.type_ids if site.work_types[each].name == "Task")


def _name(raw: Json) -> str:
    return str(raw.get("name") or "") if isinstance(raw, dict) else ""
