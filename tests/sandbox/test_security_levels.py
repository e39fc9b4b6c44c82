import pytest

from jira_sandbox.state.furniture import SecurityLevel
from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

ALL = "/rest/api/3/issuesecurityschemes"
ALPHA = "/rest/api/3/project/ALPHA"
ADMINS_ONLY = ["Only Jira administrators can perform this operation."]


@pytest.fixture
def scheme(site: Site) -> str:
    """The id of ALPHA's scheme: of its two levels alice is in both, carol in one."""
    space = site.space("ALPHA")
    alice, carol = (site.user(name).account_id for name in ("alice", "carol"))
    space.security_levels = [
        SecurityLevel(id="501", name="All", is_default=True, members={alice, carol}),
        SecurityLevel(id="502", name="Few", description="Hush", members={alice}),
    ]
    return space.id


@pytest.mark.answers("GET /rest/api/3/issuesecurityschemes")
@pytest.mark.answers("GET /rest/api/3/issuesecurityschemes/{id}")
@pytest.mark.answers("GET /rest/api/3/issuesecurityschemes/search")
@pytest.mark.answers("GET /rest/api/3/issuesecurityschemes/project")
def test_a_space_with_levels_has_a_scheme(dana: Person, alice: Person, scheme: str) -> None:
    (listed,) = dana.get(ALL).json()["issueSecuritySchemes"]
    shown = alice.get(f"{ALL}/{scheme}").json()
    found = dana.get(f"{ALL}/search?projectId={scheme}").json()["values"]
    users = dana.get(f"{ALL}/project").json()["values"]

    assert (listed["id"], listed["defaultSecurityLevelId"]) == (int(scheme), 501)
    assert [(each["name"], each["isDefault"]) for each in shown["levels"]] == [("All", True), ("Few", False)]
    assert [each["projectIds"] for each in found] == [[int(scheme)]]
    assert users == [{"issueSecuritySchemeId": scheme, "projectId": scheme}]
    assert dana.get(f"{ALL}/search?id=99").json()["values"] == []
    assert dana.get(f"{ALL}/project?issueSecuritySchemeId=99").json()["values"] == []


@pytest.mark.answers("GET /rest/api/3/issuesecurityschemes/level")
@pytest.mark.answers("GET /rest/api/3/issuesecurityschemes/level/member")
@pytest.mark.answers("GET /rest/api/3/issuesecurityschemes/{issueSecuritySchemeId}/members")
def test_levels_and_their_members_are_listed(dana: Person, site: Site, scheme: str) -> None:
    alice = site.user("alice").account_id

    levels = dana.get(f"{ALL}/level?schemeId={scheme}&onlyDefault=true").json()["values"]
    members = dana.get(f"{ALL}/level/member?levelId=502").json()["values"]
    old = dana.get(f"{ALL}/{scheme}/members?issueSecurityLevelId=502").json()["values"]

    assert [each["id"] for each in levels] == ["501"]
    assert [(each["issueSecurityLevelId"], each["holder"]["parameter"]) for each in members] == [
        ("502", alice)
    ]
    assert [(each["issueSecurityLevelId"], each["holder"]["parameter"]) for each in old] == [(502, alice)]
    assert len(dana.get(f"{ALL}/level/member").json()["values"]) == 3
    assert [each["id"] for each in dana.get(f"{ALL}/level?id=502").json()["values"]] == ["502"]


@pytest.mark.answers("GET /rest/api/3/project/{projectKeyOrId}/issuesecuritylevelscheme")
@pytest.mark.answers("GET /rest/api/3/project/{projectKeyOrId}/securitylevel")
@pytest.mark.answers("GET /rest/api/3/securitylevel/{id}")
def test_one_may_give_the_levels_one_belongs_to(
    alice: Person, carol: Person, site: Site, scheme: str
) -> None:
    def offered(person: Person) -> list[str]:
        return [each["name"] for each in person.get(f"{ALPHA}/securitylevel").json()["levels"]]

    before = offered(carol)
    site.grant(site.user("carol"), "SET_ISSUE_SECURITY", space=site.space("ALPHA"))

    assert (before, offered(carol), offered(alice)) == ([], ["All"], ["All", "Few"])
    assert alice.get(f"{ALPHA}/issuesecuritylevelscheme").json()["id"] == int(scheme)
    assert carol.get("/rest/api/3/securitylevel/502").json()["description"] == "Hush"


@pytest.mark.refuses("GET /rest/api/3/issuesecurityschemes", 403)
@pytest.mark.refuses("GET /rest/api/3/issuesecurityschemes/{id}", 403)
@pytest.mark.refuses("GET /rest/api/3/issuesecurityschemes/search", 403)
@pytest.mark.refuses("GET /rest/api/3/issuesecurityschemes/project", 403)
@pytest.mark.refuses("GET /rest/api/3/issuesecurityschemes/level", 403)
@pytest.mark.refuses("GET /rest/api/3/issuesecurityschemes/level/member", 403)
@pytest.mark.refuses("GET /rest/api/3/issuesecurityschemes/{issueSecuritySchemeId}/members", 403)
@pytest.mark.refuses("GET /rest/api/3/project/{projectKeyOrId}/issuesecuritylevelscheme", 403)
def test_schemes_are_for_administrators(alice: Person, carol: Person, scheme: str) -> None:
    ends = ("", "/search", "/project", "/level", "/level/member", f"/{scheme}/members")

    refused = [alice.get(f"{ALL}{end}") for end in ends]

    assert [(each.status, each.json()["errorMessages"]) for each in refused] == [(403, ADMINS_ONLY)] * 6
    assert carol.get(f"{ALL}/{scheme}").json()["errorMessages"] == [
        "You do not have permission to view this issue security scheme."
    ]
    assert carol.get(f"{ALPHA}/issuesecuritylevelscheme").status == 403


@pytest.mark.refuses("GET /rest/api/3/securitylevel/{id}", 404)
@pytest.mark.refuses("GET /rest/api/3/issuesecurityschemes/{issueSecuritySchemeId}/members", 404)
@pytest.mark.refuses("GET /rest/api/3/project/{projectKeyOrId}/issuesecuritylevelscheme", 404)
@pytest.mark.refuses("GET /rest/api/3/project/{projectKeyOrId}/securitylevel", 404)
def test_what_is_not_there_is_not_found(dana: Person, bob: Person, site: Site, scheme: str) -> None:
    for level in site.space("BETA").security_levels:
        level.members.clear()
    site.space("BETA").security_levels = []

    assert dana.get("/rest/api/3/securitylevel/99").json()["errorMessages"] == [
        "The issue security level with id 99 does not exist."
    ]
    assert dana.get(f"{ALL}/99/members").status == 404
    assert bob.get("/rest/api/3/project/BETA/issuesecuritylevelscheme").status == 404
    assert bob.get(f"{ALPHA}/securitylevel").status == 404
