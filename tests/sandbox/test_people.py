import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, as_app

CHECK = "/rest/api/3/permissions/check"


@pytest.mark.answers("GET /rest/api/3/myself")
def test_one_sees_ones_own_account(alice: Person, site: Site) -> None:
    shown = alice.get("/rest/api/3/myself").json()

    assert shown["accountId"] == site.user("alice").account_id
    assert (shown["displayName"], shown["accountType"]) == ("Alice Archer", "atlassian")


@pytest.mark.answers("GET /rest/api/3/user")
@pytest.mark.refuses("GET /rest/api/3/user", 404)
def test_an_account_is_found_by_id(alice: Person, site: Site) -> None:
    bob = site.user("bob").account_id

    assert alice.get(f"/rest/api/3/user?accountId={bob}").json()["displayName"] == "Bob Baker"
    assert alice.get("/rest/api/3/user?accountId=nobody").status == 404
    assert alice.get("/rest/api/3/user").status == 404


@pytest.mark.answers("GET /rest/api/3/user/bulk")
@pytest.mark.refuses("GET /rest/api/3/user/bulk", 400)
def test_several_accounts_are_found_at_once(alice: Person, site: Site) -> None:
    bob, carol = (site.user(name).account_id for name in ("bob", "carol"))
    path = f"/rest/api/3/user/bulk?accountId={bob}&accountId=nobody&accountId={carol}"

    page = alice.get(path).json()

    assert [each["displayName"] for each in page["values"]] == ["Bob Baker", "Carol Cook"]
    assert (page["total"], page["isLast"], page["maxResults"]) == (2, True, 10)
    second = alice.get(f"{path}&startAt=1&maxResults=1").json()
    assert [each["accountId"] for each in second["values"]] == [carol]
    assert alice.get("/rest/api/3/user/bulk").status == 400


def test_ones_own_permissions_in_a_space(alice: Person) -> None:
    path = "/rest/api/3/mypermissions?permissions=ADMINISTER_PROJECTS,ADMINISTER&projectKey=ALPHA"
    shown = alice.get(path).json()["permissions"]

    assert {key: each["havePermission"] for key, each in shown.items()} == {
        "ADMINISTER_PROJECTS": True,
        "ADMINISTER": False,
    }
    assert shown["ADMINISTER_PROJECTS"]["type"] == "PROJECT"


@pytest.mark.answers("GET /rest/api/3/mypermissions")
@pytest.mark.refuses("GET /rest/api/3/mypermissions", 400)
@pytest.mark.refuses("GET /rest/api/3/mypermissions", 404)
def test_ones_own_permissions_around_an_item_and_anywhere(carol: Person, bob: Person) -> None:
    bob.create("BETA", "one")

    def has(query: str) -> bool:
        path = f"/rest/api/3/mypermissions?permissions=ADMINISTER_PROJECTS{query}"
        return bool(bob.get(path).json()["permissions"]["ADMINISTER_PROJECTS"]["havePermission"])

    assert has("")
    assert has("&issueKey=BETA-1")
    assert bob.get("/rest/api/3/mypermissions?permissions=EDIT_ISSUES&projectKey=ALPHA").status == 404
    assert bob.get("/rest/api/3/mypermissions?permissions=FLY").json()["errors"] == {
        "FLY": "Unrecognized permission"
    }
    assert bob.get("/rest/api/3/mypermissions").status == 400


@pytest.mark.answers("POST /rest/api/3/permissions/check")
def test_an_app_may_ask_what_anybody_may_do(world: World, site: Site, app: ListeningApp, bob: Person) -> None:
    alpha, beta = (int(site.space(key).id) for key in ("ALPHA", "BETA"))
    item = int(bob.create("BETA", "one"))

    answer = as_app(world, site).post(
        CHECK,
        {
            "accountId": site.user("bob").account_id,
            "globalPermissions": ["ADMINISTER"],
            "projectPermissions": [
                {
                    "permissions": ["ADMINISTER_PROJECTS", "EDIT_ISSUES"],
                    "projects": [alpha, beta, 77],
                    "issues": [item, 78],
                },
            ],
        },
    )

    assert answer.status == 200
    assert answer.json() == {
        "globalPermissions": [],
        "projectPermissions": [
            {"permission": "ADMINISTER_PROJECTS", "issues": [item], "projects": [beta]},
            {"permission": "EDIT_ISSUES", "issues": [item], "projects": [beta]},
        ],
    }


@pytest.mark.refuses("POST /rest/api/3/permissions/check", 403)
def test_a_person_asks_about_others_only_as_jira_administrator(
    alice: Person, dana: Person, site: Site
) -> None:
    body = {"accountId": site.user("dana").account_id, "globalPermissions": ["ADMINISTER"]}

    assert alice.post(CHECK, body).status == 403
    assert dana.post(CHECK, body).json()["globalPermissions"] == ["ADMINISTER"]
    own = alice.post(CHECK, {"globalPermissions": ["ADMINISTER"]})
    assert own.json() == {"globalPermissions": [], "projectPermissions": []}


@pytest.mark.refuses("POST /rest/api/3/permissions/check", 400)
def test_questions_without_sense_are_refused(dana: Person) -> None:
    assert dana.post(CHECK, {"globalPermissions": ["FLY"]}).json()["errors"] == {
        "FLY": "Unrecognized permission"
    }
    assert dana.post(CHECK, {"projectPermissions": [{"projects": [1]}]}).status == 400
    many = {"permissions": ["EDIT_ISSUES"], "projects": list(range(1001))}
    assert dana.post(CHECK, {"projectPermissions": [many]}).status == 400
    assert dana.post(CHECK, {"accountId": "nobody"}).status == 400
