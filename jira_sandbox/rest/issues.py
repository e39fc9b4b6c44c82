"""Work items: create, read, edit, delete, and their changelog."""

from jira_sandbox.acts import issues as acts
from jira_sandbox.acts import removing
from jira_sandbox.meters import Cost
from jira_sandbox.rest import bodies, issueview
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Refusal, Response, answer

HISTORY_PAGE = 100


def create(call: Call) -> Response:
    """Make a work item: 201 with its id and key, 400 that names the fields at fault."""
    issue = acts.create(call.world, call.site, call.actor, bodies.wish(call))
    link = f"{call.site.base_url}/rest/api/3/issue/{issue.id}"
    return answer(201, {"id": issue.id, "key": issue.key, "self": link})


def get(call: Call) -> Response:
    """Show a work item, all fields unless ``fields`` chooses, properties and changelog on request."""
    issue = acts.find(call.site, call.actor, call.names["issueIdOrKey"])
    shown = issueview.view(
        call,
        issue,
        wanted=call.request.parameter_list("fields"),
        properties=call.request.parameter_list("properties"),
        expand=call.request.parameter_list("expand"),
    )
    return answer(200, shown)


def edit(call: Call) -> Response:
    """Change a work item: 204, or 200 with the work item as it is now when ``returnIssue`` asks for it."""
    issue = acts.find(call.site, call.actor, call.names["issueIdOrKey"])
    wish = bodies.wish(call)
    _must_be_admin_to_be_silent(call)
    acts.edit(call.world, call.site, call.actor, issue, wish)
    if not call.request.flag("returnIssue"):
        return answer(204)
    expand = call.request.parameter_list("expand")
    return answer(200, issueview.view(call, issue, wanted=[], properties=[], expand=expand))


def remove(call: Call) -> Response:
    """Remove a work item: 204; one with sub-tasks only with ``deleteSubtasks``."""
    issue = acts.find(call.site, call.actor, call.names["issueIdOrKey"])
    delete = removing.delete_with_subtasks if call.request.flag("deleteSubtasks") else removing.delete
    delete(call.world, call.site, call.actor, issue)
    return answer(204)


def changelog(call: Call) -> Response:
    """Show a page of the history, oldest entry first."""
    issue = acts.find(call.site, call.actor, call.names["issueIdOrKey"])
    start = call.number("startAt", 0, most=10**9)
    size = call.number("maxResults", HISTORY_PAGE, most=HISTORY_PAGE)
    entries = issueview.histories(call, issue)
    page = entries[start : start + size]
    link = f"{call.site.base_url}/rest/api/3/issue/{issue.id}/changelog"
    is_last = start + size >= len(entries)
    shown = {
        "self": f"{link}?maxResults={size}&startAt={start}",
        "maxResults": size,
        "startAt": start,
        "total": len(entries),
        "isLast": is_last,
        "values": page,
    }
    following = {} if is_last else {"nextPage": f"{link}?maxResults={size}&startAt={start + size}"}
    return answer(200, shown | following, objects=len(page))


def _must_be_admin_to_be_silent(call: Call) -> None:
    """Only an administrator, of Jira or of the space, may edit without the notification mails."""
    if call.request.parameter("notifyUsers", "true").lower() != "false" or call.by_app:
        return
    issue = call.site.issue(call.names["issueIdOrKey"])
    space = call.site.space_of(issue)
    if not (
        call.site.may(call.actor, "ADMINISTER")
        or call.site.may(call.actor, "ADMINISTER_PROJECTS", space=space)
    ):
        raise Refusal(
            403, "To discard the user notification either admin or project admin permissions are required."
        )


_ONE = "/rest/api/3/issue/{issueIdOrKey}"
ROUTES = (
    Route("POST", "/rest/api/3/issue", create, scope="WRITE", cost=Cost.WRITE),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, edit, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", _ONE, remove, scope="DELETE", cost=Cost.WRITE),
    Route("GET", f"{_ONE}/changelog", changelog),
)
