"""Spaces: which there are, and what one offers to be synchronized."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backbone_app.core.configuration import SpaceShape, StatusShape, WorkType
from backbone_app.jira import items
from backbone_app.jira.client import JiraClient, segment
from backbone_app.jira.read.paging import paged


@dataclass(frozen=True, slots=True)
class SpaceRef:
    """A space by its id, key and name."""

    id: str
    key: str
    name: str


def spaces(client: JiraClient) -> tuple[SpaceRef, ...]:
    """List all spaces the app may browse; Data Center gives them all in one answer."""
    if client.dialect.is_cloud:
        found = paged(client, f"/rest/api/{client.api}/project/search", "values")
    else:
        found = map(items.mapping, client.call("GET", "/rest/api/2/project") or [])
    return tuple(_space_ref(one) for one in found)


def space(client: JiraClient, key_or_id: str) -> SpaceRef:
    """Read one space; raises RemoteMissing."""
    return _space_ref(
        items.mapping(client.call("GET", f"/rest/api/{client.api}/project/{segment(key_or_id)}"))
    )


def shape(client: JiraClient, space: str) -> SpaceShape:
    """Read a space's work types, with the ids of the fields that can be set on creation, and its statuses.

    One call for the types, one for each type, one for the statuses of all types.
    """
    path = f"/rest/api/{client.api}/issue/createmeta/{segment(space)}/issuetypes"
    types = list(paged(client, path, "issueTypes" if client.dialect.is_cloud else "values"))
    return SpaceShape(
        types=tuple(_work_type(client, path, one) for one in types), statuses=_statuses(client, space)
    )


def _space_ref(project: Mapping[str, Any]) -> SpaceRef:
    return SpaceRef(
        id=items.identifier(project.get("id")),
        key=items.text(project.get("key")),
        name=items.text(project.get("name")),
    )


def _work_type(client: JiraClient, path: str, found: Mapping[str, Any]) -> WorkType:
    type_id = items.identifier(found.get("id"))
    described = paged(client, f"{path}/{type_id}", "fields" if client.dialect.is_cloud else "values")
    return WorkType(
        id=type_id,
        name=items.text(found.get("name")),
        subtask=found.get("subtask") is True,
        fields=tuple(
            items.text(one.get("fieldId")) for one in described if "set" in one.get("operations", [])
        ),
    )


def _statuses(client: JiraClient, space: str) -> tuple[StatusShape, ...]:
    """List each status once, in the order of the first type that has it."""
    found: dict[str, StatusShape] = {}
    for work_type in client.call("GET", f"/rest/api/{client.api}/project/{segment(space)}/statuses") or []:
        for status in items.mapping(work_type).get("statuses", []):
            name, category = items.text(status.get("name")), items.mapping(status.get("statusCategory"))
            found.setdefault(name, StatusShape(name=name, category=items.text(category.get("key"))))
    return tuple(found.values())
