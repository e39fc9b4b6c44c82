"""All fields. A field that may be edited is one ``EditableField``; to add one, add it to ``EDITABLE``."""

from jira_sandbox import render, richtext
from jira_sandbox.fields import plain, rich
from jira_sandbox.fields.kinds import EditableField
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Api, ChangelogItem, Issue, Json, User


def _tell_priority(site: Site, value: str | None) -> tuple[str | None, str | None]:
    return (value, site.priority(value).name) if value else (None, None)


def _rich(field_id: str, name: str) -> EditableField:
    return EditableField(
        id=field_id,
        name=name,
        schema={"type": "string", "system": field_id},
        is_rich=True,
        parse=lambda _site, raw: rich.checked(field_id, raw),
        show=lambda _site, value: value,
        tell=lambda _site, value: (None, richtext.to_wiki(value) if value else None),
    )


EDITABLE = {
    field.id: field
    for field in (
        EditableField(
            id="summary",
            name="Summary",
            schema={"type": "string", "system": "summary"},
            required=True,
            empty="",
            parse=plain.summary,
            show=lambda _site, value: value,
            tell=lambda _site, value: (None, value),
        ),
        EditableField(
            id="labels",
            name="Labels",
            schema={"type": "array", "items": "string", "system": "labels"},
            operations=("add", "set", "remove"),
            empty=[],
            parse=plain.labels,
            show=lambda _site, value: value,
            tell=lambda _site, value: ("", " ".join(value)),
        ),
        EditableField(
            id="priority",
            name="Priority",
            schema={"type": "priority", "system": "priority"},
            parse=plain.priority,
            show=lambda site, value: render.priority(site, site.priority(value)) if value else None,
            tell=_tell_priority,
        ),
        EditableField(
            id="duedate",
            name="Due date",
            schema={"type": "date", "system": "duedate"},
            parse=plain.due_date,
            show=lambda _site, value: value,
            tell=lambda _site, value: (value, value),
        ),
        _rich("description", "Description"),
        _rich("environment", "Environment"),
        EditableField(
            id="resolution",
            name="Resolution",
            schema={"type": "resolution", "system": "resolution"},
            parse=plain.resolution,
            show=lambda site, value: render.resolution(site, value) if value else None,
            tell=lambda site, value: (value, site.resolutions[value]) if value else (None, None),
        ),
    )
}

SYSTEM: dict[str, tuple[str, Json]] = {
    "issuetype": ("Work type", {"type": "issuetype", "system": "issuetype"}),
    "project": ("Space", {"type": "project", "system": "project"}),
    "status": ("Status", {"type": "status", "system": "status"}),
    "creator": ("Creator", {"type": "user", "system": "creator"}),
    "reporter": ("Reporter", {"type": "user", "system": "reporter"}),
    "created": ("Created", {"type": "datetime", "system": "created"}),
    "updated": ("Updated", {"type": "datetime", "system": "updated"}),
}
"""The fields nobody edits here: id to name and schema."""


def shown(site: Site, issue: Issue, viewer: User, *, api: Api = 3) -> dict[str, Json]:
    """All fields of ``issue`` that ``viewer`` may see, as the JSON of that version of the API."""
    creator = render.user(site, site.users[issue.creator])
    system: dict[str, Json] = {
        "issuetype": render.work_type(site, site.work_types[issue.type_id]),
        "project": render.space(site, site.space_of(issue)),
        "status": render.status(site, site.status(issue.status_id)),
        "creator": creator,
        "reporter": creator,
        "created": render.moment(issue.created),
        "updated": render.moment(issue.updated),
    }
    edited = {name: EDITABLE[name].show(site, value) for name, value in issue.fields.items()}
    if api == 2:
        rich_ones = [name for name, value in edited.items() if value and EDITABLE[name].is_rich]
        edited |= {name: richtext.to_wiki(edited[name]) for name in rich_ones}
    return {name: value for name, value in (system | edited).items() if not site.hides(name, viewer)}


def status_step(site: Site, *, before: str, after: str) -> ChangelogItem:
    """Describe a change of status; both are ids."""
    return ChangelogItem(
        field="status",
        field_id="status",
        before=before,
        before_text=site.status(before).name,
        after=after,
        after_text=site.status(after).name,
    )
