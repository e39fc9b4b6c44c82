import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

ALL = "/rest/api/3/project"
ALPHA = f"{ALL}/ALPHA"
TEAM = "com.pyxis.greenhopper.jira:gh-simplified-agility-kanban"


@pytest.mark.answers("GET /rest/api/3/project/type")
@pytest.mark.answers("GET /rest/api/3/project/type/accessible")
@pytest.mark.answers("GET /rest/api/3/project/type/{projectTypeKey}")
@pytest.mark.answers("GET /rest/api/3/project/type/{projectTypeKey}/accessible")
@pytest.mark.refuses("GET /rest/api/3/project/type/{projectTypeKey}", 404)
@pytest.mark.refuses("GET /rest/api/3/project/type/{projectTypeKey}/accessible", 404)
def test_there_are_three_kinds_of_space(alice: Person) -> None:
    listed = alice.get(f"{ALL}/type").json()

    assert [each["key"] for each in listed] == ["business", "service_desk", "software"]
    assert alice.get(f"{ALL}/type/accessible").json() == listed
    assert alice.get(f"{ALL}/type/software").json() == listed[2]
    assert alice.get(f"{ALL}/type/software/accessible").json() == listed[2]
    refused = [alice.get(f"{ALL}/type/garden{end}") for end in ("", "/accessible")]
    words = ["Could not find a project type with key 'garden'."]
    assert [(each.status, each.json()["errorMessages"]) for each in refused] == [(404, words)] * 2


@pytest.mark.answers("GET /rest/api/3/project/{projectIdOrKey}/statuses")
@pytest.mark.refuses("GET /rest/api/3/project/{projectIdOrKey}/statuses", 404)
def test_each_type_of_a_space_has_its_statuses(alice: Person, bob: Person) -> None:
    listed = bob.get(f"{ALL}/BETA/statuses").json()

    assert [each["name"] for each in listed] == ["Task", "Bug", "Story"]
    assert len(listed[0]["statuses"]) == 6
    assert alice.get(f"{ALL}/BETA/statuses").status == 404


@pytest.mark.answers("GET /rest/api/3/project/{projectId}/hierarchy")
@pytest.mark.refuses("GET /rest/api/3/project/{projectId}/hierarchy", 400)
@pytest.mark.refuses("GET /rest/api/3/project/{projectId}/hierarchy", 404)
def test_a_team_managed_space_tells_its_hierarchy(alice: Person, dana: Person, site: Site) -> None:
    lead = site.user("dana").account_id
    wanted = {"key": "DELTA", "name": "Delta", "leadAccountId": lead, "projectTemplateKey": TEAM}
    number = dana.post(ALL, wanted).json()["id"]

    shown = dana.get(f"{ALL}/{number}/hierarchy").json()

    names = [(each["level"], [kind["name"] for kind in each["issueTypes"]]) for each in shown["hierarchy"]]
    assert names == [(0, ["Task"]), (1, ["Epic"]), (-1, ["Subtask"])]
    assert alice.get(f"{ALL}/{number}/hierarchy").status == 404
    classic = alice.get(f"{ALL}/{site.space('ALPHA').id}/hierarchy")
    assert (classic.status, classic.json()["errorMessages"]) == (
        400,
        ["The project is not a team-managed project."],
    )


@pytest.mark.answers("GET /rest/api/3/project/{projectIdOrKey}/features")
@pytest.mark.answers("PUT /rest/api/3/project/{projectIdOrKey}/features/{featureKey}")
@pytest.mark.refuses("GET /rest/api/3/project/{projectIdOrKey}/features", 404)
@pytest.mark.refuses("PUT /rest/api/3/project/{projectIdOrKey}/features/{featureKey}", 400)
@pytest.mark.refuses("PUT /rest/api/3/project/{projectIdOrKey}/features/{featureKey}", 403)
@pytest.mark.refuses("PUT /rest/api/3/project/{projectIdOrKey}/features/{featureKey}", 404)
def test_features_are_switched_unless_they_are_locked(alice: Person, bob: Person, carol: Person) -> None:
    path = f"{ALPHA}/features"

    off = alice.put(f"{path}/jsw.classic.reports", {"state": "DISABLED"})
    states = {each["feature"]: each["state"] for each in alice.get(path).json()["features"]}
    on = alice.put(f"{path}/jsw.classic.reports", {"state": "ENABLED"})

    assert (off.status, states["jsw.classic.reports"], states["jsw.classic.backlog"]) == (
        200,
        "DISABLED",
        "ENABLED",
    )
    assert {each["state"] for each in on.json()["features"]} == {"ENABLED"}
    for state, feature in (("COMING_SOON", "reports"), ("DISABLED", "backlog")):
        refused = alice.put(f"{path}/jsw.classic.{feature}", {"state": state})
        assert (refused.status, list(refused.json()["errors"])) == (400, ["state"])
    assert alice.put(f"{path}/jsw.classic.moon", {"state": "DISABLED"}).status == 404
    assert carol.put(f"{path}/jsw.classic.reports", {"state": "DISABLED"}).status == 403
    assert bob.get(path).status == 404


@pytest.mark.answers("GET /rest/api/3/project/{projectId}/email")
@pytest.mark.answers("PUT /rest/api/3/project/{projectId}/email")
@pytest.mark.refuses("GET /rest/api/3/project/{projectId}/email", 404)
@pytest.mark.refuses("PUT /rest/api/3/project/{projectId}/email", 400)
@pytest.mark.refuses("PUT /rest/api/3/project/{projectId}/email", 403)
@pytest.mark.refuses("PUT /rest/api/3/project/{projectId}/email", 404)
def test_mail_comes_from_the_site_unless_the_space_says_otherwise(
    alice: Person, bob: Person, carol: Person, site: Site
) -> None:
    path = f"{ALL}/{site.space('ALPHA').id}/email"

    before = alice.get(path).json()
    changed = alice.put(path, {"emailAddress": "alpha@acme.example"})
    after = alice.get(path).json()
    alice.put(path, {"emailAddress": ""})

    assert before == alice.get(path).json() == {"emailAddress": "jira@acme.atlassian.net"}
    assert (changed.status, after) == (204, {"emailAddress": "alpha@acme.example"})
    wrong = alice.put(path, {"emailAddress": "nowhere"})
    assert (wrong.status, list(wrong.json()["errors"])) == (400, ["emailAddress"])
    assert carol.put(path, {"emailAddress": "a@b.example"}).status == 403
    assert bob.put(path, {"emailAddress": "a@b.example"}).status == bob.get(path).status == 404


@pytest.mark.answers("GET /rest/api/3/project/{projectIdOrKey}/properties")
@pytest.mark.answers("GET /rest/api/3/project/{projectIdOrKey}/properties/{propertyKey}")
@pytest.mark.answers("PUT /rest/api/3/project/{projectIdOrKey}/properties/{propertyKey}")
@pytest.mark.answers("DELETE /rest/api/3/project/{projectIdOrKey}/properties/{propertyKey}")
def test_a_property_of_a_space_is_kept_changed_and_removed(carol: Person, alice: Person) -> None:
    path = f"{ALPHA}/properties"

    statuses = [alice.put(f"{path}/link", value).status for value in ({"a": 1}, [2])]
    shown = carol.get(f"{path}/link")
    listed = carol.get(path).json()["keys"]
    removed = alice.delete(f"{path}/link")

    assert statuses == [201, 200]
    assert shown.json() == {"key": "link", "value": [2]}
    assert [each["key"] for each in listed] == ["link"]
    assert (removed.status, carol.get(path).json()) == (204, {"keys": []})


@pytest.mark.refuses("GET /rest/api/3/project/{projectIdOrKey}/properties", 404)
@pytest.mark.refuses("GET /rest/api/3/project/{projectIdOrKey}/properties/{propertyKey}", 404)
@pytest.mark.refuses("PUT /rest/api/3/project/{projectIdOrKey}/properties/{propertyKey}", 400)
@pytest.mark.refuses("PUT /rest/api/3/project/{projectIdOrKey}/properties/{propertyKey}", 403)
@pytest.mark.refuses("PUT /rest/api/3/project/{projectIdOrKey}/properties/{propertyKey}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/project/{projectIdOrKey}/properties/{propertyKey}", 403)
@pytest.mark.refuses("DELETE /rest/api/3/project/{projectIdOrKey}/properties/{propertyKey}", 404)
def test_properties_are_for_admins_and_have_a_length(alice: Person, bob: Person, carol: Person) -> None:
    path = f"{ALPHA}/properties"

    assert carol.put(f"{path}/link", 1).status == carol.delete(f"{path}/link").status == 403
    assert alice.delete(f"{path}/link").status == alice.get(f"{path}/link").status == 404
    assert alice.get(f"{path}/link").json()["errorMessages"] == [
        "The property with key 'link' does not exist."
    ]
    assert alice.put(f"{path}/link", "x" * 32_768).status == 400
    assert alice.put(f"{path}/{'k' * 256}", 1).status == 400
    assert bob.get(path).status == bob.put(f"{path}/link", 1).status == 404


@pytest.mark.answers("GET /rest/api/3/projectvalidate/key")
def test_a_key_is_checked_by_words(alice: Person) -> None:
    def fault(key: str) -> object:
        return alice.get(f"/rest/api/3/projectvalidate/key?key={key}").json()["errors"].get("projectKey")

    assert fault("NEW") is None
    assert fault("") == "You must specify a unique project key."
    assert fault("BETA") == "Project 'Beta' uses this project key."
    assert fault("ABCDEFGHIJK") == "The project key must not exceed 10 characters in length."
    assert str(fault("1A")).startswith("Project keys must start with an uppercase letter")


@pytest.mark.answers("GET /rest/api/3/projectvalidate/validProjectKey")
@pytest.mark.answers("GET /rest/api/3/projectvalidate/validProjectName")
@pytest.mark.refuses("GET /rest/api/3/projectvalidate/validProjectName", 400)
@pytest.mark.refuses("GET /rest/api/3/projectvalidate/validProjectName", 404)
def test_a_name_or_key_that_is_taken_gets_a_free_one_like_it(alice: Person) -> None:
    def valid(what: str, text: str) -> object:
        return (
            alice.get(f"/rest/api/3/projectvalidate/valid{what}").json()
            if not text
            else (alice.get(f"/rest/api/3/projectvalidate/valid{what}={text}").json())
        )

    assert valid("ProjectKey?key", "NEW") == "NEW"
    assert valid("ProjectKey?key", "beta") == "BETA1"
    assert valid("ProjectKey?key", "%3F") == ""
    assert valid("ProjectName?name", "New") == "New"
    assert valid("ProjectName?name", "Beta") == "Beta 2"
    refused = alice.get("/rest/api/3/projectvalidate/validProjectName")
    assert (refused.status, list(refused.json()["errors"])) == (400, ["projectName"])
    assert alice.get(f"/rest/api/3/projectvalidate/validProjectName?name={'x' * 81}").status == 404


@pytest.mark.answers("GET /rest/api/3/projectCategory")
@pytest.mark.answers("POST /rest/api/3/projectCategory")
@pytest.mark.answers("GET /rest/api/3/projectCategory/{id}")
@pytest.mark.answers("PUT /rest/api/3/projectCategory/{id}")
@pytest.mark.answers("DELETE /rest/api/3/projectCategory/{id}")
def test_categories_are_made_changed_and_deleted(alice: Person, dana: Person, site: Site) -> None:
    path = "/rest/api/3/projectCategory"

    made = dana.post(path, {"name": "Inner", "description": "Ours"})
    one = f"{path}/{made.json()['id']}"
    changed = dana.put(one, {"name": "Own"})
    dana.put(ALPHA, {"categoryId": int(made.json()["id"])})
    listed = alice.get(path).json()
    one_before = alice.get(one).json()
    deleted = dana.delete(one)

    assert (made.status, changed.status, deleted.status) == (201, 200, 204)
    assert listed == [changed.json()]
    assert one_before == listed[0]
    assert (listed[0]["name"], listed[0]["description"]) == ("Own", "Ours")
    assert alice.get(path).json() == []
    assert site.space("ALPHA").category_id is None


@pytest.mark.refuses("POST /rest/api/3/projectCategory", 400)
@pytest.mark.refuses("POST /rest/api/3/projectCategory", 403)
@pytest.mark.refuses("POST /rest/api/3/projectCategory", 409)
@pytest.mark.refuses("PUT /rest/api/3/projectCategory/{id}", 400)
@pytest.mark.refuses("PUT /rest/api/3/projectCategory/{id}", 403)
@pytest.mark.refuses("PUT /rest/api/3/projectCategory/{id}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/projectCategory/{id}", 403)
@pytest.mark.refuses("DELETE /rest/api/3/projectCategory/{id}", 404)
@pytest.mark.refuses("GET /rest/api/3/projectCategory/{id}", 404)
def test_categories_are_for_administrators_of_jira_and_have_names(alice: Person, dana: Person) -> None:
    path = "/rest/api/3/projectCategory"
    one = f"{path}/{dana.post(path, {'name': 'Inner'}).json()['id']}"

    for wrong, field in (
        ({}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": "x", "description": "x" * 1001}, "description"),
    ):
        answer = dana.post(path, wrong)
        assert (answer.status, list(answer.json()["errors"])) == (400, [field])
    assert dana.post(path, {"name": "inner"}).status == 409
    assert dana.put(one, {"name": ""}).status == 400
    assert [alice.post(path, {"name": "x"}).status, alice.put(one, {}).status, alice.delete(one).status] == [
        403,
        403,
        403,
    ]
    gone = [dana.get(f"{path}/9"), dana.put(f"{path}/9", {}), dana.delete(f"{path}/9")]
    words = ["A project category with id '9' does not exist."]
    assert [(each.status, each.json()["errorMessages"]) for each in gone] == [(404, words)] * 3
