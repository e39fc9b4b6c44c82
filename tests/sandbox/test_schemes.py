import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

TYPES, WORKFLOWS = "/rest/api/3/issuetypescheme", "/rest/api/3/workflowscheme"


@pytest.mark.answers("GET /rest/api/3/issuetypescheme")
@pytest.mark.answers("GET /rest/api/3/issuetypescheme/mapping")
@pytest.mark.answers("GET /rest/api/3/issuetypescheme/project")
def test_each_space_has_a_scheme_of_work_types(dana: Person, site: Site) -> None:
    alpha, beta = site.space("ALPHA"), site.space("BETA")

    listed = dana.get(f"{TYPES}?orderBy=-name").json()["values"]
    mapping = dana.get(f"{TYPES}/mapping?issueTypeSchemeId={beta.id}").json()["values"]
    used = dana.get(f"{TYPES}/project?projectId={alpha.id}").json()["values"]

    assert [each["name"].partition(":")[0] for each in listed] == ["GAMMA", "BETA", "ALPHA"]
    assert [each["issueTypeId"] for each in mapping] == beta.type_ids
    assert [(each["projectIds"], each["issueTypeScheme"]["id"]) for each in used] == [([alpha.id], alpha.id)]
    assert len(dana.get(f"{TYPES}?queryString=alp").json()["values"]) == 1


@pytest.mark.answers("GET /rest/api/3/workflowscheme")
@pytest.mark.answers("GET /rest/api/3/workflowscheme/project")
@pytest.mark.answers("GET /rest/api/3/workflowscheme/{id}")
def test_each_space_has_a_scheme_of_workflows(dana: Person, site: Site) -> None:
    beta = site.space("BETA")

    listed = dana.get(f"{WORKFLOWS}?maxResults=2").json()
    one = dana.get(f"{WORKFLOWS}/{beta.id}").json()
    used = dana.get(f"{WORKFLOWS}/project?projectId={beta.id}&projectId=99").json()["values"]

    assert (listed["total"], len(listed["values"]), listed["isLast"]) == (3, 2, False)
    assert set(one["issueTypeMappings"].values()) == {"Reviewed of acme"}
    assert {each["name"] for each in one["issueTypes"].values()} == {"Task", "Bug", "Story"}
    assert [each["projectIds"] for each in used] == [[beta.id]]


@pytest.mark.refuses("GET /rest/api/3/issuetypescheme", 400)
@pytest.mark.refuses("GET /rest/api/3/issuetypescheme/project", 400)
@pytest.mark.refuses("GET /rest/api/3/workflowscheme/project", 400)
@pytest.mark.refuses("GET /rest/api/3/workflowscheme/{id}", 404)
@pytest.mark.refuses("GET /rest/api/3/issuetypescheme/mapping", 400)
def test_what_makes_no_sense_is_refused(dana: Person) -> None:
    assert dana.get(f"{TYPES}?orderBy=size").status == 400
    assert list(dana.get(f"{TYPES}/project").json()["errors"]) == ["projectId"]
    assert list(dana.get(f"{WORKFLOWS}/project").json()["errors"]) == ["projectId"]
    assert dana.get(f"{TYPES}/mapping?startAt=x").status == 400
    gone = dana.get(f"{WORKFLOWS}/99")
    assert (gone.status, gone.json()["errorMessages"]) == (404, ["The workflow scheme was not found."])


@pytest.mark.refuses("GET /rest/api/3/issuetypescheme", 403)
@pytest.mark.refuses("GET /rest/api/3/issuetypescheme/mapping", 403)
@pytest.mark.refuses("GET /rest/api/3/issuetypescheme/project", 403)
@pytest.mark.refuses("GET /rest/api/3/workflowscheme", 403)
@pytest.mark.refuses("GET /rest/api/3/workflowscheme/project", 403)
@pytest.mark.refuses("GET /rest/api/3/workflowscheme/{id}", 403)
def test_schemes_are_for_administrators_of_jira(alice: Person) -> None:
    paths = (
        TYPES,
        f"{TYPES}/mapping",
        f"{TYPES}/project",
        WORKFLOWS,
        f"{WORKFLOWS}/project",
        f"{WORKFLOWS}/1",
    )

    refused = [alice.get(path) for path in paths]

    words = ["Only Jira administrators can perform this operation."]
    assert [(each.status, each.json()["errorMessages"]) for each in refused] == [(403, words)] * 6
