from typing import Any

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.state.workflow import AppFunction, Condition, PostFunction, Validator
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, as_app, descriptor, install

MANY, SEARCH = "/rest/api/3/workflows", "/rest/api/3/workflow/search"
RULES = "/rest/api/3/workflow/rule/config"
TEAM = "com.pyxis.greenhopper.jira:gh-simplified-agility-kanban"


def change(site: Site, name: str, **changes: Any) -> None:
    """Change a transition of all work types of ALPHA and GAMMA, which share a workflow."""
    for key in ("ALPHA", "GAMMA"):
        flows = site.space(key).workflows
        for type_id, flow in flows.items():
            flows[type_id] = flow.changed(name, **changes)


def everything(site: Site) -> None:
    """Give the transition Start a rule of every kind."""
    change(
        site,
        "Start",
        conditions=(
            Condition(kind="assignee"),
            Condition(kind="reporter"),
            Condition(kind="role", names=("Developers",)),
            Condition(kind="group", names=("staff",)),
            Condition(kind="permission", names=("EDIT_ISSUES",)),
            Condition(kind="subtasks", names=(site.status("Done").id,)),
            Condition(kind="value", names=("priority", "High")),
            Condition(kind="hidden"),
        ),
        required=("resolution",),
        validators=(
            Validator(kind="required", names=("summary",), words="Say what it is."),
            Validator(kind="changed", names=("duedate",)),
            Validator(kind="permission", names=("ADMINISTER_PROJECTS",)),
        ),
        functions=(
            PostFunction(kind="set", field="labels", value=["started"]),
            PostFunction(kind="clear", field="resolution"),
            PostFunction(kind="assign_reporter"),
            PostFunction(kind="comment", value="Off we go."),
        ),
        app_functions=(AppFunction(id="f-1", app_key="example.app", module_key="stamp", configuration="{}"),),
    )


@pytest.mark.answers("POST /rest/api/3/workflows")
def test_a_workflow_is_read_by_name_id_or_who_uses_it(dana: Person, site: Site) -> None:
    beta = site.space("BETA")
    pair = {"projectId": beta.id, "issueTypeId": beta.type_ids[0]}

    (by_name,) = dana.post(MANY, {"workflowNames": ["Reviewed of acme"]}).json()["workflows"]
    by_id = dana.post(MANY, {"workflowIds": [by_name["id"]]}).json()
    by_pair = dana.post(MANY, {"projectAndIssueTypes": [pair]}).json()
    shared = dana.post(MANY, {}).json()["workflows"]

    assert by_id["workflows"] == by_pair["workflows"] == [by_name]
    assert len(by_id["statuses"]) == len(by_name["statuses"]) == 6
    kinds = [each["type"] for each in by_name["transitions"]]
    assert (kinds[0], kinds.count("GLOBAL"), kinds.count("DIRECTED")) == ("INITIAL", 1, 5)
    assert by_name["transitions"][0]["toStatusReference"] == site.status("Open").id
    assert [each["name"] for each in shared] == ["Simple of acme", "Reviewed of acme"]


def test_a_workflow_tells_every_kind_of_rule(dana: Person, site: Site) -> None:
    everything(site)

    (flow,) = dana.post(MANY, {"workflowNames": ["Simple of acme"]}).json()["workflows"]

    (start,) = (each for each in flow["transitions"] if each["name"] == "Start")
    conditions = {each["ruleKey"].removeprefix("system:") for each in start["conditions"]["conditions"]}
    assert conditions == {
        "restrict-issue-transition",
        "parent-or-child-blocking-condition",
        "check-field-value",
        "restrict-from-all-users",
    }
    assert [each["parameters"].get("ruleType", "") for each in start["validators"]] == [
        "fieldRequired",
        "fieldRequired",
        "fieldChanged",
        "",
    ]
    assert start["validators"][1]["parameters"]["errorMessage"] == "Say what it is."
    assert [each["ruleKey"].partition(":")[2] for each in start["actions"]] == [
        "update-field",
        "update-field",
        "copy-value-from-other-field",
        "create-comment",
        "remote-workflow-function",
    ]
    assert start["transitionScreen"]["ruleKey"] == "system:transition-screen"


@pytest.mark.answers("GET /rest/api/3/workflows/search")
def test_workflows_are_searched_by_words_and_scope(dana: Person, carol: Person, site: Site) -> None:
    lead = site.user("carol").account_id
    wanted = {"key": "DELTA", "name": "Delta", "leadAccountId": lead, "projectTemplateKey": TEAM}
    number = dana.post("/rest/api/3/project", wanted).json()["id"]

    def found(person: Person, query: str) -> list[str]:
        return [each["name"] for each in person.get(f"{MANY}/search?{query}").json()["values"]]

    own = f"Software workflow for project {number}"
    assert found(dana, "queryString=REV") == ["Reviewed of acme"]
    assert found(dana, "scope=project") == found(carol, "") == [own]
    assert found(dana, "scope=GLOBAL&orderBy=name") == ["Reviewed of acme", "Simple of acme"]
    assert found(dana, "isActive=false") == []
    whole = dana.get(f"{MANY}/search?queryString=rev&expand=values.transitions").json()
    brief = dana.get(f"{MANY}/search?queryString=rev").json()
    assert len(whole["values"][0]["transitions"]) == 7
    assert "transitions" not in brief["values"][0]
    assert len(brief["statuses"]) == 6


@pytest.mark.refuses("POST /rest/api/3/workflows", 400)
@pytest.mark.refuses("POST /rest/api/3/workflows", 401)
@pytest.mark.refuses("GET /rest/api/3/workflows/search", 400)
@pytest.mark.refuses("GET /rest/api/3/workflows/search", 401)
def test_graphs_are_for_administrators_and_what_is_asked_must_make_sense(dana: Person, alice: Person) -> None:
    assert [alice.post(MANY, {}).status, alice.get(f"{MANY}/search").status] == [401, 401]
    assert alice.post(MANY, {}).json()["errorMessages"] == ["You do not have permission to see workflows."]
    assert list(dana.post(MANY, {"workflowNames": "x"}).json()["errors"]) == ["workflowNames"]
    pairs = [{"projectId": "1", "issueTypeId": "1"}]
    assert list(dana.post(MANY, {"projectAndIssueTypes": pairs}).json()["errors"]) == ["projectAndIssueTypes"]
    assert list(dana.get(f"{MANY}/search?scope=moon").json()["errors"]) == ["scope"]


@pytest.mark.answers("GET /rest/api/3/workflow/search")
def test_the_older_search_tells_what_expand_asks_for(dana: Person, site: Site) -> None:
    everything(site)
    expand = (
        "transitions.rules,transitions.properties,statuses.properties,default,schemes,projects,"
        "hasDraftWorkflow,operations"
    )

    whole = dana.get(f"{SEARCH}?workflowName=Simple%20of%20acme&expand={expand}").json()["values"][0]
    brief = dana.get(f"{SEARCH}?queryString=rev&orderBy=-updated").json()["values"]

    assert [each["key"] for each in whole["projects"]] == ["ALPHA", "GAMMA"]
    assert [each["name"] for each in whole["statuses"]] == ["To Do", "In Progress", "Done"]
    assert whole["operations"] == {"canEdit": True, "canDelete": False}
    (start,) = (each for each in whole["transitions"] if each["name"] == "Start")
    tree = start["rules"]["conditionsTree"]["conditions"]
    assert [each["type"] for each in tree] == [
        "AllowOnlyAssignee",
        "AllowOnlyReporter",
        "InProjectRoleCondition",
        "UserInAnyGroupCondition",
        "PermissionCondition",
        "SubTaskBlockingCondition",
        "ValueFieldCondition",
        "RemoteOnlyCondition",
    ]
    assert {"type": "example.app__stamp"} in start["rules"]["postFunctions"]
    assert [each["type"] for each in start["rules"]["validators"]] == [
        "FieldRequiredValidator",
        "FieldRequiredValidator",
        "FieldChangedValidator",
        "PermissionValidator",
    ]
    assert [set(each) for each in brief] == [{"id", "description", "created", "updated"}]


@pytest.mark.answers("GET /rest/api/3/workflow")
@pytest.mark.refuses("GET /rest/api/3/workflow", 401)
@pytest.mark.refuses("GET /rest/api/3/workflow/search", 403)
def test_the_oldest_list_has_names_and_numbers_of_statuses(dana: Person, alice: Person) -> None:
    listed = dana.get("/rest/api/3/workflow").json()

    assert {each["name"]: each["steps"] for each in listed} == {"Simple of acme": 3, "Reviewed of acme": 6}
    assert dana.get("/rest/api/3/workflow?workflowName=Lost").json() == []
    assert alice.get("/rest/api/3/workflow").json()["errorMessages"] == [
        "Only Jira administrators can perform this operation."
    ]
    assert alice.get(SEARCH).status == 403


@pytest.fixture
def stamped(world: World, site: Site) -> Person:
    """An installed app; it and another one each have a post function in the transition Start."""
    install(world, site, ListeningApp(), wanted=descriptor(scopes=["READ", "WRITE", "ADMIN"]))
    functions = (
        AppFunction(id="f-1", app_key="example.app", module_key="stamp", configuration="red", tag="old"),
        AppFunction(id="f-2", app_key="other.app", module_key="stamp", configuration="blue"),
    )
    change(site, "Start", app_functions=functions)
    return as_app(world, site)


@pytest.mark.answers("GET /rest/api/3/workflow/rule/config")
def test_an_app_reads_its_own_rules_and_no_others(stamped: Person, site: Site) -> None:
    (found,) = stamped.get(f"{RULES}?types=postfunction&expand=transition").json()["values"]

    (rule,) = found["postFunctions"]
    assert found["workflowId"] == {"name": "Simple of acme", "draft": False}
    assert (rule["id"], rule["key"]) == ("f-1", "stamp")
    assert rule["configuration"] == {"value": "red", "disabled": False, "tag": "old"}
    assert rule["transition"]["name"] == "Start"
    for query in ("condition", "postfunction&keys=x", "postfunction&withTags=x", "postfunction&draft=true"):
        assert stamped.get(f"{RULES}?types={query}").json()["values"] == []
    named = stamped.get(f"{RULES}?types=postfunction&workflowNames=Simple%20of%20acme&withTags=old")
    assert named.json()["total"] == 1


@pytest.mark.answers("PUT /rest/api/3/workflow/rule/config")
def test_an_app_changes_its_own_rules_wherever_the_workflow_is_used(stamped: Person, site: Site) -> None:
    def rule(number: str) -> dict[str, object]:
        return {"id": number, "configuration": {"value": "green", "disabled": True}}

    workflow = {"name": "Simple of acme", "draft": False}
    answer = stamped.put(
        RULES,
        {
            "workflows": [
                {"workflowId": workflow, "postFunctions": [rule("f-1"), rule("f-2")]},
                {"workflowId": {"name": "Lost", "draft": False}, "postFunctions": [rule("f-1")]},
            ]
        },
    )

    known, lost = answer.json()["updateResults"]
    assert answer.status == 200
    assert known["ruleUpdateErrors"] == {"f-2": ["The rule f-2 does not exist."]}
    assert lost["updateErrors"] == ["The workflow Lost does not exist."]
    for key in ("ALPHA", "GAMMA"):
        for flow in site.space(key).workflows.values():
            (step,) = (each for each in flow.transitions if each.name == "Start")
            told = [(each.configuration, each.is_disabled, each.tag) for each in step.app_functions]
            assert told == [("green", True, "old"), ("blue", False, "")]


@pytest.mark.refuses("GET /rest/api/3/workflow/rule/config", 400)
@pytest.mark.refuses("GET /rest/api/3/workflow/rule/config", 403)
@pytest.mark.refuses("GET /rest/api/3/workflow/rule/config", 404)
@pytest.mark.refuses("PUT /rest/api/3/workflow/rule/config", 400)
@pytest.mark.refuses("PUT /rest/api/3/workflow/rule/config", 403)
def test_rules_are_for_apps_alone(stamped: Person, dana: Person) -> None:
    refused = [dana.get(f"{RULES}?types=postfunction"), dana.put(RULES, {"workflows": []})]

    words = ["Only Connect and Forge apps can use this operation."]
    assert [(each.status, each.json()["errorMessages"]) for each in refused] == [(403, words)] * 2
    assert list(stamped.get(RULES).json()["errors"]) == ["types"]
    assert stamped.get(f"{RULES}?types=moon").status == 404
    for wrong, field in (
        ({"workflows": 1}, "workflows"),
        ({"workflows": [{"workflowId": {}}]}, "workflowId"),
        ({"workflows": [{"workflowId": {"name": "x"}, "postFunctions": [{"id": "f"}]}]}, "configuration"),
    ):
        answer = stamped.put(RULES, wrong)
        assert (answer.status, list(answer.json()["errors"])) == (400, [field])
