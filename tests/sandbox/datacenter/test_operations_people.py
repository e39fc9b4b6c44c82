"""People of Data Center: by user name, which may change, and by key, which stays; nobody by account id."""

import pytest

from tests.support.initech import BASE, Employee

USER = "/rest/api/2/user"
KEPT = f"{USER}/properties"


@pytest.mark.answers("GET /rest/api/2/myself")
@pytest.mark.refuses("GET /rest/api/2/myself", 401)
def test_who_calls_is_told_by_name_and_key(gina: Employee, nobody: Employee) -> None:
    told = gina.get("/myself").json()

    assert (told["name"], told["key"]) == ("gina", gina.site.user("gina").account_id)
    assert told["self"] == f"{BASE}/rest/api/2/user?username=gina"
    assert told["emailAddress"] == "gina@initech.example.com"
    assert (told["groups"]["size"], told["deleted"]) == (1, False)
    assert nobody.get("/myself").status == 401


@pytest.mark.answers(f"GET {USER}")
@pytest.mark.parametrize("query", ["username=erin", "username=ERIN", "key=JIRAUSER20001"])
def test_somebody_is_found_by_user_name_in_any_case_and_by_key(gina: Employee, query: str) -> None:
    response = gina.get(f"/user?{query}&expand=groups")

    assert (response.status, response.json()["name"]) == (200, "erin")
    assert "items" in response.json()["groups"]


@pytest.mark.refuses(f"GET {USER}", 404)
@pytest.mark.refuses(f"GET {USER}", 401)
@pytest.mark.parametrize("query", ["", "username=zoe", "key=zoe", "accountId=JIRAUSER20001"])
def test_nobody_is_found_otherwise(gina: Employee, nobody: Employee, query: str) -> None:
    assert gina.get(f"/user?{query}").status == 404
    assert nobody.get("/user?username=gina").status == 401


@pytest.mark.answers(f"GET {USER}/search")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("username=gi", ["gina"]),
        ("username=glover", ["gina"]),
        ("username=Gina%20Glo", ["gina"]),
        ("username=gina@initech", ["gina"]),
        ("username=ina", []),
        ("username=.&startAt=1&maxResults=2", ["dana", "erin"]),
    ],
)
def test_people_are_searched_by_how_a_word_begins(gina: Employee, query: str, names: list[str]) -> None:
    response = gina.get(f"/user/search?{query}")

    assert response.status == 200
    assert [each["name"] for each in response.json()] == names


@pytest.mark.refuses(f"GET {USER}/search", 400)
def test_a_search_without_a_name_is_refused(gina: Employee) -> None:
    assert gina.get("/user/search?query=gi").status == 400


@pytest.mark.answers(f"GET {USER}/assignable/search")
@pytest.mark.answers(f"GET {USER}/viewissue/search")
@pytest.mark.refuses(f"GET {USER}/assignable/search", 400)
@pytest.mark.refuses(f"GET {USER}/assignable/search", 404)
@pytest.mark.refuses(f"GET {USER}/viewissue/search", 404)
def test_those_are_listed_who_may_do_or_see_the_work(gina: Employee, item: str) -> None:
    doing = gina.get("/user/assignable/search?project=GOLD&username=e").json()
    this = gina.get(f"/user/assignable/search?issueKey={item}").json()
    seeing = gina.get("/user/viewissue/search?projectKey=GOLD&username=h").json()
    seeing_this = gina.get(f"/user/viewissue/search?issueKey={item}&username=h").json()

    assert [each["name"] for each in doing] == ["erin"]
    assert [each["name"] for each in this] == ["alice", "dana", "erin", "gina"]
    assert [each["name"] for each in seeing] == [each["name"] for each in seeing_this] == ["hank"]
    assert gina.get("/user/assignable/search").status == 400
    assert gina.get("/user/assignable/search?project=NONE").status == 404
    assert gina.get("/user/viewissue/search?issueKey=GOLD-999").status == 404


@pytest.mark.answers(f"GET {USER}/picker")
@pytest.mark.refuses(f"GET {USER}/picker", 401)
def test_people_are_picked_with_what_was_typed_set_off(gina: Employee, nobody: Employee) -> None:
    told = gina.get("/user/picker?query=gi&showAvatar=true").json()
    without = gina.get("/user/picker?query=gi&exclude=gina").json()
    untyped = gina.get("/user/picker").json()

    (person,) = told["users"]
    assert person.keys() == {"name", "key", "displayName", "html", "avatarUrl"}
    assert (person["name"], "<strong>Gi</strong>" in person["html"]) == ("gina", True)
    assert (without["users"], untyped["total"]) == ([], 0)
    assert nobody.get("/user/picker?query=gi").status == 401


@pytest.mark.answers(f"GET {KEPT}")
@pytest.mark.answers(f"PUT {KEPT}/{{propertyKey}}")
@pytest.mark.answers(f"GET {KEPT}/{{propertyKey}}")
@pytest.mark.answers(f"DELETE {KEPT}/{{propertyKey}}")
def test_properties_of_people_are_kept_by_user_name_and_by_key(admin: Employee) -> None:
    key = admin.site.user("gina").account_id

    set_first = admin.put("/user/properties/mark?username=gina", {"a": 1})
    set_again = admin.put(f"/user/properties/mark?userKey={key}", {"a": 2})
    keys = admin.get("/user/properties?username=gina").json()["keys"]
    one = admin.get(f"/user/properties/mark?userKey={key}").json()

    assert (set_first.status, set_first.body, set_again.status) == (201, b"", 200)
    assert keys == [{"self": f"{BASE}{KEPT}/mark?userKey={key}", "key": "mark"}]
    assert one == {"key": "mark", "value": {"a": 2}}
    assert admin.delete("/user/properties/mark?username=gina").status == 204


@pytest.mark.refuses(f"GET {KEPT}", 400)
@pytest.mark.refuses(f"GET {KEPT}", 403)
@pytest.mark.refuses(f"GET {KEPT}", 404)
@pytest.mark.refuses(f"PUT {KEPT}/{{propertyKey}}", 403)
@pytest.mark.refuses(f"GET {KEPT}/{{propertyKey}}", 404)
@pytest.mark.refuses(f"DELETE {KEPT}/{{propertyKey}}", 404)
def test_properties_of_others_are_an_administrators(gina: Employee, admin: Employee) -> None:
    assert gina.get("/user/properties").status == 400
    assert gina.get("/user/properties?username=erin").status == 403
    assert gina.put("/user/properties/mark?username=erin", 1).status == 403
    assert admin.get("/user/properties?username=zoe").status == 404
    assert gina.get("/user/properties/mark?username=gina").status == 404
    assert gina.delete("/user/properties/mark?username=gina").status == 404


@pytest.mark.answers("GET /rest/api/2/groups/picker")
def test_groups_are_picked_by_name(gina: Employee, nobody: Employee) -> None:
    told = gina.get("/groups/picker?query=sta").json()

    assert [each["name"] for each in told["groups"]] == ["staff"]
    assert told["groups"][0].keys() == {"name", "html", "labels"}
    assert nobody.get("/groups/picker?query=sta").json()["groups"] == []  # none is refused


@pytest.mark.answers("POST /rest/api/2/group")
@pytest.mark.answers("DELETE /rest/api/2/group")
@pytest.mark.refuses("POST /rest/api/2/group", 400)
@pytest.mark.refuses("POST /rest/api/2/group", 403)
@pytest.mark.refuses("DELETE /rest/api/2/group", 403)
@pytest.mark.refuses("DELETE /rest/api/2/group", 404)
def test_an_administrator_makes_a_group_and_deletes_it(admin: Employee, gina: Employee) -> None:
    made = admin.post("/group", {"name": "tasters"})

    assert (made.status, made.json()["name"]) == (201, "tasters")
    assert made.json()["self"] == f"{BASE}/rest/api/2/group?groupname=tasters"
    assert made.json()["users"]["size"] == 0
    assert admin.post("/group", {"name": "tasters"}).status == 400
    assert gina.post("/group", {"name": "x"}).status == gina.delete("/group?groupname=tasters").status == 403
    assert [admin.delete("/group?groupname=tasters").status for _ in range(2)] == [200, 404]


@pytest.mark.answers("GET /rest/api/2/group/member")
@pytest.mark.refuses("GET /rest/api/2/group/member", 403)
@pytest.mark.refuses("GET /rest/api/2/group/member", 404)
def test_members_of_a_group_are_told_in_pages(admin: Employee, erin: Employee) -> None:
    page = admin.get("/group/member?groupname=jira-administrators").json()

    assert [each["name"] for each in page["values"]] == ["dana"]
    assert (page["total"], page["isLast"]) == (1, True)
    assert erin.get("/group/member?groupname=jira-administrators").status == 403
    assert admin.get("/group/member?groupname=none").status == 404
