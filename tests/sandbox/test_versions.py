from typing import Any

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.events import listening
from tests.support.sandbox import Person

ALL = "/rest/api/3/version"
ALPHA = "/rest/api/3/project/ALPHA"


def made(person: Person, name: str, **more: object) -> dict[str, Any]:
    answer = person.post(ALL, {"project": "ALPHA", "name": name, **more})
    assert answer.status == 201, answer.body
    return dict(answer.json())


def held(person: Person, issue: str, field: str = "fixVersions") -> list[str]:
    return [each["name"] for each in person.get(f"/rest/api/3/issue/{issue}").json()["fields"][field]]


def order(person: Person) -> list[str]:
    return [each["name"] for each in person.get(f"{ALPHA}/versions").json()]


@pytest.mark.answers("POST /rest/api/3/version")
@pytest.mark.answers("GET /rest/api/3/version/{id}")
def test_a_version_has_dates_and_says_when_it_is_late(alice: Person, world: World, site: Site) -> None:
    ears = listening(world, site)

    shown = made(alice, "1.0", description="First", startDate="2026-10-01", releaseDate="2026-11-01")

    assert (shown["name"], shown["description"], shown["projectId"]) == (
        "1.0",
        "First",
        int(site.space("ALPHA").id),
    )
    assert (shown["startDate"], shown["userReleaseDate"]) == ("2026-10-01", "1/Nov/2026")
    assert (shown["released"], shown["archived"], shown["overdue"]) == (False, False, True)
    assert alice.get(f"{ALL}/{shown['id']}").json() == shown
    ((event, body),) = ears.hear()
    assert (event, body["version"]["name"]) == ("jira:version_created", "1.0")


@pytest.mark.refuses("POST /rest/api/3/version", 400)
@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "1.0"}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": "2.0", "releaseDate": "tomorrow"}, "releaseDate"),
        ({"name": "2.0", "startDate": "2026-12-02", "releaseDate": "2026-12-01"}, "startDate"),
        ({"name": "2.0", "released": "yes"}, "released"),
        ({"name": "2.0", "project": None}, "projectId"),
    ],
)
def test_a_version_that_is_none_is_refused_by_field(
    alice: Person, wanted: dict[str, object], field: str
) -> None:
    made(alice, "1.0")

    answer = alice.post(ALL, {"project": "ALPHA", **wanted})

    assert (answer.status, list(answer.json()["errors"])) == (400, [field])
    assert order(alice) == ["1.0"]


@pytest.mark.refuses("POST /rest/api/3/version", 404)
@pytest.mark.refuses("PUT /rest/api/3/version/{id}", 400)
@pytest.mark.refuses("DELETE /rest/api/3/version/{id}", 401)
@pytest.mark.refuses("POST /rest/api/3/version/{id}/removeAndSwap", 404)
@pytest.mark.refuses("PUT /rest/api/3/version/{id}/mergeto/{moveIssuesTo}", 401)
@pytest.mark.refuses("POST /rest/api/3/version/{id}/move", 401)
def test_only_the_admins_of_the_space_change_its_versions(alice: Person, carol: Person) -> None:
    one, two = made(alice, "1.0")["id"], made(alice, "2.0")["id"]

    refused = [
        carol.post(ALL, {"project": "ALPHA", "name": "3.0"}),
        carol.put(f"{ALL}/{one}", {"name": "3.0"}),
        carol.delete(f"{ALL}/{one}"),
        carol.post(f"{ALL}/{one}/removeAndSwap", {}),
        carol.put(f"{ALL}/{one}/mergeto/{two}"),
        carol.post(f"{ALL}/{one}/move", {"position": "Last"}),
    ]

    assert [each.status for each in refused] == [404, 400, 401, 404, 401, 401]
    assert all(each.json()["errorMessages"] for each in refused)
    assert order(alice) == ["1.0", "2.0"]


@pytest.mark.refuses("GET /rest/api/3/version/{id}", 404)
@pytest.mark.refuses("PUT /rest/api/3/version/{id}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/version/{id}", 404)
@pytest.mark.refuses("PUT /rest/api/3/version/{id}/mergeto/{moveIssuesTo}", 404)
@pytest.mark.refuses("POST /rest/api/3/version/{id}/move", 404)
@pytest.mark.refuses("GET /rest/api/3/version/{id}/relatedIssueCounts", 404)
@pytest.mark.refuses("GET /rest/api/3/version/{id}/unresolvedIssueCount", 404)
@pytest.mark.refuses("GET /rest/api/3/project/{projectIdOrKey}/version", 404)
@pytest.mark.refuses("GET /rest/api/3/project/{projectIdOrKey}/versions", 404)
def test_what_one_does_not_see_is_not_there(alice: Person, bob: Person) -> None:
    number = made(alice, "1.0")["id"]

    refused = [
        bob.get(f"{ALL}/{number}"),
        bob.put(f"{ALL}/{number}", {"name": "x"}),
        bob.delete(f"{ALL}/{number}"),
        bob.post(f"{ALL}/{number}/move", {"position": "First"}),
        bob.get(f"{ALL}/{number}/relatedIssueCounts"),
        bob.get(f"{ALL}/{number}/unresolvedIssueCount"),
    ]

    words = [f"Could not find version for id '{number}'"]
    assert [(each.status, each.json()["errorMessages"]) for each in refused] == [(404, words)] * 6
    assert alice.put(f"{ALL}/{number}/mergeto/99").status == 404
    assert [bob.get(f"{ALPHA}/{name}").status for name in ("version", "versions")] == [404, 404]


@pytest.mark.answers("PUT /rest/api/3/version/{id}")
def test_a_release_is_told_and_what_is_still_open_moves_on(alice: Person, world: World, site: Site) -> None:
    one, two = made(alice, "1.0"), made(alice, "2.0")
    item = alice.create("ALPHA", "open", fixVersions=[{"id": one["id"]}])
    ears = listening(world, site)

    released = alice.put(f"{ALL}/{one['id']}", {"released": True, "moveUnfixedIssuesTo": two["self"]})
    names = ears.names()
    alice.put(f"{ALL}/{one['id']}", {"released": False})
    taken_back = ears.names()
    alice.put(f"{ALL}/{two['id']}", {"released": True})
    alice.put(f"{ALL}/{two['id']}", {"released": True, "name": "2.1"})

    assert (released.status, released.json()["released"]) == (200, True)
    assert names == ["jira:version_updated", "jira:version_released"]
    assert taken_back == ["jira:version_updated", "jira:version_unreleased"]
    assert ears.names() == ["jira:version_updated", "jira:version_released", "jira:version_updated"]
    assert held(alice, item) == ["2.1"]


@pytest.mark.answers("POST /rest/api/3/version/{id}/move")
@pytest.mark.refuses("POST /rest/api/3/version/{id}/move", 400)
def test_a_version_moves_to_a_place_or_behind_another(alice: Person, world: World, site: Site) -> None:
    one, _two, three = (made(alice, name) for name in ("1", "2", "3"))
    ears = listening(world, site)

    answer = alice.post(f"{ALL}/{three['id']}/move", {"position": "First"})
    orders = [order(alice)]
    for wanted in ({"position": "Later"}, {"position": "Earlier"}, {"after": one["self"]}):
        alice.post(f"{ALL}/{three['id']}/move", wanted)
        orders.append(order(alice))

    assert (answer.status, answer.json()["name"]) == (200, "3")
    assert orders == [["3", "1", "2"], ["1", "3", "2"], ["3", "1", "2"], ["1", "3", "2"]]
    assert set(ears.names()) == {"jira:version_moved"}
    for wrong in ({}, {"position": "Up"}, {"position": "Last", "after": one["self"]}):
        assert alice.post(f"{ALL}/{three['id']}/move", wrong).status == 400


@pytest.mark.answers("PUT /rest/api/3/version/{id}/mergeto/{moveIssuesTo}")
def test_a_merged_version_lives_on_in_the_other(alice: Person, world: World, site: Site) -> None:
    one, two = made(alice, "1.0"), made(alice, "2.0")
    item = alice.create("ALPHA", "open", fixVersions=[{"id": one["id"]}, {"id": two["id"]}])
    hurt = alice.create("ALPHA", "hurt", versions=[{"id": one["id"]}])
    ears = listening(world, site, "jira:version_deleted", "jira:issue_updated")

    answer = alice.put(f"{ALL}/{one['id']}/mergeto/{two['id']}")

    assert (answer.status, order(alice)) == (204, ["2.0"])
    assert (held(alice, item), held(alice, hurt, "versions")) == (["2.0"], ["2.0"])
    *changes, (event, body) = ears.hear()
    assert [name for name, _ in changes] == ["jira:issue_updated"] * 2
    assert (event, body["version"]["name"], body["mergedTo"]["name"]) == (
        "jira:version_deleted",
        "1.0",
        "2.0",
    )


@pytest.mark.answers("DELETE /rest/api/3/version/{id}")
@pytest.mark.refuses("DELETE /rest/api/3/version/{id}", 400)
def test_a_deleted_version_leaves_its_work_items_or_hands_them_over(alice: Person) -> None:
    one, two = made(alice, "1.0")["id"], made(alice, "2.0")["id"]
    item = alice.create("ALPHA", "x", fixVersions=[{"id": one}], versions=[{"id": one}])

    wrong = alice.delete(f"{ALL}/{one}?moveFixIssuesTo={one}")
    answer = alice.delete(f"{ALL}/{one}?moveFixIssuesTo={two}")

    assert (wrong.status, answer.status) == (400, 204)
    assert (held(alice, item), held(alice, item, "versions")) == (["2.0"], [])
    entry = alice.get(f"/rest/api/3/issue/{item}/changelog").json()["values"][-1]
    assert {each["field"] for each in entry["items"]} == {"Fix Version", "Version"}


@pytest.mark.answers("POST /rest/api/3/version/{id}/removeAndSwap")
@pytest.mark.refuses("POST /rest/api/3/version/{id}/removeAndSwap", 400)
def test_a_version_can_be_replaced_in_each_field_by_another(alice: Person) -> None:
    one, two, three = (made(alice, name)["id"] for name in ("1", "2", "3"))
    item = alice.create("ALPHA", "x", fixVersions=[{"id": one}], versions=[{"id": one}])
    wrong = {"customFieldReplacementList": [{"customFieldId": 1}]}

    refused = alice.post(f"{ALL}/{one}/removeAndSwap", wrong)
    answer = alice.post(
        f"{ALL}/{one}/removeAndSwap", {"moveFixIssuesTo": int(two), "moveAffectedIssuesTo": int(three)}
    )

    assert list(refused.json()["errors"]) == ["customFieldReplacementList"]
    assert answer.status == 204
    assert (held(alice, item), held(alice, item, "versions")) == (["2"], ["3"])


@pytest.mark.answers("GET /rest/api/3/version/{id}/relatedIssueCounts")
@pytest.mark.answers("GET /rest/api/3/version/{id}/unresolvedIssueCount")
def test_a_version_counts_its_work_items(alice: Person, site: Site) -> None:
    number = made(alice, "1.0")["id"]
    done = alice.create("ALPHA", "done", fixVersions=[{"id": number}])
    alice.create("ALPHA", "open", fixVersions=[{"id": number}], versions=[{"id": number}])
    site.issue(done).fields["resolution"] = next(iter(site.resolutions))

    related = alice.get(f"{ALL}/{number}/relatedIssueCounts").json()
    unresolved = alice.get(f"{ALL}/{number}/unresolvedIssueCount").json()

    assert (related["issuesFixedCount"], related["issuesAffectedCount"]) == (2, 1)
    assert (unresolved["issuesCount"], unresolved["issuesUnresolvedCount"]) == (2, 1)


def test_a_version_tells_more_when_asked(alice: Person, carol: Person) -> None:
    number = made(alice, "1.0")["id"]
    item = alice.create("ALPHA", "one", fixVersions=[{"id": number}])
    alice.create("ALPHA", "two", fixVersions=[{"id": number}])
    alice.move(item, "Start")
    path = f"{ALL}/{number}?expand=operations,issuesstatus"

    shown = alice.get(path).json()

    assert shown["issuesStatusForFixVersion"] == {"unmapped": 0, "toDo": 1, "inProgress": 1, "done": 0}
    assert [each["id"] for each in shown["operations"]] == ["edit", "release", "archive", "merge", "delete"]
    assert carol.get(path).json()["operations"] == []


@pytest.mark.answers("GET /rest/api/3/project/{projectIdOrKey}/version")
@pytest.mark.answers("GET /rest/api/3/project/{projectIdOrKey}/versions")
def test_versions_are_listed_by_state_words_and_order(alice: Person) -> None:
    made(alice, "b", releaseDate="2026-12-01")
    made(alice, "a", released=True, releaseDate="2026-10-01")
    made(alice, "c", archived=True)

    def listed(query: str) -> list[str]:
        return [each["name"] for each in alice.get(f"{ALPHA}/version?{query}").json()["values"]]

    assert listed("orderBy=name") == ["a", "b", "c"]
    assert listed("orderBy=-releaseDate") == ["b", "a", "c"]
    assert listed("orderBy=-sequence") == ["c", "a", "b"]
    assert listed("status=released,archived") == ["a", "c"]
    assert listed("query=B") == ["b"]
    assert order(alice) == ["b", "a", "c"]


def test_what_is_sent_as_null_stays_as_it_is(alice: Person) -> None:
    """Some clients send all they know of a version, with null for what they do not mean to change."""
    number = made(alice, "1.0", description="First")["id"]

    answer = alice.put(
        f"{ALL}/{number}", {"name": None, "description": None, "archived": None, "released": True}
    )

    shown = answer.json()
    assert (answer.status, shown["name"], shown["description"]) == (200, "1.0", "First")
    assert (shown["archived"], shown["released"]) == (False, True)


def test_versions_in_fields_of_the_sites_own_are_merged_too(alice: Person, dana: Person) -> None:
    kind = "com.atlassian.jira.plugin.system.customfieldtypes:multiversion"
    field = dana.post("/rest/api/3/field", {"name": "Found in", "type": kind}).json()["id"]
    dana.post(f"/rest/api/3/screens/addToDefault/{field}")
    one, two = made(alice, "1.0"), made(alice, "2.0")
    item = alice.create("ALPHA", "one", **{field: [{"id": one["id"]}]})  # type: ignore[arg-type]

    merged = alice.put(f"{ALL}/{one['id']}/mergeto/{two['id']}")

    assert (merged.status, held(alice, item, field)) == (204, ["2.0"])
