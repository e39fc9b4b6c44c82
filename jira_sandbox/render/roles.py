"""What project roles look like in Jira's JSON."""

from collections.abc import Iterable

from jira_sandbox.state.furniture import Role
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json


def role_details(role: Role, link: str) -> dict[str, Json]:
    """Show a role without who is in it."""
    return {"self": link, "id": int(role.id), "name": role.name, "description": role.description}


def role_with(
    site: Site, role: Role, link: str, *, users: Iterable[str], groups: Iterable[str]
) -> dict[str, Json]:
    """Show a role with who is in it, in the order of their display names."""
    shown = [_group(site, number) for number in groups if number in site.groups]
    shown += [_user(site, account_id) for account_id in users if account_id in site.users]
    return role_details(role, link) | {"actors": sorted(shown, key=lambda each: str(each["displayName"]))}


def _group(site: Site, number: str) -> dict[str, Json]:
    group = site.groups[number]
    return {
        "id": _number(group.id),
        "displayName": group.name,
        "type": "atlassian-group-role-actor",
        "name": group.name,
        "actorGroup": {"displayName": group.name, "name": group.name, "groupId": group.id},
    }


def _user(site: Site, account_id: str) -> dict[str, Json]:
    return {
        "id": _number(account_id),
        "displayName": site.users[account_id].display_name,
        "type": "atlassian-user-role-actor",
        "actorUser": {"accountId": account_id},
    }


def _number(name: str) -> int:
    """Give the number of the line in Jira's own table; here one that follows from whom it is about."""
    return 10_000 + sum(ord(each) * (place + 1) for place, each in enumerate(name))
