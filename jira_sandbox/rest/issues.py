"""A work item: read, edit, assign, notify of, delete."""

from jira_sandbox.acts import assigning, notifying, removing
from jira_sandbox.acts import issues as acts
from jira_sandbox.meters import Cost
from jira_sandbox.rest import bodies, issueview
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Refusal, Response, answer


def get(call: Call) -> Response:
    """Show a work item, all fields unless ``fields`` chooses, properties and changelog on request."""
    issue = _issue(call)
    if call.request.flag("updateHistory"):
        acts.note_view(call.world, call.site, call.actor, issue)
    wanted = call.request.parameter_list("fields")
    shown = issueview.view(
        call,
        issue,
        wanted=issueview.by_keys(call.site, wanted) if call.request.flag("fieldsByKeys") else wanted,
        properties=call.request.parameter_list("properties"),
        expand=call.request.parameter_list("expand"),
    )
    return answer(200, shown)


def edit(call: Call) -> Response:
    """Change a work item: 204, or 200 with the work item as it is now when ``returnIssue`` asks for it."""
    issue = _issue(call)
    wish = bodies.wish(call)
    _must_be_admin_to_be_silent(call)
    overrides = call.request.flag("overrideScreenSecurity") or call.request.flag("overrideEditableFlag")
    change = acts.edit_beyond_screens if overrides else acts.edit
    change(call.world, call.site, call.actor, issue, wish)
    if not call.request.flag("returnIssue"):
        return answer(204)
    expand = call.request.parameter_list("expand")
    return answer(200, issueview.view(call, issue, wanted=[], properties=[], expand=expand))


def remove(call: Call) -> Response:
    """Remove a work item: 204; one with sub-tasks only with ``deleteSubtasks``."""
    issue = _issue(call)
    delete = removing.delete_with_subtasks if call.request.flag("deleteSubtasks") else removing.delete
    delete(call.world, call.site, call.actor, issue)
    return answer(204)


def assign(call: Call) -> Response:
    """Give a work item to the account that the body names, null for nobody, "-1" for the space's own: 204.

    Cloud knows people by ``accountId`` alone; the other two names of the description say nothing any more.
    """
    issue, body = _issue(call), call.body()
    said = [name for name in ("name", "key", "accountId") if name in body]
    if said != ["accountId"]:
        raise Refusal(400, errors={"accountId": "Exactly one of name, key and accountId must be provided."})
    wanted = body["accountId"]
    if wanted is not None and not isinstance(wanted, str):
        raise Refusal(400, errors={"accountId": "data was not a string"})
    assigning.assign(call.world, call.site, call.actor, issue, wanted)
    return answer(204)


def notify(call: Call) -> Response:
    """Have Jira send mails about a work item: 204."""
    issue = _issue(call)
    notifying.notify(call.site, call.actor, issue, call.body().get("to"))
    return answer(204)


def _issue(call: Call) -> Issue:
    return acts.find(call.site, call.actor, call.names["issueIdOrKey"])


def _must_be_admin_to_be_silent(call: Call) -> None:
    """Only an administrator, of Jira or of the space, may edit without the notification mails."""
    if call.request.parameter("notifyUsers", "true").lower() != "false" or call.by_app:
        return
    space = call.site.space_of(_issue(call))
    if not (
        call.site.may(call.actor, "ADMINISTER")
        or call.site.may(call.actor, "ADMINISTER_PROJECTS", space=space)
    ):
        raise Refusal(
            403, "To discard the user notification either admin or project admin permissions are required."
        )


_ONE = "/rest/api/3/issue/{issueIdOrKey}"
ROUTES = (
    Route("GET", _ONE, get),
    Route("PUT", _ONE, edit, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", _ONE, remove, scope="DELETE", cost=Cost.WRITE),
    Route("PUT", f"{_ONE}/assignee", assign, scope="WRITE", cost=Cost.WRITE),
    Route("POST", f"{_ONE}/notify", notify, scope="WRITE", cost=Cost.WRITE),
)
