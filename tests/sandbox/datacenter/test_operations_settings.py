"""What Data Center is set up with: fields, types, statuses, permissions, and what it says of itself."""

from typing import Any

import pytest

from tests.support.initech import BASE, Employee

API = "/rest/api/2"
LISTS = {
    "priority": {"self", "iconUrl", "name", "id", "statusColor", "description"},
    "resolution": {"self", "id", "description", "name"},
    "status": {"self", "description", "iconUrl", "name", "id", "statusCategory"},
    "statuscategory": {"self", "id", "key", "colorName", "name"},
    "issuetype": {"self", "id", "description", "iconUrl", "name", "subtask", "avatarId"},
}
"""The lists of what work items are, with the members of each entry."""
VARIABLES = {"status": "idOrName", "statuscategory": "idOrKey"}


def routes(name: str) -> tuple[str, str]:
    return f"GET {API}/{name}", f"GET {API}/{name}/{{{VARIABLES.get(name, 'id')}}}"


def marked(name: str, *refusals: tuple[int, int]) -> Any:
    """The list, marked as answered, and as refused where it is: which of its two routes, and with what."""
    both = routes(name)
    answers = [pytest.mark.answers(each) for each in both]
    return pytest.param(name, marks=[*answers, *(pytest.mark.refuses(both[at], s) for at, s in refusals)])


@pytest.mark.parametrize("name", [marked(name, (0, 401), (1, 404)) for name in LISTS])
def test_each_entry_of_a_list_is_told_alike_alone(gina: Employee, nobody: Employee, name: str) -> None:
    listed = gina.get(f"/{name}").json()

    first = gina.get(f"/{name}/{listed[0]['id']}").json()

    assert all(each.keys() == LISTS[name] for each in listed)
    assert listed[0]["self"] == f"{BASE}{API}/{name}/{listed[0]['id']}"
    assert first == listed[0]
    assert gina.get(f"/{name}/99999").status == 404
    assert nobody.get(f"/{name}").status == 401


@pytest.mark.answers(f"GET {API}/field")
@pytest.mark.refuses(f"GET {API}/field", 401)
def test_fields_are_called_as_data_center_calls_them_and_have_no_key(
    gina: Employee, nobody: Employee
) -> None:
    fields = {each["id"]: each for each in gina.get("/field").json()}

    assert (fields["issuetype"]["name"], fields["project"]["name"]) == ("Issue Type", "Project")
    assert not {"statusCategory", "statuscategorychangedate", "issuerestriction"} & fields.keys()
    assert not any("key" in each or "scope" in each for each in fields.values())
    assert nobody.get("/field").status == 401


@pytest.mark.answers(f"GET {API}/configuration")
@pytest.mark.refuses(f"GET {API}/configuration", 401)
def test_what_is_switched_on_is_told(gina: Employee, nobody: Employee) -> None:
    told = gina.get("/configuration").json()

    assert (told["votingEnabled"], told["timeTrackingConfiguration"]["defaultUnit"]) == (True, "minute")
    assert nobody.get("/configuration").status == 401


@pytest.mark.answers(f"GET {API}/mypermissions")
@pytest.mark.refuses(f"GET {API}/mypermissions", 404)
def test_all_permissions_are_told_without_naming_any(gina: Employee, erin: Employee) -> None:
    hers = gina.get("/mypermissions?projectKey=GOLD&permissions=BROWSE_PROJECTS").json()["permissions"]
    others = erin.get("/mypermissions?projectKey=GOLD").json()["permissions"]

    assert hers.keys() == others.keys() >= {"BROWSE_PROJECTS", "ADMINISTER_PROJECTS", "ADMINISTER"}
    assert hers["ADMINISTER_PROJECTS"]["havePermission"] is True
    assert others["ADMINISTER_PROJECTS"]["havePermission"] is False
    assert gina.get("/mypermissions?projectKey=NONE").status == 404


@pytest.mark.answers(f"GET {API}/serverInfo")
def test_anybody_is_told_the_product_and_its_version(nobody: Employee) -> None:
    told = nobody.get("/serverInfo").json()

    assert (told["baseUrl"], told["deploymentType"]) == (BASE, "Server")
    assert (told["version"], told["versionNumbers"]) == ("10.3.24", [10, 3, 24])
    assert not {"displayUrl", "serverTimeZone"} & told.keys()


@pytest.mark.answers(f"GET {API}/jql/autocompletedata/suggestions")
def test_values_are_suggested_while_one_types_a_query(gina: Employee) -> None:
    told = gina.get("/jql/autocompletedata/suggestions?fieldName=priority&fieldValue=Hi").json()

    assert [each["value"] for each in told["results"]] == ["High", "Highest"]
