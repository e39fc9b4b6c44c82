"""People: their rights, asked of Jira, and whether a site knows them."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from backbone_app.errors import RemoteMissing
from backbone_app.jira import items
from backbone_app.jira.client import JiraClient
from backbone_app.jira.read.paging import PAGE, paged

CHECKED: Final = 1000
ACCOUNT: Final = re.compile(r"[A-Za-z0-9:_-]{1,128}")
USER: Final = re.compile(r"[\w:.+~-]{1,128}")
"""What can be an account id, or the key or name of a user of a Data Center."""


def may(client: JiraClient, *, account: str, space: str, permission: str) -> bool:
    """Ask whether ``account`` has a permission (such as ``ADMINISTER_PROJECTS``) in ``space`` (its id)."""
    return space in _granted(client, account, [space], permission)


def rights(client: JiraClient, *, account: str, space: str, permission: str, globally: str) -> frozenset[str]:
    """Leave of two permissions, one in ``space`` (its id) and one of the whole site, those that are held.

    One call, which costs what one question costs.
    """
    wanted = {"permissions": [permission], "projects": [int(space)], "issues": []}
    answer = _permissions(client, account, {"projectPermissions": [wanted], "globalPermissions": [globally]})
    in_space = _spaces_of(answer, permission, [space])
    held = {permission} if in_space else set[str]()
    return frozenset(held | {globally} & set(answer.get("globalPermissions", [])))


def may_browse(client: JiraClient, *, account: str, spaces: Sequence[str]) -> frozenset[str]:
    """Give those of the ``spaces`` (ids) that ``account`` may browse: one call for each 1000 of them."""
    parts = (spaces[start : start + CHECKED] for start in range(0, len(spaces), CHECKED))
    return frozenset[str]().union(*(_granted(client, account, part, "BROWSE_PROJECTS") for part in parts))


def may_globally(client: JiraClient, *, account: str, permission: str) -> bool:
    """Ask whether ``account`` has a permission of the whole site, such as ``ADMINISTER``."""
    answer = _permissions(client, account, {"projectPermissions": [], "globalPermissions": [permission]})
    return permission in answer.get("globalPermissions", [])


def account(client: JiraClient) -> str:
    """Return the account id the site knows us by."""
    return items.account_of(client.call("GET", f"/rest/api/{client.api}/myself"))


def known_accounts(client: JiraClient, accounts: Collection[str], *, timeout: float = 20.0) -> frozenset[str]:
    """Leave the account ids that exist on this site; 100 a call, none for what cannot be an account id."""
    return frozenset(names(client, accounts, timeout=timeout))


def names(client: JiraClient, accounts: Collection[str], *, timeout: float = 20.0) -> Mapping[str, str]:
    """Give the display names of the accounts that exist on this site, by account id; calls as above.

    On Data Center accounts are user names, asked for one by one.
    """
    if not client.dialect.is_cloud:
        return _names_of_users(client, accounts, timeout=timeout)
    asked = sorted(account for account in set(accounts) if ACCOUNT.fullmatch(account))
    found: dict[str, str] = {}
    for start in range(0, len(asked), PAGE):
        wanted = [("accountId", account) for account in asked[start : start + PAGE]]
        known = paged(client, f"/rest/api/{client.api}/user/bulk", "values", params=wanted, timeout=timeout)
        found |= {items.account_of(one): items.text(one.get("displayName")) for one in known}
    return {account: name for account, name in found.items() if account in set(asked)}


def _names_of_users(client: JiraClient, users: Collection[str], *, timeout: float) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for user in sorted(set(users)):
        try:
            said = client.call("GET", "/rest/api/2/user", params=[("username", user)], timeout=timeout)
        except RemoteMissing:
            continue
        found[user] = items.text(items.mapping(said).get("displayName"))
    return found


def own_rights(client: JiraClient, *, space: str, permissions: Collection[str]) -> frozenset[str]:
    """Leave of these permissions those that our own account has in ``space`` (its id) of a linked site.

    A Data Center tells nobody of anybody else's rights but by searching people. Of one's own it tells all,
    the Cloud those that it is asked for.
    """
    params = [("projectId", space)]
    if client.dialect.is_cloud:
        params.append(("permissions", ",".join(sorted(permissions))))
    answer = client.call("GET", f"/rest/api/{client.api}/mypermissions", params=params)
    told = items.mapping(items.mapping(answer).get("permissions"))
    return frozenset(
        name for name in permissions if items.mapping(told.get(name)).get("havePermission") is True
    )


def _granted(client: JiraClient, account: str, spaces: Sequence[str], permission: str) -> frozenset[str]:
    wanted = {"permissions": [permission], "projects": [int(space) for space in spaces], "issues": []}
    answer = _permissions(client, account, {"projectPermissions": [wanted], "globalPermissions": []})
    return _spaces_of(answer, permission, spaces)


def _spaces_of(answer: Mapping[str, Any], permission: str, spaces: Sequence[str]) -> frozenset[str]:
    granted = [one for one in answer.get("projectPermissions", []) if one.get("permission") == permission]
    return frozenset(
        space for space in spaces if any(int(space) in one.get("projects", []) for one in granted)
    )


def _permissions(client: JiraClient, account: str, wanted: Mapping[str, object]) -> Mapping[str, Any]:
    """Ask as the app: only an app may ask for somebody else's rights without being an admin."""
    asked = {"accountId": account, **wanted}
    return items.mapping(
        client.call("POST", f"/rest/api/{client.api}/permissions/check", json=asked, reads=True)
    )
