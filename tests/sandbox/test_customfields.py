from typing import Any

import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

FIELD = "/rest/api/3/field"
TYPES = "com.atlassian.jira.plugin.system.customfieldtypes"
NOT_ADMIN = "Only users with Administer Jira permission can perform this action."


def of(name: str, value: object) -> dict[str, Any]:
    """A field by its id."""
    return {name: value}


def made(dana: Person, name: str = "Cost centre", kind: str = "textfield", **more: object) -> dict[str, Any]:
    answer = dana.post(FIELD, {"name": name, "type": f"{TYPES}:{kind}", **more})
    assert answer.status == 201, answer.body
    created: dict[str, Any] = answer.json()
    return created


@pytest.mark.answers("POST /rest/api/3/field")
def test_a_field_that_was_made_has_a_number_and_a_schema_and_can_be_set_once_it_is_on_a_screen(
    dana: Person, site: Site
) -> None:
    field = made(dana, description="Who pays.", searcherKey=f"{TYPES}:textsearcher")

    number = int(field["id"].removeprefix("customfield_"))
    assert field["clauseNames"] == [f"cf[{number}]", "Cost centre"]
    assert field["schema"] == {"type": "string", "custom": f"{TYPES}:textfield", "customId": number}
    off = {"project": {"key": "BETA"}, "issuetype": {"name": "Task"}, "summary": "one", field["id"]: "x"}
    assert field["id"] in dana.post("/rest/api/3/issue", {"fields": off}).json()["errors"]
    site.space("BETA").screen.add(field["id"])
    issue = dana.create("BETA", "one", **of(field["id"], "4711"))
    assert dana.get(f"/rest/api/3/issue/{issue}").json()["fields"][field["id"]] == "4711"


@pytest.mark.refuses("POST /rest/api/3/field", 400)
@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ({"name": "", "type": f"{TYPES}:float"}, "name"),
        ({"name": "x" * 256, "type": f"{TYPES}:float"}, "name"),
        ({"name": 5, "type": f"{TYPES}:float"}, "name"),
        ({"name": "one", "type": f"{TYPES}:poem"}, "type"),
        ({"name": "one", "type": "float"}, "type"),
        ({"name": "one", "type": f"{TYPES}:gh-sprint"}, "type"),
        ({"name": "one", "type": "com.pyxis.greenhopper.jira:gh-sprint"}, "type"),
        ({"name": "one", "type": f"{TYPES}:float", "searcherKey": f"{TYPES}:nosearcher"}, "searcherKey"),
        ({"name": "one", "type": f"{TYPES}:float", "description": "x" * 40_001}, "description"),
    ],
)
def test_a_field_without_a_sound_definition_is_refused(
    dana: Person, wanted: dict[str, object], name: str
) -> None:
    answer = dana.post(FIELD, wanted)

    assert (answer.status, set(answer.json()["errors"])) == (400, {name})


@pytest.mark.refuses("POST /rest/api/3/field", 400)
def test_only_an_administrator_of_jira_makes_fields(alice: Person) -> None:
    answer = alice.post(FIELD, {"name": "one", "type": f"{TYPES}:float"})

    assert answer.status == 400
    assert answer.json()["errorMessages"] == ["You do not have permission to create custom fields."]


@pytest.mark.answers("PUT /rest/api/3/field/{fieldId}")
@pytest.mark.answers("GET /rest/api/3/field/search")
def test_a_field_that_was_renamed_is_found_under_its_new_name(dana: Person) -> None:
    field = made(dana)
    wanted = {"name": "Budget", "description": "Money", "searcherKey": f"{TYPES}:exacttextsearcher"}

    answer = dana.put(f"{FIELD}/{field['id']}", wanted)

    assert answer.status == 204
    (found,) = dana.get(f"{FIELD}/search?query=mone&expand=searcherKey,key").json()["values"]
    assert (found["id"], found["key"], found["name"]) == (field["id"], field["id"], "Budget")
    assert (found["description"], found["searcherKey"]) == ("Money", f"{TYPES}:exacttextsearcher")


@pytest.mark.refuses("PUT /rest/api/3/field/{fieldId}", 400)
@pytest.mark.refuses("PUT /rest/api/3/field/{fieldId}", 403)
@pytest.mark.refuses("PUT /rest/api/3/field/{fieldId}", 404)
def test_a_field_keeps_its_name_where_the_change_is_refused(dana: Person, alice: Person) -> None:
    field = made(dana)

    nameless = dana.put(f"{FIELD}/{field['id']}", {"name": " "})
    forbidden = alice.put(f"{FIELD}/{field['id']}", {"name": "Budget"})
    missing = dana.put(f"{FIELD}/customfield_99", {"name": "Budget"})

    assert nameless.json()["errors"] == {"name": "You must specify a name for the custom field."}
    assert (forbidden.status, forbidden.json()["errorMessages"]) == (403, [NOT_ADMIN])
    assert missing.status == 404
    assert missing.json()["errorMessages"] == ["The custom field with id 'customfield_99' does not exist."]


def test_fields_are_searched_by_type_id_and_words_and_counted(dana: Person, site: Site) -> None:
    alpha = site.space("ALPHA")
    sprint = next(each for each in site.custom_fields.values() if each.kind == "gh-sprint")

    def values(query: str) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = dana.get(f"{FIELD}/search?maxResults=100&{query}").json()["values"]
        return listed

    assert {each["id"] for each in values("type=custom")} == site.custom_fields.keys()
    assert not {each["id"] for each in values("type=system")} & site.custom_fields.keys()
    assert [each["name"] for each in values("query=sprint&type=custom")] == ["Sprint"]
    (found,) = values(f"id={sprint.id}&expand=isLocked,screensCount,contextsCount,lastUsed,projectsCount")
    assert (found["isLocked"], found["screensCount"], found["contextsCount"]) == (True, 1, 1)
    assert found["lastUsed"] == {"type": "NO_INFORMATION"}
    issue = dana.create("ALPHA", "one")
    dana.edit(issue, **{sprint.id: next(iter(site.sprints))})
    assert values(f"id={sprint.id}&expand=lastUsed")[0]["lastUsed"]["type"] == "TRACKED"
    alpha.screen.remove(sprint.id)
    assert values(f"id={sprint.id}&expand=screensCount")[0]["screensCount"] == 0


def test_fields_are_put_into_the_order_that_is_asked_for(dana: Person) -> None:
    names = [each["name"] for each in dana.get(f"{FIELD}/search?orderBy=-name&maxResults=3").json()["values"]]

    assert names == sorted(names, key=str.lower, reverse=True)


@pytest.mark.refuses("GET /rest/api/3/field/search", 400)
def test_a_search_for_fields_of_a_strange_type_or_order_is_refused(dana: Person) -> None:
    strange = dana.get(f"{FIELD}/search?type=odd")
    disordered = dana.get(f"{FIELD}/search?orderBy=taste")

    assert (strange.status, strange.json()["errorMessages"]) == (400, ["The type must be custom or system."])
    assert disordered.status == 400


def test_custom_fields_are_those_of_the_spaces_one_sees(alice: Person, bob: Person, site: Site) -> None:
    def custom(person: Person) -> set[str]:
        return {each["id"] for each in person.get(FIELD).json() if each["custom"]}

    assert custom(alice) == site.custom_fields.keys()
    assert custom(bob) == set()


@pytest.mark.answers("POST /rest/api/3/field/{id}/trash")
@pytest.mark.answers("GET /rest/api/3/field/search/trashed")
@pytest.mark.answers("POST /rest/api/3/field/{id}/restore")
def test_what_a_field_held_comes_back_with_it_from_the_trash(dana: Person, site: Site) -> None:
    field = next(each.id for each in site.custom_fields.values() if each.kind == "textfield")
    issue = dana.create("ALPHA", "one", **of(field, "kept"))

    assert dana.post(f"{FIELD}/{field}/trash").status == 200

    assert field not in dana.get(f"/rest/api/3/issue/{issue}").json()["fields"]
    assert field not in {each["id"] for each in dana.get(FIELD).json()}
    (lying,) = dana.get(f"{FIELD}/search/trashed?query=customer&orderBy=trashDate").json()["values"]
    assert (lying["id"], lying["name"]) == (field, "Customer reference")
    assert dana.post(f"{FIELD}/{field}/restore").status == 200
    assert dana.get(f"/rest/api/3/issue/{issue}").json()["fields"][field] == "kept"


@pytest.mark.refuses("POST /rest/api/3/field/{id}/trash", 400)
@pytest.mark.refuses("POST /rest/api/3/field/{id}/trash", 403)
@pytest.mark.refuses("POST /rest/api/3/field/{id}/trash", 404)
@pytest.mark.refuses("POST /rest/api/3/field/{id}/restore", 400)
@pytest.mark.refuses("POST /rest/api/3/field/{id}/restore", 403)
@pytest.mark.refuses("POST /rest/api/3/field/{id}/restore", 404)
@pytest.mark.refuses("GET /rest/api/3/field/search/trashed", 403)
def test_the_trash_is_for_administrators_and_takes_a_field_once(dana: Person, alice: Person) -> None:
    field = made(dana)["id"]

    early = dana.post(f"{FIELD}/{field}/restore")
    dana.post(f"{FIELD}/{field}/trash")
    again = dana.post(f"{FIELD}/{field}/trash")

    assert (early.status, again.status) == (400, 400)
    assert early.json()["errorMessages"] == [f"The custom field with id '{field}' is not in the trash."]
    assert again.json()["errorMessages"] == [f"The custom field with id '{field}' is already in the trash."]
    for what in ("trash", "restore"):
        assert alice.post(f"{FIELD}/{field}/{what}").json()["errorMessages"] == [NOT_ADMIN]
        assert dana.post(f"{FIELD}/customfield_99/{what}").status == 404
    assert alice.get(f"{FIELD}/search/trashed").status == 403


@pytest.mark.answers("DELETE /rest/api/3/field/{id}")
def test_a_deleted_field_is_gone_for_good_by_a_task(dana: Person, site: Site) -> None:
    field = next(each.id for each in site.custom_fields.values() if each.kind == "float")
    issue = dana.create("ALPHA", "one", **of(field, 5))

    answer = dana.delete(f"{FIELD}/{field}")

    assert answer.status == 303
    task = dana.get(answer.headers["Location"].removeprefix(site.base_url)).json()
    assert (task["status"], task["description"]) == ("COMPLETE", "Delete custom field Effort")
    assert field not in dana.get(f"/rest/api/3/issue/{issue}").json()["fields"]
    assert field not in site.space("ALPHA").screen


@pytest.mark.refuses("DELETE /rest/api/3/field/{id}", 403)
@pytest.mark.refuses("DELETE /rest/api/3/field/{id}", 404)
def test_a_field_is_deleted_by_administrators_alone(dana: Person, alice: Person) -> None:
    field = made(dana)["id"]

    forbidden, missing = alice.delete(f"{FIELD}/{field}"), dana.delete(f"{FIELD}/customfield_99")

    assert (forbidden.status, forbidden.json()["errorMessages"]) == (403, [NOT_ADMIN])
    assert missing.status == 404


@pytest.mark.answers("POST /rest/api/3/screens/addToDefault/{fieldId}")
def test_a_field_put_on_the_default_screens_can_be_set_everywhere(dana: Person, bob: Person) -> None:
    field = made(dana, kind="url")["id"]

    answer = dana.post(f"/rest/api/3/screens/addToDefault/{field}")

    assert (answer.status, answer.json()) == (200, {})
    issue = bob.create("BETA", "one", **of(field, "https://example.com/a"))
    assert bob.get(f"/rest/api/3/issue/{issue}").json()["fields"][field] == "https://example.com/a"


@pytest.mark.refuses("POST /rest/api/3/screens/addToDefault/{fieldId}", 400)
@pytest.mark.refuses("POST /rest/api/3/screens/addToDefault/{fieldId}", 403)
@pytest.mark.refuses("POST /rest/api/3/screens/addToDefault/{fieldId}", 404)
def test_a_field_is_put_on_the_default_screens_once_and_by_administrators(
    dana: Person, alice: Person
) -> None:
    there = dana.post("/rest/api/3/screens/addToDefault/labels")
    missing = dana.post("/rest/api/3/screens/addToDefault/customfield_99")
    forbidden = alice.post("/rest/api/3/screens/addToDefault/labels")

    assert there.json()["errorMessages"] == ["The field with id 'labels' already exists on the screen."]
    assert (there.status, missing.status, forbidden.status) == (400, 404, 403)
