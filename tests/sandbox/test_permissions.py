"""What people may do, by whom they are, and how Jira tells it."""

from typing import Any

import pytest

from jira_sandbox.state.rights import Holder
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, as_app, as_nobody, as_person

MINE, ALL = "/rest/api/3/mypermissions", "/rest/api/3/permissions"
CHECK, SPACES = f"{ALL}/check", f"{ALL}/project"
SCHEMES = "/rest/api/3/permissionscheme"


def has(person: Person, permission: str, query: str = "") -> bool:
    """Whether Jira tells somebody that they hold a permission."""
    answer = person.get(f"{MINE}?permissions={permission}{query}")
    assert answer.status == 200, answer.body
    return bool(answer.json()["permissions"][permission]["havePermission"])


@pytest.mark.answers("GET /rest/api/3/mypermissions")
def test_ones_own_permissions_in_a_space(alice: Person) -> None:
    path = f"{MINE}?permissions=ADMINISTER_PROJECTS,ADMINISTER&projectKey=ALPHA"
    shown = alice.get(path).json()["permissions"]

    assert {key: each["havePermission"] for key, each in shown.items()} == {
        "ADMINISTER_PROJECTS": True,
        "ADMINISTER": False,
    }
    assert shown["ADMINISTER_PROJECTS"]["type"] == "PROJECT"
    assert shown["ADMINISTER_PROJECTS"]["id"] == "23"


@pytest.mark.refuses("GET /rest/api/3/mypermissions", 400)
@pytest.mark.refuses("GET /rest/api/3/mypermissions", 404)
def test_ones_own_permissions_around_an_item_and_anywhere(bob: Person) -> None:
    bob.create("BETA", "one")

    assert has(bob, "ADMINISTER_PROJECTS")
    assert has(bob, "ADMINISTER_PROJECTS", "&issueKey=BETA-1")
    assert bob.get(f"{MINE}?permissions=EDIT_ISSUES&projectKey=ALPHA").status == 404
    assert bob.get(f"{MINE}?permissions=FLY").json()["errors"] == {"FLY": "Unrecognized permission"}
    assert bob.get(MINE).status == 400


def test_ones_permissions_around_a_comment(alice: Person, carol: Person) -> None:
    alice.create("ALPHA", "one")
    number = alice.comment("ALPHA-1", "a word")

    assert has(carol, "BROWSE_PROJECTS", f"&commentId={number}")
    assert carol.get(f"{MINE}?permissions=EDIT_ISSUES&commentId={number}").status == 400
    assert carol.get(f"{MINE}?permissions=BROWSE_PROJECTS&commentId=9").status == 404


def test_strangers_may_nothing(world: World, site: Site) -> None:
    assert not has(as_nobody(world, site), "BROWSE_PROJECTS")


@pytest.mark.answers("GET /rest/api/3/permissions")
def test_all_permissions_are_listed(alice: Person) -> None:
    shown = alice.get(ALL).json()["permissions"]

    assert shown["BULK_CHANGE"]["type"] == "GLOBAL"
    assert {"EDIT_ISSUES", "WORK_ON_ISSUES", "USER_PICKER", "MANAGE_WATCHERS"} <= shown.keys()
    assert len(shown) > 40


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
                    "permissions": ["ADMINISTER_PROJECTS", "EDIT_ISSUES", ""],
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


@pytest.mark.answers("POST /rest/api/3/permissions/project")
@pytest.mark.refuses("POST /rest/api/3/permissions/project", 400)
def test_spaces_in_which_one_holds_permissions(carol: Person, alice: Person, site: Site) -> None:
    def keys(person: Person, *permissions: str) -> list[str]:
        shown = person.post(SPACES, {"permissions": list(permissions)}).json()
        return [each["key"] for each in shown["projects"]]

    assert keys(carol, "EDIT_ISSUES", "ADD_COMMENTS") == ["ALPHA", "BETA"]
    assert keys(alice, "ADMINISTER_PROJECTS") == ["ALPHA"]
    assert carol.post(SPACES, {"permissions": ["FLY"]}).json()["errors"] == {"FLY": "Unrecognized permission"}
    assert carol.post(SPACES, {"permissions": []}).status == 400


@pytest.mark.parametrize(
    "holder",
    [
        Holder("projectRole", "Developers"),
        Holder("group", "staff"),
        Holder("projectLead"),
        Holder("applicationRole"),
        Holder("anyone"),
    ],
)
def test_whoever_is_what_the_holder_says_may(alice: Person, site: Site, holder: Holder) -> None:
    beta = site.space("BETA")
    beta.lead = site.user("alice").account_id
    beta.roles["Developers"].add(site.user("alice").account_id)
    value = site.group(holder.value).id if holder.kind == "group" else holder.value
    assert alice.get("/rest/api/3/project/BETA").status == 404

    site.grant_to(Holder(holder.kind, value), "BROWSE_PROJECTS", space=beta)

    assert alice.get("/rest/api/3/project/BETA").status == 200
    site.revoke_from(Holder(holder.kind, value), "BROWSE_PROJECTS", space=beta)
    assert alice.get("/rest/api/3/project/BETA").status == 404


@pytest.mark.parametrize(
    "holder", [Holder("projectRole", "Developers"), Holder("group", "staff"), Holder("projectLead")]
)
def test_whoever_is_not_what_the_holder_says_may_not(world: World, site: Site, holder: Holder) -> None:
    beta, frank = site.space("BETA"), as_person(world, site, "frank")
    site.revoke(site.user("frank"), "BROWSE_PROJECTS", space=beta)
    value = site.group(holder.value).id if holder.kind == "group" else holder.value

    site.grant_to(Holder(holder.kind, value), "BROWSE_PROJECTS", space=beta)

    assert frank.get("/rest/api/3/project/BETA").status == 404


@pytest.mark.parametrize("part", ["reporter", "assignee"])
def test_reporters_and_assignees_may_around_their_own(
    bob: Person, alice: Person, site: Site, part: Any
) -> None:
    own, other = (site.issue(bob.create("BETA", name)) for name in ("own", "other"))
    own.fields[part] = site.user("alice").account_id
    beta = site.space("BETA")

    site.grant_to(Holder(part), "BROWSE_PROJECTS", "EDIT_ISSUES", space=beta)

    assert alice.get(f"/rest/api/3/issue/{own.id}").status == 200
    assert alice.get(f"/rest/api/3/issue/{other.id}").status == 404
    assert has(alice, "EDIT_ISSUES", "&projectKey=BETA")
    assert has(alice, "EDIT_ISSUES", f"&issueId={own.id}")
    body = {"projectPermissions": [{"permissions": ["EDIT_ISSUES"], "issues": [int(own.id), int(other.id)]}]}
    assert alice.post(CHECK, body).json()["projectPermissions"][0]["issues"] == [int(own.id)]
    found = alice.post("/rest/api/3/search/jql", {"jql": "project = BETA"}).json()
    assert found["issues"] == [{"id": own.id}]


def test_members_of_a_group_in_a_role_are_in_the_role(alice: Person, site: Site) -> None:
    beta = site.space("BETA")
    beta.role_groups["Developers"] = {site.group("staff").id}

    site.grant_to(Holder("projectRole", "Developers"), "BROWSE_PROJECTS", space=beta)

    assert alice.get("/rest/api/3/project/BETA").status == 200


@pytest.mark.answers("GET /rest/api/3/permissionscheme")
@pytest.mark.answers("GET /rest/api/3/permissionscheme/{schemeId}")
@pytest.mark.answers("GET /rest/api/3/permissionscheme/{schemeId}/permission")
@pytest.mark.answers("GET /rest/api/3/permissionscheme/{schemeId}/permission/{permissionId}")
@pytest.mark.answers("GET /rest/api/3/project/{projectKeyOrId}/permissionscheme")
def test_a_scheme_tells_who_is_granted_what(alice: Person, site: Site) -> None:
    alpha = site.space("ALPHA")
    site.grant_to(Holder("group", site.group("staff").id), "ADD_COMMENTS", space=alpha)
    site.grant_to(Holder("projectRole", "Developers"), "ADD_COMMENTS", space=alpha)
    site.grant_to(Holder("reporter"), "ADD_COMMENTS", space=alpha)

    listed = alice.get(SCHEMES).json()["permissionSchemes"]
    scheme = alice.get("/rest/api/3/project/ALPHA/permissionscheme").json()
    lines = alice.get(f"{SCHEMES}/{scheme['id']}/permission").json()["permissions"]

    assert [each["name"] for each in listed] == ["Permission scheme of Alpha"]
    assert "permissions" not in scheme
    assert [each["holder"] for each in lines[-3:]] == [
        {"type": "group", "parameter": "staff", "value": site.group("staff").id, "expand": "group"},
        {
            "type": "projectRole",
            "parameter": site.role("Developers").id,
            "value": site.role("Developers").id,
            "expand": "projectRole",
        },
        {"type": "reporter"},
    ]
    assert alice.get(f"{SCHEMES}/{scheme['id']}?expand=permissions").json()["permissions"] == lines
    assert alice.get(f"{SCHEMES}/{scheme['id']}/permission/{lines[-1]['id']}").json() == lines[-1]


@pytest.mark.answers("POST /rest/api/3/permissionscheme/{schemeId}/permission")
@pytest.mark.answers("DELETE /rest/api/3/permissionscheme/{schemeId}/permission/{permissionId}")
def test_an_administrator_grants_and_revokes(dana: Person, alice: Person, site: Site) -> None:
    path = f"{SCHEMES}/{site.space('BETA').id}/permission"
    staff = {"type": "group", "parameter": "staff"}

    made = dana.post(path, {"permission": "BROWSE_PROJECTS", "holder": staff})

    assert (made.status, made.json()["holder"]["value"]) == (201, site.group("staff").id)
    assert alice.get("/rest/api/3/project/BETA").status == 200
    assert dana.delete(f"{path}/{made.json()['id']}").status == 204
    assert alice.get("/rest/api/3/project/BETA").status == 404


@pytest.mark.refuses("POST /rest/api/3/permissionscheme/{schemeId}/permission", 400)
@pytest.mark.refuses("POST /rest/api/3/permissionscheme/{schemeId}/permission", 403)
@pytest.mark.refuses("DELETE /rest/api/3/permissionscheme/{schemeId}/permission/{permissionId}", 400)
@pytest.mark.refuses("DELETE /rest/api/3/permissionscheme/{schemeId}/permission/{permissionId}", 403)
def test_a_scheme_is_not_changed_anyhow(dana: Person, alice: Person, site: Site) -> None:
    path = f"{SCHEMES}/{site.space('ALPHA').id}/permission"
    grant = {"permission": "ADD_COMMENTS", "holder": {"type": "user", "value": site.user("dana").account_id}}

    assert dana.post(path, grant).json()["errorMessages"] == ["The same permission grant is present already."]
    assert dana.post(path, {**grant, "permission": "ADMINISTER"}).json()["errors"].keys() == {"permission"}
    nobody = {**grant, "holder": {"type": "group", "value": "nobody"}}
    assert dana.post(path, nobody).json()["errors"].keys() == {"holder"}
    assert alice.post(path, {**grant, "holder": {"type": "anyone"}}).status == 403
    assert dana.delete(f"{path}/1").status == 400
    assert alice.delete(f"{path}/1").status == 403


@pytest.mark.refuses("GET /rest/api/3/permissionscheme/{schemeId}", 404)
@pytest.mark.refuses("GET /rest/api/3/permissionscheme/{schemeId}/permission", 404)
@pytest.mark.refuses("GET /rest/api/3/permissionscheme/{schemeId}/permission/{permissionId}", 404)
@pytest.mark.refuses("GET /rest/api/3/project/{projectKeyOrId}/permissionscheme", 403)
@pytest.mark.refuses("GET /rest/api/3/project/{projectKeyOrId}/permissionscheme", 404)
def test_schemes_of_what_one_does_not_see_are_not_there(alice: Person, carol: Person, site: Site) -> None:
    hidden, own = site.space("BETA").id, site.space("ALPHA").id

    assert alice.get(f"{SCHEMES}/{hidden}").status == 404
    assert alice.get(f"{SCHEMES}/{hidden}/permission").status == 404
    assert alice.get(f"{SCHEMES}/{own}/permission/1").status == 404
    assert alice.get("/rest/api/3/project/BETA/permissionscheme").status == 404
    assert carol.get("/rest/api/3/project/ALPHA/permissionscheme").status == 403
