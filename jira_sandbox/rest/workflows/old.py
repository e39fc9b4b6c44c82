"""Workflows as Jira showed them before: deprecated, but open to apps with the scope ADMIN."""

from jira_sandbox import render
from jira_sandbox.acts import workflows as acts
from jira_sandbox.acts.rights import must_administer_jira
from jira_sandbox.render.oldworkflows import old_workflow
from jira_sandbox.rest.paging import ordered, page
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json, Space
from jira_sandbox.state.workflow import Workflow
from jira_sandbox.wire import Response, answer


def search(call: Call) -> Response:
    """Show a page of the workflows of company-managed spaces, by name, words and whether they are used."""
    must_administer_jira(call.site, call.actor)
    asked = call.request
    names, words = asked.parameter_list("workflowName"), asked.parameter("queryString").lower()
    found = [
        (flow, spaces)
        for flow, spaces in acts.in_use(call.site)
        if flow.space_id is None
        and (not names or flow.name in names)
        and words in flow.name.lower()
        and asked.parameter("isActive", "true").lower() == "true"
    ]
    wanted, dated = asked.parameter_list("expand"), render.moment(call.site.now())
    ranks = {"name": lambda each: each[0].name.lower(), "created": _undated, "updated": _undated}
    return page(
        call,
        ordered(call, found, ranks),
        lambda each: old_workflow(call.site, *each, wanted, dated),
    )


def everything(call: Call) -> Response:
    """List the workflows, or show the one ``workflowName`` names."""
    must_administer_jira(call.site, call.actor, status=401)
    name = call.request.parameter("workflowName")
    listed = [_brief(flow) for flow, _ in acts.in_use(call.site) if name in {"", flow.name}]
    return answer(200, listed[0] if name and listed else listed, objects=len(listed))


def _undated(_found: tuple[Workflow, list[Space]]) -> int:
    """Rank by date: the sandbox's workflows have none, their order is that of the list."""
    return 0


def _brief(flow: Workflow) -> Json:
    return {
        "name": flow.name,
        "description": flow.description,
        "steps": len(flow.status_ids),
        "default": False,
    }


ROUTES = (
    Route("GET", "/rest/api/3/workflow", everything, scope="ADMIN"),
    Route("GET", "/rest/api/3/workflow/search", search, scope="ADMIN"),
)
