"""Groups of people: which ones somebody is in, and which there are."""

from dataclasses import dataclass
from typing import Final

from backbone_app.jira import items
from backbone_app.jira.client import JiraClient

MOST_FOUND: Final = 20


@dataclass(frozen=True, slots=True)
class Group:
    """A group by Jira's id, which stays, and its name, which an admin can change."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class FoundGroups:
    """Groups whose names hold what was looked for; ``is_all``: there are no more of them."""

    groups: tuple[Group, ...]
    is_all: bool


def groups_of(client: JiraClient, *, account: str) -> frozenset[str]:
    """Give the ids of the groups somebody is in; raises RemoteRefused where the app may not see groups."""
    found = client.call("GET", "/rest/api/3/user/groups", params=[("accountId", account)])
    return frozenset(items.text(items.mapping(one).get("groupId")) for one in found or [])


def find_groups(client: JiraClient, text: str) -> FoundGroups:
    """Find the first groups, by name, whose names hold ``text``, however it is written.

    Who may not browse groups is told only of the one whose name this is.
    """
    params = [("query", text), ("caseInsensitive", "true"), ("maxResults", str(MOST_FOUND))]
    answer = items.mapping(client.call("GET", "/rest/api/3/groups/picker", params=params))
    named = [items.mapping(one) for one in answer.get("groups", [])]
    groups = tuple(Group(items.text(one.get("groupId")), items.text(one.get("name"))) for one in named)
    return FoundGroups(groups, is_all=answer.get("total", 0) <= len(groups))
