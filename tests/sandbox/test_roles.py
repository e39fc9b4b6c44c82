from typing import Any

import pytest

from jira_sandbox.state.rights import Holder
from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

ROLE = "/rest/api/3/role"
ALPHA = "/rest/api/3/project/ALPHA/role"
ADMINS_ONLY = ["Only Jira administrators can perform this operation."]


@pytest.fixture
def developers(site: Site) -> str:
    """The id of the role."""
    return site.role("Developers").id


def actors(role: dict[str, Any]) -> list[str]:
    return [each["displayName"] for each in role["actors"]]


@pytest.mark.answers("GET /rest/api/3/role")
@pytest.mark.answers("POST /rest/api/3/role")
@pytest.mark.answers("GET /rest/api/3/role/{id}")
@pytest.mark.answers("PUT /rest/api/3/role/{id}")
@pytest.mark.answers("POST /rest/api/3/role/{id}")
def test_a_role_is_made_and_changed_whole_or_in_part(dana: Person) -> None:
    made = dana.post(ROLE, {"name": "Guests", "description": "From afar"})
    one = f"{ROLE}/{made.json()['id']}"

    whole = dana.put(one, {"name": "Visitors", "description": "Near"}).json()
    part = dana.post(one, {"description": "Nearer"}).json()

    assert (made.status, made.json()["actors"]) == (200, [])
    assert (whole["name"], whole["description"]) == ("Visitors", "Near")
    assert (part["name"], part["description"]) == ("Visitors", "Nearer")
    assert dana.get(one).json() == part
    assert [each["name"] for each in dana.get(ROLE).json()] == ["Administrators", "Developers", "Visitors"]


def test_a_renamed_role_keeps_its_people_and_what_is_restricted_to_it(
    dana: Person, alice: Person, carol: Person, developers: str
) -> None:
    item = alice.create("ALPHA", "one")
    number = alice.comment(item, "hush", visibility={"type": "role", "value": "Developers"})

    dana.post(f"{ROLE}/{developers}", {"name": "Makers"})

    shown = carol.get(f"/rest/api/3/issue/{item}/comment/{number}").json()
    assert shown["visibility"]["value"] == "Makers"
    assert actors(alice.get(f"{ALPHA}/{developers}").json()) == ["Alice Archer", "Carol Cook"]


def test_what_a_role_was_granted_its_heir_holds(dana: Person, developers: str, site: Site) -> None:
    heir, space = site.role("Administrators").id, site.space("ALPHA")
    site.grant_to(Holder("projectRole", "Developers"), "DELETE_ALL_WORKLOGS", space=space)
    before = site.may(site.user("carol"), "DELETE_ALL_WORKLOGS", space=space)

    refused = dana.delete(f"{ROLE}/{developers}")
    dana.delete(f"{ROLE}/{developers}?swap={heir}")

    assert (before, refused.status) == (True, 409)
    assert not site.may(site.user("carol"), "DELETE_ALL_WORKLOGS", space=space)
    assert site.may(site.user("alice"), "DELETE_ALL_WORKLOGS", space=space)


@pytest.mark.answers("GET /rest/api/3/role/{id}/actors")
@pytest.mark.answers("POST /rest/api/3/role/{id}/actors")
@pytest.mark.answers("DELETE /rest/api/3/role/{id}/actors")
def test_whoever_is_in_a_role_by_default_is_in_it_in_new_spaces(
    dana: Person, developers: str, site: Site
) -> None:
    path, carol = f"{ROLE}/{developers}/actors", site.user("carol").account_id

    dana.post(path, {"user": [carol]})
    added = dana.post(path, {"group": ["staff"]})
    made = {"key": "DELTA", "name": "Delta", "leadAccountId": site.user("dana").account_id}
    dana.post("/rest/api/3/project", made)
    removed = dana.delete(f"{path}?user={carol}")

    assert actors(added.json()) == ["Carol Cook", "staff"]
    assert actors(dana.get(f"/rest/api/3/project/DELTA/role/{developers}").json()) == ["Carol Cook", "staff"]
    assert actors(removed.json()) == actors(dana.get(path).json()) == ["staff"]


@pytest.mark.answers("DELETE /rest/api/3/role/{id}")
@pytest.mark.refuses("DELETE /rest/api/3/role/{id}", 400)
@pytest.mark.refuses("DELETE /rest/api/3/role/{id}", 409)
def test_a_role_in_use_is_deleted_only_for_another(
    dana: Person, alice: Person, developers: str, site: Site
) -> None:
    item = alice.create("ALPHA", "one")
    number = alice.comment(item, "hush", visibility={"type": "role", "value": "Developers"})
    heir = site.role("Administrators").id

    refused = dana.delete(f"{ROLE}/{developers}")
    wrong = dana.delete(f"{ROLE}/{developers}?swap=99")
    deleted = dana.delete(f"{ROLE}/{developers}?swap={heir}")

    assert (refused.status, wrong.status, deleted.status) == (409, 400, 204)
    shown = alice.get(f"/rest/api/3/issue/{item}/comment/{number}").json()
    assert shown["visibility"]["value"] == "Administrators"
    assert set(site.space("ALPHA").roles) == {"Administrators"}


@pytest.mark.refuses("GET /rest/api/3/role", 403)
@pytest.mark.refuses("POST /rest/api/3/role", 403)
@pytest.mark.refuses("GET /rest/api/3/role/{id}", 403)
@pytest.mark.refuses("PUT /rest/api/3/role/{id}", 403)
@pytest.mark.refuses("POST /rest/api/3/role/{id}", 403)
@pytest.mark.refuses("DELETE /rest/api/3/role/{id}", 403)
@pytest.mark.refuses("GET /rest/api/3/role/{id}/actors", 403)
@pytest.mark.refuses("POST /rest/api/3/role/{id}/actors", 403)
@pytest.mark.refuses("DELETE /rest/api/3/role/{id}/actors", 403)
def test_roles_of_the_site_are_for_administrators_of_jira(alice: Person, developers: str, site: Site) -> None:
    one, account = f"{ROLE}/{developers}", site.user("carol").account_id

    refused = [
        alice.get(ROLE),
        alice.post(ROLE, {"name": "x"}),
        alice.get(one),
        alice.put(one, {"name": "x", "description": "x"}),
        alice.post(one, {"name": "x"}),
        alice.delete(one),
        alice.get(f"{one}/actors"),
        alice.post(f"{one}/actors", {"user": [account]}),
        alice.delete(f"{one}/actors?user={account}"),
    ]

    assert [(each.status, each.json()["errorMessages"]) for each in refused] == [(403, ADMINS_ONLY)] * 9


@pytest.mark.refuses("GET /rest/api/3/role/{id}", 404)
@pytest.mark.refuses("PUT /rest/api/3/role/{id}", 404)
@pytest.mark.refuses("POST /rest/api/3/role/{id}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/role/{id}", 404)
@pytest.mark.refuses("GET /rest/api/3/role/{id}/actors", 404)
@pytest.mark.refuses("POST /rest/api/3/role/{id}/actors", 404)
@pytest.mark.refuses("DELETE /rest/api/3/role/{id}/actors", 404)
def test_a_role_that_is_not_there_is_not_found(dana: Person) -> None:
    one = f"{ROLE}/99"

    refused = [
        dana.get(one),
        dana.put(one, {"name": "x", "description": "x"}),
        dana.post(one, {"name": "x"}),
        dana.delete(one),
        dana.get(f"{one}/actors"),
        dana.post(f"{one}/actors", {"group": ["staff"]}),
        dana.delete(f"{one}/actors?group=staff"),
    ]

    words = ["Can not retrieve a role actor for role with id 99."]
    assert [(each.status, each.json()["errorMessages"]) for each in refused] == [(404, words)] * 7


@pytest.mark.refuses("POST /rest/api/3/role", 400)
@pytest.mark.refuses("POST /rest/api/3/role", 409)
@pytest.mark.refuses("PUT /rest/api/3/role/{id}", 400)
@pytest.mark.refuses("POST /rest/api/3/role/{id}", 400)
def test_a_roles_name_is_its_own_and_has_no_blanks_around_it(dana: Person, developers: str) -> None:
    one = f"{ROLE}/{developers}"

    for name in ("", " Guests", "Guests "):
        assert list(dana.post(ROLE, {"name": name}).json()["errors"]) == ["name"]
    assert dana.post(ROLE, {"name": "Developers"}).status == 409
    assert dana.put(one, {"name": "Makers"}).status == 400
    assert dana.put(one, {"name": "Administrators", "description": "x"}).status == 400
    assert dana.post(one, {}).status == 400


@pytest.mark.refuses("POST /rest/api/3/role/{id}/actors", 400)
@pytest.mark.refuses("DELETE /rest/api/3/role/{id}/actors", 400)
def test_people_and_groups_are_not_put_into_a_role_at_once(dana: Person, developers: str, site: Site) -> None:
    path, account = f"{ROLE}/{developers}/actors", site.user("carol").account_id

    assert dana.post(path, {"user": [account], "group": ["staff"]}).status == 400
    assert dana.post(path, {"user": ["nobody"]}).json()["errorMessages"] == [
        "We can't find 'nobody' in any accessible user directory."
    ]
    assert dana.post(path, {"user": "nobody"}).json()["errors"] == {
        "user": "data was not an array of strings"
    }
    assert dana.delete(f"{path}?user={account}&group=staff").status == 400
    assert dana.delete(path).status == 400


@pytest.mark.answers("GET /rest/api/3/project/{projectIdOrKey}/role")
@pytest.mark.answers("GET /rest/api/3/project/{projectIdOrKey}/roledetails")
@pytest.mark.answers("GET /rest/api/3/project/{projectIdOrKey}/role/{id}")
def test_a_space_tells_its_roles_and_who_is_in_them(alice: Person, dana: Person) -> None:
    names = alice.get(ALPHA).json()
    details = alice.get("/rest/api/3/project/ALPHA/roledetails").json()
    mine = dana.get("/rest/api/3/project/ALPHA/roledetails?currentMember=true").json()
    old = alice.get("/rest/api/2/project/ALPHA/role").json()

    shown = alice.get(names["Developers"].removeprefix("https://acme.atlassian.net")).json()

    assert [each["name"] for each in details] == list(names) == ["Administrators", "Developers"]
    assert [each["name"] for each in mine] == ["Administrators"]
    assert all("/rest/api/2/" in each for each in old.values())
    assert actors(shown) == ["Alice Archer", "Carol Cook"]
    assert {each["type"] for each in shown["actors"]} == {"atlassian-user-role-actor"}


@pytest.mark.answers("POST /rest/api/3/project/{projectIdOrKey}/role/{id}")
@pytest.mark.answers("PUT /rest/api/3/project/{projectIdOrKey}/role/{id}")
@pytest.mark.answers("DELETE /rest/api/3/project/{projectIdOrKey}/role/{id}")
def test_people_and_groups_come_into_a_role_of_a_space_and_leave_it(
    alice: Person, developers: str, site: Site
) -> None:
    one, frank = f"{ALPHA}/{developers}", site.user("frank").account_id
    bob = site.user("bob").account_id

    added = alice.post(one, {"user": [frank]}).json()
    alice.post(one, {"groupId": [site.group("staff").id]})
    removed = alice.delete(f"{one}?user={frank}")
    left = actors(alice.get(one).json())
    replaced = alice.put(
        one,
        {"categorisedActors": {"atlassian-user-role-actor": [bob], "atlassian-group-role-actor": ["staff"]}},
    )
    emptied = alice.put(one, {"categorisedActors": {}})

    assert actors(added) == ["Alice Archer", "Carol Cook", "Frank Fisher"]
    assert (removed.status, left) == (204, ["Alice Archer", "Carol Cook", "staff"])
    assert actors(replaced.json()) == ["Bob Baker", "staff"]
    assert actors(emptied.json()) == []


def test_whoever_is_in_a_role_through_a_group_reads_what_is_restricted_to_it(
    alice: Person, dana: Person, developers: str
) -> None:
    item = alice.create("ALPHA", "one")
    number = alice.comment(item, "hush", visibility={"type": "role", "value": "Developers"})
    path = f"/rest/api/3/issue/{item}/comment/{number}"
    before = dana.get(path).status

    alice.post(f"{ALPHA}/{developers}", {"group": ["jira-administrators"]})

    assert (before, dana.get(path).status) == (404, 200)


@pytest.mark.refuses("GET /rest/api/3/project/{projectIdOrKey}/role", 404)
@pytest.mark.refuses("GET /rest/api/3/project/{projectIdOrKey}/roledetails", 404)
@pytest.mark.refuses("GET /rest/api/3/project/{projectIdOrKey}/role/{id}", 404)
@pytest.mark.refuses("PUT /rest/api/3/project/{projectIdOrKey}/role/{id}", 404)
@pytest.mark.refuses("POST /rest/api/3/project/{projectIdOrKey}/role/{id}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/project/{projectIdOrKey}/role/{id}", 404)
def test_who_does_not_administer_the_space_sees_nothing_of_its_roles(
    carol: Person, alice: Person, developers: str, site: Site
) -> None:
    one, account = f"{ALPHA}/{developers}", site.user("frank").account_id

    refused = [
        carol.get(ALPHA),
        carol.get("/rest/api/3/project/ALPHA/roledetails"),
        carol.get(one),
        carol.put(one, {"categorisedActors": {}}),
        carol.post(one, {"user": [account]}),
        carol.delete(f"{one}?user={account}"),
    ]

    assert [each.status for each in refused] == [404] * 6
    assert alice.get(f"{ALPHA}/99").status == 404
    assert alice.delete(f"{one}?user={account}").json()["errorMessages"] == [
        "The user or group is not a member of the project role."
    ]
    assert alice.post(one, {"user": ["nobody"]}).status == 404


@pytest.mark.refuses("POST /rest/api/3/project/{projectIdOrKey}/role/{id}", 400)
@pytest.mark.refuses("PUT /rest/api/3/project/{projectIdOrKey}/role/{id}", 400)
@pytest.mark.refuses("DELETE /rest/api/3/project/{projectIdOrKey}/role/{id}", 400)
def test_who_is_named_wrongly_for_a_role_of_a_space_is_refused(
    alice: Person, developers: str, site: Site
) -> None:
    one = f"{ALPHA}/{developers}"

    again = alice.post(one, {"user": [site.user("carol").account_id]})
    strange = alice.put(one, {"categorisedActors": {"robots": ["x"]}})

    assert (again.status, again.json()["errorMessages"]) == (
        400,
        ["The user or group is already a member of the project role."],
    )
    assert list(strange.json()["errors"]) == ["categorisedActors"]
    assert alice.delete(one).status == 400


def test_people_who_have_left_can_be_kept_out_of_the_answer(
    alice: Person, developers: str, site: Site
) -> None:
    carol = site.user("carol")
    site.users[carol.account_id] = type(carol)(
        account_id=carol.account_id,
        name=carol.name,
        display_name=carol.display_name,
        email=carol.email,
        password=None,
        active=False,
    )

    shown = alice.get(f"{ALPHA}/{developers}?excludeInactiveUsers=true").json()

    assert actors(shown) == ["Alice Archer"]
