"""What Data Center's objects hold otherwise than the Cloud's, object by object.

By Atlassian's description of Data Center 10.3, and by answers of such sites where it is silent.
"""

from collections.abc import Callable
from typing import Final

from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json

Members = dict[str, Json]

FIELD_DESCRIBED: Final = frozenset({"schema", "operations", "required"})
"""What tells the description of a field where it is filled in."""
_LACKING: Final = (
    ("clauseNames", frozenset({"key"})),
    ("comments", frozenset({"self"})),
    ("worklogId", frozenset({"properties"})),
    ("issuesFixedCount", frozenset({"customFieldUsage"})),
    ("issuesUnresolvedCount", frozenset({"issuesCount"})),
    ("statusColor", frozenset({"isDefault"})),
    ("roles", frozenset({"properties"})),
    ("identifier", frozenset({"identifier"})),
    ("keyHtml", frozenset({"id"})),
    (
        "isLooped",
        frozenset({"hasScreen", "isGlobal", "isInitial", "isAvailable", "isConditional", "isLooped"}),
    ),
)
"""By a member that tells an object, those of it that Data Center has not: of a field in the list of all, the
comments within a work item, a change of logged work, the two counts of a version's work items, a priority, a
space, who may read, a work item that is picked, a transition."""
_EXPANDED_OF_SPACE: Final = "description,lead,url,projectKeys"


def reshaped(site: Site, content: Members) -> Members:
    """Give the object as Data Center has it; what is within it is left to whoever calls."""
    lacking = {name for mark, names in _LACKING if mark in content for name in names}
    kept = {name: value for name, value in content.items() if name not in lacking}
    for marks, change in _CHANGED:
        if content.keys() >= marks:
            kept = change(site, kept)
    return kept


def _field_description(_site: Site, content: Members) -> Members:
    """Describe a field by its id, and let people be completed by user name."""
    told = {name: value for name, value in content.items() if name != "key"}
    told["fieldId"] = content.get("fieldId", content.get("key"))
    if "/user/" in (link := content.get("autoCompleteUrl", "")):
        told["autoCompleteUrl"] = link.replace("query=", "username=")
    return told


def _space(_site: Site, content: Members) -> Members:
    return content | {"expand": _EXPANDED_OF_SPACE}


def _person_in_role(site: Site, content: Members) -> Members:
    someone = site.users[content["actorUser"]["accountId"]]
    return _actor(content, "actorUser", someone.name)


def _group_in_role(_site: Site, content: Members) -> Members:
    return _actor(content, "actorGroup", content["actorGroup"]["name"])


def _actor(content: Members, of_cloud: str, called: str) -> Members:
    return {name: value for name, value in content.items() if name != of_cloud} | {"name": called}


_CHANGED: Final[tuple[tuple[frozenset[str], Callable[[Site, Members], Members]], ...]] = (
    (FIELD_DESCRIBED, _field_description),
    (frozenset({"roles", "projectTypeKey"}), _space),
    (frozenset({"actorUser"}), _person_in_role),
    (frozenset({"actorGroup"}), _group_in_role),
)
