"""What hangs on Data Center's work items: links, remote links, properties, files."""

from typing import Any

import pytest

from tests.support import uploads
from tests.support.initech import API, BASE, CONTEXT, Employee

ITEM = "/rest/api/2/issue/{issueIdOrKey}"
LINK, LINK_TYPE = "/rest/api/2/issueLink", "/rest/api/2/issueLinkType"
REMOTE = f"{ITEM}/remotelink"
KEPT = f"{ITEM}/properties"
FILE = "/rest/api/2/attachment"
PAGE = {"url": "https://wiki.example/tea", "title": "All about tea"}


def attach(person: Employee, item: str, name: str, content: bytes, *, check: str = "no-check") -> Any:
    """The answer to a file on its way into a work item."""
    body = uploads.form(uploads.part(uploads.disposition(name), content, "text/plain"))
    return uploads.send(person, f"{CONTEXT}{API}/issue/{item}/attachments", body, check=check)


# Links


@pytest.mark.answers(f"POST {LINK}")
@pytest.mark.answers(f"GET {LINK}/{{linkId}}")
@pytest.mark.answers(f"DELETE {LINK}/{{linkId}}")
@pytest.mark.refuses(f"GET {LINK}/{{linkId}}", 404)
@pytest.mark.refuses(f"DELETE {LINK}/{{linkId}}", 404)
def test_two_work_items_are_linked_and_parted(gina: Employee, item: str) -> None:
    other = gina.make("Cup")
    wanted = {"type": {"name": "Blocks"}, "inwardIssue": {"key": item}, "outwardIssue": {"key": other}}

    made = gina.post("/issueLink", wanted | {"comment": {"body": "it needs one"}})
    (within,) = gina.get(f"/issue/{item}?fields=issuelinks").json()["fields"]["issuelinks"]
    alone = gina.get(f"/issueLink/{within['id']}").json()

    assert (made.status, made.body) == (201, b"")
    assert (within["outwardIssue"]["key"], alone["inwardIssue"]["key"]) == (other, item)
    assert alone["self"] == f"{BASE}/rest/api/2/issueLink/{within['id']}"
    assert [gina.delete(f"/issueLink/{within['id']}").status for _ in range(2)] == [204, 404]
    assert gina.get(f"/issueLink/{within['id']}").status == 404


@pytest.mark.refuses(f"POST {LINK}", 404)
def test_no_link_is_made_to_what_is_not_there(gina: Employee, item: str) -> None:
    wanted = {"type": {"name": "Blocks"}, "inwardIssue": {"key": item}}

    assert gina.post("/issueLink", wanted | {"outwardIssue": {"key": "GOLD-999"}}).status == 404


@pytest.mark.answers(f"GET {LINK_TYPE}")
@pytest.mark.answers(f"GET {LINK_TYPE}/{{issueLinkTypeId}}")
@pytest.mark.refuses(f"GET {LINK_TYPE}", 401)
@pytest.mark.refuses(f"GET {LINK_TYPE}/{{issueLinkTypeId}}", 404)
def test_link_types_are_listed(gina: Employee, nobody: Employee) -> None:
    listed = gina.get("/issueLinkType").json()["issueLinkTypes"]

    assert {"Blocks", "Relates"} <= {each["name"] for each in listed}
    assert gina.get(f"/issueLinkType/{listed[0]['id']}").json() == listed[0]
    assert gina.get("/issueLinkType/99999").status == 404
    assert nobody.get("/issueLinkType").status == 401


# Remote links


@pytest.mark.answers(f"POST {REMOTE}")
@pytest.mark.answers(f"GET {REMOTE}")
@pytest.mark.answers(f"GET {REMOTE}/{{linkId}}")
def test_a_remote_link_is_made_once_for_one_global_id(gina: Employee, item: str) -> None:
    path = f"/issue/{item}/remotelink"

    made = gina.post(path, {"globalId": "tea", "object": PAGE})
    again = gina.post(path, {"globalId": "tea", "object": PAGE | {"title": "Tea"}})
    (listed,) = gina.get(path).json()
    number = made.json()["id"]

    assert (made.status, again.status, again.json()) == (201, 200, made.json())
    assert made.json()["self"].startswith(f"{BASE}/rest/api/2/issue/")
    assert listed["object"]["title"] == "Tea"
    assert gina.get(f"{path}?globalId=tea").json() == gina.get(f"{path}/{number}").json() == listed


@pytest.mark.answers(f"PUT {REMOTE}/{{linkId}}")
@pytest.mark.answers(f"DELETE {REMOTE}/{{linkId}}")
@pytest.mark.answers(f"DELETE {REMOTE}")
@pytest.mark.refuses(f"DELETE {REMOTE}", 400)
@pytest.mark.refuses(f"DELETE {REMOTE}", 404)
@pytest.mark.refuses(f"DELETE {REMOTE}/{{linkId}}", 404)
@pytest.mark.refuses(f"PUT {REMOTE}/{{linkId}}", 400)
@pytest.mark.refuses(f"PUT {REMOTE}/{{linkId}}", 404)
def test_a_remote_link_is_changed_and_removed(gina: Employee, item: str) -> None:
    path = f"/issue/{item}/remotelink"
    one, other = (gina.made(path, {"globalId": name, "object": PAGE})["id"] for name in ("a", "b"))

    changed, bad = gina.put(f"{path}/{one}", {"object": PAGE}), gina.put(f"{path}/{one}", {"object": {}})

    assert (changed.status, bad.status) == (204, 400)
    assert gina.put(f"{path}/99999", {"object": PAGE}).status == 404
    assert [gina.delete(f"{path}/{one}").status for _ in range(2)] == [204, 404]
    assert [gina.delete(f"{path}?globalId=b").status for _ in range(2)] == [204, 404]
    assert gina.delete(path).status == 400
    assert gina.get(f"{path}/{other}").status == 404


@pytest.mark.refuses(f"GET {REMOTE}", 404)
@pytest.mark.refuses(f"GET {REMOTE}/{{linkId}}", 404)
@pytest.mark.refuses(f"POST {REMOTE}", 400)
@pytest.mark.refuses(f"POST {REMOTE}", 404)
def test_no_remote_link_is_read_or_made_that_cannot_be(gina: Employee, item: str) -> None:
    assert gina.get("/issue/GOLD-999/remotelink").status == 404
    assert gina.get(f"/issue/{item}/remotelink/99999").status == 404
    assert gina.post(f"/issue/{item}/remotelink", {"object": {"url": "x"}}).status == 400
    assert gina.post("/issue/GOLD-999/remotelink", {"object": PAGE}).status == 404


# Properties


@pytest.mark.answers(f"GET {KEPT}")
@pytest.mark.answers(f"PUT {KEPT}/{{propertyKey}}")
@pytest.mark.answers(f"GET {KEPT}/{{propertyKey}}")
@pytest.mark.answers(f"DELETE {KEPT}/{{propertyKey}}")
@pytest.mark.refuses(f"GET {KEPT}", 404)
@pytest.mark.refuses(f"PUT {KEPT}/{{propertyKey}}", 400)
@pytest.mark.refuses(f"GET {KEPT}/{{propertyKey}}", 404)
@pytest.mark.refuses(f"DELETE {KEPT}/{{propertyKey}}", 404)
def test_what_an_app_keeps_is_nobodys_to_change(gina: Employee, item: str) -> None:
    path, kept = f"/issue/{item}/properties", {"fieldId": "x", "self": "mine", "author": None}

    set_first, set_again = gina.put(f"{path}/mark", 1), gina.put(f"{path}/mark", kept)
    alone = gina.get(f"{path}/mark").json()
    within = gina.get(f"/issue/{item}?properties=mark").json()["properties"]

    assert (set_first.status, set_again.status) == (201, 200)
    assert (alone, within) == ({"key": "mark", "value": kept}, {"mark": kept})
    assert [each["key"] for each in gina.get(path).json()["keys"]] == ["mark"]
    assert gina.put(f"{path}/{'k' * 300}", 1).status == 400
    assert [gina.delete(f"{path}/mark").status for _ in range(2)] == [204, 404]
    assert gina.get(f"{path}/mark").status == gina.get("/issue/GOLD-999/properties").status == 404


# Files


@pytest.mark.answers(f"POST {ITEM}/attachments")
@pytest.mark.answers(f"GET {FILE}/{{id}}")
@pytest.mark.answers("GET /secure/attachment/{id}/{filename}")
@pytest.mark.refuses("GET /secure/attachment/{id}/{filename}", 401)
def test_a_file_is_attached_and_fetched_with_the_same_credentials(
    gina: Employee, nobody: Employee, item: str
) -> None:
    response = attach(gina, item, "green tea.json", b'{"hot": true}')

    (told,) = response.json()
    address = told["content"].removeprefix(BASE.removesuffix(CONTEXT))
    assert (response.status, told["author"]["name"]) == (200, "gina")
    assert told["self"] == f"{BASE}/rest/api/2/attachment/{told['id']}"
    assert told["content"] == f"{BASE}/secure/attachment/{told['id']}/green%20tea.json"
    assert gina.get(f"/attachment/{told['id']}").json()["filename"] == "green tea.json"
    assert b"".join(gina.get(address).pieces()) == b'{"hot": true}'
    assert nobody.get(address).status == 401


@pytest.mark.answers("GET /secure/thumbnail/{id}/{filename}")
@pytest.mark.refuses("GET /secure/attachment/{id}/{filename}", 404)
@pytest.mark.refuses("GET /secure/thumbnail/{id}/{filename}", 404)
def test_a_picture_has_a_small_one(gina: Employee, item: str) -> None:
    body = uploads.form(uploads.part(uploads.disposition("cup.png"), b"\x89PNG", "image/png"))
    (told,) = uploads.send(gina, f"{CONTEXT}{API}/issue/{item}/attachments", body).json()

    small = gina.get(told["thumbnail"].removeprefix(BASE.removesuffix(CONTEXT)))

    assert (small.status, small.headers["Content-Type"]) == (200, "image/png")
    assert gina.get(f"{CONTEXT}/secure/thumbnail/99999/cup.png").status == 404
    assert gina.get(f"{CONTEXT}/secure/attachment/99999/cup.png").status == 404


@pytest.mark.answers(f"DELETE {FILE}/{{id}}")
@pytest.mark.refuses(f"GET {FILE}/{{id}}", 404)
@pytest.mark.refuses(f"DELETE {FILE}/{{id}}", 403)
@pytest.mark.refuses(f"DELETE {FILE}/{{id}}", 404)
@pytest.mark.refuses(f"POST {ITEM}/attachments", 403)
@pytest.mark.refuses(f"POST {ITEM}/attachments", 404)
def test_a_file_is_deleted_by_who_may(gina: Employee, erin: Employee, item: str) -> None:
    number = attach(gina, item, "a.txt", b"a").json()[0]["id"]

    assert erin.delete(f"/attachment/{number}").status == 403
    assert [gina.delete(f"/attachment/{number}").status for _ in range(2)] == [204, 404]
    assert gina.get(f"/attachment/{number}").status == 404
    assert attach(gina, item, "a.txt", b"a", check="").status == 403
    assert attach(gina, "GOLD-999", "a.txt", b"a").status == 404


@pytest.mark.answers(f"GET {FILE}/meta")
@pytest.mark.refuses(f"GET {FILE}/meta", 401)
def test_it_is_told_how_large_a_file_may_be(gina: Employee, nobody: Employee) -> None:
    gina.site.upload_limit = 4096

    assert gina.get("/attachment/meta").json() == {"enabled": True, "uploadLimit": 4096}
    assert nobody.get("/attachment/meta").status == 401
