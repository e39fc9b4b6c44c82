import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import Person, VirtualClock

ALL = "/rest/api/3/project"
SEARCH = f"{ALL}/search"


def keys(person: Person, query: str = "") -> list[str]:
    answer = person.get(f"{SEARCH}?{query}")
    assert answer.status == 200, answer.body
    return [each["key"] for each in answer.json()["values"]]


@pytest.mark.answers("GET /rest/api/3/project")
def test_the_spaces_one_sees_are_listed(carol: Person, dana: Person) -> None:
    listed = carol.get(f"{ALL}?expand=lead,issueTypes,description,url,projectKeys,insight").json()

    assert [each["key"] for each in listed] == ["ALPHA", "BETA"]
    assert [each["lead"]["displayName"] for each in listed] == ["Alice Archer", "Bob Baker"]
    dana.post(f"{ALL}/BETA/archive")
    assert [each["key"] for each in carol.get(ALL).json()] == ["ALPHA"]


@pytest.mark.answers("GET /rest/api/3/project/search")
def test_spaces_are_searched_by_what_they_are(dana: Person, site: Site) -> None:
    category = dana.post("/rest/api/3/projectCategory", {"name": "Inner"}).json()["id"]
    dana.put(f"{ALL}/BETA", {"categoryId": int(category)})
    site.space("GAMMA").type_key = "business"

    assert keys(dana, f"categoryId={category}") == ["BETA"]
    assert keys(dana, "typeKey=business,service_desk") == ["GAMMA"]
    assert keys(dana, "query=ALP") == ["ALPHA"]
    assert keys(dana, f"keys=ALPHA&keys=BETA&id={site.space('BETA').id}") == ["BETA"]
    shown = dana.get(f"{SEARCH}?keys=BETA").json()["values"][0]
    assert shown["projectCategory"]["name"] == "Inner"


def test_spaces_are_ordered_as_asked_and_what_has_no_value_is_last(
    dana: Person, alice: Person, site: Site, clock: VirtualClock
) -> None:
    category = dana.post("/rest/api/3/projectCategory", {"name": "Inner"}).json()["id"]
    dana.put(f"{ALL}/BETA", {"categoryId": int(category)})
    alice.create("ALPHA", "one")
    dana.create("GAMMA", "one")
    clock.advance(seconds=1)
    dana.create("GAMMA", "two")

    assert keys(dana, "orderBy=-name") == ["GAMMA", "BETA", "ALPHA"]
    assert keys(dana, "orderBy=%2Bowner") == ["ALPHA", "BETA", "GAMMA"]
    assert keys(dana, "orderBy=-issueCount") == ["GAMMA", "ALPHA", "BETA"]
    assert keys(dana, "orderBy=-lastIssueUpdatedDate") == ["GAMMA", "ALPHA", "BETA"]
    assert keys(dana, "orderBy=-category")[0] == "BETA"


def test_what_one_may_do_narrows_the_search(alice: Person, carol: Person, dana: Person) -> None:
    assert keys(carol, "action=edit") == []
    assert keys(alice, "action=edit") == ["ALPHA"]
    assert keys(carol, "action=create") == ["ALPHA", "BETA"]
    assert keys(dana, "action=view") == ["ALPHA", "BETA", "GAMMA"]


def test_archived_spaces_are_found_when_asked_for(dana: Person, alice: Person, carol: Person) -> None:
    dana.post(f"{ALL}/ALPHA/archive")
    dana.delete(f"{ALL}/BETA")

    assert keys(dana) == ["GAMMA"]
    assert keys(dana, "status=archived&status=deleted&orderBy=archivedDate") == ["ALPHA", "BETA"]
    assert keys(carol, "status=archived,deleted") == ["ALPHA"]


def test_spaces_are_found_by_what_apps_keep_of_them(alice: Person, dana: Person) -> None:
    alice.put(f"{ALL}/ALPHA/properties/link.one", {"state": {"on": True, "number": 3}})

    assert keys(dana, "propertyQuery=%5Blink.one%5D.state.number=3") == ["ALPHA"]
    assert keys(dana, "propertyQuery=%5Blink.one%5D.state.number=4") == []
    shown = dana.get(f"{SEARCH}?properties=link.one&keys=ALPHA").json()["values"][0]
    assert shown["properties"]["link.one"]["state"]["number"] == 3


@pytest.mark.refuses("GET /rest/api/3/project/search", 400)
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("orderBy=size", "orderBy"),
        ("action=fly", "action"),
        ("status=lost", "status"),
        ("propertyQuery=x", "propertyQuery"),
        ("keys=" + ",".join(f"K{number}" for number in range(51)), "keys"),
        ("startAt=x", "startAt"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused_by_parameter(dana: Person, query: str, name: str) -> None:
    answer = dana.get(f"{SEARCH}?{query}")

    assert answer.status == 400
    assert name in answer.json()["errorMessages"][0]


def test_the_next_page_leads_on_with_the_same_search(dana: Person) -> None:
    first = dana.get(f"{SEARCH}?orderBy=-key&maxResults=2").json()

    following = dana.get(first["nextPage"].removeprefix("https://acme.atlassian.net")).json()

    assert [each["key"] for each in following["values"]] == ["ALPHA"]
    assert (first["total"], first["isLast"], following["isLast"]) == (3, False, True)


@pytest.mark.answers("GET /rest/api/3/project/recent")
def test_the_spaces_one_looked_at_last_come_first(carol: Person, dana: Person) -> None:
    for key in ("BETA", "ALPHA", "BETA"):
        carol.get(f"{ALL}/{key}")

    listed = carol.get(f"{ALL}/recent").json()

    assert [each["key"] for each in listed] == ["BETA", "ALPHA"]
    assert [each["key"] for each in carol.get(f"{ALL}?recent=1").json()] == ["BETA"]
    assert dana.get(f"{ALL}/recent").json() == []


def test_a_space_one_no_longer_sees_is_not_among_the_recent(carol: Person, world: World, site: Site) -> None:
    carol.get(f"{ALL}/ALPHA")
    site.revoke(site.user("carol"), "BROWSE_PROJECTS", space=site.space("ALPHA"))

    assert carol.get(f"{ALL}/recent").json() == []
