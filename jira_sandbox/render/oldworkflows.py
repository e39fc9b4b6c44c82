"""What workflows look like in the JSON of the older operations, which are deprecated."""

from collections.abc import Callable

from jira_sandbox.render.workflows import workflow_id
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Space
from jira_sandbox.state.workflow import Condition, PostFunction, Transition, Validator, Workflow

_ALWAYS = ("UpdateIssueStatusFunction", "GenerateChangeHistoryFunction", "FireIssueEventFunction")
"""What every transition does, in this order, in the words of the description's example."""


def old_workflow(
    site: Site, flow: Workflow, spaces: list[Space], wanted: list[str], dated: str
) -> dict[str, Json]:
    """Show a workflow and what ``expand`` (``wanted``) asks for; ``spaces`` use it."""
    shown: dict[str, Json] = {
        "id": {"name": flow.name, "entityId": workflow_id(site, flow)},
        "description": flow.description,
        "created": dated,
        "updated": dated,
    }
    if any(each == "transitions" or each.startswith("transitions.") for each in wanted):
        shown["transitions"] = [_transition(flow.initial, "initial", wanted)] + [
            _transition(each, "global" if each.sources is None else "directed", wanted)
            for each in flow.transitions
        ]
    if "statuses" in wanted or "statuses.properties" in wanted:
        shown["statuses"] = [
            {"id": each, "name": site.status(each).name}
            | ({"properties": {}} if "statuses.properties" in wanted else {})
            for each in flow.status_ids
        ]
    if "default" in wanted:
        shown["isDefault"] = False
    if "schemes" in wanted:
        shown["schemes"] = [{"id": each.id, "name": f"{each.key}: Workflow Scheme"} for each in spaces]
    if "projects" in wanted:
        shown["projects"] = [_space(site, each) for each in spaces]
    if "hasDraftWorkflow" in wanted:
        shown["hasDraftWorkflow"] = False
    if "operations" in wanted:
        shown["operations"] = {"canEdit": True, "canDelete": not spaces}
    return shown


def _transition(step: Transition, kind: str, wanted: list[str]) -> dict[str, Json]:
    shown: dict[str, Json] = {
        "id": step.id,
        "name": step.name,
        "description": "",
        "from": sorted(step.sources or ()),
        "to": step.to,
        "type": kind,
    }
    if step.fields:
        shown["screen"] = {"id": step.id, "name": f"Screen of {step.name}"}
    if "transitions.rules" in wanted:
        shown["rules"] = _rules(step)
    if "transitions.properties" in wanted:
        shown["properties"] = {}
    return shown


def _rules(step: Transition) -> Json:
    screen = [Validator(kind="required", names=step.required)] if step.required else []
    apps = [{"type": f"{each.app_key}__{each.module_key}"} for each in step.app_functions]
    shown: dict[str, Json] = {
        "validators": [_validator(each) for each in (*screen, *step.validators)],
        "postFunctions": [
            *map(_function, step.functions),
            *({"type": each} for each in _ALWAYS),
            *apps,
        ],
    }
    if step.conditions:
        shown["conditionsTree"] = {
            "nodeType": "compound",
            "operator": "AND",
            "conditions": [{"nodeType": "simple", **_condition(each)} for each in step.conditions],
        }
    return shown


def _condition(condition: Condition) -> dict[str, Json]:
    kind, configured = _CONDITIONS[condition.kind]
    return _rule(kind, **configured(condition.names))


def _validator(validator: Validator) -> Json:
    names = list(validator.names)
    match validator.kind:
        case "permission":
            return _rule("PermissionValidator", permissionKey=names[0])
        case "changed":
            return _rule("FieldChangedValidator", fieldId=names[0], errorMessage=validator.words)
        case "required":
            return _rule(
                "FieldRequiredValidator", fields=names, ignoreContext=True, errorMessage=validator.words
            )


def _function(function: PostFunction) -> Json:
    match function.kind:
        case "set":
            return _rule("UpdateIssueFieldFunction", fieldId=function.field, fieldValue=function.value)
        case "clear":
            return _rule("ClearFieldValuePostFunction", fieldId=function.field)
        case "assign_reporter":
            return _rule("AssignToReporterFunction")
        case "comment":
            return _rule("CreateCommentFunction", comment=function.value)


def _rule(kind: str, **configuration: Json) -> dict[str, Json]:
    return {"type": kind, "configuration": configuration} if configuration else {"type": kind}


def _space(site: Site, space: Space) -> Json:
    return {
        "self": f"{site.base_url}/rest/api/3/project/{space.id}",
        "id": space.id,
        "key": space.key,
        "name": space.name,
        "projectTypeKey": space.type_key,
        "simplified": space.is_team_managed,
    }


_CONDITIONS: dict[str, tuple[str, Callable[[tuple[str, ...]], dict[str, Json]]]] = {
    "assignee": ("AllowOnlyAssignee", lambda _names: {}),
    "reporter": ("AllowOnlyReporter", lambda _names: {}),
    "role": ("InProjectRoleCondition", lambda names: {"projectRoles": [{"name": each} for each in names]}),
    "group": ("UserInAnyGroupCondition", lambda names: {"groups": list(names)}),
    "permission": ("PermissionCondition", lambda names: {"permissionKey": names[0]}),
    "subtasks": ("SubTaskBlockingCondition", lambda names: {"statuses": [{"id": each} for each in names]}),
    "value": (
        "ValueFieldCondition",
        lambda names: {
            "fieldId": names[0],
            "fieldValue": names[1],
            "comparisonType": "STRING",
            "comparator": "=",
        },
    ),
    "hidden": ("RemoteOnlyCondition", lambda _names: {}),
}
"""By kind of condition Jira's name for it, and how it is configured."""
