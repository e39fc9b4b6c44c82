"""Work items of Data Center: make, show, edit, assign, move on, find, delete."""

import pytest

from tests.support.initech import BASE, Employee

ITEM = "/rest/api/2/issue/{issueIdOrKey}"
CREATE = "/rest/api/2/issue/createmeta/{projectIdOrKey}/issuetypes"
SEARCH = "/rest/api/2/search"


@pytest.mark.answers("POST /rest/api/2/issue")
def test_a_work_item_is_made_by_name_and_told_by_id_key_and_link(gina: Employee) -> None:
    fields = {"project": {"key": "GOLD"}, "issuetype": {"name": "Bug"}, "summary": "Leak"}

    response = gina.post("/issue", {"fields": fields | {"assignee": {"name": "erin"}}})

    told = response.json()
    assert (response.status, told.keys()) == (201, {"id", "key", "self"})
    assert told["self"] == f"{BASE}/rest/api/2/issue/{told['id']}"
    assert gina.get(f"/issue/{told['key']}").json()["fields"]["assignee"]["name"] == "erin"


@pytest.mark.refuses("POST /rest/api/2/issue", 400)
@pytest.mark.refuses("POST /rest/api/2/issue", 401)
def test_a_work_item_with_an_unknown_person_is_not_made(gina: Employee, nobody: Employee) -> None:
    fields = {"project": {"key": "GOLD"}, "issuetype": {"name": "Bug"}, "summary": "Leak"}

    refused = gina.post("/issue", {"fields": fields | {"assignee": {"name": "zoe"}}})
    stranger = nobody.post("/issue", {"fields": fields})

    assert (refused.status, refused.json()["errors"]) == (400, {"assignee": "User 'zoe' does not exist."})
    assert stranger.status == 401


def test_who_may_not_create_is_refused_with_400(hank: Employee) -> None:
    fields = {"project": {"key": "GOLD"}, "issuetype": {"name": "Bug"}, "summary": "Leak"}

    refused = hank.post("/issue", {"fields": fields})

    assert refused.status == 400
    assert refused.json()["errorMessages"] == ["You do not have permission to create issues in this project."]


@pytest.mark.answers("POST /rest/api/2/issue/bulk")
@pytest.mark.refuses("POST /rest/api/2/issue/bulk", 400)
def test_several_are_made_and_those_at_fault_are_told(gina: Employee) -> None:
    right = {"project": {"key": "GOLD"}, "issuetype": {"name": "Task"}, "summary": "One"}
    wrong = {"project": {"key": "GOLD"}, "issuetype": {"name": "Task"}}

    made = gina.post("/issue/bulk", {"issueUpdates": [{"fields": right}, {"fields": wrong}]})
    refused = gina.post("/issue/bulk", {"issueUpdates": [{"fields": wrong}]})

    assert (made.status, len(made.json()["issues"])) == (201, 1)
    assert made.json()["errors"][0]["failedElementNumber"] == 1
    assert refused.status == 400


@pytest.mark.answers(f"GET {ITEM}")
def test_people_have_a_name_and_a_key_and_what_only_the_cloud_has_is_not_there(
    gina: Employee, item: str
) -> None:
    response = gina.get(f"/issue/{item}")

    fields = response.json()["fields"]
    assert response.status == 200
    assert fields["reporter"]["name"] == "gina"
    assert fields["reporter"]["key"].startswith("JIRAUSER")
    assert fields["reporter"]["self"] == f"{BASE}/rest/api/2/user?username=gina"
    assert fields["description"] == "h1. Tea\r\n\r\n* green  \r\n- black"
    assert not {"statusCategory", "statuscategorychangedate", "issuerestriction"} & fields.keys()
    assert "self" not in fields["comment"]


@pytest.mark.refuses(f"GET {ITEM}", 404)
def test_what_is_not_there_is_said_in_data_centers_words(gina: Employee) -> None:
    refused = gina.get("/issue/GOLD-999")

    assert (refused.status, refused.json()["errorMessages"]) == (404, ["Issue Does Not Exist"])


def test_names_and_schema_are_told_as_data_center_calls_the_fields(gina: Employee, item: str) -> None:
    told = gina.get(f"/issue/{item}?expand=names,schema,editmeta,operations").json()

    assert (told["names"]["issuetype"], told["names"]["project"]) == ("Issue Type", "Project")
    assert told["schema"]["assignee"] == {"type": "user", "system": "assignee"}
    assert told["editmeta"]["fields"]["summary"]["fieldId"] == "summary"


@pytest.mark.answers(f"PUT {ITEM}")
def test_an_edit_is_answered_with_nothing_even_if_the_work_item_is_asked_for(
    gina: Employee, item: str
) -> None:
    edited = gina.put(f"/issue/{item}?returnIssue=true", {"fields": {"reporter": {"name": "erin"}}})
    by_key = {"key": gina.site.user("gina").account_id}
    again = gina.put(f"/issue/{item}", {"fields": {"reporter": by_key, "summary": "Coffee"}})

    assert (edited.status, edited.body, again.status) == (204, b"", 204)
    assert gina.get(f"/issue/{item}").json()["fields"]["reporter"]["name"] == "gina"


@pytest.mark.refuses(f"PUT {ITEM}", 400)
@pytest.mark.refuses(f"PUT {ITEM}", 404)
def test_an_edit_with_an_account_id_names_nobody(gina: Employee, item: str) -> None:
    by_id = {"accountId": gina.site.user("erin").account_id}

    refused = gina.put(f"/issue/{item}", {"fields": {"reporter": by_id}})

    assert (refused.status, refused.json()["errors"].keys()) == (400, {"reporter"})
    assert gina.put("/issue/GOLD-999", {"fields": {"summary": "x"}}).status == 404


@pytest.mark.answers(f"DELETE {ITEM}")
@pytest.mark.refuses(f"DELETE {ITEM}", 404)
@pytest.mark.refuses(f"DELETE {ITEM}", 403)
def test_a_work_item_is_deleted_by_who_may(gina: Employee, hank: Employee, item: str) -> None:
    kept = hank.delete(f"/issue/{item}")
    gone = gina.delete(f"/issue/{item}")

    assert (kept.status, gone.status, gone.body) == (403, 204, b"")
    assert gina.delete(f"/issue/{item}").status == 404


@pytest.mark.answers(f"PUT {ITEM}/assignee")
@pytest.mark.parametrize(("name", "held"), [("erin", "erin"), ("-1", "gina"), (None, None)])
def test_a_work_item_is_assigned_by_user_name(
    gina: Employee, item: str, name: str | None, held: str | None
) -> None:
    gina.site.spaces[next(iter(gina.site.spaces))].assignee_type = "PROJECT_LEAD"
    gina.put(f"/issue/{item}/assignee", {"name": "alice"})

    response = gina.put(f"/issue/{item}/assignee", {"name": name})

    assignee = gina.get(f"/issue/{item}?fields=assignee").json()["fields"]["assignee"]
    assert (response.status, assignee and assignee["name"]) == (204, held)


@pytest.mark.refuses(f"PUT {ITEM}/assignee", 400)
@pytest.mark.refuses(f"PUT {ITEM}/assignee", 404)
def test_nobody_is_assigned_who_is_not_there(gina: Employee, item: str) -> None:
    refused = gina.put(f"/issue/{item}/assignee", {"name": "zoe"})

    assert (refused.status, refused.json()["errors"]) == (400, {"assignee": "User 'zoe' does not exist."})
    assert gina.put("/issue/GOLD-999/assignee", {"name": "erin"}).status == 404


@pytest.mark.answers(f"GET {ITEM}/editmeta")
@pytest.mark.refuses(f"GET {ITEM}/editmeta", 404)
def test_fields_to_edit_are_told_with_where_people_are_completed(gina: Employee, item: str) -> None:
    response = gina.get(f"/issue/{item}/editmeta")

    assignee = response.json()["fields"]["assignee"]
    assert (response.status, assignee["fieldId"], "key" in assignee) == (200, "assignee", False)
    assert assignee["autoCompleteUrl"].startswith(f"{BASE}/rest/api/2/user/assignable/search?")
    assert assignee["autoCompleteUrl"].endswith("username=")
    assert gina.get("/issue/GOLD-999/editmeta").status == 404


@pytest.mark.answers(f"GET {CREATE}")
@pytest.mark.answers(f"GET {CREATE}/{{issueTypeId}}")
@pytest.mark.refuses(f"GET {CREATE}", 400)
def test_what_can_be_filled_in_is_told_in_pages(gina: Employee) -> None:
    types = gina.get("/issue/createmeta/GOLD/issuetypes?maxResults=2").json()
    number = next(each["id"] for each in types["values"] if each["name"] == "Task")
    fields = gina.get(f"/issue/createmeta/GOLD/issuetypes/{number}?maxResults=3&startAt=1").json()

    assert [types[name] for name in ("startAt", "maxResults", "total", "isLast")] == [0, 2, 4, False]
    assert (len(fields["values"]), fields["startAt"], fields["isLast"]) == (3, 1, False)
    assert all("fieldId" in each and "key" not in each for each in fields["values"])
    assert gina.get("/issue/createmeta/NONE/issuetypes").status == 400


@pytest.mark.answers(f"GET {ITEM}/transitions")
@pytest.mark.answers(f"POST {ITEM}/transitions")
def test_a_work_item_moves_on_by_the_id_of_a_transition(gina: Employee, item: str) -> None:
    offered = gina.get(f"/issue/{item}/transitions?expand=transitions.fields").json()["transitions"]

    moved = gina.post(f"/issue/{item}/transitions", {"transition": {"id": offered[0]["id"]}})

    status = gina.get(f"/issue/{item}?fields=status").json()["fields"]["status"]["name"]
    assert offered[0].keys() == {"id", "name", "to", "fields"}
    assert (moved.status, status) == (204, offered[0]["to"]["name"])


@pytest.mark.refuses(f"GET {ITEM}/transitions", 404)
@pytest.mark.refuses(f"POST {ITEM}/transitions", 400)
@pytest.mark.refuses(f"POST {ITEM}/transitions", 404)
def test_a_transition_that_is_not_offered_is_refused(gina: Employee, item: str) -> None:
    wanted = {"transition": {"id": "99999"}}

    assert gina.post(f"/issue/{item}/transitions", wanted).status == 400
    assert gina.post("/issue/GOLD-999/transitions", wanted).status == 404
    assert gina.get("/issue/GOLD-999/transitions").status == 404


@pytest.mark.answers(f"GET {SEARCH}")
@pytest.mark.answers(f"POST {SEARCH}")
def test_a_search_gives_pages_by_number_and_how_many_there_are(gina: Employee) -> None:
    keys = [gina.make(f"number {number}") for number in range(3)]
    query = "project = GOLD ORDER BY key"

    by_get = gina.get("/search?jql=project=GOLD%20ORDER%20BY%20key&startAt=1&maxResults=1").json()
    by_post = gina.post("/search", {"jql": query, "startAt": 1, "maxResults": 1}).json()
    beyond = gina.post("/search", {"jql": query, "startAt": 7}).json()

    assert by_get == by_post
    assert [by_get[name] for name in ("startAt", "maxResults", "total")] == [1, 1, 3]
    assert [each["key"] for each in by_get["issues"]] == keys[1:2]
    assert "summary" in by_get["issues"][0]["fields"]  # what is navigable, unless fields are named
    assert (beyond["issues"], beyond["total"]) == ([], 3)
    assert not {"isLast", "nextPageToken"} & by_get.keys()


def test_a_search_shows_no_more_at_once_than_is_set_there(gina: Employee) -> None:
    keys = [gina.make(f"number {number}") for number in range(3)]
    gina.site.most_found = 2

    by_get = gina.get("/search?jql=project=GOLD%20ORDER%20BY%20key&maxResults=100").json()
    by_post = gina.post("/search", {"jql": "project = GOLD ORDER BY key", "maxResults": 100}).json()

    assert by_get == by_post
    assert [by_post[name] for name in ("startAt", "maxResults", "total")] == [0, 2, 3]
    assert [each["key"] for each in by_post["issues"]] == keys[:2]


@pytest.mark.parametrize("who", ["erin", "ERIN", "JIRAUSER20001", "'Erin Ellis'"])
def test_a_search_knows_people_by_user_name_key_and_full_name(gina: Employee, item: str, who: str) -> None:
    gina.put(f"/issue/{item}/assignee", {"name": "erin"})

    found = gina.post("/search", {"jql": f"assignee = {who}", "fields": ["assignee"]}).json()

    assert [each["key"] for each in found["issues"]] == [item]


@pytest.mark.refuses(f"GET {SEARCH}", 400)
@pytest.mark.refuses(f"POST {SEARCH}", 400)
@pytest.mark.parametrize("query", ["nonsense", "nothing = 1", "project ="])
def test_a_query_that_cannot_be_read_is_refused(gina: Employee, query: str) -> None:
    assert gina.get(f"/search?jql={query}").status == 400
    assert gina.post("/search", {"jql": query}).status == 400
    assert gina.post("/search", {"jql": "", "maxResults": "many"}).status == 400


@pytest.mark.answers("GET /rest/api/2/issue/picker")
@pytest.mark.refuses("GET /rest/api/2/issue/picker", 401)
def test_work_items_are_picked_by_what_is_typed(gina: Employee, nobody: Employee, item: str) -> None:
    response = gina.get("/issue/picker?query=Tea&currentJQL=project=GOLD")

    assert response.status == 200
    assert [each["key"] for each in response.json()["sections"][-1]["issues"]] == [item]
    assert nobody.get("/issue/picker?query=Tea").status == 401
