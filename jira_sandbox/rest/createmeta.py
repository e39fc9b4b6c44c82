"""What can be filled in when work items are made, of all spaces in one answer, and when one is edited."""

from jira_sandbox import fields, render
from jira_sandbox.acts import issues
from jira_sandbox.fields import Place
from jira_sandbox.rest.meta import create_screen, screen_fields
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue, Json, Space
from jira_sandbox.wire import Refusal, Response, answer

_FIELDS = "projects.issuetypes.fields"


def create_meta(call: Call) -> Response:
    """List the spaces and work types one can create in; unknown ones are left out without a word."""
    asked = call.request.parameter_list
    names = {*asked("projectIds"), *asked("projectKeys")}
    spaces = [
        each
        for each in call.site.spaces_seen_by(call.actor)
        if call.site.may(call.actor, "CREATE_ISSUES", space=each)
        and (not names or names & {each.id, each.key})
    ]
    shown = [_space(call, each) for each in spaces]
    return answer(200, {"expand": "projects", "projects": shown}, objects=len(shown))


def edit_meta(call: Call) -> Response:
    """Describe the fields of the edit screen that the caller may set."""
    issue = issues.find(call.site, call.actor, call.names["issueIdOrKey"])
    overrides = ("overrideScreenSecurity", "overrideEditableFlag")
    if not any(call.request.flag(each) for each in overrides):
        return answer(200, {"fields": edit_screen(call, issue)})
    if not call.site.may(call.actor, "ADMINISTER"):
        raise Refusal(403, "You do not have permission to override screen security or editable flags.")
    return answer(200, {"fields": screen_fields(_place(call, issue), None)})


def edit_screen(call: Call, issue: Issue) -> dict[str, Json]:
    """Describe what the caller may set in a work item; nothing without the right to edit it."""
    if not call.site.may_around(call.actor, "EDIT_ISSUES", issue):
        return {}
    return screen_fields(_place(call, issue), "edit")


def _place(call: Call, issue: Issue) -> Place:
    return fields.place_of(call.site, issue, call.actor)


def _space(call: Call, space: Space) -> Json:
    asked = call.request.parameter_list
    wanted = {*asked("issuetypeIds"), *asked("issuetypeNames")}
    kinds = [call.site.work_types[each] for each in space.type_ids]
    short = render.space(call.site, space)
    return {
        "expand": "issuetypes",
        **{name: short[name] for name in ("self", "id", "key", "name", "avatarUrls")},
        "issuetypes": [
            _type(call, space, each.id) for each in kinds if not wanted or wanted & {each.id, each.name}
        ],
    }


def _type(call: Call, space: Space, type_id: str) -> Json:
    shown = render.work_type(call.site, call.site.work_types[type_id])
    if _FIELDS not in call.request.parameter_list("expand"):
        return shown
    place = Place(site=call.site, space=space, type_id=type_id, actor=call.actor)
    return shown | {"expand": "fields", "fields": create_screen(place)}


ROUTES = (
    Route("GET", "/rest/api/3/issue/createmeta", create_meta),
    Route("GET", "/rest/api/3/issue/{issueIdOrKey}/editmeta", edit_meta),
)
