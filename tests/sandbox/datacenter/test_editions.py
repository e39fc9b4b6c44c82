"""The versions of Data Center, over one state: what they say of themselves, and that each of them works."""

import pytest

from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.world import World
from tests.support.initech import API, BASE, WITH_PASSWORDS, Employee, employee
from tests.support.sandbox import as_person


@pytest.mark.parametrize("edition", DATA_CENTER)
def test_each_says_which_it_is(edition: str, nobody: Employee) -> None:
    told = nobody.get("/serverInfo").json()

    assert (told["deploymentType"], told["versionNumbers"]) == ("Server", list(DATA_CENTER[edition].version))
    assert edition == f"dc-{told['version']}"[: len(edition)]


@pytest.mark.parametrize("edition", DATA_CENTER)
def test_passwords_are_taken_up_to_10(edition: str, gina: Employee) -> None:
    assert gina.get("/myself").status == (200 if edition in WITH_PASSWORDS else 403)


@pytest.mark.parametrize("edition", WITH_PASSWORDS)
def test_the_life_of_a_work_item_is_the_same_in_each(gina: Employee, erin: Employee) -> None:
    item = gina.make("Tea", description="*hot*  \r\n", assignee={"name": "erin"})
    erin.made(f"/issue/{item}/comment", {"body": "on it "})
    (step, *_) = erin.get(f"/issue/{item}/transitions").json()["transitions"]
    erin.post(f"/issue/{item}/transitions", {"transition": {"id": step["id"]}})

    told = gina.get(f"/issue/{item}?expand=changelog").json()
    found = gina.post("/search", {"jql": "assignee = erin", "fields": ["status"]}).json()

    assert (told["fields"]["description"], told["fields"]["assignee"]["name"]) == ("*hot*  \r\n", "erin")
    assert told["fields"]["comment"]["comments"][0]["body"] == "on it "
    assert [each["items"][0]["field"] for each in told["changelog"]["histories"]] == ["status"]
    assert [each["key"] for each in found["issues"]] == [item]
    assert found["issues"][0]["fields"]["status"]["name"] == step["to"]["name"]


@pytest.mark.parametrize(
    "path", ["/search/jql?jql=project=GOLD", "/user/bulk?accountId=x", "/users/search", "/label"]
)
def test_what_only_the_cloud_answers_is_not_there(gina: Employee, path: str) -> None:
    assert gina.get(path).status in {404, 405}


def test_there_is_no_version_3_and_nothing_outside_the_context_path(initech: World) -> None:
    gina = as_person(initech, initech.sites["initech"], "gina")

    assert gina.get("/jira/rest/api/3/myself").status == 404
    assert gina.get("/rest/api/2/myself").status == 404
    assert gina.get("/jira/rest/api/latest/myself").json()["self"].startswith(f"{BASE}{API}/")


def test_the_cloud_beside_it_is_as_it_was(initech: World) -> None:
    alice = as_person(initech, initech.sites["acme"], "alice")

    assert "accountId" in alice.get("/rest/api/2/myself").json()
    assert employee(initech, "alice").get("/myself").json()["name"] == "alice"
