"""What the sites hold, written down for the checker; read straight from the sandbox's memory.

The caller holds the world's lock.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from jira_sandbox import richtext
from jira_sandbox.demo.history import (
    EXISTENCE,
    PRESENT,
    STATUS,
    Change,
    Copy,
    Entry,
    History,
    Item,
    Terms,
    comment_cell,
    label_cell,
)
from jira_sandbox.demo.stage import Stage, lines_of
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, ChangelogItem, Issue

TWIN = "backbone-twin"
"""The property that the app leaves on a work item it created: ``{"nonce", "originSite", "originItem",
"synchronization"}``."""
TIES = (("ALPHA", "BETA"), ("ALPHA", "GOLD"))
"""The spaces that are brought in step, each pair by a synchronization of its own, the left one first."""
_EDITS = tuple(f"PUT /rest/api/{api}/issue/{{issueIdOrKey}}" for api in (2, 3))


def everything(stage: Stage, changes: Iterable[Change], secrets: Iterable[str]) -> History:
    """Write down every work item of every site."""
    items = tuple(_item(stage, issue) for issue in _issues(stage))
    edits = sum(stage.answers.done[route] for route in _EDITS)
    written = sum(
        entry.by_app and entry.values.keys() != {STATUS} for item in items for entry in item.entries
    )
    return History(
        terms=_terms(stage),
        changes=tuple(changes),
        items=items,
        secrets=tuple(secrets),
        idle_edits=edits - written,
    )


def around(stage: Stage, item_id: str, changes: Iterable[Change]) -> History:
    """Write down one family of work items, and what people did to it."""
    family = {issue.id: issue for issue in family_of(stage, item_id)}
    return History(
        terms=_terms(stage),
        changes=tuple(change for change in changes if change.item in family),
        items=tuple(_item(stage, issue) for issue in family.values()),
    )


def family_of(stage: Stage, item_id: str) -> list[Issue]:
    """Find the work item, its origin if it has one, and all twins of that."""
    root = _origin(stage, stage.issue(item_id)) or item_id
    return [issue for issue in _issues(stage) if root in (issue.id, _origin(stage, issue))]


def _issues(stage: Stage) -> Iterator[Issue]:
    for site in stage.sites.values():
        yield from site.issues.values()


def _terms(stage: Stage) -> Terms:
    statuses = {}
    for site in stage.sites.values():
        for space in site.spaces.values():
            ids = next(iter(space.workflows.values())).status_ids
            named = [site.status(each) for each in ids]
            statuses[space.key] = tuple((each.name, each.category) for each in named)
    return Terms(ties=TIES, statuses=statuses)


def _item(stage: Stage, issue: Issue) -> Item:
    site = stage.home_of(issue.id)
    now = _cells(site, issue)
    born = dict(now)
    for entry in reversed(issue.changelog):
        born |= {cell: before for cell, before, _ in _moves(entry)}
    own = {
        comment_cell(each.id): lines_of(each.body)
        for each in issue.comments
        if each.visibility is None and not stage.is_by_app(site, each.author, f"comment:{each.id}")
    }
    return Item(
        id=issue.id,
        key=issue.key,
        space=site.space_of(issue).key,
        by_app=stage.is_by_app(site, issue.creator, f"item:{issue.id}"),
        created=issue.created,
        born=born,
        now=now | own,
        entries=tuple(
            _entry(entry, by_app=stage.is_by_app(site, entry.author, f"entry:{entry.id}"))
            for entry in issue.changelog
        ),
        origin=_origin(stage, issue),
        copies=tuple(_copies(stage, site, issue)),
    )


def _origin(stage: Stage, issue: Issue) -> str | None:
    """Find whose twin it is: what the app left on it says so, or the people who made it one."""
    mark = issue.properties.get(TWIN)
    said = mark["originItem"] if isinstance(mark, dict) and "originItem" in mark else None
    return str(said) if said is not None else stage.joined.get(issue.id)


def _cells(site: Site, issue: Issue) -> dict[str, str]:
    fields = issue.fields
    priority = fields["priority"]
    return {
        EXISTENCE: PRESENT,
        STATUS: site.status(issue.status_id).name,
        "summary": fields["summary"],
        "priority": site.priority(priority).name if priority else "",
        "duedate": fields["duedate"] or "",
        "description": lines_of(fields["description"]),
        **{label_cell(label): PRESENT for label in fields["labels"]},
    }


def _copies(stage: Stage, site: Site, issue: Issue) -> Iterator[Copy]:
    """Tell of the app's comments: what Jira told of them, and what stands now if that is something else."""

    def is_ours(author: str, comment: str) -> bool:
        return stage.is_by_app(site, author, f"comment:{comment}")

    stands = {each.id: lines_of(each.body) for each in issue.comments if is_ours(each.author, each.id)}
    about = (each for each in stage.news if each.item == issue.id)
    news = [each for each in about if is_ours(each.author, each.comment)]
    for number, told in groupby(sorted(news, key=lambda each: each.comment), key=lambda each: each.comment):
        texts = [(each.at, each.text) for each in told]
        now = stands.pop(number, "")
        yield Copy(id=number, texts=(*texts, *([] if texts[-1][1] == now else [(stage.clock(), now)])))
    for number, text in stands.items():
        yield Copy(id=number, texts=((stage.clock(), text),))


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
        before, after = item.as_written
        if item.field_id == "labels":
            yield from _label_moves(item)
        elif item.field_id == "description":
            yield "description", _words(before), _words(after)
        else:
            yield item.field_id, before, after


def _words(wiki: str) -> str:
    return lines_of(richtext.from_wiki(wiki))


def _label_moves(item: ChangelogItem) -> Iterator[tuple[str, str, str]]:
    before, after = (set(text.split()) for text in item.as_written)
    for label in sorted(before ^ after):
        yield label_cell(label), PRESENT if label in before else "", PRESENT if label in after else ""
