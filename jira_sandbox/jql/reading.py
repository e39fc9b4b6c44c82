"""What a work item holds for the fields of JQL: ids, texts, times, numbers."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from typing import TypeVar

from jira_sandbox import richtext
from jira_sandbox.jql.kinds import Asking
from jira_sandbox.jql.times import midnight
from jira_sandbox.state.elements import Worklog
from jira_sandbox.state.values import Comment, Issue, Json

Entry = TypeVar("Entry", Comment, Worklog)
Ids = Callable[[Asking, Issue], Collection[str]]
Times = Callable[[Asking, Issue], list[datetime]]


def held(name: str) -> Ids:
    """Read the ids a field holds, be they one, several or none."""

    def read(_asking: Asking, issue: Issue) -> Collection[str]:
        value = issue.fields.get(name)
        if isinstance(value, list):
            return [str(each) for each in value]
        return () if value is None else (str(value),)

    return read


def labels(name: str) -> Ids:
    """Read labels, in lower case."""

    def read(_asking: Asking, issue: Issue) -> Collection[str]:
        return [each.lower() for each in issue.fields.get(name) or []]

    return read


def last_view(asking: Asking, issue: Issue) -> list[datetime]:
    """Read when the asking person looked at it last."""
    seen = issue.viewed.get(asking.viewer.account_id)
    return [seen] if seen else []


def epic(asking: Asking, issue: Issue) -> Collection[str]:
    """Read the parent, if it is an epic."""
    found = asking.site.issues.get(issue.fields.get("parent") or "")
    return (found.id,) if found and asking.site.work_types[found.type_id].hierarchy_level == 1 else ()


def category(asking: Asking, issue: Issue) -> Collection[str]:
    """Read the category of the status."""
    known = asking.noted("categories", lambda: {each.id: each.category for each in asking.site.statuses})
    return (known[issue.status_id],)


def space_category(asking: Asking, issue: Issue) -> Collection[str]:
    """Read the category of the space."""
    number = asking.site.spaces[issue.space_id].category_id
    return (number,) if number else ()


def links(asking: Asking, issue: Issue) -> Collection[str]:
    """Read the ids of the work items it is linked with, either way."""

    def found() -> dict[str, set[str]]:
        linked: dict[str, set[str]] = {}
        for link in asking.site.links:
            linked.setdefault(link.inward_id, set()).add(link.outward_id)
            linked.setdefault(link.outward_id, set()).add(link.inward_id)
        return linked

    known: dict[str, set[str]] = asking.noted("links", found)
    return known.get(issue.id, ())


def link_readings(asking: Asking, issue: Issue) -> Collection[str]:
    """Read how it is linked, "blocks" or "is blocked by", in lower case."""

    def found() -> dict[str, set[str]]:
        types = {each.id: each for each in asking.site.link_types}
        told: dict[str, set[str]] = {}
        for link in asking.site.links:
            kind = types[link.type_id]
            told.setdefault(link.inward_id, set()).add(kind.outward.lower())
            told.setdefault(link.outward_id, set()).add(kind.inward.lower())
        return told

    known: dict[str, set[str]] = asking.noted("link readings", found)
    return known.get(issue.id, ())


def words(name: str) -> Callable[[Asking, Issue], Iterator[str]]:
    """Read a text, or the words of a document."""

    def read(_asking: Asking, issue: Issue) -> Iterator[str]:
        value = issue.fields.get(name)
        if value:
            yield value if isinstance(value, str) else richtext.text_of(value)

    return read


def comments(asking: Asking, issue: Issue) -> Iterator[str]:
    """Read the comments the asking person may see."""
    return (richtext.text_of(each.body) for each in _seen(asking, issue, issue.comments))


def everything(asking: Asking, issue: Issue) -> Iterator[str]:
    """Read all text of a work item: what the field ``text`` searches."""
    for name in ("summary", "description", "environment"):
        yield from words(name)(asking, issue)
    for custom in asking.site.custom_fields.values():
        if custom.manner in {"textfield", "textarea"}:
            yield from words(custom.id)(asking, issue)
    yield from comments(asking, issue)


def work_authors(asking: Asking, issue: Issue) -> Collection[str]:
    """Read who logged work."""
    return {each.author for each in _worklogs(asking, issue)}


def work_words(asking: Asking, issue: Issue) -> Iterator[str]:
    """Read what was written on logged work."""
    return (richtext.text_of(each.body) for each in _worklogs(asking, issue) if each.body)


def work_days(asking: Asking, issue: Issue) -> list[datetime]:
    """Read the days on which work began."""
    return [
        midnight(asking, each.started.astimezone(asking.zone).date()) for each in _worklogs(asking, issue)
    ]


def day(name: str) -> Times:
    """Read a field that holds a date, as the moment it begins for the asking person."""

    def read(asking: Asking, issue: Issue) -> list[datetime]:
        value = issue.fields.get(name)
        return [midnight(asking, date.fromisoformat(value))] if value else []

    return read


def instant(name: str) -> Times:
    """Read a custom field that holds a time."""

    def read(_asking: Asking, issue: Issue) -> list[datetime]:
        value = issue.fields.get(name)
        return [datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%f%z")] if value else []

    return read


def number(name: str) -> Callable[[Issue], float | None]:
    """Read a custom field that holds a number."""

    def read(issue: Issue) -> float | None:
        value = issue.fields.get(name)
        return None if value is None else float(value)

    return read


def estimated(issue: Issue) -> float | None:
    """Read the first estimate, in seconds."""
    estimates = issue.fields.get("timetracking")
    return estimates.original if estimates else None


def remaining(issue: Issue) -> float | None:
    """Read what is estimated to be left, in seconds."""
    estimates = issue.fields.get("timetracking")
    return estimates.remaining if estimates else None


def spent(issue: Issue) -> float | None:
    """Read the seconds logged; None while nobody logged work."""
    return sum(each.seconds for each in issue.worklogs) if issue.worklogs else None


def ratio(issue: Issue) -> float | None:
    """Read the work logged as a percentage of the first estimate."""
    first = estimated(issue)
    return None if not first else 100 * (spent(issue) or 0) // first


def property_values(properties: dict[str, Json], key: str, path: str) -> list[Json]:
    """Read what stands in a property at a path like ``a.b``; of lists each part."""
    found = [properties[key]] if key in properties else []
    for step in filter(None, path.split(".")):
        found = [each[step] for each in _parts(found) if isinstance(each, dict) and step in each]
    return [each for each in _parts(found) if each is not None]


def _parts(values: list[Json]) -> Iterator[Json]:
    for value in values:
        if isinstance(value, list):
            yield from _parts(value)
        else:
            yield value


def _worklogs(asking: Asking, issue: Issue) -> list[Worklog]:
    return _seen(asking, issue, issue.worklogs)


def _seen(asking: Asking, issue: Issue, listed: list[Entry]) -> list[Entry]:
    space = asking.site.spaces[issue.space_id]
    return [
        each
        for each in listed
        if each.visibility is None or asking.site.belongs(asking.viewer, each.visibility, space=space)
    ]
