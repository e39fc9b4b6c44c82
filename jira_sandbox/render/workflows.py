"""What workflows look like in Jira's JSON: as the present operations show them.

The keys and parameters of rules are those of
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-workflows/ (workflow capabilities).
"""

import json
import uuid

from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Status
from jira_sandbox.state.workflow import AppFunction, Condition, PostFunction, Transition, Validator, Workflow

CATEGORIES = {"new": "TODO", "indeterminate": "IN_PROGRESS", "done": "DONE"}
_WHO = "system:restrict-issue-transition"


def workflow_id(site: Site, flow: Workflow) -> str:
    """Give the id of a workflow, a UUID that follows from its name and the space it belongs to."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{site.base_url}/{flow.space_id or ''}/{flow.name}"))


def status_in_bulk(status: Status) -> dict[str, Json]:
    """Show a status as the operations on many at once do."""
    return {
        "id": status.id,
        "name": status.name,
        "description": status.description,
        "statusCategory": CATEGORIES[status.category],
        "scope": _scope(status.space_id),
    }


def status_of_workflow(status: Status) -> dict[str, Json]:
    """Show a status as it is listed beside workflows, which refer to it."""
    return status_in_bulk(status) | {"statusReference": status.id}


def workflow(site: Site, flow: Workflow) -> dict[str, Json]:
    """Show a workflow with its transitions and their rules."""
    return {
        "id": workflow_id(site, flow),
        "name": flow.name,
        "description": flow.description,
        "isEditable": True,
        "scope": _scope(flow.space_id),
        "version": {"id": workflow_id(site, flow), "versionNumber": flow.version},
        "statuses": [
            {"statusReference": each, "deprecated": False, "properties": {}} for each in flow.status_ids
        ],
        "transitions": [
            _transition(site, flow.initial, "INITIAL"),
            *(_any_transition(site, each) for each in flow.transitions),
        ],
    }


def _any_transition(site: Site, step: Transition) -> dict[str, Json]:
    return _transition(site, step, "GLOBAL" if step.sources is None else "DIRECTED")


def _transition(site: Site, step: Transition, kind: str) -> dict[str, Json]:
    shown: dict[str, Json] = {
        "id": step.id,
        "name": step.name,
        "description": "",
        "type": kind,
        "links": [{"fromStatusReference": each} for each in sorted(step.sources or ())],
        "actions": [*map(_function, step.functions), *map(_app_function, step.app_functions)],
        "validators": _validators(step),
        "triggers": [],
        "properties": {},
    }
    if not step.is_looped:
        shown["toStatusReference"] = step.to
    if step.conditions:
        shown["conditions"] = {
            "operation": "ALL",
            "conditions": [_condition(site, each) for each in step.conditions],
            "conditionGroups": [],
        }
    if step.fields:
        shown["transitionScreen"] = _rule("system:transition-screen", screenId=step.id)
    return shown


def _condition(site: Site, condition: Condition) -> Json:
    names = ",".join(condition.names)
    roles = ",".join(each.id for each in site.roles if {each.id, each.name} & set(condition.names))
    if condition.kind == "value":
        field, value = condition.names
        held = {"fieldId": field, "fieldValue": json.dumps([value])}
        return _rule("system:check-field-value", comparator="=", comparisonType="STRING", **held)
    key, parameters = {
        "assignee": (_WHO, {"accountIds": "allow-assignee"}),
        "reporter": (_WHO, {"accountIds": "allow-reporter"}),
        "role": (_WHO, {"roleIds": roles}),
        "group": (_WHO, {"groupIds": names}),
        "permission": (_WHO, {"permissionKeys": names}),
        "subtasks": ("system:parent-or-child-blocking-condition", {"blocker": "CHILD", "statusIds": names}),
        "hidden": ("system:restrict-from-all-users", {"restrictMode": "users"}),
    }[condition.kind]
    return _rule(key, **parameters)


def _validators(step: Transition) -> list[Json]:
    screen = [Validator(kind="required", names=step.required)] if step.required else []
    return [_validator(each) for each in (*screen, *step.validators)]


def _validator(validator: Validator) -> Json:
    if validator.kind == "permission":
        return _rule("system:check-permission-validator", permissionKey=",".join(validator.names))
    if validator.kind == "changed":
        return _field_rule("fieldChanged", validator, fieldKey=",".join(validator.names))
    return _field_rule(
        "fieldRequired", validator, fieldsRequired=",".join(validator.names), ignoreContext="true"
    )


def _field_rule(kind: str, validator: Validator, **parameters: str) -> Json:
    words = {"errorMessage": validator.words} if validator.words else {}
    return _rule("system:validate-field-value", ruleType=kind, **parameters, **words)


def _function(function: PostFunction) -> Json:
    match function.kind:
        case "set":
            return _rule(
                "system:update-field", field=function.field, value=json.dumps(function.value), mode="replace"
            )
        case "clear":
            return _rule("system:update-field", field=function.field, value="", mode="replace")
        case "assign_reporter":
            return _rule(
                "system:copy-value-from-other-field",
                sourceFieldKey="reporter",
                targetFieldKey="assignee",
                issueSource="SAME",
            )
        case "comment":
            return _rule("system:create-comment", comment=str(function.value))


def _app_function(function: AppFunction) -> Json:
    return {
        "id": function.id,
        "ruleKey": "connect:remote-workflow-function",
        "parameters": {
            "appKey": function.app_key,
            "moduleKey": function.module_key,
            "config": function.configuration,
            "id": function.id,
            "disabled": str(function.is_disabled).lower(),
            "tag": function.tag,
        },
    }


def _rule(key: str, **parameters: str) -> Json:
    return {"ruleKey": key, "parameters": parameters}


def _scope(space_id: str | None) -> Json:
    return {"type": "PROJECT", "project": {"id": space_id}} if space_id else {"type": "GLOBAL"}
