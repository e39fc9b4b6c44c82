import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, as_app

MANY = "/rest/api/3/statuses"
GLOBAL = {"type": "GLOBAL"}
NOT_ALLOWED = ["The user does not have permission to manage statuses."]


def made(person: Person, name: str, category: str = "TODO") -> str:
    answer = person.post(MANY, {"scope": GLOBAL, "statuses": [{"name": name, "statusCategory": category}]})
    assert answer.status == 200, answer.body
    return str(answer.json()[0]["id"])


@pytest.mark.answers("GET /rest/api/3/status")
@pytest.mark.answers("GET /rest/api/3/status/{idOrName}")
@pytest.mark.refuses("GET /rest/api/3/status/{idOrName}", 404)
def test_a_status_is_found_by_id_or_name_where_one_sees_a_space_that_has_it(
    alice: Person, site: Site
) -> None:
    listed = alice.get("/rest/api/3/status").json()

    assert [each["name"] for each in listed] == ["To Do", "In Progress", "Done"]
    assert alice.get(f"/rest/api/3/status/{listed[0]['id']}").json() == listed[0]
    assert alice.get("/rest/api/3/status/To%20Do").json() == listed[0]
    refused = alice.get(f"/rest/api/3/status/{site.status('In Review').id}")
    assert refused.status == 404
    assert alice.get("/rest/api/3/status/Lost").json()["errorMessages"] == [
        "The status with id or name 'Lost' does not exist."
    ]


@pytest.mark.answers("GET /rest/api/3/statuscategory")
@pytest.mark.answers("GET /rest/api/3/statuscategory/{idOrKey}")
@pytest.mark.refuses("GET /rest/api/3/statuscategory/{idOrKey}", 404)
def test_categories_are_found_by_id_or_key(alice: Person) -> None:
    listed = alice.get("/rest/api/3/statuscategory").json()

    assert {each["key"]: each["name"] for each in listed} == {
        "new": "To Do",
        "indeterminate": "In Progress",
        "done": "Done",
    }
    assert alice.get("/rest/api/3/statuscategory/4").json()["key"] == "indeterminate"
    assert alice.get("/rest/api/3/statuscategory/done").json()["id"] == 3
    assert alice.get("/rest/api/3/statuscategory/lost").status == 404


@pytest.mark.answers("POST /rest/api/3/statuses")
@pytest.mark.answers("PUT /rest/api/3/statuses")
@pytest.mark.answers("DELETE /rest/api/3/statuses")
@pytest.mark.answers("GET /rest/api/3/statuses")
def test_statuses_are_made_changed_and_deleted_in_bulk(dana: Person) -> None:
    one, two = made(dana, "Waiting"), made(dana, "Told", "DONE")

    changed = dana.put(
        MANY,
        {
            "statuses": [
                {"id": one, "name": "Asked", "statusCategory": "IN_PROGRESS", "description": "Of others"},
                {"id": two, "name": "Told", "statusCategory": "DONE"},
            ]
        },
    )
    shown = dana.get(f"{MANY}?id={one}&id={two}").json()
    deleted = dana.delete(f"{MANY}?id={one}&id={two}")

    assert (changed.status, deleted.status) == (204, 204)
    assert [(each["name"], each["statusCategory"], each["scope"]) for each in shown] == [
        ("Asked", "IN_PROGRESS", GLOBAL),
        ("Told", "DONE", GLOBAL),
    ]
    assert shown[0]["description"] == "Of others"
    assert dana.get(f"{MANY}?id={one}").status == 400


@pytest.mark.answers("GET /rest/api/3/statuses/search")
@pytest.mark.answers("GET /rest/api/3/statuses/byNames")
def test_statuses_are_searched_by_words_category_and_name(alice: Person) -> None:
    found = alice.get(f"{MANY}/search?searchString=in%20&statusCategory=IN_PROGRESS").json()
    named = alice.get(f"{MANY}/byNames?name=Done&name=Lost").json()

    assert [each["name"] for each in found["values"]] == ["In Progress", "In Review"]
    assert (found["total"], found["maxResults"], found["isLast"]) == (2, 200, True)
    assert [each["name"] for each in named] == ["Done"]
    assert alice.get(f"{MANY}/search?projectId=99").json()["values"] == []


def test_a_team_managed_space_has_statuses_that_its_admin_makes(
    dana: Person, carol: Person, site: Site
) -> None:
    template = "com.pyxis.greenhopper.jira:gh-simplified-agility-kanban"
    lead = site.user("carol").account_id
    wanted = {"key": "DELTA", "name": "Delta", "leadAccountId": lead, "projectTemplateKey": template}
    number = str(dana.post("/rest/api/3/project", wanted).json()["id"])
    scope = {"type": "PROJECT", "project": {"id": number}}
    one = {"name": "Done", "statusCategory": "DONE"}

    taken = carol.post(MANY, {"scope": scope, "statuses": [one]})
    own = carol.post(MANY, {"scope": scope, "statuses": [{**one, "name": "Ready"}]})
    theirs = carol.post(MANY, {"scope": GLOBAL, "statuses": [{**one, "name": "Ready"}]})
    again = dana.post(MANY, {"scope": GLOBAL, "statuses": [{**one, "name": "Ready"}]})
    stolen = carol.put(MANY, {"statuses": [{**one, "id": again.json()[0]["id"], "name": "Mine"}]})

    assert (taken.status, own.status, theirs.status) == (400, 200, 401)
    assert (again.status, stolen.status) == (200, 401)
    assert own.json()[0]["scope"] == scope
    listed = carol.get(f"{MANY}/search?projectId={number}").json()["values"]
    assert [each["name"] for each in listed] == ["To Do", "In Progress", "Done", "Ready"]


@pytest.mark.refuses("GET /rest/api/3/statuses", 401)
@pytest.mark.refuses("POST /rest/api/3/statuses", 401)
@pytest.mark.refuses("PUT /rest/api/3/statuses", 401)
@pytest.mark.refuses("DELETE /rest/api/3/statuses", 401)
@pytest.mark.refuses("GET /rest/api/3/statuses/search", 401)
@pytest.mark.refuses("GET /rest/api/3/statuses/byNames", 401)
def test_whoever_administers_nothing_is_refused_and_apps_are_too(
    carol: Person, world: World, site: Site, app: ListeningApp
) -> None:
    def tried(caller: Person) -> list[tuple[int, list[str]]]:
        one = {"name": "x", "statusCategory": "TODO"}
        answers = [
            caller.get(f"{MANY}?id=1"),
            caller.post(MANY, {"scope": GLOBAL, "statuses": [one]}),
            caller.put(MANY, {"statuses": [{**one, "id": "1"}]}),
            caller.delete(f"{MANY}?id=1"),
            caller.get(f"{MANY}/search"),
            caller.get(f"{MANY}/byNames?name=x"),
        ]
        return [(each.status, each.json()["errorMessages"]) for each in answers]

    assert tried(carol) == [(401, NOT_ALLOWED)] * 6
    assert {status for status, _ in tried(as_app(world, site))} == {403}


@pytest.mark.refuses("POST /rest/api/3/statuses", 400)
@pytest.mark.refuses("PUT /rest/api/3/statuses", 400)
@pytest.mark.refuses("DELETE /rest/api/3/statuses", 400)
@pytest.mark.refuses("GET /rest/api/3/statuses", 400)
@pytest.mark.refuses("GET /rest/api/3/statuses/search", 400)
@pytest.mark.refuses("GET /rest/api/3/statuses/byNames", 400)
def test_what_is_wrong_is_told_by_field_and_nothing_is_done(dana: Person, site: Site) -> None:
    before = list(site.statuses)
    one = {"name": "New", "statusCategory": "TODO"}

    for body, field in (
        ({"scope": {"type": "MOON"}, "statuses": [one]}, "scope"),
        ({"scope": GLOBAL, "statuses": []}, "statuses"),
        ({"scope": GLOBAL, "statuses": [one, {**one, "name": "done"}]}, "name"),
        ({"scope": GLOBAL, "statuses": [one, {**one, "statusCategory": "x"}]}, "statusCategory"),
    ):
        refused = dana.post(MANY, body)
        assert (refused.status, list(refused.json()["errors"])) == (400, [field])
    used = dana.delete(f"{MANY}?id={site.status('Done').id}")
    assert used.json()["errorMessages"] == ["The status Done is used by a workflow and cannot be deleted."]
    assert dana.put(MANY, {"statuses": [{**one, "id": "99"}]}).status == 400
    assert list(dana.put(MANY, {"statuses": 1}).json()["errors"]) == ["statuses"]
    assert list(dana.get(MANY).json()["errors"]) == ["id"]
    assert list(dana.get(f"{MANY}/byNames").json()["errors"]) == ["name"]
    assert list(dana.get(f"{MANY}/search?statusCategory=x").json()["errors"]) == ["statusCategory"]
    assert site.statuses == before


@pytest.mark.refuses("POST /rest/api/3/statuses", 400)
def test_statuses_made_together_have_names_of_their_own(dana: Person) -> None:
    wanted = [{"name": name, "statusCategory": "TODO"} for name in ("Waiting", "waiting")]

    refused = dana.post(MANY, {"scope": GLOBAL, "statuses": wanted})

    assert (refused.status, list(refused.json()["errors"])) == (400, ["name"])
    assert dana.get(f"{MANY}/search?searchString=waiting").json()["total"] == 0
