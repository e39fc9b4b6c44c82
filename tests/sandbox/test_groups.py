"""Groups: their members, who may change them, and the pickers."""

import pytest

from jira_sandbox.state.rights import Holder
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, as_app, as_nobody, document

GROUP, MEMBER, BULK = "/rest/api/3/group", "/rest/api/3/group/member", "/rest/api/3/group/bulk"
PERSON = f"{GROUP}/user"
PICKER, EITHER = "/rest/api/3/groups/picker", "/rest/api/3/groupuserpicker"


def account(site: Site, name: str) -> str:
    return site.user(name).account_id


@pytest.mark.answers("GET /rest/api/3/group")
@pytest.mark.refuses("GET /rest/api/3/group", 400)
@pytest.mark.refuses("GET /rest/api/3/group", 404)
def test_a_group_is_found_by_name_or_id(alice: Person, site: Site) -> None:
    number = site.group("staff").id

    shown = alice.get(f"{GROUP}?groupname=staff&expand=users").json()

    assert (shown["name"], shown["groupId"], shown["users"]["size"]) == ("staff", number, 4)
    assert [each["displayName"] for each in shown["users"]["items"]][:2] == ["Alice Archer", "Bob Baker"]
    assert alice.get(f"{GROUP}?groupId={number}").json()["users"]["items"] == []
    assert alice.get(GROUP).status == 400
    assert alice.get(f"{GROUP}?groupId={number}&groupname=staff").status == 400
    assert alice.get(f"{GROUP}?groupname=nobody").json()["errorMessages"] == [
        "The group 'nobody' does not exist."
    ]


@pytest.mark.answers("GET /rest/api/3/group/member")
@pytest.mark.refuses("GET /rest/api/3/group/member", 400)
@pytest.mark.refuses("GET /rest/api/3/group/member", 404)
def test_members_come_in_pages(alice: Person, dana: Person, site: Site) -> None:
    dana.delete(f"/rest/api/3/user?accountId={account(site, 'bob')}")

    page = alice.get(f"{MEMBER}?groupname=staff&startAt=1&maxResults=1").json()

    assert [each["displayName"] for each in page["values"]] == ["Carol Cook"]
    assert (page["total"], page["isLast"]) == (3, False)
    assert page["nextPage"].startswith("https://acme.atlassian.net/rest/api/3/group/member?")
    everyone = alice.get(f"{MEMBER}?groupname=staff&includeInactiveUsers=true").json()
    assert [each["active"] for each in everyone["values"]] == [True, False, True, True]
    assert alice.get(MEMBER).status == 400
    assert alice.get(f"{MEMBER}?groupname=nobody").status == 404


@pytest.mark.refuses("GET /rest/api/3/group", 403)
@pytest.mark.refuses("GET /rest/api/3/group/member", 403)
@pytest.mark.refuses("GET /rest/api/3/group/bulk", 403)
@pytest.mark.refuses("GET /rest/api/3/groupuserpicker", 403)
def test_who_may_not_browse_groups_is_shown_none(alice: Person, site: Site) -> None:
    site.revoke_from(Holder("applicationRole"), "USER_PICKER")

    for path in (f"{GROUP}?groupname=staff", f"{MEMBER}?groupname=staff", BULK, f"{EITHER}?query=s"):
        answer = alice.get(path)
        assert (answer.status, len(answer.json()["errorMessages"])) == (403, 1)
    assert alice.get(f"{PICKER}?query=sta").json()["groups"] == []
    assert alice.get(f"{PICKER}?query=staff").json()["total"] == 1


@pytest.mark.answers("GET /rest/api/3/group/bulk")
@pytest.mark.refuses("GET /rest/api/3/group/bulk", 400)
def test_groups_are_listed(alice: Person, site: Site) -> None:
    number = site.group("staff").id

    assert [each["name"] for each in alice.get(BULK).json()["values"]] == ["jira-administrators", "staff"]
    for query in (f"groupId={number}", "groupName=staff", "accessType=user"):
        assert alice.get(f"{BULK}?{query}").json()["values"] == [{"name": "staff", "groupId": number}]
    assert alice.get(f"{BULK}?accessType=admin").json()["total"] == 1
    assert alice.get(f"{BULK}?accessType=king").status == 400
    assert alice.get(f"{BULK}?applicationKey=chess").status == 400


@pytest.mark.answers("POST /rest/api/3/group")
@pytest.mark.answers("POST /rest/api/3/group/user")
@pytest.mark.answers("DELETE /rest/api/3/group/user")
def test_an_administrator_makes_and_fills_groups(dana: Person, site: Site) -> None:
    made = dana.post(GROUP, {"name": "night shift"})
    number = made.json()["groupId"]

    assert (made.status, made.json()["users"]["size"]) == (201, 0)
    joined = dana.post(f"{PERSON}?groupId={number}", {"accountId": account(site, "frank")})
    assert (joined.status, joined.json()["users"]["size"]) == (201, 1)
    assert site.group("night shift").members == {account(site, "frank")}
    left = dana.delete(f"{PERSON}?groupId={number}&accountId={account(site, 'frank')}")
    assert (left.status, left.body) == (200, b"")
    assert site.group("night shift").members == set()


@pytest.mark.refuses("POST /rest/api/3/group", 400)
@pytest.mark.refuses("POST /rest/api/3/group", 403)
@pytest.mark.refuses("POST /rest/api/3/group/user", 400)
@pytest.mark.refuses("POST /rest/api/3/group/user", 403)
@pytest.mark.refuses("POST /rest/api/3/group/user", 404)
@pytest.mark.refuses("DELETE /rest/api/3/group/user", 400)
@pytest.mark.refuses("DELETE /rest/api/3/group/user", 404)
def test_groups_cannot_be_made_and_filled_anyhow(
    world: World, dana: Person, alice: Person, site: Site, app: ListeningApp
) -> None:
    alice_id, staff = account(site, "alice"), f"{PERSON}?groupname=staff"

    assert dana.post(GROUP, {"name": "Staff"}).status == 400
    assert dana.post(GROUP, {"name": " "}).json()["errors"].keys() == {"name"}
    assert alice.post(GROUP, {"name": "mine"}).status == 403
    assert as_app(world, site).post(GROUP, {"name": "mine"}).status == 403
    assert dana.post(staff, {"accountId": alice_id}).status == 400
    assert dana.post(staff, {}).status == 400
    assert dana.post(staff, {"accountId": "nobody"}).status == 404
    assert alice.post(staff, {"accountId": account(site, "frank")}).status == 403
    assert dana.delete(f"{staff}&accountId={account(site, 'frank')}").status == 400
    assert dana.delete(f"{PERSON}?groupname=nobody&accountId={alice_id}").status == 404


@pytest.mark.answers("DELETE /rest/api/3/group")
@pytest.mark.refuses("DELETE /rest/api/3/group", 400)
@pytest.mark.refuses("DELETE /rest/api/3/group", 403)
@pytest.mark.refuses("DELETE /rest/api/3/group", 404)
def test_what_was_restricted_to_a_deleted_group_is_handed_over(
    dana: Person, alice: Person, site: Site
) -> None:
    alice.create("ALPHA", "one")
    restricted = {"body": document("hush"), "visibility": {"type": "group", "value": "staff"}}
    alice.post("/rest/api/3/issue/ALPHA-1/comment", restricted)

    assert alice.delete(f"{GROUP}?groupname=staff").status == 403
    assert dana.delete(f"{GROUP}?groupname=staff&swapGroup=nobody").status == 404
    assert dana.delete(GROUP).status == 400
    assert dana.delete(f"{GROUP}?groupname=staff&swapGroup=jira-administrators").status == 200

    assert dana.get("/rest/api/3/issue/ALPHA-1/comment").json()["total"] == 1
    assert alice.get("/rest/api/3/issue/ALPHA-1/comment").json()["total"] == 0
    assert [each.name for each in site.groups.values()] == ["jira-administrators"]


@pytest.mark.answers("GET /rest/api/3/groups/picker")
def test_a_picker_of_groups(world: World, site: Site, alice: Person) -> None:
    shown = alice.get(f"{PICKER}?query=adm").json()

    assert shown["header"] == "Showing 1 of 1 matching groups"
    assert shown["groups"][0]["html"] == "jira-<b>adm</b>inistrators"
    assert alice.get(f"{PICKER}?query=ADM").json()["groups"] == []
    assert alice.get(f"{PICKER}?query=ADM&caseInsensitive=true").json()["total"] == 1
    assert alice.get(f"{PICKER}?exclude=staff&maxResults=1").json()["total"] == 1
    assert as_nobody(world, site).get(f"{PICKER}?query=staff").json()["groups"] == []


@pytest.mark.answers("GET /rest/api/3/groupuserpicker")
@pytest.mark.refuses("GET /rest/api/3/groupuserpicker", 400)
def test_a_picker_of_people_and_groups(alice: Person) -> None:
    shown = alice.get(f"{EITHER}?query=a&maxResults=1").json()

    assert [each["displayName"] for each in shown["users"]["users"]] == ["Alice Archer"]
    assert shown["users"]["header"] == "Showing 1 of 5 matching users"
    assert [each["name"] for each in shown["groups"]["groups"]] == ["jira-administrators"]
    assert shown["groups"]["total"] == 2
    assert alice.get(EITHER).json()["errorMessages"] == ["The 'query' query parameter must be provided."]
