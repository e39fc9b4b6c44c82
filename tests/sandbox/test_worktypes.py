import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.events import listening
from tests.support.sandbox import Person

ALL = "/rest/api/3/issuetype"


def names(person: Person, path: str = ALL) -> list[str]:
    answer = person.get(path)
    assert answer.status == 200, answer.body
    return [each["name"] for each in answer.json()]


@pytest.mark.answers("GET /rest/api/3/issuetype")
@pytest.mark.answers("GET /rest/api/3/issuetype/{id}")
@pytest.mark.answers("GET /rest/api/3/issuetype/project")
def test_types_are_those_of_the_spaces_one_sees(alice: Person, bob: Person, site: Site) -> None:
    space, bug = site.space("ALPHA"), site.work_type("Bug").id

    assert set(names(alice)) == {"Task", "Bug", "Story", "Epic"}
    assert set(names(bob)) == {"Task", "Bug", "Story"}
    assert alice.get(f"{ALL}/{bug}").json()["name"] == "Bug"
    assert names(alice, f"{ALL}/project?projectId={space.id}&level=1") == ["Epic"]
    assert names(alice, f"{ALL}/project?projectId={space.id}") == ["Task", "Bug", "Story", "Epic"]


@pytest.mark.refuses("GET /rest/api/3/issuetype/{id}", 400)
@pytest.mark.refuses("GET /rest/api/3/issuetype/{id}", 404)
@pytest.mark.refuses("GET /rest/api/3/issuetype/project", 400)
@pytest.mark.refuses("GET /rest/api/3/issuetype/project", 404)
@pytest.mark.refuses("GET /rest/api/3/issuetype/{id}/alternatives", 404)
def test_a_type_one_does_not_see_is_not_found(bob: Person, site: Site) -> None:
    epic = site.work_type("Epic").id

    refused = bob.get(f"{ALL}/{epic}")

    assert (refused.status, refused.json()["errorMessages"]) == (
        404,
        [f"The issue type with id '{epic}' was not found"],
    )
    assert bob.get(f"{ALL}/epic").status == 400
    assert bob.get(f"{ALL}/project?projectId={site.space('ALPHA').id}").status == 404
    assert bob.get(f"{ALL}/project?projectId=99").status == 404
    assert list(bob.get(f"{ALL}/project").json()["errors"]) == ["projectId"]
    assert list(bob.get(f"{ALL}/project?projectId=1&level=7").json()["errors"]) == ["level"]
    assert bob.get(f"{ALL}/99/alternatives").status == 404


@pytest.mark.answers("POST /rest/api/3/issuetype")
@pytest.mark.answers("PUT /rest/api/3/issuetype/{id}")
@pytest.mark.answers("DELETE /rest/api/3/issuetype/{id}")
def test_a_type_is_made_changed_and_deleted_and_the_app_is_told(
    dana: Person, world: World, site: Site
) -> None:
    ears = listening(world, site)

    made = dana.post(ALL, {"name": "Part", "type": "subtask", "description": "Of a whole"})
    one = f"{ALL}/{made.json()['id']}"
    changed = dana.put(one, {"name": "Piece"})
    deleted = dana.delete(one)

    assert (made.status, made.json()["subtask"], made.json()["hierarchyLevel"]) == (201, True, -1)
    assert (changed.status, changed.json()["name"], changed.json()["description"]) == (
        200,
        "Piece",
        "Of a whole",
    )
    assert (deleted.status, dana.get(one).status) == (204, 404)
    assert ears.names() == ["issuetype_created", "issuetype_updated", "issuetype_deleted"]


@pytest.mark.answers("GET /rest/api/3/issuetype/{id}/alternatives")
def test_a_used_type_is_deleted_for_another_that_goes_the_same_ways(
    dana: Person, alice: Person, site: Site
) -> None:
    issue = alice.create("ALPHA", "one", kind="Bug")
    bug, task = site.work_type("Bug").id, site.work_type("Task").id

    alternatives = names(dana, f"{ALL}/{bug}/alternatives")
    answer = dana.delete(f"{ALL}/{bug}?alternativeIssueTypeId={task}")

    assert set(alternatives) == {"Task", "Story"}
    assert answer.status == 204
    assert alice.get(f"/rest/api/3/issue/{issue}").json()["fields"]["issuetype"]["name"] == "Task"
    assert "Bug" not in names(alice)


@pytest.mark.refuses("DELETE /rest/api/3/issuetype/{id}", 400)
@pytest.mark.refuses("DELETE /rest/api/3/issuetype/{id}", 403)
@pytest.mark.refuses("DELETE /rest/api/3/issuetype/{id}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/issuetype/{id}", 409)
def test_a_used_type_is_not_deleted_for_nothing_or_the_wrong_one(
    dana: Person, alice: Person, site: Site
) -> None:
    alice.create("ALPHA", "one", kind="Bug")
    bug, epic = site.work_type("Bug").id, site.work_type("Epic").id
    part = dana.post(ALL, {"name": "Part", "type": "subtask"}).json()["id"]

    assert dana.delete(f"{ALL}/{bug}").status == 404
    assert dana.delete(f"{ALL}/{bug}?alternativeIssueTypeId=99").json()["errorMessages"] == [
        "The alternative issue type with id '99' was not found"
    ]
    assert dana.delete(f"{ALL}/{bug}?alternativeIssueTypeId={bug}").status == 409
    assert dana.delete(f"{ALL}/{bug}?alternativeIssueTypeId={part}").status == 409
    assert dana.delete(f"{ALL}/{bug}?alternativeIssueTypeId={epic}").status == 400
    assert alice.delete(f"{ALL}/{bug}").status == 403
    assert dana.get(f"{ALL}/{bug}").status == 200


@pytest.mark.refuses("POST /rest/api/3/issuetype", 400)
@pytest.mark.refuses("POST /rest/api/3/issuetype", 403)
@pytest.mark.refuses("POST /rest/api/3/issuetype", 409)
@pytest.mark.refuses("PUT /rest/api/3/issuetype/{id}", 400)
@pytest.mark.refuses("PUT /rest/api/3/issuetype/{id}", 403)
@pytest.mark.refuses("PUT /rest/api/3/issuetype/{id}", 404)
@pytest.mark.refuses("PUT /rest/api/3/issuetype/{id}", 409)
def test_a_types_name_is_its_own_and_only_administrators_of_jira_give_it(
    dana: Person, alice: Person, site: Site
) -> None:
    bug = f"{ALL}/{site.work_type('Bug').id}"

    for wanted, field in (
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "x", "hierarchyLevel": 7}, "hierarchyLevel"),
    ):
        refused = dana.post(ALL, wanted)
        assert (refused.status, list(refused.json()["errors"])) == (400, [field])
    assert dana.post(ALL, {"name": "bug"}).status == dana.put(bug, {"name": "Task"}).status == 409
    assert dana.put(bug, {}).status == 400
    assert dana.put(f"{ALL}/99", {"name": "x"}).status == 404
    assert alice.post(ALL, {"name": "x"}).status == alice.put(bug, {"name": "x"}).status == 403


@pytest.mark.answers("GET /rest/api/3/issuetype/{issueTypeId}/properties")
@pytest.mark.answers("GET /rest/api/3/issuetype/{issueTypeId}/properties/{propertyKey}")
@pytest.mark.answers("PUT /rest/api/3/issuetype/{issueTypeId}/properties/{propertyKey}")
@pytest.mark.answers("DELETE /rest/api/3/issuetype/{issueTypeId}/properties/{propertyKey}")
def test_a_property_of_a_type_is_kept_changed_and_removed(dana: Person, alice: Person, site: Site) -> None:
    path = f"{ALL}/{site.work_type('Bug').id}/properties"

    statuses = [dana.put(f"{path}/link", value).status for value in (1, {"a": 2})]
    shown = alice.get(f"{path}/link").json()
    listed = alice.get(path).json()["keys"]
    removed = dana.delete(f"{path}/link")

    assert (statuses, shown) == ([201, 200], {"key": "link", "value": {"a": 2}})
    assert [each["key"] for each in listed] == ["link"]
    assert (removed.status, alice.get(path).json()) == (204, {"keys": []})


@pytest.mark.refuses("GET /rest/api/3/issuetype/{issueTypeId}/properties", 400)
@pytest.mark.refuses("GET /rest/api/3/issuetype/{issueTypeId}/properties", 404)
@pytest.mark.refuses("GET /rest/api/3/issuetype/{issueTypeId}/properties/{propertyKey}", 404)
@pytest.mark.refuses("PUT /rest/api/3/issuetype/{issueTypeId}/properties/{propertyKey}", 400)
@pytest.mark.refuses("PUT /rest/api/3/issuetype/{issueTypeId}/properties/{propertyKey}", 403)
@pytest.mark.refuses("PUT /rest/api/3/issuetype/{issueTypeId}/properties/{propertyKey}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/issuetype/{issueTypeId}/properties/{propertyKey}", 403)
@pytest.mark.refuses("DELETE /rest/api/3/issuetype/{issueTypeId}/properties/{propertyKey}", 404)
def test_properties_of_types_are_for_administrators_of_jira(dana: Person, alice: Person, site: Site) -> None:
    path = f"{ALL}/{site.work_type('Bug').id}/properties"

    assert alice.put(f"{path}/link", 1).status == alice.delete(f"{path}/link").status == 403
    assert dana.delete(f"{path}/link").status == dana.get(f"{path}/link").status == 404
    assert dana.get(f"{path}/link").json()["errorMessages"] == [
        "The property with key 'link' does not exist."
    ]
    assert dana.put(f"{path}/link", "x" * 32_768).status == 400
    assert dana.get(f"{ALL}/bug/properties").status == 400
    assert dana.get(f"{ALL}/99/properties").status == dana.put(f"{ALL}/99/properties/link", 1).status == 404
