"""The conditions of an app's modules: whether a person is shown a page, a panel or an entry.

https://developer.atlassian.com/cloud/jira/platform/conditions/
"""

from collections.abc import Callable
from dataclasses import dataclass

from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json, Space, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Who looks at what: ``space`` and ``issue`` are None on pages that are about neither."""

    site: Site
    person: User | None
    space: Space | None = None
    issue: Issue | None = None


def hold(scene: Scene, conditions: list[Json]) -> bool:
    """Whether all conditions hold; one that Jira does not know never does."""
    return all(_holds(scene, each) for each in conditions)


def _holds(scene: Scene, condition: Json) -> bool:
    if "or" in condition:
        return any(_holds(scene, each) for each in condition["or"])
    if "and" in condition:
        return hold(scene, condition["and"])
    known = _KNOWN.get(str(condition.get("condition")))
    if known is None:
        return False
    params = {name: str(value) for name, value in condition.get("params", {}).items()}
    return known(scene, params) != (condition.get("invert") in {True, "true"})


def _may(permission: str) -> Callable[[Scene, dict[str, str]], bool]:
    def check(scene: Scene, _params: dict[str, str]) -> bool:
        return scene.person is not None and scene.site.may(scene.person, permission)

    return check


def _administers_space(scene: Scene, _params: dict[str, str]) -> bool:
    return _has_space_permission(scene, {"permission": "ADMINISTER_PROJECTS"})


def _has_space_permission(scene: Scene, params: dict[str, str]) -> bool:
    return (
        scene.person is not None
        and scene.space is not None
        and scene.site.may(scene.person, params.get("permission", ""), space=scene.space)
    )


def _has_global_permission(scene: Scene, params: dict[str, str]) -> bool:
    return _may(params.get("permission", ""))(scene, params)


def _is_of_type(scene: Scene, params: dict[str, str]) -> bool:
    return scene.space is not None and params.get("projectTypeKey") == "software"


def _is_logged_in(scene: Scene, _params: dict[str, str]) -> bool:
    return scene.person is not None


def _is_licensed(scene: Scene, _params: dict[str, str]) -> bool:
    app = scene.site.installation
    return app is not None and app.license is not None and app.license.active


def _is_mine(field: str) -> Callable[[Scene, dict[str, str]], bool]:
    def check(scene: Scene, _params: dict[str, str]) -> bool:
        if scene.issue is None or scene.person is None:
            return False
        return scene.issue.fields.get(field) == scene.person.account_id

    return check


def _is_unresolved(scene: Scene, _params: dict[str, str]) -> bool:
    return scene.issue is not None and not scene.issue.fields.get("resolution")


def _is_watching(scene: Scene, _params: dict[str, str]) -> bool:
    return (
        scene.issue is not None
        and scene.person is not None
        and scene.person.account_id in scene.issue.watchers
    )


def _has_property(scene: Scene, params: dict[str, str]) -> bool:
    return params.get("propertyKey") in _properties(scene, params)


def _property_equals(scene: Scene, params: dict[str, str]) -> bool:
    """Compare with the value as JSON writes it: ``true``, a number, a text."""
    value = _properties(scene, params).get(params.get("propertyKey", ""))
    for step in filter(None, params.get("objectName", "").split(".")):
        value = value.get(step) if isinstance(value, dict) else None
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return value is not None and shown == params.get("value")


def _properties(scene: Scene, params: dict[str, str]) -> dict[str, Json]:
    app = scene.site.installation
    match params.get("entity"):
        case "issue":
            return scene.issue.properties if scene.issue else {}
        case "project":
            return scene.space.properties if scene.space else {}
        case _:
            return app.properties if app else {}


_KNOWN: dict[str, Callable[[Scene, dict[str, str]], bool]] = {
    "addon_is_licensed": _is_licensed,
    "entity_property_equal_to": _property_equals,
    "entity_property_exists": _has_property,
    "has_global_permission": _has_global_permission,
    "has_issue_permission": _has_space_permission,
    "has_project_permission": _has_space_permission,
    "is_issue_assigned_to_current_user": _is_mine("assignee"),
    "is_issue_reported_by_current_user": _is_mine("reporter"),
    "is_issue_unresolved": _is_unresolved,
    "is_watching_issue": _is_watching,
    "project_type": _is_of_type,
    "user_is_admin": _may("ADMINISTER"),
    "user_is_logged_in": _is_logged_in,
    "user_is_project_admin": _administers_space,
    "user_is_sysadmin": _may("ADMINISTER"),
}
