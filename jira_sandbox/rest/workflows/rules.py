"""The rules of an app in workflows: an app reads and changes its own, and only an app does."""

from jira_sandbox.acts import workflows as acts
from jira_sandbox.meters import Cost
from jira_sandbox.rest import bodies
from jira_sandbox.rest.paging import page
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json
from jira_sandbox.state.workflow import AppFunction, Transition, Workflow
from jira_sandbox.wire import Refusal, Response, answer

_TYPES = ("postfunction", "condition", "validator")
_PARTS = ("postFunctions", "conditions", "validators")
PAGE, MOST = 10, 50


def read(call: Call) -> Response:
    """Show a page of the workflows that have rules of the app, filtered by kind, module, workflow and tag."""
    app_key = _app_key(call)
    asked = call.request
    types = asked.parameter_list("types")
    if not types:
        raise Refusal(400, errors={"types": "At least one type of transition rule must be specified."})
    if not set(types) <= set(_TYPES):
        raise Refusal(404, f"The type of a transition rule must be one of {', '.join(_TYPES)}.")
    names, is_draft = asked.parameter_list("workflowNames"), asked.flag("draft")
    found = [
        (flow, rules)
        for flow, _ in acts.in_use(call.site)
        if (not names or flow.name in names) and not is_draft
        if (rules := _wanted(call, flow, app_key, types))
    ]
    return page(call, found, lambda each: _shown(call, *each), size=PAGE, most=MOST)


def change(call: Call) -> Response:
    """Change rules of the app: 200 with what could not be changed, by workflow and rule."""
    app_key = _app_key(call)
    listed = call.body().get("workflows")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Refusal(400, errors={"workflows": "The workflows must be a list of objects."})
    results = [_changed(call, app_key, each) for each in listed]
    return answer(200, {"updateResults": results}, objects=len(results))


def _app_key(call: Call) -> str:
    if not call.by_app:
        raise Refusal(403, "Only Connect and Forge apps can use this operation.")
    return call.site.app.key


def _wanted(
    call: Call, flow: Workflow, app_key: str, types: list[str]
) -> list[tuple[Transition, AppFunction]]:
    """List the app's rules that are asked for; the sandbox has no app's conditions or validators."""
    keys, tags = call.request.parameter_list("keys"), call.request.parameter_list("withTags")
    return [
        (step, rule)
        for step, rule in acts.own_rules(flow, app_key)
        if "postfunction" in types
        and (not keys or rule.module_key in keys)
        and (not tags or rule.tag in tags)
    ]


def _changed(call: Call, app_key: str, wanted: dict[str, Json]) -> Json:
    place = wanted.get("workflowId")
    if not isinstance(place, dict) or not isinstance(place.get("name"), str):
        raise Refusal(400, errors={"workflowId": "The name of the workflow must be specified."})
    changes = [_change(each) for part in _PARTS for each in bodies.entries(wanted, part)]
    result: dict[str, Json] = {
        "workflowId": {"name": place["name"], "draft": bool(place.get("draft"))},
        "ruleUpdateErrors": {},
        "updateErrors": [],
    }
    try:
        result["ruleUpdateErrors"] = acts.change_rules(call.world, call.site, app_key, place["name"], changes)
    except LookupError:
        result["updateErrors"] = [f"The workflow {place['name']} does not exist."]
    return result


def _change(raw: Json) -> acts.RuleChange:
    configuration = raw.get("configuration") if isinstance(raw, dict) else None
    if not isinstance(configuration, dict) or not isinstance(configuration.get("value"), str):
        raise Refusal(400, errors={"configuration": "Each rule must have an id and a configuration."})
    return acts.RuleChange(
        id=str(raw.get("id")),
        configuration=configuration["value"],
        is_disabled=configuration.get("disabled") is True,
        tag=configuration.get("tag"),
    )


def _shown(call: Call, flow: Workflow, rules: list[tuple[Transition, AppFunction]]) -> Json:
    with_transition = "transition" in call.request.parameter_list("expand")
    return {
        "workflowId": {"name": flow.name, "draft": False},
        "postFunctions": [
            _rule(rule) | ({"transition": {"id": int(step.id), "name": step.name}} if with_transition else {})
            for step, rule in rules
        ],
        "conditions": [],
        "validators": [],
    }


def _rule(rule: AppFunction) -> dict[str, Json]:
    configuration: dict[str, Json] = {"value": rule.configuration, "disabled": rule.is_disabled}
    if rule.tag:
        configuration["tag"] = rule.tag
    return {"id": rule.id, "key": rule.module_key, "configuration": configuration}


ROUTES = (
    Route("GET", "/rest/api/3/workflow/rule/config", read),
    Route("PUT", "/rest/api/3/workflow/rule/config", change, scope="ADMIN", cost=Cost.WRITE),
)
