"""Putting work items into a space, one after the other, and then what holds them together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from jira_sandbox import fields
from jira_sandbox.acts import comments, issues
from jira_sandbox.fields import Place
from jira_sandbox.loading import relations
from jira_sandbox.loading.people import Cast
from jira_sandbox.loading.reading import Given, Misfit, document, each, moment, named, page, things
from jira_sandbox.loading.values import stored
from jira_sandbox.state.elements import Worklog
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, ChangelogItem, Issue, Json, Space


@dataclass(frozen=True, slots=True)
class Loaded:
    """The work items made; of each document that did not fit its key (or its number) and the reason.

    ``left`` names what was left out of those that did: key, field and reason.
    """

    items: list[Issue]
    skipped: list[tuple[str, str]]
    left: list[tuple[str, str, str]] = field(default_factory=list)


def load(site: Site, space_key: str, documents: Iterable[Json]) -> Loaded:
    """Put work items, as any Jira's API returns them (v2 or v3, or a search's page), into a space.

    Each gets the type of its name or Task, its status where the workflow has one of that name, its times, its
    comments, its logged work and its history. Parents and links hold among those loaded together. Who wrote
    it is played by invented people; the space's lead plays whom no document names. ``furnish`` makes the site
    ready for more of it beforehand.
    """
    space = site.space(space_key)
    cast = Cast(site, site.users[space.lead])
    loaded = Loaded([], [])
    made: list[tuple[Given, Issue]] = []
    for name, given in each(documents):
        if given is None:
            loaded.skipped.append((name, "it has no fields"))
            continue
        try:
            made.append((given, _placed(site, space, given, cast, loaded)))
        except Misfit as misfit:
            loaded.skipped.append((name, str(misfit)))
    loaded.items.extend(issue for _, issue in made)
    loaded.left.extend(relations.restore(site, space, made))
    return loaded


def _placed(site: Site, space: Space, given: Given, cast: Cast, loaded: Loaded) -> Issue:
    def left(name: str, reason: str) -> None:
        loaded.left.append((given.name, name, reason))

    type_id = _type(site, space, named(given.fields.get("issuetype")), left_out=left)
    author = cast.player(given.fields.get("creator") or given.fields.get("reporter"))
    place = Place(site=site, space=space, type_id=type_id, actor=author)
    values = fields.first_values(place) | stored(_unasked(place), given, cast, left)
    bodies = [
        (raw, document("comment", raw.get("body"))) for raw in page(given.fields.get("comment"), "comments")
    ]
    now = site.now()
    issue = issues.placed(
        site, space, type_id, values, author=author, now=moment(given.fields.get("created")) or now
    )
    _give_status(site, space, issue, given, left_out=left)
    for raw, body in bodies:
        if body:
            _comment(site, issue, raw, body, cast)
    for raw in page(given.fields.get("worklog"), "worklogs"):
        _log(site, issue, raw, cast)
    issue.changelog += _history(site, given, cast)
    issue.updated = max(issue.created, moment(given.fields.get("updated")) or issue.created)
    return issue


def _unasked(place: Place) -> Place:
    """Let nobody in particular act: nobody lacks a right."""
    return Place(site=place.site, space=place.space, type_id=place.type_id)


def _give_status(site: Site, space: Space, issue: Issue, given: Given, *, left_out: relations.Left) -> None:
    wanted = named(given.fields.get("status"))
    states = [site.status(each) for each in space.workflows[issue.type_id].status_ids]
    found = next((each for each in states if each.name == wanted), None)
    if found:
        issue.status_id = found.id
    elif wanted:
        left_out("status", f"The workflow has no status '{wanted}'.")
    issue.category_changed = moment(given.fields.get("statuscategorychangedate"))
    if issue.fields.get("resolution"):
        issue.resolved = moment(given.fields.get("resolutiondate")) or issue.created


def _comment(site: Site, issue: Issue, raw: dict[str, Json], body: Json, cast: Cast) -> None:
    written = moment(raw.get("created")) or issue.created
    author = cast.player(raw.get("author"))
    comment = comments.placed(site, issue, body, author=author, now=written)
    comment.updated = moment(raw.get("updated")) or written
    comment.update_author = cast.player(raw.get("updateAuthor") or raw.get("author")).account_id


def _log(site: Site, issue: Issue, raw: dict[str, Json], cast: Cast) -> None:
    seconds = raw.get("timeSpentSeconds")
    if not isinstance(seconds, int) or seconds <= 0:
        return
    written: datetime = moment(raw.get("created")) or issue.created
    issue.worklogs.append(
        Worklog(
            id=str(site.next_id("worklog")),
            author=cast.player(raw.get("author")).account_id,
            update_author=cast.player(raw.get("updateAuthor") or raw.get("author")).account_id,
            created=written,
            updated=moment(raw.get("updated")) or written,
            started=moment(raw.get("started")) or written,
            seconds=seconds,
            body=document("comment", raw.get("comment")),
        )
    )


def _history(site: Site, given: Given, cast: Cast) -> list[ChangelogEntry]:
    """Give the entries of the history from the oldest; ids and texts in them are those of the other site."""
    listed = [
        (when, raw)
        for raw in page(given.document.get("changelog"), "histories")
        if (when := moment(raw.get("created"))) and things(raw.get("items"))
    ]
    return [
        ChangelogEntry(
            id=site.next_id("changelog"),
            author=cast.player(raw.get("author")).account_id,
            created=when,
            items=tuple(_step(one) for one in things(raw["items"])),
            history_metadata=raw.get("historyMetadata"),
        )
        for when, raw in sorted(listed, key=lambda one: one[0])
    ]


def _step(raw: dict[str, Json]) -> ChangelogItem:
    before, before_text, after, after_text = (
        None if raw.get(name) is None else str(raw[name]) for name in ("from", "fromString", "to", "toString")
    )
    name = str(raw.get("field") or "")
    return ChangelogItem(
        field=name,
        field_id=str(raw.get("fieldId") or name),
        before=before,
        before_text=before_text,
        after=after,
        after_text=after_text,
        field_type="custom" if raw.get("fieldtype") == "custom" else "jira",
    )


def _type(site: Site, space: Space, name: str, *, left_out: relations.Left) -> str:
    for type_id in space.type_ids:
        if site.work_types[type_id].name == name:
            return type_id
    if name:
        left_out("issuetype", f"The space has no type '{name}'.")
    return relations.plain_type(site, space)
