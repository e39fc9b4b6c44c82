"""Jira's own fields that may be edited."""

from jira_sandbox import render
from jira_sandbox.fields import choices, dates, estimates, people, plain, relations, rich
from jira_sandbox.fields.kinds import EditableField

_SET = ("add", "set", "remove")


def _rich(field_id: str, name: str) -> EditableField:
    return EditableField(
        id=field_id,
        name=name,
        schema={"type": "string", "system": field_id},
        is_rich=True,
        parse=lambda _place, raw: rich.checked(field_id, raw),
        show=plain.as_stored,
        tell=rich.told,
    )


def _versions(field_id: str, name: str, history: str) -> EditableField:
    return EditableField(
        id=field_id,
        name=name,
        schema={"type": "array", "items": "version", "system": field_id},
        operations=("set", "add", "remove", "edit"),
        empty=[],
        history=history,
        parse=choices.versions(field_id),
        show=choices.versions_shown,
        tell=choices.versions_told,
        tell_one=choices.version_name,
        choices=lambda place: [
            choices.version_shown(place, each) for each in place.space.versions if not each.is_archived
        ],
    )


_WORDS = (
    EditableField(
        id="summary",
        name="Summary",
        schema={"type": "string", "system": "summary"},
        required=True,
        empty="",
        parse=plain.summary,
        show=plain.as_stored,
        tell=plain.told_as_text,
    ),
    EditableField(
        id="labels",
        name="Labels",
        schema={"type": "array", "items": "string", "system": "labels"},
        operations=_SET,
        empty=[],
        completes="/rest/api/1.0/labels/suggest?query=",
        parse=plain.labels("labels"),
        show=plain.as_stored,
        tell=plain.told_as_words,
    ),
    EditableField(
        id="priority",
        name="Priority",
        schema={"type": "priority", "system": "priority"},
        parse=choices.priority,
        show=choices.priority_shown,
        tell=choices.priority_told,
        choices=lambda place: [render.priority(place.site, each) for each in place.site.priorities],
        default=lambda place: place.site.usual_priority().id,
    ),
    EditableField(
        id="duedate",
        name="Due date",
        schema={"type": "date", "system": "duedate"},
        parse=dates.day("duedate"),
        show=plain.as_stored,
        tell=dates.told_as_due,
    ),
    _rich("description", "Description"),
    _rich("environment", "Environment"),
    EditableField(
        id="resolution",
        name="Resolution",
        schema={"type": "resolution", "system": "resolution"},
        parse=choices.resolution,
        show=lambda place, value: render.resolution(place.site, value) if value else None,
        tell=lambda place, value: (value, place.site.resolutions[value]) if value else (None, None),
        choices=lambda place: [render.resolution(place.site, each) for each in place.site.resolutions],
    ),
)
_PEOPLE = (
    EditableField(
        id="assignee",
        name="Assignee",
        schema={"type": "user", "system": "assignee"},
        permission="ASSIGN_ISSUES",
        completes="/rest/api/3/user/assignable/search?query=",
        parse=people.assignee,
        show=people.shown,
        tell=people.told,
        default=people.automatic,
    ),
    EditableField(
        id="reporter",
        name="Reporter",
        schema={"type": "user", "system": "reporter"},
        permission="MODIFY_REPORTER",
        completes="/rest/api/3/user/search?query=",
        required=True,
        parse=people.reporter,
        show=people.shown,
        tell=people.told,
        default=lambda place: place.actor.account_id if place.actor else None,
    ),
    EditableField(
        id="security",
        name="Security Level",
        schema={"type": "securitylevel", "system": "security"},
        permission="SET_ISSUE_SECURITY",
        is_there=lambda place: bool(place.space.security_levels),
        parse=choices.security,
        show=choices.security_shown,
        tell=choices.security_told,
        choices=lambda place: [choices.security_shown(place, each.id) for each in choices.levels(place)],
        default=lambda place: next(
            (each.id for each in place.space.security_levels if each.is_default), None
        ),
    ),
)
_PLANS = (
    EditableField(
        id="components",
        name="Components",
        schema={"type": "array", "items": "component", "system": "components"},
        operations=("add", "set", "remove"),
        empty=[],
        history="Component",
        parse=choices.components,
        show=choices.components_shown,
        tell=lambda _place, _value: (None, None),
        tell_one=choices.component_name,
        choices=lambda place: [choices.component_shown(place, each) for each in place.space.components],
    ),
    _versions("versions", "Affects versions", "Version"),
    _versions("fixVersions", "Fix versions", "Fix Version"),
    EditableField(
        id="parent",
        name="Parent",
        schema={"type": "issuelink", "system": "parent"},
        history="IssueParentAssociation",
        parse=relations.parent,
        show=relations.parent_shown,
        tell=relations.parent_told,
    ),
    EditableField(
        id="timetracking",
        name="Time tracking",
        schema={"type": "timetracking", "system": "timetracking"},
        operations=("set", "edit"),
        parse=estimates.tracking,
        show=estimates.shown,
        tell=estimates.told,
        split=(("timeoriginalestimate", estimates.original), ("timeestimate", estimates.remaining)),
    ),
)
EDITABLE = {field.id: field for field in (*_WORDS, *_PEOPLE, *_PLANS)}
SCREEN = frozenset(EDITABLE) - {"resolution"}
"""What create and edit screens hold; a resolution is given on a transition's screen, as in Jira."""
