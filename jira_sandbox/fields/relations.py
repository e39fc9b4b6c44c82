"""Fields that name other work items: the parent, the epic; and the sprints of a board."""

from collections.abc import Callable

from jira_sandbox import render
from jira_sandbox.fields.kinds import Place, Told, wrong
from jira_sandbox.render.links import linked
from jira_sandbox.state.furniture import Sprint
from jira_sandbox.state.values import Issue, Json

NOT_FOUND = "Could not find issue by id or key."
NO_PARENT = "Issue type is a sub-task but parent issue key or id not specified."


def parent(place: Place, raw: Json) -> str | None:
    """Read the parent from ``{"key"}`` or ``{"id"}``; it must be one level above, a sub-task's here."""
    named = raw.get("id") or raw.get("key") if isinstance(raw, dict) else raw
    level = place.site.work_types[place.type_id].hierarchy_level
    if not named:
        if level < 0:
            raise wrong("issuetype", NO_PARENT)
        return None
    found = _found(place, str(named))
    if found is None or not isinstance(raw, dict):
        raise wrong("parent", NOT_FOUND)
    above = place.site.work_types[found.type_id].hierarchy_level
    if above != level + 1 or (level < 0 and found.space_id != place.space.id):
        raise wrong("parentId", "Given parent work item does not belong to appropriate hierarchy.")
    return found.id


def parent_told(place: Place, value: str | None) -> Told:
    """Tell a parent in history: its id and key."""
    found = place.site.issues.get(value or "")
    return (found.id, found.key) if found else (None, None)


def parent_shown(place: Place, value: str | None) -> Json:
    """Show the parent in short; None without one the viewer may see."""
    found = place.site.issues.get(value or "")
    if found is None or (place.actor and not place.site.sees(place.actor, found)):
        return None
    return linked(place.site, found)


def epic(field_id: str) -> Callable[[Place, Json], str | None]:
    """Read the key of an epic, as the old field Epic Link takes it: by now another name for the parent."""

    def read(place: Place, raw: Json) -> str | None:
        if raw is None or raw == "":
            return None
        found = _found(place, raw) if isinstance(raw, str) else None
        level = place.site.work_types[place.type_id].hierarchy_level
        if found is None or level != 0 or not _is_epic(place, found):
            raise wrong(field_id, f"Issue '{raw}' is not an epic or you may not see it.")
        return found.id

    return read


def epic_shown(place: Place) -> Json:
    """Show the parent's key if it is an epic."""
    found = place.site.issues.get(place.held("parent") or "")
    return found.key if found and _is_epic(place, found) else None


def sprints(field_id: str) -> Callable[[Place, Json], list[int] | None]:
    """Read the id of one sprint: a work item is moved to it and keeps those that are over."""

    def read(place: Place, raw: Json) -> list[int] | None:
        over = [each.id for each in _sprints(place, place.held(field_id)) if each.state == "closed"]
        if raw is None:
            return over or None
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise wrong(field_id, "Number value expected as the Sprint id.")
        found = place.site.sprints.get(raw)
        if found is None or found.state == "closed":
            raise wrong(field_id, f"Sprint with id {raw} does not exist or is closed.")
        return [*over, found.id]

    return read


def sprints_shown(place: Place, value: list[int] | None) -> Json:
    """Show sprints, None for none."""
    return [_sprint_shown(each) for each in _sprints(place, value)] or None


def sprints_told(place: Place, value: list[int] | None) -> Told:
    """Tell sprints in history: ids and names, each with commas."""
    found = _sprints(place, value)
    return ", ".join(str(each.id) for each in found), ", ".join(each.name for each in found)


def _sprint_shown(value: Sprint) -> Json:
    dates = {
        "startDate": value.start and render.moment(value.start),
        "endDate": value.end and render.moment(value.end),
    }
    shown = {
        "id": value.id,
        "name": value.name,
        "state": value.state,
        "boardId": value.board_id,
        "goal": value.goal,
    }
    return shown | {name: when for name, when in dates.items() if when}


def _sprints(place: Place, value: list[int] | None) -> list[Sprint]:
    return [place.site.sprints[each] for each in value or [] if each in place.site.sprints]


def _is_epic(place: Place, issue: Issue) -> bool:
    return place.site.work_types[issue.type_id].hierarchy_level == 1


def _found(place: Place, name: str) -> Issue | None:
    try:
        found = place.site.issue(name)
    except LookupError:
        return None
    return found if place.actor is None or place.site.sees(place.actor, found) else None
