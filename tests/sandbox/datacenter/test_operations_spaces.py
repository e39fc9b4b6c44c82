"""Projects of Data Center, with their roles, statuses, properties, components and versions."""

from typing import Any

import pytest

from tests.support.initech import BASE, Employee

SPACE = "/rest/api/2/project/{projectIdOrKey}"
KEPT = f"{SPACE}/properties"
COMPONENT, VERSION = "/rest/api/2/component", "/rest/api/2/version"


@pytest.fixture
def component(gina: Employee) -> dict[str, Any]:
    wanted = {"name": "Kettle", "project": "GOLD", "leadUserName": "erin", "assigneeType": "COMPONENT_LEAD"}
    return gina.made("/component", wanted)


@pytest.fixture
def version(gina: Employee) -> dict[str, Any]:
    days = {"startDate": "2026-11-01", "releaseDate": "2026-12-01"}
    return gina.made("/version", {"name": "1.0", "project": "GOLD", **days})


@pytest.mark.answers("GET /rest/api/2/project")
@pytest.mark.answers(f"GET {SPACE}")
def test_projects_are_told_without_what_the_cloud_has_added(gina: Employee) -> None:
    listed = gina.get("/project").json()
    alone = gina.get("/project/GOLD?expand=projectKeys").json()

    assert [each["key"] for each in listed] == ["GOLD", "IRON"]
    assert (alone["lead"]["name"], alone["projectKeys"]) == ("gina", ["GOLD"])
    assert alone["self"] == f"{BASE}/rest/api/2/project/{alone['id']}"
    assert alone["expand"] == "description,lead,url,projectKeys"
    assert not {"style", "isPrivate", "properties", "entityId", "uuid", "insight"} & alone.keys()


@pytest.mark.refuses("GET /rest/api/2/project", 401)
@pytest.mark.refuses(f"GET {SPACE}", 404)
def test_no_project_is_shown_that_is_not_there(gina: Employee, nobody: Employee) -> None:
    refused = gina.get("/project/NONE")

    assert (refused.status, nobody.get("/project").status) == (404, 401)
    assert refused.json()["errorMessages"] == ["No project could be found with key 'NONE'."]


@pytest.mark.answers(f"GET {SPACE}/statuses")
@pytest.mark.refuses(f"GET {SPACE}/statuses", 404)
def test_statuses_are_told_by_type(gina: Employee) -> None:
    told = gina.get("/project/GOLD/statuses").json()

    assert told[0].keys() == {"self", "id", "name", "subtask", "statuses"}
    assert "To Do" in {each["name"] for each in told[0]["statuses"]}
    assert gina.get("/project/NONE/statuses").status == 404


@pytest.mark.answers(f"GET {SPACE}/role")
@pytest.mark.answers(f"GET {SPACE}/role/{{id}}")
@pytest.mark.refuses(f"GET {SPACE}/role", 404)
@pytest.mark.refuses(f"GET {SPACE}/role/{{id}}", 404)
def test_who_has_a_role_is_told_by_user_name(gina: Employee) -> None:
    roles = gina.get("/project/GOLD/role").json()
    number = roles["Administrators"].rpartition("/")[2]

    role = gina.get(f"/project/GOLD/role/{number}").json()

    assert roles["Administrators"].startswith(f"{BASE}/rest/api/2/project/")
    assert {each["name"]: each["type"] for each in role["actors"]} == {
        "dana": "atlassian-user-role-actor",
        "gina": "atlassian-user-role-actor",
    }
    assert not any("actorUser" in each for each in role["actors"])
    assert gina.get("/project/NONE/role").status == gina.get("/project/GOLD/role/99999").status == 404


@pytest.mark.answers(f"GET {KEPT}")
@pytest.mark.answers(f"PUT {KEPT}/{{propertyKey}}")
@pytest.mark.answers(f"GET {KEPT}/{{propertyKey}}")
@pytest.mark.answers(f"DELETE {KEPT}/{{propertyKey}}")
@pytest.mark.refuses(f"GET {KEPT}", 404)
@pytest.mark.refuses(f"PUT {KEPT}/{{propertyKey}}", 403)
@pytest.mark.refuses(f"GET {KEPT}/{{propertyKey}}", 404)
@pytest.mark.refuses(f"DELETE {KEPT}/{{propertyKey}}", 404)
def test_properties_of_a_project_are_kept_by_its_administrator(gina: Employee, erin: Employee) -> None:
    path = "/project/GOLD/properties"

    assert [gina.put(f"{path}/mark", value).status for value in ("a", {"b": 1})] == [201, 200]
    assert gina.get(f"{path}/mark").json() == {"key": "mark", "value": {"b": 1}}
    assert [each["key"] for each in gina.get(path).json()["keys"]] == ["mark"]
    assert erin.put(f"{path}/mark", 1).status == 403
    assert [gina.delete(f"{path}/mark").status for _ in range(2)] == [204, 404]
    assert gina.get(f"{path}/mark").status == gina.get("/project/NONE/properties").status == 404


# Components


@pytest.mark.answers(f"POST {COMPONENT}")
@pytest.mark.answers(f"GET {COMPONENT}/{{id}}")
@pytest.mark.answers(f"GET {SPACE}/components")
def test_a_components_lead_is_named_by_user_name(gina: Employee, component: dict[str, Any]) -> None:
    listed = gina.get("/project/GOLD/components").json()

    assert (component["lead"]["name"], component["realAssignee"]["name"]) == ("erin", "erin")
    assert component["self"] == f"{BASE}/rest/api/2/component/{component['id']}"
    assert gina.get(f"/component/{component['id']}").json() == component
    assert [each["name"] for each in listed] == ["Kettle"]


@pytest.mark.answers(f"PUT {COMPONENT}/{{id}}")
@pytest.mark.parametrize(("name", "lead"), [("gina", "gina"), ("", None), (None, None)])
def test_a_component_gets_another_lead_or_none(
    gina: Employee, component: dict[str, Any], name: str | None, lead: str | None
) -> None:
    changed = gina.put(f"/component/{component['id']}", {"leadUserName": name})

    assert changed.status == 200
    assert changed.json().get("lead", {"name": None})["name"] == lead


@pytest.mark.refuses(f"POST {COMPONENT}", 400)
@pytest.mark.refuses(f"POST {COMPONENT}", 403)
@pytest.mark.refuses(f"POST {COMPONENT}", 404)
@pytest.mark.refuses(f"PUT {COMPONENT}/{{id}}", 400)
@pytest.mark.refuses(f"PUT {COMPONENT}/{{id}}", 403)
@pytest.mark.refuses(f"PUT {COMPONENT}/{{id}}", 404)
def test_a_component_is_not_led_by_nobody_nor_made_by_anybody(
    gina: Employee, erin: Employee, component: dict[str, Any]
) -> None:
    path, led = f"/component/{component['id']}", {"leadUserName": "zoe"}

    refused = gina.post("/component", {"name": "Pot", "project": "GOLD"} | led)

    assert refused.json()["errors"] == {"leadUserName": "The user zoe does not exist."}
    assert (refused.status, gina.put(path, led).status) == (400, 400)
    assert erin.post("/component", {"name": "Pot", "project": "GOLD"}).status == 403
    assert gina.post("/component", {"name": "Pot", "project": "NONE"}).status == 404
    assert erin.put(path, {"name": "x"}).status == 403
    assert gina.put("/component/99999", {"name": "x"}).status == 404


@pytest.mark.answers(f"DELETE {COMPONENT}/{{id}}")
@pytest.mark.refuses(f"DELETE {COMPONENT}/{{id}}", 403)
@pytest.mark.refuses(f"DELETE {COMPONENT}/{{id}}", 404)
@pytest.mark.refuses(f"GET {COMPONENT}/{{id}}", 404)
@pytest.mark.refuses(f"GET {SPACE}/components", 404)
def test_a_component_is_deleted_once(gina: Employee, erin: Employee, component: dict[str, Any]) -> None:
    path = f"/component/{component['id']}"

    assert erin.delete(path).status == 403
    assert [gina.delete(path).status for _ in range(2)] == [204, 404]
    assert gina.get(path).status == gina.get("/project/NONE/components").status == 404


# Versions


@pytest.mark.answers(f"POST {VERSION}")
@pytest.mark.answers(f"GET {VERSION}/{{id}}")
@pytest.mark.answers(f"GET {SPACE}/version")
@pytest.mark.answers(f"GET {SPACE}/versions")
def test_a_version_is_told_alone_in_a_list_and_in_a_page(gina: Employee, version: dict[str, Any]) -> None:
    page = gina.get("/project/GOLD/version?maxResults=5").json()

    assert version["self"] == f"{BASE}/rest/api/2/version/{version['id']}"
    assert version["releaseDate"] == "2026-12-01"
    assert gina.get(f"/version/{version['id']}").json() == version
    assert gina.get("/project/GOLD/versions").json() == page["values"] == [version]
    assert (page["total"], page["isLast"]) == (1, True)


@pytest.mark.answers(f"PUT {VERSION}/{{id}}")
def test_a_version_is_released(gina: Employee, version: dict[str, Any]) -> None:
    changed = gina.put(f"/version/{version['id']}", {"released": True})

    assert (changed.status, changed.json()["released"]) == (200, True)


@pytest.mark.refuses(f"POST {VERSION}", 400)
@pytest.mark.refuses(f"POST {VERSION}", 404)
@pytest.mark.refuses(f"GET {VERSION}/{{id}}", 404)
@pytest.mark.refuses(f"PUT {VERSION}/{{id}}", 400)
@pytest.mark.refuses(f"PUT {VERSION}/{{id}}", 404)
@pytest.mark.refuses(f"GET {SPACE}/version", 404)
@pytest.mark.refuses(f"GET {SPACE}/versions", 404)
def test_no_version_is_made_twice_or_shown_that_is_not_there(gina: Employee, version: dict[str, Any]) -> None:
    assert gina.post("/version", {"name": version["name"], "project": "GOLD"}).status == 400
    assert gina.post("/version", {"name": "2.0", "project": "NONE"}).status == 404
    assert gina.put(f"/version/{version['id']}", {"name": ""}).status == 400
    assert gina.get("/version/99999").status == gina.put("/version/99999", {"name": "x"}).status == 404
    assert gina.get("/project/NONE/version").status == gina.get("/project/NONE/versions").status == 404


@pytest.mark.answers(f"POST {VERSION}/{{id}}/move")
@pytest.mark.refuses(f"POST {VERSION}/{{id}}/move", 404)
def test_a_version_gets_another_place(gina: Employee, version: dict[str, Any]) -> None:
    second = gina.made("/version", {"name": "2.0", "project": "GOLD"})

    moved = gina.post(f"/version/{second['id']}/move", {"position": "First"})

    assert (moved.status, moved.json()["name"]) == (200, "2.0")
    assert [each["name"] for each in gina.get("/project/GOLD/versions").json()] == ["2.0", "1.0"]
    assert gina.post("/version/99999/move", {"position": "First"}).status == 404


@pytest.mark.answers(f"GET {VERSION}/{{id}}/relatedIssueCounts")
@pytest.mark.answers(f"GET {VERSION}/{{id}}/unresolvedIssueCount")
@pytest.mark.answers(f"GET {COMPONENT}/{{id}}/relatedIssueCounts")
@pytest.mark.refuses(f"GET {VERSION}/{{id}}/relatedIssueCounts", 404)
@pytest.mark.refuses(f"GET {VERSION}/{{id}}/unresolvedIssueCount", 404)
@pytest.mark.refuses(f"GET {COMPONENT}/{{id}}/relatedIssueCounts", 404)
def test_the_work_items_of_a_version_and_of_a_component_are_counted(
    gina: Employee, version: dict[str, Any], component: dict[str, Any]
) -> None:
    gina.make("Tea", fixVersions=[{"id": version["id"]}], components=[{"id": component["id"]}])
    paths = (f"/version/{version['id']}", f"/component/{component['id']}")

    related = gina.get(f"{paths[0]}/relatedIssueCounts").json()

    counted = {"issuesFixedCount": 1, "issuesAffectedCount": 0, "issueCountWithCustomFieldsShowingVersion": 0}
    assert related == {"self": version["self"], **counted}
    assert gina.get(f"{paths[0]}/unresolvedIssueCount").json() == {
        "self": version["self"],
        "issuesUnresolvedCount": 1,
    }
    assert gina.get(f"{paths[1]}/relatedIssueCounts").json() == {"self": component["self"], "issueCount": 1}
    for path in ("version/9/relatedIssueCounts", "version/9/unresolvedIssueCount"):
        assert gina.get(f"/{path}").status == 404
    assert gina.get("/component/9/relatedIssueCounts").status == 404


def test_a_version_is_not_deleted_by_delete(gina: Employee, version: dict[str, Any]) -> None:
    assert gina.delete(f"/version/{version['id']}").status == 405
