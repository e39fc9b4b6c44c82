"""The functions that give people, versions, work items and the like; those of time stand in ``times.py``."""

from collections.abc import Callable
from dataclasses import dataclass

from jira_sandbox.jql.kinds import Asking
from jira_sandbox.jql.people import found_users
from jira_sandbox.state.furniture import Version
from jira_sandbox.state.permissions import CATALOGUE
from jira_sandbox.state.values import Space
from jira_sandbox.wire import Refusal

Arguments = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JqlFunction:
    """A function: what its ids are ids of, how many arguments it takes, and what it gives.

    ``java_type`` names the same to Jira's own editor.
    """

    name: str
    kind: str
    give: Callable[[Asking, Arguments], set[str]]
    fewest: int = 0
    most: int = 0
    is_list: bool = True
    java_type: str


def called(asking: Asking, name: str, arguments: Arguments) -> tuple[str, set[str]]:
    """Call a function and give the kind of its ids, and the ids; Refusal 400 if it cannot be called so."""
    function = FUNCTIONS.get(name.lower())
    if function is None:
        raise Refusal(400, f"Unable to find JQL function '{name}({', '.join(arguments)})'.")
    if not function.fewest <= len(arguments) <= function.most:
        expected = f"'{function.fewest}'"
        if function.most != function.fewest:
            expected = f"between '{function.fewest}' and '{function.most}'"
        raise Refusal(
            400, f"Function '{name}' expected {expected} arguments but received '{len(arguments)}'."
        )
    return function.kind, function.give(asking, arguments)


def _members(asking: Asking, arguments: Arguments) -> set[str]:
    try:
        return set(asking.site.group(arguments[0]).members)
    except LookupError:
        raise Refusal(
            400,
            f"Function 'membersOf' can not generate a list of usernames for group '{arguments[0]}'; "
            "the group does not exist.",
        ) from None


def _spaces(asking: Asking, names: Arguments, function: str) -> list[Space]:
    seen = list(asking.site.spaces_seen_by(asking.viewer))
    if not names:
        return seen
    found = [each for each in seen if {each.id, each.key, each.name} & set(names)]
    if len(found) < len(set(names)):
        raise Refusal(400, f"Could not resolve the project '{names[0]}' provided to function '{function}'.")
    return found


def _versions(asking: Asking, arguments: Arguments, function: str, *, is_released: bool) -> list[Version]:
    return [
        version
        for space in _spaces(asking, arguments, function)
        for version in space.versions
        if version.is_released is is_released and not version.is_archived
    ]


def _released(asking: Asking, arguments: Arguments) -> set[str]:
    return {each.id for each in _versions(asking, arguments, "releasedVersions", is_released=True)}


def _unreleased(asking: Asking, arguments: Arguments) -> set[str]:
    return {each.id for each in _versions(asking, arguments, "unreleasedVersions", is_released=False)}


def _latest(asking: Asking, arguments: Arguments) -> set[str]:
    found = _versions(asking, arguments, "latestReleasedVersion", is_released=True)
    return {each.id for each in found[-1:]}


def _earliest(asking: Asking, arguments: Arguments) -> set[str]:
    found = _versions(asking, arguments, "earliestUnreleasedVersion", is_released=False)
    return {each.id for each in found[:1]}


def _linked(asking: Asking, arguments: Arguments) -> set[str]:
    site = asking.site
    try:
        issue = site.issue(arguments[0])
    except LookupError:
        issue = None
    if issue is None or not site.sees(asking.viewer, issue):
        raise Refusal(400, f"Issue '{arguments[0]}' could not be found in function 'linkedIssues'.")
    wanted = {each.lower() for each in arguments[1:]}
    readings = {each.id: (each.outward.lower(), each.inward.lower()) for each in site.link_types}
    found = set()
    for link in site.links:
        outward, inward = readings.get(link.type_id, ("", ""))
        if link.inward_id == issue.id and (not wanted or outward in wanted):
            found.add(link.outward_id)
        if link.outward_id == issue.id and (not wanted or inward in wanted):
            found.add(link.inward_id)
    return found


def _types(asking: Asking, *, is_subtask: bool) -> set[str]:
    return {kind.id for kind in asking.site.work_types.values() if (kind.hierarchy_level < 0) is is_subtask}


def _watched(asking: Asking, _arguments: Arguments) -> set[str]:
    viewer = asking.viewer.account_id
    return {issue.id for issue in asking.site.issues.values() if viewer in issue.watchers}


def _voted(asking: Asking, _arguments: Arguments) -> set[str]:
    viewer = asking.viewer.account_id
    return {issue.id for issue in asking.site.issues.values() if viewer in issue.voters}


def _person(asking: Asking, arguments: Arguments, function: str) -> str:
    if not arguments:
        return asking.viewer.account_id
    found = found_users(asking, arguments[0])
    if not found:
        raise Refusal(400, f"Function '{function}' has an invalid user '{arguments[0]}'.")
    return min(found)


def _led(asking: Asking, arguments: Arguments) -> set[str]:
    lead = _person(asking, arguments, "projectsLeadByUser")
    return {each.id for each in asking.site.spaces_seen_by(asking.viewer) if each.lead == lead}


def _components_led(asking: Asking, arguments: Arguments) -> set[str]:
    lead = _person(asking, arguments, "componentsLeadByUser")
    spaces = asking.site.spaces_seen_by(asking.viewer)
    return {each.id for space in spaces for each in space.components if each.lead == lead}


def _permitted(asking: Asking, arguments: Arguments) -> set[str]:
    wanted = arguments[0].lower()
    keys = [each.key for each in CATALOGUE.values() if wanted in {each.name.lower(), each.key.lower()}]
    if not keys:
        raise Refusal(
            400, f"Function 'projectsWhereUserHasPermission' cannot find the permission '{arguments[0]}'."
        )
    site, viewer = asking.site, asking.viewer
    return {each.id for each in site.spaces_seen_by(viewer) if site.may(viewer, keys[0], space=each)}


def _in_role(asking: Asking, arguments: Arguments) -> set[str]:
    site, viewer = asking.site, asking.viewer
    return {
        each.id for each in site.spaces_seen_by(viewer) if site.has_role(viewer, arguments[0], space=each)
    }


def _sprints(state: str) -> Callable[[Asking, Arguments], set[str]]:
    def give(asking: Asking, _arguments: Arguments) -> set[str]:
        return {str(each.id) for each in asking.site.sprints.values() if each.state == state}

    return give


_USER = "com.atlassian.jira.user.ApplicationUser"
_VERSION = "com.atlassian.jira.project.version.Version"
_ISSUE = "com.atlassian.jira.issue.Issue"
_TYPE = "com.atlassian.jira.issue.issuetype.IssueType"
_PROJECT = "com.atlassian.jira.project.Project"
_SPRINT = "com.atlassian.greenhopper.service.sprint.Sprint"
_COMPONENT = "com.atlassian.jira.bc.project.component.ProjectComponent"
MANY = 1000
"""As many arguments as one likes."""

FUNCTIONS: dict[str, JqlFunction] = {
    each.name.lower(): each
    for each in (
        JqlFunction(
            name="currentUser",
            kind="user",
            give=lambda asking, _arguments: {asking.viewer.account_id},
            is_list=False,
            java_type=_USER,
        ),
        JqlFunction(name="membersOf", kind="user", give=_members, fewest=1, most=1, java_type=_USER),
        JqlFunction(name="releasedVersions", kind="version", give=_released, most=MANY, java_type=_VERSION),
        JqlFunction(
            name="unreleasedVersions", kind="version", give=_unreleased, most=MANY, java_type=_VERSION
        ),
        JqlFunction(
            name="latestReleasedVersion",
            kind="version",
            give=_latest,
            fewest=1,
            most=1,
            is_list=False,
            java_type=_VERSION,
        ),
        JqlFunction(
            name="earliestUnreleasedVersion",
            kind="version",
            give=_earliest,
            fewest=1,
            most=1,
            is_list=False,
            java_type=_VERSION,
        ),
        JqlFunction(name="linkedIssues", kind="issue", give=_linked, fewest=1, most=MANY, java_type=_ISSUE),
        JqlFunction(name="watchedIssues", kind="issue", give=_watched, java_type=_ISSUE),
        JqlFunction(name="votedIssues", kind="issue", give=_voted, java_type=_ISSUE),
        JqlFunction(
            name="subtaskIssueTypes",
            kind="type",
            give=lambda asking, _arguments: _types(asking, is_subtask=True),
            java_type=_TYPE,
        ),
        JqlFunction(
            name="standardIssueTypes",
            kind="type",
            give=lambda asking, _arguments: _types(asking, is_subtask=False),
            java_type=_TYPE,
        ),
        JqlFunction(name="openSprints", kind="sprint", give=_sprints("active"), java_type=_SPRINT),
        JqlFunction(name="closedSprints", kind="sprint", give=_sprints("closed"), java_type=_SPRINT),
        JqlFunction(name="futureSprints", kind="sprint", give=_sprints("future"), java_type=_SPRINT),
        JqlFunction(name="projectsLeadByUser", kind="space", give=_led, most=1, java_type=_PROJECT),
        JqlFunction(
            name="projectsWhereUserHasPermission",
            kind="space",
            give=_permitted,
            fewest=1,
            most=1,
            java_type=_PROJECT,
        ),
        JqlFunction(
            name="projectsWhereUserHasRole",
            kind="space",
            give=_in_role,
            fewest=1,
            most=1,
            java_type=_PROJECT,
        ),
        JqlFunction(
            name="componentsLeadByUser",
            kind="component",
            give=_components_led,
            most=1,
            java_type=_COMPONENT,
        ),
    )
}
