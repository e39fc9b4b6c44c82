"""What a space offers: statuses of its work types, their hierarchy, features, mail; the kinds of space."""

from jira_sandbox import render
from jira_sandbox.acts import features
from jira_sandbox.acts import spaces as acts
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json, Space
from jira_sandbox.wire import Refusal, Response, answer

_KINDS = {"business": "Business", "service_desk": "Service Desk", "software": "Software"}
_LEVELS = {1: "Epic", 0: "Base", -1: "Subtask"}


def kinds(_call: Call) -> Response:
    """List the kinds of space there are, whether or not the site has a licence for them."""
    return answer(200, [_kind(key) for key in _KINDS], objects=len(_KINDS))


def kind(call: Call) -> Response:
    """Show one kind of space."""
    key = call.names["projectTypeKey"]
    if key not in _KINDS:
        raise Refusal(404, f"Could not find a project type with key '{key}'.")
    return answer(200, _kind(key))


def statuses(call: Call) -> Response:
    """For each work type of a space the statuses it can have."""
    space = acts.find(call.site, call.actor, call.names["projectIdOrKey"])
    listed = []
    for type_id in space.type_ids:
        shown = render.work_type(call.site, call.site.work_types[type_id])
        states = [
            render.status(call.site, call.site.status(each)) for each in space.workflows[type_id].status_ids
        ]
        listed.append(
            {name: shown[name] for name in ("self", "id", "name", "subtask")} | {"statuses": states}
        )
    return answer(200, listed, objects=len(listed))


def hierarchy(call: Call) -> Response:
    """Show which work types of a team-managed space stand above which; 400 for a company-managed one."""
    space = acts.find(call.site, call.actor, call.names["projectId"])
    if not space.is_team_managed:
        raise Refusal(400, "The project is not a team-managed project.")
    types = [call.site.work_types[each] for each in space.type_ids]
    levels = [
        {
            "level": level,
            "name": _LEVELS[level],
            "issueTypes": [
                {"id": int(each.id), "name": each.name} for each in types if each.hierarchy_level == level
            ],
        }
        for level in (0, 1, -1)
        if any(each.hierarchy_level == level for each in types)
    ]
    return answer(200, {"projectId": int(space.id), "hierarchy": levels})


def show_features(call: Call) -> Response:
    """List the features of a space and whether they are on."""
    return answer(200, _features(acts.find(call.site, call.actor, call.names["projectIdOrKey"])))


def switch_feature(call: Call) -> Response:
    """Switch a feature on or off: 200 with all of them."""
    space = acts.find_listed(call.site, call.actor, call.names["projectIdOrKey"])
    key, state = call.names["featureKey"], call.body().get("state")
    features.switch(call.world, call.site, call.actor, space, key, state)
    return answer(200, _features(space))


def sender(call: Call) -> Response:
    """Show the address from which the mail about a space comes."""
    space = acts.find(call.site, call.actor, call.names["projectId"])
    return answer(200, {"emailAddress": features.sender(call.site, space)})


def change_sender(call: Call) -> Response:
    """Set the address, or with an empty one go back to the site's: 204."""
    space = acts.find_listed(call.site, call.actor, call.names["projectId"])
    address = call.body().get("emailAddress")
    features.change_sender(call.world, call.site, call.actor, space, address)
    return answer(204)


def _kind(key: str) -> Json:
    return {
        "key": key,
        "formattedKey": _KINDS[key],
        "descriptionI18nKey": f"jira.project.type.{key}.description",
        "icon": "",
        "color": "#FFFFFF",
    }


def _features(space: Space) -> Json:
    return {
        "features": [
            {
                "projectId": int(space.id),
                "feature": each.key,
                "localisedName": each.name,
                "localisedDescription": each.text,
                "state": "DISABLED" if each.key in space.disabled_features else "ENABLED",
                "toggleLocked": each.is_locked,
                "prerequisites": [],
                "imageUri": "",
            }
            for each in features.offered(space)
        ]
    }


_ONE = "/rest/api/3/project/{projectIdOrKey}"
_BY_ID = "/rest/api/3/project/{projectId}"
_TYPE = "/rest/api/3/project/type"
ROUTES = (
    Route("GET", _TYPE, kinds),
    Route("GET", f"{_TYPE}/accessible", kinds),
    Route("GET", f"{_TYPE}/{{projectTypeKey}}", kind),
    Route("GET", f"{_TYPE}/{{projectTypeKey}}/accessible", kind),
    Route("GET", f"{_ONE}/statuses", statuses),
    Route("GET", f"{_BY_ID}/hierarchy", hierarchy),
    Route("GET", f"{_ONE}/features", show_features),
    Route("PUT", f"{_ONE}/features/{{featureKey}}", switch_feature, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("GET", f"{_BY_ID}/email", sender),
    Route("PUT", f"{_BY_ID}/email", change_sender, scope="PROJECT_ADMIN", cost=Cost.WRITE),
)
