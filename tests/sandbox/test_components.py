from typing import Any

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.events import listening
from tests.support.sandbox import ListeningApp, Person, as_app, descriptor, install

ALL = "/rest/api/3/component"
ALPHA = "/rest/api/3/project/ALPHA"


def made(person: Person, name: str, **more: object) -> dict[str, Any]:
    answer = person.post(ALL, {"project": "ALPHA", "name": name, **more})
    assert answer.status == 201, answer.body
    return dict(answer.json())


@pytest.mark.answers("POST /rest/api/3/component")
@pytest.mark.answers("GET /rest/api/3/component/{id}")
def test_a_component_tells_to_whom_its_new_work_goes(alice: Person, site: Site) -> None:
    carol = site.user("carol").account_id

    shown = made(
        alice, "Engine", description="Under the hood", leadAccountId=carol, assigneeType="COMPONENT_LEAD"
    )

    assert (shown["name"], shown["description"], shown["project"]) == ("Engine", "Under the hood", "ALPHA")
    assert shown["lead"]["accountId"] == shown["assignee"]["accountId"] == carol
    assert shown["realAssignee"]["accountId"] == carol
    assert shown["isAssigneeTypeValid"] is True
    assert alice.get(f"{ALL}/{shown['id']}").json() == shown


def test_without_a_lead_of_its_own_the_space_says_to_whom_it_goes(alice: Person, site: Site) -> None:
    space = site.space("ALPHA")
    space.assignee_type = "PROJECT_LEAD"

    shown = made(alice, "Engine", assigneeType="COMPONENT_LEAD")

    assert (shown["assigneeType"], shown["realAssigneeType"]) == ("COMPONENT_LEAD", "PROJECT_DEFAULT")
    assert shown["isAssigneeTypeValid"] is False
    assert shown["realAssignee"]["accountId"] == space.lead


@pytest.mark.refuses("POST /rest/api/3/component", 400)
@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": "engine"}, "name"),
        ({"name": "New", "leadAccountId": "nobody"}, "leadAccountId"),
        ({"name": "New", "assigneeType": "ANYBODY"}, "assigneeType"),
        ({"name": "New", "project": None}, "project"),
    ],
)
def test_a_component_that_is_none_is_refused_by_field(
    alice: Person, site: Site, wanted: dict[str, object], field: str
) -> None:
    made(alice, "Engine")

    answer = alice.post(ALL, {"project": "ALPHA", **wanted})

    assert (answer.status, list(answer.json()["errors"])) == (400, [field])
    assert [each.name for each in site.space("ALPHA").components] == ["Engine"]


@pytest.mark.refuses("POST /rest/api/3/component", 403)
@pytest.mark.refuses("POST /rest/api/3/component", 404)
@pytest.mark.refuses("PUT /rest/api/3/component/{id}", 403)
@pytest.mark.refuses("PUT /rest/api/3/component/{id}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/component/{id}", 403)
@pytest.mark.refuses("DELETE /rest/api/3/component/{id}", 404)
def test_only_the_admins_of_the_space_change_its_components(
    alice: Person, bob: Person, carol: Person
) -> None:
    number = made(alice, "Engine")["id"]
    words = "You do not have permission to manage the components of this project."

    refused = [
        carol.post(ALL, {"project": "ALPHA", "name": "x"}),
        carol.put(f"{ALL}/{number}", {"name": "x"}),
        carol.delete(f"{ALL}/{number}"),
    ]

    assert [(each.status, each.json()["errorMessages"]) for each in refused] == [(403, [words])] * 3
    assert bob.post(ALL, {"project": "ALPHA", "name": "x"}).status == 404
    assert bob.put(f"{ALL}/{number}", {"name": "x"}).status == 404
    assert bob.delete(f"{ALL}/{number}").status == 404


def test_an_app_administers_a_space_as_far_as_its_scopes_say(world: World, site: Site, dana: Person) -> None:
    wanted = {"project": "ALPHA", "name": "Engine"}
    install(world, site, ListeningApp())
    without = as_app(world, site).post(ALL, wanted)

    install(world, site, ListeningApp(), wanted=descriptor(scopes=["WRITE", "PROJECT_ADMIN"]))
    lead = {"key": "DELTA", "name": "Delta", "leadAccountId": site.user("dana").account_id}
    dana.post("/rest/api/3/project", lead)

    assert without.status == 403
    assert as_app(world, site).post(ALL, wanted).status == 201
    assert as_app(world, site).post(ALL, wanted | {"project": "DELTA"}).status == 201
    assert as_app(world, site).get("/rest/api/3/role").status == 403
    install(world, site, ListeningApp(), wanted=descriptor(scopes=["WRITE", "ADMIN"]))
    assert as_app(world, site).get("/rest/api/3/role").status == 200


@pytest.mark.answers("PUT /rest/api/3/component/{id}")
@pytest.mark.refuses("PUT /rest/api/3/component/{id}", 400)
def test_a_change_leaves_what_it_does_not_name(alice: Person, site: Site) -> None:
    lead = site.user("carol").account_id
    number = made(alice, "Engine", description="old", leadAccountId=lead)["id"]

    changed = alice.put(f"{ALL}/{number}", {"name": "Motor", "leadAccountId": ""})

    assert changed.status == 200
    assert (changed.json()["name"], changed.json()["description"]) == ("Motor", "old")
    assert "lead" not in changed.json()
    assert list(alice.put(f"{ALL}/{number}", {"name": ""}).json()["errors"]) == ["name"]


@pytest.mark.answers("DELETE /rest/api/3/component/{id}")
def test_a_deleted_component_leaves_its_work_items_or_hands_them_over(
    alice: Person, world: World, site: Site
) -> None:
    engine, wheels = made(alice, "Engine"), made(alice, "Wheels")
    both = alice.create("ALPHA", "both", components=[{"id": engine["id"]}, {"id": wheels["id"]}])
    one = alice.create("ALPHA", "one", components=[{"id": engine["id"]}])
    ears = listening(world, site, "jira:issue_updated")

    answer = alice.delete(f"{ALL}/{engine['id']}?moveIssuesTo={wheels['id']}")

    assert (answer.status, answer.body) == (204, b"")
    assert [each["name"] for each in _components(alice, both)] == ["Wheels"]
    assert [each["name"] for each in _components(alice, one)] == ["Wheels"]
    assert ears.names() == ["jira:issue_updated"] * 2
    assert alice.delete(f"{ALL}/{wheels['id']}").status == 204
    assert _components(alice, both) == []


def test_an_heir_that_is_not_there_is_refused_and_nothing_is_deleted(alice: Person) -> None:
    number = made(alice, "Engine")["id"]

    answer = alice.delete(f"{ALL}/{number}?moveIssuesTo=99")

    assert (answer.status, answer.json()["errorMessages"]) == (
        404,
        ["The component with id 99 does not exist."],
    )
    assert alice.get(f"{ALL}/{number}").status == 200


@pytest.mark.refuses("GET /rest/api/3/component/{id}", 404)
@pytest.mark.refuses("GET /rest/api/3/component/{id}/relatedIssueCounts", 404)
def test_what_one_does_not_see_is_not_there(alice: Person, bob: Person) -> None:
    number = made(alice, "Engine")["id"]
    words = [f"The component with id {number} does not exist."]

    one, count = bob.get(f"{ALL}/{number}"), bob.get(f"{ALL}/{number}/relatedIssueCounts")

    assert [(each.status, each.json()["errorMessages"]) for each in (one, count)] == [(404, words)] * 2


@pytest.mark.answers("GET /rest/api/3/component/{id}/relatedIssueCounts")
def test_a_component_counts_its_work_items(alice: Person) -> None:
    number = made(alice, "Engine")["id"]
    alice.create("ALPHA", "one", components=[{"id": number}])
    alice.create("ALPHA", "two")

    answer = alice.get(f"{ALL}/{number}/relatedIssueCounts")

    assert (answer.status, answer.json()["issueCount"]) == (200, 1)


@pytest.mark.answers("GET /rest/api/3/project/{projectIdOrKey}/component")
@pytest.mark.answers("GET /rest/api/3/project/{projectIdOrKey}/components")
def test_components_are_listed_whole_or_by_pages_in_an_order_one_asks_for(alice: Person) -> None:
    numbers = {name: made(alice, name)["id"] for name in ("b", "a")}
    numbers["c"] = made(alice, "c", description="Under the HOOD")["id"]
    alice.create("ALPHA", "one", components=[{"id": numbers["c"]}])

    first = alice.get(f"{ALPHA}/component?orderBy=-name&maxResults=2").json()
    rest = alice.get(first["nextPage"].removeprefix("https://acme.atlassian.net")).json()

    assert [each["name"] for each in first["values"] + rest["values"]] == ["c", "b", "a"]
    assert (first["total"], first["isLast"], rest["isLast"]) == (3, False, True)
    ordered = alice.get(f"{ALPHA}/component?orderBy=-issueCount").json()["values"]
    assert (ordered[0]["name"], ordered[0]["issueCount"]) == ("c", 1)
    for word, name in (("B", "b"), ("hood", "c")):
        found = alice.get(f"{ALPHA}/component?query={word}").json()["values"]
        assert [each["name"] for each in found] == [name]
    whole = alice.get(f"{ALPHA}/component?maxResults=3").json()
    assert (len(whole["values"]), whole["isLast"], "nextPage" in whole) == (3, True, False)
    assert [each["name"] for each in alice.get(f"{ALPHA}/components").json()] == ["b", "a", "c"]


@pytest.mark.answers("GET /rest/api/3/component")
@pytest.mark.refuses("GET /rest/api/3/component", 404)
@pytest.mark.refuses("GET /rest/api/3/project/{projectIdOrKey}/component", 404)
@pytest.mark.refuses("GET /rest/api/3/project/{projectIdOrKey}/components", 404)
def test_components_of_several_spaces_are_those_of_the_spaces_one_sees(
    alice: Person, bob: Person, carol: Person
) -> None:
    made(alice, "Engine")
    bob.post(ALL, {"project": "BETA", "name": "Wheels"})

    assert {each["name"] for each in carol.get(ALL).json()["values"]} == {"Engine", "Wheels"}
    assert [each["name"] for each in alice.get(ALL).json()["values"]] == ["Engine"]
    assert [each["name"] for each in carol.get(f"{ALL}?projectIdsOrKeys=BETA").json()["values"]] == ["Wheels"]
    assert alice.get(f"{ALL}?projectIdsOrKeys=BETA").status == 404
    assert bob.get(f"{ALPHA}/component").status == 404
    assert bob.get(f"{ALPHA}/components").json()["errorMessages"] == [
        "No project could be found with key 'ALPHA'."
    ]


def _components(person: Person, issue: str) -> list[dict[str, Any]]:
    return list(person.get(f"/rest/api/3/issue/{issue}").json()["fields"]["components"])


def test_a_component_keeps_its_name_and_is_no_heir_of_its_own(alice: Person) -> None:
    number = alice.post("/rest/api/3/component", {"name": "Engine", "project": "ALPHA"}).json()["id"]
    path = f"/rest/api/3/component/{number}"

    kept = alice.put(path, {"name": "engine", "description": "Under the hood"})
    refused = alice.delete(f"{path}?moveIssuesTo={number}")

    assert (kept.status, kept.json()["name"], refused.status) == (200, "engine", 404)
    assert alice.get(path).json()["description"] == "Under the hood"
