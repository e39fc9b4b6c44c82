import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person, as_nobody

CREATE = "/rest/api/3/issue/createmeta"


@pytest.mark.answers("GET /rest/api/3/field")
def test_fields_tell_their_schema(alice: Person) -> None:
    listed = {each["id"]: each for each in alice.get("/rest/api/3/field").json()}

    assert listed["labels"]["schema"] == {"type": "array", "items": "string", "system": "labels"}
    assert {"summary", "priority", "status", "project", "issuetype", "created"} <= listed.keys()


def test_priorities_run_from_the_most_urgent(alice: Person) -> None:
    names = [each["name"] for each in alice.get("/rest/api/3/priority").json()]

    assert names == ["Highest", "High", "Medium", "Low", "Lowest"]


def test_work_types_are_those_of_the_spaces_one_sees(alice: Person, bob: Person) -> None:
    assert {each["name"] for each in alice.get("/rest/api/3/issuetype").json()} == {
        "Task",
        "Bug",
        "Story",
        "Epic",
    }
    assert {each["name"] for each in bob.get("/rest/api/3/issuetype").json()} == {"Task", "Bug", "Story"}


def test_statuses_of_the_site(dana: Person) -> None:
    assert [each["name"] for each in dana.get("/rest/api/3/status").json()] == [
        "To Do",
        "In Progress",
        "Done",
        "Open",
        "Selected",
        "In Review",
        "Cancelled",
    ]


@pytest.mark.answers("GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes")
def test_create_screens_are_paged(alice: Person) -> None:
    page = alice.get(f"{CREATE}/ALPHA/issuetypes?startAt=1&maxResults=2").json()

    assert [each["name"] for each in page["issueTypes"]] == ["Bug", "Story"]
    assert (page["startAt"], page["maxResults"], page["total"]) == (1, 2, 4)


@pytest.mark.answers("GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}")
def test_a_create_screen_tells_what_is_required_and_allowed(alice: Person) -> None:
    page = alice.get(f"{CREATE}/ALPHA/issuetypes/10001").json()
    listed = {each["fieldId"]: each for each in page["fields"]}

    assert [name for name, each in listed.items() if each["required"]] == [
        "issuetype",
        "project",
        "summary",
        "reporter",
    ]
    assert listed["labels"]["operations"] == ["add", "set", "remove"]
    assert listed["priority"]["allowedValues"][0]["name"] == "Highest"
    defaults = {name for name, each in listed.items() if each["hasDefaultValue"]}
    assert defaults == {"priority", "reporter"}


def test_a_field_off_the_screen_or_hidden_is_not_on_the_create_screen(alice: Person, site: Site) -> None:
    site.space("ALPHA").screen.remove("priority")
    site.hide_field("labels", from_account=site.user("alice"))

    page = alice.get(f"{CREATE}/ALPHA/issuetypes/10001").json()

    assert {each["fieldId"] for each in page["fields"] if "system" in each["schema"]} == {
        "issuetype",
        "project",
        "summary",
        "duedate",
        "description",
        "environment",
        "assignee",
        "reporter",
        "security",
        "components",
        "versions",
        "fixVersions",
        "parent",
        "timetracking",
    }
    listed = {each["id"] for each in alice.get("/rest/api/3/field").json()}
    assert ("labels" in listed, "priority" in listed) == (False, True)


@pytest.mark.refuses("GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes", 400)
@pytest.mark.refuses("GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}", 400)
def test_create_screens_are_refused_where_they_do_not_exist(alice: Person, site: Site) -> None:
    assert alice.get(f"{CREATE}/BETA/issuetypes").status == 400
    assert alice.get(f"{CREATE}/ALPHA/issuetypes/99").status == 400
    assert alice.get(f"{CREATE}/ALPHA/issuetypes?maxResults=201").status == 400
    site.revoke(site.user("alice"), "CREATE_ISSUES", space=site.space("ALPHA"))
    assert alice.get(f"{CREATE}/ALPHA/issuetypes").status == 400


def test_spaces_one_may_see_in_pages(carol: Person) -> None:
    first = carol.get("/rest/api/3/project/search?maxResults=1").json()
    second = carol.get("/rest/api/3/project/search?maxResults=1&startAt=1").json()

    assert [each["key"] for each in first["values"] + second["values"]] == ["ALPHA", "BETA"]
    assert (first["total"], first["isLast"], second["isLast"]) == (2, False, True)


def test_spaces_are_searched_by_name_key_id_and_what_one_may_do(
    dana: Person, bob: Person, site: Site
) -> None:
    def keys(person: Person, query: str) -> list[str]:
        page = person.get(f"/rest/api/3/project/search?{query}").json()
        return [each["key"] for each in page["values"]]

    assert keys(dana, "query=amm") == ["GAMMA"]
    assert keys(dana, "keys=ALPHA&keys=BETA") == ["ALPHA", "BETA"]
    assert keys(dana, f"id={site.space('BETA').id}") == ["BETA"]
    assert keys(bob, "action=edit") == ["BETA"]
    assert bob.get("/rest/api/3/project/search?action=fly").status == 400


def test_a_space_shows_its_lead_and_work_types(alice: Person) -> None:
    space = alice.get("/rest/api/3/project/ALPHA").json()

    assert (space["name"], space["lead"]["displayName"]) == ("Alpha", "Alice Archer")
    assert [each["name"] for each in space["issueTypes"]] == ["Task", "Bug", "Story", "Epic"]
    listed = alice.get("/rest/api/3/project/search?expand=lead,issueTypes").json()["values"][0]
    assert (listed["lead"], listed["issueTypes"]) == (space["lead"], space["issueTypes"])


def test_a_space_one_may_not_see_is_not_found(alice: Person) -> None:
    answer = alice.get("/rest/api/3/project/BETA")

    assert answer.status == 404
    assert answer.json()["errorMessages"] == ["No project could be found with key 'BETA'."]


def test_statuses_of_a_space_by_work_type(bob: Person, site: Site) -> None:
    space = site.space("BETA")
    simple = site.space("ALPHA").workflows[site.work_type("Bug").id]
    space.workflows[site.work_type("Bug").id] = simple

    listed = bob.get("/rest/api/3/project/BETA/statuses").json()

    found = {each["name"]: [status["name"] for status in each["statuses"]] for each in listed}
    reviewed = ["Open", "Selected", "In Progress", "In Review", "Done", "Cancelled"]
    assert found == {"Task": reviewed, "Bug": ["To Do", "In Progress", "Done"], "Story": reviewed}


@pytest.mark.answers("GET /rest/api/3/serverInfo")
def test_anybody_may_ask_what_the_site_is(alice: Person, site: Site) -> None:
    answer = as_nobody(alice.front.world, site).get("/rest/api/3/serverInfo")

    assert answer.status == 200
    assert answer.json()["baseUrl"] == "https://acme.atlassian.net"
    assert answer.json()["serverTime"] == "2026-11-22T01:02:03.456+0000"


def test_an_address_without_meaning_is_not_found_and_a_wrong_method_not_allowed(alice: Person) -> None:
    assert alice.get("/rest/api/3/nothing").status == 404
    assert alice.put("/rest/api/3/myself", {}).status == 405
    assert alice.get("/somewhere").status == 404
