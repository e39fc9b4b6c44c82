"""Between the two products: what the Cloud's handlers answer as Data Center says it, and what it asks.

People have a name and a key there and no account id, groups a name and no id, and what the Cloud has added
to spaces, work types, comments and histories since is not there.
"""

import json
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from jira_sandbox.acts.finding import GONE
from jira_sandbox.datacenter.members import FIELD_DESCRIBED, Members, reshaped
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, User
from jira_sandbox.wire import Refusal, Request, Response

UNKNOWN: Final = frozenset(
    {"accountType", "entityId", "fieldId", "hierarchyLevel", "isPrivate", "jsdPublic", "scope", "simplified"}
    | {"style", "uuid", "untranslatedName"}
)
"""Members that Data Center has nowhere; ``fieldId`` stays where fields are described."""
STORED: Final = frozenset({"value", "properties", "historyMetadata"})
"""Where apps and people put what they like, which is nobody's to change."""
CLOUDS_OWN: Final = frozenset(
    {"returnIssue", "reconcileIssues", "nextPageToken", "accountId", "groupId", "permissions"}
)
"""Parameters of the Cloud that Data Center does not know, and so does not heed."""
IN_ADDRESS: Final = {"username": "name", "userKey": "key", "key": "key"}
WORDS: Final = {GONE: "Issue Does Not Exist"}
"""What Data Center says in other words than the Cloud."""


def shown(site: Site, someone: User) -> Members:
    """Show an account; there is no way to hide an address from who may look people up."""
    return {
        "self": f"{site.base_url}/rest/api/2/user?username={quote(someone.name)}",
        "name": someone.name,
        "key": someone.account_id,
        "emailAddress": someone.email,
        "avatarUrls": {
            f"{size}x{size}": f"{site.base_url}/secure/useravatar?size={word}&avatarId=10122"
            for size, word in ((48, "large"), (24, "small"), (16, "xsmall"), (32, "medium"))
        },
        "displayName": someone.display_name,
        "active": someone.active,
        "timeZone": someone.time_zone,
    }


def told(site: Site, response: Response) -> Response:
    """Say an answer of the Cloud's API v2 as Data Center does."""
    if response.file or not response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    content = translated(site, response.json())
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return replace(response, body=body.encode())


def translated(site: Site, content: Json) -> Json:
    """Say one value as Data Center does."""
    if isinstance(content, list):
        return [translated(site, each) for each in content]
    if not isinstance(content, dict):
        return content
    if "accountId" in content:
        return _person(site, content)
    unknown = UNKNOWN - {"fieldId"} if content.keys() >= FIELD_DESCRIBED else UNKNOWN
    if "groupId" in content:
        content = _group(site, content)
    return {
        name: value if name in STORED else translated(site, value)
        for name, value in reshaped(site, content).items()
        if name not in unknown
    }


def reworded(site: Site, refusal: Refusal) -> Refusal:
    """Say a refusal in the words of the site's product."""
    if not site.edition.is_cloud:
        refusal.messages = [WORDS.get(each, each) for each in refusal.messages]
    return refusal


def _person(site: Site, content: Members) -> Members:
    """Show whom the Cloud shows, with what it says of people only in some places."""
    someone = site.users[content["accountId"]]
    if "html" in content:  # a picker's, who is set off
        link = shown(site, someone)["avatarUrls"]["16x16"]
        kept = {name: content[name] for name in ("displayName", "html") if name in content}
        picked: Members = {"name": someone.name, "key": someone.account_id} | kept
        return picked | {"avatarUrl": link} if "avatarUrl" in content else picked
    more = {
        name: translated(site, content[name])
        for name in ("groups", "applicationRoles", "locale", "expand")
        if name in content
    }
    return shown(site, someone) | ({"deleted": False} if more else {}) | more


def _group(site: Site, content: Members) -> Members:
    kept = {name: value for name, value in content.items() if name != "groupId"}
    if "self" in kept:
        kept["self"] = f"{site.base_url}/rest/api/2/group?groupname={quote(str(content.get('name', '')))}"
    return kept


def understood(site: Site, request: Request) -> Request:
    """Read a request of Data Center's as one of the Cloud's: people by keys, the Cloud's own left out."""
    if site.edition.is_cloud:
        return request
    kept = [(name, value) for name, value in request.query if name not in CLOUDS_OWN]
    named = next(((name, value) for name, value in kept if name in IN_ADDRESS), None)
    if named is None:
        return replace(request, query=kept)
    is_name = IN_ADDRESS[named[0]] == "name"
    someone = site.named_user(name=named[1]) if is_name else site.named_user(key=named[1])
    number = someone.account_id if someone else f"nobody:{named[1]}"
    return replace(request, query=[*kept, ("accountId", number)])
