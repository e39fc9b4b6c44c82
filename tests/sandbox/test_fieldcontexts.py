from typing import Any

import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

FIELD = "/rest/api/3/field"
TYPES = "com.atlassian.jira.plugin.system.customfieldtypes"
CONTEXT = "/rest/api/3/field/{fieldId}/context"
ONE = f"{CONTEXT}/{{contextId}}"


@pytest.fixture
def field(dana: Person) -> str:
    """A select list on all screens, with a context that holds everywhere."""
    made = dana.post(FIELD, {"name": "Size", "type": f"{TYPES}:select"}).json()
    dana.post(f"/rest/api/3/screens/addToDefault/{made['id']}")
    return str(made["id"])


def contexts(dana: Person, field: str, query: str = "") -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = dana.get(f"{FIELD}/{field}/context?{query}").json()["values"]
    return listed


def added(dana: Person, field: str, **wanted: object) -> str:
    answer = dana.post(f"{FIELD}/{field}/context", {"name": "Own", **wanted})
    assert answer.status == 201, answer.body
    return str(answer.json()["id"])


@pytest.mark.answers(f"GET {CONTEXT}")
@pytest.mark.answers(f"POST {CONTEXT}")
@pytest.mark.answers(f"GET {CONTEXT}s")
def test_a_context_holds_in_its_spaces_and_the_global_one_in_the_others(
    dana: Person, field: str, site: Site
) -> None:
    alpha, task = site.space("ALPHA").id, site.work_type("Task").id
    own = added(dana, field, description="Of ALPHA", projectIds=[alpha], issueTypeIds=[task])

    (everywhere,) = contexts(dana, field, "isGlobalContext=true")
    (held,) = contexts(dana, field, "isAnyIssueType=false")

    assert (everywhere["name"], everywhere["isAnyIssueType"]) == (
        "Default Configuration Scheme for Size",
        True,
    )
    assert held == {
        "id": own,
        "name": "Own",
        "description": "Of ALPHA",
        "isGlobalContext": False,
        "isAnyIssueType": False,
    }
    assert [each["id"] for each in contexts(dana, field, f"contextId={own}")] == [own]
    old = dana.get(f"{FIELD}/{field}/contexts").json()["values"]
    assert [each["id"] for each in old] == [int(everywhere["id"]), int(own)]


@pytest.mark.refuses(f"GET {CONTEXT}", 403)
@pytest.mark.refuses(f"GET {CONTEXT}", 404)
@pytest.mark.refuses(f"GET {CONTEXT}s", 403)
@pytest.mark.refuses(f"GET {CONTEXT}/defaultValue", 403)
@pytest.mark.refuses(f"GET {CONTEXT}/defaultValue", 404)
@pytest.mark.refuses(f"GET {CONTEXT}/issuetypemapping", 403)
@pytest.mark.refuses(f"GET {CONTEXT}/projectmapping", 403)
@pytest.mark.refuses(f"GET {CONTEXT}/projectmapping", 404)
def test_contexts_are_shown_to_administrators_alone(dana: Person, alice: Person, field: str) -> None:
    for path in ("context", "contexts", "context/defaultValue", "context/issuetypemapping"):
        assert alice.get(f"{FIELD}/{field}/{path}").status == 403
    assert alice.get(f"{FIELD}/{field}/context/projectmapping").status == 403
    for path in ("context", "context/defaultValue", "context/projectmapping"):
        missing = dana.get(f"{FIELD}/customfield_99/{path}")
        assert missing.status == 404
        assert "does not exist" in missing.json()["errorMessages"][0]


@pytest.mark.refuses(f"POST {CONTEXT}", 400)
@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "Second"},
        {"name": "", "projectIds": ["10000"]},
        {"name": 1, "projectIds": ["10000"]},
        {"name": "Default Configuration Scheme for Size", "projectIds": ["10000"]},
        {"name": "Own", "projectIds": "10000"},
    ],
)
def test_a_context_that_clashes_with_another_is_refused(
    dana: Person, field: str, wanted: dict[str, object]
) -> None:
    answer = dana.post(f"{FIELD}/{field}/context", wanted)

    assert answer.status == 400
    assert len(contexts(dana, field)) == 1


@pytest.mark.refuses(f"POST {CONTEXT}", 404)
@pytest.mark.parametrize(
    "wanted", [{"projectIds": ["99"]}, {"projectIds": ["10000"], "issueTypeIds": ["99"]}]
)
def test_a_context_of_a_space_or_type_that_is_not_there_is_refused(
    dana: Person, field: str, wanted: dict[str, object]
) -> None:
    answer = dana.post(f"{FIELD}/{field}/context", {"name": "Own", **wanted})

    assert answer.status == 404
    assert "were not found" in answer.json()["errorMessages"][0]


@pytest.mark.answers(f"PUT {ONE}")
@pytest.mark.answers(f"DELETE {ONE}")
def test_a_context_is_renamed_and_deleted(dana: Person, field: str, site: Site) -> None:
    own = added(dana, field, projectIds=[site.space("ALPHA").id])

    renamed = dana.put(f"{FIELD}/{field}/context/{own}", {"name": "Other", "description": "New"})

    assert renamed.status == 204
    (shown,) = contexts(dana, field, f"contextId={own}")
    assert (shown["name"], shown["description"]) == ("Other", "New")
    assert dana.delete(f"{FIELD}/{field}/context/{own}").status == 204
    assert len(contexts(dana, field)) == 1


@pytest.mark.refuses(f"PUT {ONE}", 400)
@pytest.mark.refuses(f"PUT {ONE}", 403)
@pytest.mark.refuses(f"PUT {ONE}", 404)
@pytest.mark.refuses(f"DELETE {ONE}", 400)
@pytest.mark.refuses(f"DELETE {ONE}", 403)
@pytest.mark.refuses(f"DELETE {ONE}", 404)
def test_the_global_context_stays_and_names_are_unique(
    dana: Person, alice: Person, field: str, site: Site
) -> None:
    own = added(dana, field, projectIds=[site.space("ALPHA").id])
    (everywhere,) = contexts(dana, field, "isGlobalContext=true")

    kept = dana.delete(f"{FIELD}/{field}/context/{everywhere['id']}")
    taken = dana.put(f"{FIELD}/{field}/context/{own}", {"name": everywhere["name"]})

    assert kept.json()["errorMessages"] == ["The global context of a custom field cannot be deleted."]
    assert taken.json()["errors"] == {"name": "The name of the context must be unique."}
    assert dana.put(f"{FIELD}/{field}/context/99", {"name": "x"}).status == 404
    assert dana.delete(f"{FIELD}/{field}/context/99").status == 404
    assert alice.put(f"{FIELD}/{field}/context/{own}", {"name": "x"}).status == 403
    assert alice.delete(f"{FIELD}/{field}/context/{own}").status == 403


@pytest.mark.answers(f"PUT {ONE}/issuetype")
@pytest.mark.answers(f"POST {ONE}/issuetype/remove")
@pytest.mark.answers(f"GET {CONTEXT}/issuetypemapping")
def test_work_types_come_into_a_context_and_leave_it(dana: Person, field: str, site: Site) -> None:
    (everywhere,) = contexts(dana, field)
    path = f"{FIELD}/{field}/context/{everywhere['id']}/issuetype"
    task, bug = site.work_type("Task").id, site.work_type("Bug").id

    def mapped() -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = dana.get(f"{FIELD}/{field}/context/issuetypemapping").json()["values"]
        return listed

    assert mapped() == [{"contextId": everywhere["id"], "isAnyIssueType": True}]
    assert dana.put(path, {"issueTypeIds": [task, bug]}).status == 204
    assert [each["issueTypeId"] for each in mapped()] == [task, bug]
    assert dana.post(f"{path}/remove", {"issueTypeIds": [bug]}).status == 204
    assert [each["issueTypeId"] for each in mapped()] == [task]
    fields = dana.get(f"/rest/api/3/issue/createmeta/BETA/issuetypes/{bug}").json()["fields"]
    assert field not in {each["key"] for each in fields}


@pytest.mark.refuses(f"PUT {ONE}/issuetype", 400)
@pytest.mark.refuses(f"PUT {ONE}/issuetype", 403)
@pytest.mark.refuses(f"PUT {ONE}/issuetype", 404)
@pytest.mark.refuses(f"POST {ONE}/issuetype/remove", 403)
@pytest.mark.refuses(f"POST {ONE}/issuetype/remove", 404)
def test_work_types_that_are_there_or_unknown_are_not_taken_into_a_context(
    dana: Person, alice: Person, field: str, site: Site
) -> None:
    (everywhere,) = contexts(dana, field)
    path = f"{FIELD}/{field}/context/{everywhere['id']}/issuetype"
    task = {"issueTypeIds": [site.work_type("Task").id]}
    dana.put(path, task)

    assert dana.put(path, task).status == 400
    assert dana.put(path, {"issueTypeIds": ["99"]}).status == 404
    assert dana.post(f"{path}/remove", {"issueTypeIds": ["99"]}).status == 404
    assert alice.put(path, task).status == 403
    assert alice.post(f"{path}/remove", task).status == 403


@pytest.mark.answers(f"PUT {ONE}/project")
@pytest.mark.answers(f"POST {ONE}/project/remove")
@pytest.mark.answers(f"GET {CONTEXT}/projectmapping")
@pytest.mark.answers(f"POST {CONTEXT}/mapping")
def test_spaces_come_into_a_context_and_leave_it(dana: Person, field: str, site: Site) -> None:
    alpha, beta, task = site.space("ALPHA").id, site.space("BETA").id, site.work_type("Task").id
    own = added(dana, field, projectIds=[alpha])
    (everywhere,) = contexts(dana, field, "isGlobalContext=true")
    path = f"{FIELD}/{field}/context/{own}/project"

    assert dana.put(path, {"projectIds": [beta]}).status == 204

    listed = dana.get(f"{FIELD}/{field}/context/projectmapping").json()["values"]
    assert listed == [
        {"contextId": everywhere["id"], "isGlobalContext": True},
        {"contextId": own, "projectId": alpha},
        {"contextId": own, "projectId": beta},
    ]
    assert dana.post(f"{path}/remove", {"projectIds": [alpha]}).status == 204
    asked = [{"projectId": number, "issueTypeId": task} for number in (alpha, beta)]
    found = dana.post(f"{FIELD}/{field}/context/mapping", {"mappings": asked}).json()["values"]
    assert [each["contextId"] for each in found] == [everywhere["id"], own]


@pytest.mark.refuses(f"PUT {ONE}/project", 400)
@pytest.mark.refuses(f"PUT {ONE}/project", 403)
@pytest.mark.refuses(f"PUT {ONE}/project", 404)
@pytest.mark.refuses(f"POST {ONE}/project/remove", 400)
@pytest.mark.refuses(f"POST {ONE}/project/remove", 403)
@pytest.mark.refuses(f"POST {ONE}/project/remove", 404)
@pytest.mark.refuses(f"POST {CONTEXT}/mapping", 400)
@pytest.mark.refuses(f"POST {CONTEXT}/mapping", 403)
@pytest.mark.refuses(f"POST {CONTEXT}/mapping", 404)
def test_a_space_is_in_one_context_of_a_field_at_most(
    dana: Person, alice: Person, field: str, site: Site
) -> None:
    alpha, beta = site.space("ALPHA").id, site.space("BETA").id
    own = added(dana, field, projectIds=[alpha])
    path, mapping = f"{FIELD}/{field}/context/{own}/project", f"{FIELD}/{field}/context/mapping"

    assert dana.put(path, {"projectIds": [alpha]}).status == 400
    assert dana.post(f"{path}/remove", {"projectIds": [beta]}).status == 400
    assert dana.post(f"{path}/remove", {"projectIds": [alpha]}).json()["errorMessages"] == [
        "The custom field already has a global context."
    ]
    assert dana.post(mapping, {"mappings": []}).status == 400
    unknown = {"projectIds": ["99"]}
    assert dana.put(path, unknown).status == dana.post(f"{path}/remove", unknown).status == 404
    assert dana.post(mapping, {"mappings": [{"projectId": "99", "issueTypeId": "99"}]}).status == 404
    assert alice.put(path, unknown).status == alice.post(f"{path}/remove", unknown).status == 403
    assert alice.post(mapping, {"mappings": []}).status == 403


@pytest.mark.answers(f"PUT {CONTEXT}/defaultValue")
@pytest.mark.answers(f"GET {CONTEXT}/defaultValue")
@pytest.mark.parametrize(
    ("kind", "value", "held"),
    [
        ("textfield", {"type": "textfield", "text": "so far"}, "so far"),
        ("float", {"type": "float", "number": 2.5}, 2.5),
        ("datepicker", {"type": "datepicker", "date": "2026-12-24"}, "2026-12-24"),
        ("labels", {"type": "labels", "labels": ["a", "b"]}, ["a", "b"]),
        ("url", {"type": "url", "url": "https://example.com"}, "https://example.com"),
    ],
)
def test_a_default_is_what_a_new_work_item_holds(
    dana: Person, site: Site, kind: str, value: dict[str, object], held: object
) -> None:
    field = next(each for each in site.custom_fields.values() if each.kind == kind)
    wanted = {"contextId": field.contexts[0].id, **value}

    answer = dana.put(f"{FIELD}/{field.id}/context/defaultValue", {"defaultValues": [wanted]})

    assert answer.status == 204
    assert dana.get(f"{FIELD}/{field.id}/context/defaultValue").json()["values"] == [wanted]
    issue = dana.create("ALPHA", "one")
    assert dana.get(f"/rest/api/3/issue/{issue}").json()["fields"][field.id] == held


def test_defaults_of_options_people_and_cascades(dana: Person, site: Site) -> None:
    kinds = {each.kind: each for each in site.custom_fields.values()}
    colour, checks, place = (kinds[each] for each in ("select", "multicheckboxes", "cascadingselect"))
    approver, options = kinds["userpicker"], place.contexts[0].options
    alice = site.user("alice").account_id
    wanted: dict[str, dict[str, Any]] = {
        colour.id: {"type": "option.single", "optionId": colour.contexts[0].options[1].id},
        checks.id: {"type": "option.multiple", "optionIds": [checks.contexts[0].options[0].id]},
        place.id: {
            "type": "option.cascading",
            "optionId": options[0].id,
            "cascadingOptionId": options[1].id,
        },
        approver.id: {
            "type": "single.user.select",
            "accountId": alice,
            "userFilter": {"enabled": False},
        },
    }

    for number, value in wanted.items():
        context = site.custom_fields[number].contexts[0].id
        body = {"defaultValues": [{"contextId": context, **value}]}
        assert dana.put(f"{FIELD}/{number}/context/defaultValue", body).status == 204

    shown = dana.get(f"/rest/api/3/issue/{dana.create('ALPHA', 'one')}").json()["fields"]
    assert shown[colour.id]["value"] == "Green"
    assert [each["value"] for each in shown[checks.id]] == ["Tested"]
    assert (shown[place.id]["value"], shown[place.id]["child"]["value"]) == ("Europe", "Berlin")
    assert shown[approver.id]["displayName"] == "Alice Archer"
    for number, value in wanted.items():
        (told,) = dana.get(f"{FIELD}/{number}/context/defaultValue").json()["values"]
        assert told == {"contextId": site.custom_fields[number].contexts[0].id, **value}


def test_a_default_can_be_taken_back(dana: Person, site: Site) -> None:
    colour = next(each for each in site.custom_fields.values() if each.kind == "select")
    path, context = f"{FIELD}/{colour.id}/context/defaultValue", colour.contexts[0]
    wanted: dict[str, Any] = {"contextId": context.id, "type": "option.single"}

    for number in (context.options[0].id, None):
        body = {"defaultValues": [wanted | {"optionId": number}]}
        assert dana.put(path, body).status == 204

    assert dana.get(path).json()["values"] == []
    issue = dana.create("ALPHA", "one")
    assert dana.get(f"/rest/api/3/issue/{issue}").json()["fields"][colour.id] is None


@pytest.mark.refuses(f"PUT {CONTEXT}/defaultValue", 400)
@pytest.mark.refuses(f"PUT {CONTEXT}/defaultValue", 403)
@pytest.mark.refuses(f"PUT {CONTEXT}/defaultValue", 404)
def test_a_default_of_another_type_or_of_no_context_is_refused(
    dana: Person, alice: Person, site: Site
) -> None:
    field = next(each for each in site.custom_fields.values() if each.kind == "float")
    path, context = f"{FIELD}/{field.id}/context/defaultValue", field.contexts[0].id
    text = {"contextId": context, "type": "textfield", "text": "five"}

    assert dana.put(path, {"defaultValues": [text]}).status == 400
    odd = dana.put(path, {"defaultValues": [{"contextId": context, "type": "float", "number": "five"}]})
    assert odd.json()["errors"] == {field.id: "Operation value must be a number"}
    assert dana.put(path, {"defaultValues": "five"}).status == 400
    strange = {"contextId": "99", "type": "float", "number": 5}
    assert dana.put(path, {"defaultValues": [strange]}).status == 404
    assert alice.put(path, {"defaultValues": [strange]}).status == 403
