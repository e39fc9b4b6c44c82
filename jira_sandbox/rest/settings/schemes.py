"""Schemes of work types and of workflows: each company-managed space has one of either, with its own id."""

from jira_sandbox import render
from jira_sandbox.acts.rights import must_administer_jira
from jira_sandbox.rest.paging import ordered, page
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json, Space
from jira_sandbox.wire import Refusal, Response, answer

DEFAULT_WORKFLOW = "jira"
"""The name of the workflow that every Jira has: it stands for types a scheme says nothing of."""


def type_schemes(call: Call) -> Response:
    """Show a page of the schemes of work types, by id and words, ordered by id or name."""
    ids, words = call.request.parameter_list("id"), call.request.parameter("queryString").lower()
    found = [each for each in _spaces(call, ids) if words in _type_scheme(each)["name"].lower()]
    ranks = {"id": lambda each: int(each.id), "name": lambda each: _type_scheme(each)["name"]}
    return page(call, ordered(call, found, ranks, default="id"), _type_scheme)


def type_mappings(call: Call) -> Response:
    """Show a page of which scheme has which work type."""
    ids = call.request.parameter_list("issueTypeSchemeId")
    found = [(space.id, number) for space in _spaces(call, ids) for number in space.type_ids]
    return page(call, found, lambda each: {"issueTypeSchemeId": each[0], "issueTypeId": each[1]})


def type_schemes_of_spaces(call: Call) -> Response:
    """Show a page of the schemes of work types of the spaces named."""
    found = _spaces(call, _named(call))
    return page(call, found, lambda each: {"issueTypeScheme": _type_scheme(each), "projectIds": [each.id]})


def workflow_schemes(call: Call) -> Response:
    """Show a page of the schemes of workflows."""
    return page(call, _spaces(call, []), lambda each: _workflow_scheme(call, each))


def workflow_schemes_of_spaces(call: Call) -> Response:
    """Show the schemes of workflows of the spaces named; what is team-managed or not there is left out."""
    listed = [
        {"projectIds": [each.id], "workflowScheme": _workflow_scheme(call, each)}
        for each in _spaces(call, _named(call))
    ]
    return answer(200, {"values": listed}, objects=len(listed))


def workflow_scheme(call: Call) -> Response:
    """Show one scheme of workflows with its work types."""
    for space in _spaces(call, [call.names["id"]]):
        types = {each: render.work_type(call.site, call.site.work_types[each]) for each in space.type_ids}
        return answer(200, _workflow_scheme(call, space) | {"issueTypes": types})
    raise Refusal(404, "The workflow scheme was not found.")


def _spaces(call: Call, ids: list[str]) -> list[Space]:
    must_administer_jira(call.site, call.actor)
    return [
        each for each in call.site.spaces.values() if not each.is_team_managed and (not ids or each.id in ids)
    ]


def _named(call: Call) -> list[str]:
    must_administer_jira(call.site, call.actor)
    ids = call.request.parameter_list("projectId")
    if not ids:
        raise Refusal(400, errors={"projectId": "At least one project id must be specified."})
    return ids


def _type_scheme(space: Space) -> dict[str, Json]:
    return {
        "id": space.id,
        "name": f"{space.key}: Issue Type Scheme",
        "description": "",
        "defaultIssueTypeId": space.type_ids[0],
        "isDefault": False,
    }


def _workflow_scheme(call: Call, space: Space) -> dict[str, Json]:
    return {
        "self": f"{call.site.base_url}/rest/api/3/workflowscheme/{space.id}",
        "id": int(space.id),
        "name": f"{space.key}: Workflow Scheme",
        "description": "",
        "defaultWorkflow": DEFAULT_WORKFLOW,
        "issueTypeMappings": {number: flow.name for number, flow in space.workflows.items()},
        "draft": False,
    }


_TYPES = "/rest/api/3/issuetypescheme"
_WORKFLOWS = "/rest/api/3/workflowscheme"
ROUTES = (
    Route("GET", _TYPES, type_schemes, scope="ADMIN"),
    Route("GET", f"{_TYPES}/mapping", type_mappings, scope="ADMIN"),
    Route("GET", f"{_TYPES}/project", type_schemes_of_spaces, scope="ADMIN"),
    Route("GET", _WORKFLOWS, workflow_schemes, scope="ADMIN"),
    Route("GET", f"{_WORKFLOWS}/project", workflow_schemes_of_spaces, scope="ADMIN"),
    Route("GET", f"{_WORKFLOWS}/{{id}}", workflow_scheme, scope="ADMIN"),
)
