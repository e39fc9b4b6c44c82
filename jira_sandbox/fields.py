"""The fields of a work item: how each is read from JSON, shown, and described in a changelog.

A field that may be edited is one ``EditableField``; to add one, add it to ``EDITABLE``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jira_sandbox import render
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogItem, Issue, Json, User
from jira_sandbox.wire import Refusal

SUMMARY_LENGTH = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class EditableField:
    """``parse`` gives the stored form or refuses; ``show`` the JSON; ``tell`` the id and text of history."""

    id: str
    name: str
    schema: Json
    operations: tuple[str, ...]
    required: bool
    empty: Any
    parse: Callable[[Site, Json], Any]
    show: Callable[[Site, Any], Json]
    tell: Callable[[Site, Any], tuple[str | None, str | None]]

    def step(self, site: Site, *, before: object, after: object) -> ChangelogItem:
        """Describe a change from one stored value to another."""
        before_id, before_text = self.tell(site, before)
        after_id, after_text = self.tell(site, after)
        return ChangelogItem(
            field=self.id,
            field_id=self.id,
            before=before_id,
            before_text=before_text,
            after=after_id,
            after_text=after_text,
        )


def wrong(field_id: str, text: str) -> Refusal:
    """Refuse one field's value."""
    return Refusal(400, errors={field_id: text})


def unknown(field_id: str) -> str:
    """Word it as Jira does: it does not tell a field that is not there from one that may not be edited."""
    return f"Field '{field_id}' cannot be set. It is not on the appropriate screen, or unknown."


def _parse_summary(_site: Site, raw: Json) -> str:
    if raw is not None and not isinstance(raw, str):
        raise wrong("summary", "Operation value must be a string")
    text = (raw or "").strip()
    if not text:
        raise wrong("summary", "You must specify a summary of the issue.")
    if "\n" in text or "\r" in text:
        raise wrong("summary", "The summary is invalid because it contains newline characters.")
    if len(text) > SUMMARY_LENGTH:
        raise wrong("summary", f"Summary can't exceed {SUMMARY_LENGTH} characters.")
    return text


def _parse_labels(_site: Site, raw: Json) -> list[str]:
    if raw is None:
        return []
    if not isinstance(raw, list) or not all(isinstance(label, str) for label in raw):
        raise wrong("labels", "data was not an array")
    for label in raw:
        if any(sign.isspace() for sign in label):
            raise wrong("labels", f"The label '{label}' contains spaces which is invalid.")
        if len(label) > SUMMARY_LENGTH:
            raise wrong("labels", f"The label '{label}' exceeds the maximum length for labels (255).")
    return list(dict.fromkeys(filter(None, raw)))


def _parse_priority(site: Site, raw: Json) -> str | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or not {"id", "name"} & raw.keys():
        raise wrong("priority", "Could not find valid 'id' or 'name' in priority object.")
    try:
        if "id" in raw:
            return next(each.id for each in site.priorities if each.id == raw["id"])
        return next(each.id for each in site.priorities if each.name == raw["name"])
    except StopIteration:
        raise wrong("priority", "The priority selected is invalid.") from None


def _tell_priority(site: Site, value: str | None) -> tuple[str | None, str | None]:
    return (value, site.priority(value).name) if value else (None, None)


EDITABLE = {
    field.id: field
    for field in (
        EditableField(
            id="summary",
            name="Summary",
            schema={"type": "string", "system": "summary"},
            operations=("set",),
            required=True,
            empty="",
            parse=_parse_summary,
            show=lambda _site, value: value,
            tell=lambda _site, value: (None, value),
        ),
        EditableField(
            id="labels",
            name="Labels",
            schema={"type": "array", "items": "string", "system": "labels"},
            operations=("add", "set", "remove"),
            required=False,
            empty=[],
            parse=_parse_labels,
            show=lambda _site, value: value,
            tell=lambda _site, value: ("", " ".join(value)),
        ),
        EditableField(
            id="priority",
            name="Priority",
            schema={"type": "priority", "system": "priority"},
            operations=("set",),
            required=False,
            empty=None,
            parse=_parse_priority,
            show=lambda site, value: render.priority(site, site.priority(value)) if value else None,
            tell=_tell_priority,
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


def shown(site: Site, issue: Issue, viewer: User) -> dict[str, Json]:
    """All fields of ``issue`` that ``viewer`` may see, as JSON."""
    creator = render.user(site, site.users[issue.creator])
    system: dict[str, Json] = {
        "issuetype": render.work_type(site, site.work_types[issue.type_id]),
        "project": render.space(site, site.space_of(issue)),
        "status": render.status(site, next(each for each in site.statuses if each.id == issue.status_id)),
        "creator": creator,
        "reporter": creator,
        "created": render.moment(issue.created),
        "updated": render.moment(issue.updated),
    }
    edited = {name: EDITABLE[name].show(site, value) for name, value in issue.fields.items()}
    return {name: value for name, value in (system | edited).items() if not site.hides(name, viewer)}
