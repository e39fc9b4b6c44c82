"""Comments, logged work, watchers and voters of Data Center's work items."""

from typing import Any

import pytest

from tests.support.initech import BASE, Employee
from tests.support.sandbox import VirtualClock

ITEM = "/rest/api/2/issue/{issueIdOrKey}"
COMMENTS, COMMENT = f"{ITEM}/comment", f"{ITEM}/comment/{{id}}"
KEPT = "/rest/api/2/comment/{commentId}/properties"
WORK, LOGGED = f"{ITEM}/worklog", f"{ITEM}/worklog/{{id}}"
STARTED = "2026-11-20T10:00:00.000+0000"


@pytest.fixture
def comment(gina: Employee, item: str) -> dict[str, Any]:
    return gina.made(f"/issue/{item}/comment", {"body": "Ask [~erin]  \r\n"})


@pytest.fixture
def worklog(gina: Employee, item: str) -> dict[str, Any]:
    wanted = {"comment": "steeped\r\n ", "started": STARTED, "timeSpent": "1h"}
    return gina.made(f"/issue/{item}/worklog", wanted)


# Comments


@pytest.mark.answers(f"POST {COMMENTS}")
@pytest.mark.answers(f"GET {COMMENTS}")
@pytest.mark.answers(f"GET {COMMENT}")
def test_a_comment_is_told_alike_wherever_it_stands(
    gina: Employee, item: str, comment: dict[str, Any]
) -> None:
    page = gina.get(f"/issue/{item}/comment").json()
    alone = gina.get(f"/issue/{item}/comment/{comment['id']}?expand=renderedBody").json()
    within = gina.get(f"/issue/{item}?fields=comment").json()["fields"]["comment"]["comments"]

    assert [page[name] for name in ("startAt", "maxResults", "total")] == [0, 1_048_576, 1]
    assert page["comments"] == within == [comment]
    assert alone.pop("renderedBody").startswith("<p>Ask ")
    assert alone == comment
    assert (comment["author"]["name"], comment["body"]) == ("gina", "Ask [~erin]  \r\n")
    assert comment["self"].startswith(f"{BASE}/rest/api/2/issue/")


def test_all_comments_come_unless_fewer_are_asked_for(gina: Employee, item: str) -> None:
    for number in range(105):
        gina.made(f"/issue/{item}/comment", {"body": str(number)})

    everything = gina.get(f"/issue/{item}/comment").json()
    some = gina.get(f"/issue/{item}/comment?startAt=100&maxResults=2").json()
    found = gina.post("/search", {"jql": f"key = {item}", "fields": ["comment"]}).json()["issues"][0]

    assert len(everything["comments"]) == len(found["fields"]["comment"]["comments"]) == 105
    assert [each["body"] for each in some["comments"]] == ["100", "101"]


@pytest.mark.refuses(f"GET {COMMENTS}", 400)
@pytest.mark.refuses(f"GET {COMMENTS}", 404)
@pytest.mark.refuses(f"GET {COMMENT}", 404)
@pytest.mark.refuses(f"POST {COMMENTS}", 400)
@pytest.mark.refuses(f"POST {COMMENTS}", 404)
def test_no_comment_is_read_or_written_that_cannot_be(gina: Employee, item: str) -> None:
    assert gina.get(f"/issue/{item}/comment?orderBy=mood").status == 400
    assert gina.get("/issue/GOLD-999/comment").status == 404
    assert gina.get(f"/issue/{item}/comment/99999").status == 404
    assert gina.post("/issue/GOLD-999/comment", {"body": "x"}).status == 404
    assert gina.post(f"/issue/{item}/comment", {"body": ""}).status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PUT", ""),
        ("GET", "/editmeta"),
        ("GET", "/transitions"),
        ("POST", "/transitions"),
        ("GET", "/comment"),
        ("POST", "/comment"),
        ("GET", "/comment/{comment}"),
        ("PUT", "/comment/{comment}"),
        ("DELETE", "/comment/{comment}"),
        ("GET", "/properties/mark"),
    ],
)
def test_a_work_item_that_one_may_not_see_is_told_to_be_there(
    gina: Employee,
    erin: Employee,
    item: str,
    comment: dict[str, Any],
    method: str,
    path: str,
) -> None:
    site = gina.site
    site.hide_issue(site.issue(item), from_account=site.user("erin"))
    body: dict[str, Any] = {"fields": {}, "transition": {"id": "1"}, "body": "x"} if method != "GET" else {}

    refused = erin.call(method, f"/issue/{item}{path.format(comment=comment['id'])}", body or None)
    absent = erin.call(method, f"/issue/GOLD-999{path.format(comment=comment['id'])}", body or None)

    assert (refused.status, absent.status) == (403, 404)
    assert refused.json()["errorMessages"] == ["You do not have the permission to see the specified issue."]
    assert absent.json()["errorMessages"] == ["Issue Does Not Exist"]


@pytest.mark.answers(f"PUT {COMMENT}")
@pytest.mark.refuses(f"PUT {COMMENT}", 400)
@pytest.mark.refuses(f"PUT {COMMENT}", 404)
def test_a_comment_is_changed_and_may_be_kept_to_a_role(
    gina: Employee, erin: Employee, item: str, comment: dict[str, Any]
) -> None:
    path = f"/issue/{item}/comment/{comment['id']}"
    circle = {"type": "role", "value": "Administrators"}

    changed = gina.put(path, {"body": "b\n\n", "visibility": circle})

    assert (changed.status, changed.json()["body"]) == (200, "b\n\n")
    assert changed.json()["visibility"] == circle
    assert erin.get(path).status == 404
    assert gina.put(path, {"body": ""}).status == 400
    assert gina.put(f"/issue/{item}/comment/99999", {"body": "x"}).status == 404


@pytest.mark.answers(f"DELETE {COMMENT}")
@pytest.mark.refuses(f"DELETE {COMMENT}", 404)
def test_a_comment_is_deleted_once(gina: Employee, item: str, comment: dict[str, Any]) -> None:
    path = f"/issue/{item}/comment/{comment['id']}"

    assert gina.delete(path).status == 204
    assert gina.delete(path).status == 404


@pytest.mark.answers(f"GET {KEPT}")
@pytest.mark.answers(f"PUT {KEPT}/{{propertyKey}}")
@pytest.mark.answers(f"GET {KEPT}/{{propertyKey}}")
@pytest.mark.answers(f"DELETE {KEPT}/{{propertyKey}}")
@pytest.mark.refuses(f"GET {KEPT}", 404)
@pytest.mark.refuses(f"GET {KEPT}/{{propertyKey}}", 404)
@pytest.mark.refuses(f"PUT {KEPT}/{{propertyKey}}", 400)
@pytest.mark.refuses(f"DELETE {KEPT}/{{propertyKey}}", 404)
def test_properties_of_a_comment_are_kept(gina: Employee, comment: dict[str, Any]) -> None:
    path = f"/comment/{comment['id']}/properties"

    set_first, set_again = gina.put(f"{path}/mark", {"of": "us"}), gina.put(f"{path}/mark", [1])
    keys, one = gina.get(path).json(), gina.get(f"{path}/mark").json()
    too_long = gina.put(f"{path}/{'k' * 300}", 1)

    assert (set_first.status, set_again.status) == (201, 200)
    assert keys == {"keys": [{"self": f"{BASE}/rest/api/2{path}/mark", "key": "mark"}]}
    assert (one, too_long.status) == ({"key": "mark", "value": [1]}, 400)
    assert [gina.delete(f"{path}/mark").status for _ in range(2)] == [204, 404]
    assert gina.get(f"{path}/mark").status == gina.get("/comment/99999/properties").status == 404


# Logged work


@pytest.mark.answers(f"POST {WORK}")
@pytest.mark.answers(f"GET {WORK}")
@pytest.mark.answers(f"GET {LOGGED}")
def test_logged_work_is_told_alike_wherever_it_stands(
    gina: Employee, item: str, worklog: dict[str, Any]
) -> None:
    page = gina.get(f"/issue/{item}/worklog").json()
    alone = gina.get(f"/issue/{item}/worklog/{worklog['id']}").json()

    assert (page["total"], page["worklogs"], alone) == (1, [worklog], worklog)
    assert (worklog["author"]["name"], worklog["comment"]) == ("gina", "steeped\r\n ")
    assert (worklog["timeSpentSeconds"], worklog["started"]) == (3600, STARTED)
    assert worklog["issueId"] == gina.get(f"/issue/{item}").json()["id"]


@pytest.mark.refuses(f"GET {WORK}", 404)
@pytest.mark.refuses(f"GET {LOGGED}", 404)
@pytest.mark.refuses(f"POST {WORK}", 400)
@pytest.mark.refuses(f"POST {WORK}", 404)
def test_no_work_is_read_or_logged_that_cannot_be(gina: Employee, item: str) -> None:
    assert gina.get("/issue/GOLD-999/worklog").status == 404
    assert gina.get(f"/issue/{item}/worklog/99999").status == 404
    assert gina.post("/issue/GOLD-999/worklog", {"timeSpent": "1h"}).status == 404
    assert gina.post(f"/issue/{item}/worklog", {"timeSpent": "long"}).status == 400


@pytest.mark.answers(f"PUT {LOGGED}")
@pytest.mark.answers(f"DELETE {LOGGED}")
@pytest.mark.refuses(f"PUT {LOGGED}", 400)
@pytest.mark.refuses(f"PUT {LOGGED}", 404)
@pytest.mark.refuses(f"DELETE {LOGGED}", 404)
def test_logged_work_is_changed_and_deleted(gina: Employee, item: str, worklog: dict[str, Any]) -> None:
    path = f"/issue/{item}/worklog/{worklog['id']}"

    changed = gina.put(path, {"timeSpentSeconds": 7200, "comment": "twice"})

    assert (changed.status, changed.json()["timeSpent"]) == (200, "2h")
    assert changed.json()["comment"] == "twice"
    assert gina.put(path, {"timeSpent": "long"}).status == 400
    assert [gina.delete(path).status for _ in range(2)] == [204, 404]
    assert gina.put(path, {"timeSpent": "1h"}).status == 404


@pytest.mark.answers("GET /rest/api/2/worklog/updated")
@pytest.mark.answers("GET /rest/api/2/worklog/deleted")
@pytest.mark.answers("POST /rest/api/2/worklog/list")
def test_what_became_of_logged_work_is_followed_by_ids(
    gina: Employee, clock: VirtualClock, item: str, worklog: dict[str, Any]
) -> None:
    number = int(worklog["id"])
    clock.advance(minutes=5)

    updated = gina.get("/worklog/updated?since=0").json()
    listed = gina.post("/worklog/list", {"ids": [number, 99999]}).json()
    gina.delete(f"/issue/{item}/worklog/{number}")
    clock.advance(minutes=5)
    deleted = gina.get("/worklog/deleted?since=0").json()

    assert [each["worklogId"] for each in updated["values"]] == [number]
    assert updated["values"][0].keys() == {"worklogId", "updatedTime"}
    assert (updated["lastPage"], listed) == (True, [worklog])
    assert [each["worklogId"] for each in deleted["values"]] == [number]


@pytest.mark.refuses("GET /rest/api/2/worklog/updated", 401)
@pytest.mark.refuses("GET /rest/api/2/worklog/deleted", 401)
@pytest.mark.refuses("POST /rest/api/2/worklog/list", 400)
def test_logged_work_is_not_followed_by_strangers_or_without_ids(gina: Employee, nobody: Employee) -> None:
    assert nobody.get("/worklog/updated").status == nobody.get("/worklog/deleted").status == 401
    assert gina.post("/worklog/list", {"ids": "all"}).status == 400


# Watchers and voters


@pytest.mark.answers(f"GET {ITEM}/watchers")
@pytest.mark.answers(f"POST {ITEM}/watchers")
@pytest.mark.answers(f"DELETE {ITEM}/watchers")
def test_watchers_come_and_go_by_user_name(gina: Employee, item: str) -> None:
    path = f"/issue/{item}/watchers"

    added, itself = gina.post(path, "erin"), gina.post(path)
    watchers = gina.get(path).json()
    removed = gina.delete(f"{path}?username=erin")

    assert (added.status, itself.status, removed.status) == (204, 204, 204)
    assert sorted(each["name"] for each in watchers["watchers"]) == ["erin", "gina"]
    assert (watchers["isWatching"], watchers["watchCount"]) == (True, 2)
    assert watchers["self"] == f"{BASE}/rest/api/2{path}"
    assert [each["name"] for each in gina.get(path).json()["watchers"]] == ["gina"]


@pytest.mark.refuses(f"GET {ITEM}/watchers", 404)
@pytest.mark.refuses(f"POST {ITEM}/watchers", 404)
@pytest.mark.refuses(f"DELETE {ITEM}/watchers", 400)
@pytest.mark.refuses(f"DELETE {ITEM}/watchers", 404)
def test_nobody_watches_who_is_not_there(gina: Employee, item: str) -> None:
    path = f"/issue/{item}/watchers"

    assert gina.post(path, "zoe").json()["errorMessages"] == ["The user 'zoe' does not exist."]
    assert gina.post(path, gina.site.user("erin").account_id).status == 404
    assert gina.delete(path).status == 400
    assert gina.delete(f"{path}?username=zoe").status == 404
    assert gina.get("/issue/GOLD-999/watchers").status == 404


@pytest.mark.refuses(f"POST {ITEM}/watchers", 401)
def test_who_may_not_manage_watchers_adds_nobody_else(erin: Employee, item: str) -> None:
    assert erin.post(f"/issue/{item}/watchers", "gina").status == 401
    assert erin.post(f"/issue/{item}/watchers", "erin").status == 204


@pytest.mark.answers(f"GET {ITEM}/votes")
@pytest.mark.answers(f"POST {ITEM}/votes")
@pytest.mark.answers(f"DELETE {ITEM}/votes")
@pytest.mark.refuses(f"GET {ITEM}/votes", 404)
@pytest.mark.refuses(f"POST {ITEM}/votes", 404)
@pytest.mark.refuses(f"DELETE {ITEM}/votes", 404)
def test_others_than_the_reporter_vote(gina: Employee, erin: Employee, item: str) -> None:
    path = f"/issue/{item}/votes"

    voted, own = erin.post(path), gina.post(path)
    told = erin.get(path).json()

    assert (voted.status, own.status) == (204, 404)
    assert (told["votes"], told["hasVoted"], told["voters"][0]["name"]) == (1, True, "erin")
    assert [erin.delete(path).status for _ in range(2)] == [204, 404]
    assert erin.get("/issue/GOLD-999/votes").status == 404
