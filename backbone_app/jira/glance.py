"""What a work item's panel has to know of it, for somebody who may see it: two small calls."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from backbone_app.jira import items
from backbone_app.jira.client import JiraClient, segment

_BROWSE: Final = "BROWSE_PROJECTS"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a work item is now: its space, its work type, when it was created, and whether by our account."""

    space: str
    type_id: str
    created: datetime | None
    by_us: bool


def may_browse(client: JiraClient, *, account: str, item_id: str) -> bool:
    """Ask whether ``account`` may see this very work item, issue security included."""
    return item_id in browsable(client, account=account, item_ids=[item_id])


def browsable(client: JiraClient, *, account: str, item_ids: Collection[str]) -> frozenset[str]:
    """Leave the work items (at most 1000) that ``account`` may see, in one call."""
    wanted = {"permissions": [_BROWSE], "projects": [], "issues": sorted(int(one) for one in item_ids)}
    asked = {"accountId": account, "projectPermissions": [wanted], "globalPermissions": []}
    answer = items.mapping(
        client.call("POST", f"/rest/api/{client.api}/permissions/check", json=asked, reads=True)
    )
    granted = [number for one in answer.get("projectPermissions", []) for number in one.get("issues", [])]
    return frozenset(one for one in item_ids if int(one) in granted)


def place(client: JiraClient, item_id: str) -> Place:
    """Read where a work item is; raises RemoteMissing."""
    params = [("fields", "project,issuetype,created,creator")]
    issue = client.call("GET", f"/rest/api/{client.api}/issue/{segment(item_id)}", params=params)
    read = items.parse(items.mapping(issue))
    by_us = bool(client.account) and read.creator == client.account
    return Place(read.space, read.type_id, read.created, by_us)
