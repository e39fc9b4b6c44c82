"""Searches for people: by what is typed, by what they may do, by structured queries."""

from dataclasses import replace

import pytest

from jira_sandbox.state.rights import Holder
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, as_nobody

USER = "/rest/api/3/user"
SEARCH, PICKER = f"{USER}/search", f"{USER}/picker"
ASSIGNABLE, EVERYWHERE = f"{USER}/assignable/search", f"{USER}/assignable/multiProjectSearch"
VIEWERS, PERMITTED = f"{USER}/viewissue/search", f"{USER}/permission/search"
QUERY = f"{USER}/search/query"


def account(site: Site, name: str) -> str:
    return site.user(name).account_id


def names(person: Person, path: str) -> list[str]:
    """The names a search gives; fails loudly when it is refused."""
    answer = person.get(path)
    assert answer.status == 200, answer.body
    return [each["displayName"] for each in answer.json()]


def words(person: Person, path: str) -> list[str]:
    """The words in which a search is refused with 400."""
    answer = person.get(path)
    assert answer.status == 400, answer.body
    return list(answer.json()["errorMessages"])


@pytest.mark.answers("GET /rest/api/3/user/search")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("query=ali", ["Alice Archer"]),
        ("query=ARCH", ["Alice Archer"]),
        ("query=carol@acme", ["Carol Cook"]),
        ("query=rcher", []),
        ("query=acme&startAt=1&maxResults=2", ["Bob Baker", "Carol Cook"]),
    ],
)
def test_people_are_found_by_beginnings_of_names_and_addresses(
    dana: Person, query: str, expected: list[str]
) -> None:
    assert names(dana, f"{SEARCH}?{query}") == expected


def test_a_hidden_address_must_be_typed_in_full(dana: Person, site: Site) -> None:
    site.put_user(replace(site.user("carol"), hides_email=True))

    assert names(dana, f"{SEARCH}?query=carol@acme") == []
    assert names(dana, f"{SEARCH}?query=carol@acme.example.com") == ["Carol Cook"]


def test_people_are_found_by_id_and_by_property(dana: Person, site: Site) -> None:
    dana.put(f"{USER}/properties/town?accountId={account(site, 'bob')}", {"at": {"name": "Oslo", "size": 3}})

    assert names(dana, f"{SEARCH}?accountId={account(site, 'bob')}") == ["Bob Baker"]
    assert names(dana, f"{SEARCH}?property=town.at.name=Oslo") == ["Bob Baker"]
    assert names(dana, f"{SEARCH}?property=town.at.size=3&query=bob") == ["Bob Baker"]
    assert names(dana, f"{SEARCH}?property=town.at.name=Rome") == []


@pytest.mark.refuses("GET /rest/api/3/user/search", 400)
def test_a_search_must_say_what_it_wants(dana: Person) -> None:
    assert words(dana, SEARCH) == ["At least one of 'query', 'accountId' and 'property' must be provided."]
    assert words(dana, f"{SEARCH}?query=a&accountId=b") == [
        "Only one of 'query' and 'accountId' may be provided."
    ]
    assert words(dana, f"{SEARCH}?property=town") == ["The property query 'town' is not valid."]


def test_strangers_find_nobody(world: World, site: Site) -> None:
    nobody = as_nobody(world, site)

    assert names(nobody, f"{SEARCH}?query=alice") == []
    assert nobody.get(f"{PICKER}?query=ali").json()["users"] == []
    assert nobody.get(f"{PICKER}?query=Alice Archer").json()["total"] == 1


@pytest.mark.answers("GET /rest/api/3/user/picker")
@pytest.mark.refuses("GET /rest/api/3/user/picker", 400)
def test_a_picker_sets_off_what_was_typed(dana: Person, site: Site, app: ListeningApp) -> None:
    shown = dana.get(f"{PICKER}?query=al&showAvatar=true").json()

    assert shown["header"] == "Showing 1 of 1 matching users"
    assert shown["users"][0]["html"] == "<strong>Al</strong>ice Archer - alice@acme.example.com"
    assert shown["users"][0]["avatarUrl"].startswith("https://acme.atlassian.net/")
    alice = account(site, "alice")
    assert dana.get(f"{PICKER}?query=al&excludeAccountIds={alice}").json()["users"] == []
    assert dana.get(f"{PICKER}?query=exam").json()["total"] == 6
    assert dana.get(f"{PICKER}?query=exam&excludeConnectUsers=true").json()["total"] == 5
    assert words(dana, f"{PICKER}?query=a&exclude=b&excludeAccountIds=c") == [
        "Only one of 'exclude' and 'excludeAccountIds' may be provided."
    ]


@pytest.mark.answers("GET /rest/api/3/user/assignable/search")
@pytest.mark.refuses("GET /rest/api/3/user/assignable/search", 400)
@pytest.mark.refuses("GET /rest/api/3/user/assignable/search", 404)
def test_who_can_be_assigned(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")

    everyone = ["Alice Archer", "Carol Cook", "Dana Draper", "Frank Fisher"]
    assert names(alice, f"{ASSIGNABLE}?project=ALPHA") == everyone
    assert names(alice, f"{ASSIGNABLE}?issueId={issue}&query=cook") == ["Carol Cook"]
    assert words(alice, ASSIGNABLE) == ["The issue or the project must be provided."]
    assert alice.get(f"{ASSIGNABLE}?issueKey=ALPHA-9").status == 404
    assert alice.get(f"{ASSIGNABLE}?project=BETA").status == 404


def test_a_page_is_taken_before_it_is_narrowed(alice: Person) -> None:
    assert names(alice, f"{ASSIGNABLE}?project=ALPHA&maxResults=2") == ["Alice Archer"]
    assert names(alice, f"{ASSIGNABLE}?project=ALPHA&startAt=2&maxResults=2") == [
        "Carol Cook",
        "Dana Draper",
    ]


@pytest.mark.answers("GET /rest/api/3/user/assignable/multiProjectSearch")
@pytest.mark.refuses("GET /rest/api/3/user/assignable/multiProjectSearch", 400)
@pytest.mark.refuses("GET /rest/api/3/user/assignable/multiProjectSearch", 404)
def test_who_can_be_assigned_in_several_spaces(carol: Person, alice: Person) -> None:
    assert names(carol, f"{EVERYWHERE}?projectKeys=ALPHA,BETA&query=acme") == [
        "Carol Cook",
        "Dana Draper",
        "Frank Fisher",
    ]
    assert words(carol, f"{EVERYWHERE}?query=a") == ["The 'projectKeys' query parameter must be provided."]
    assert words(carol, f"{EVERYWHERE}?projectKeys=ALPHA") == [
        "The 'query' or 'accountId' query parameter must be provided."
    ]
    assert alice.get(f"{EVERYWHERE}?projectKeys=ALPHA,BETA&query=a").status == 404


@pytest.mark.answers("GET /rest/api/3/user/viewissue/search")
@pytest.mark.refuses("GET /rest/api/3/user/viewissue/search", 400)
@pytest.mark.refuses("GET /rest/api/3/user/viewissue/search", 404)
def test_who_may_see_a_work_item(alice: Person, site: Site) -> None:
    issue = site.issue(alice.create("ALPHA", "one"))
    site.hide_issue(issue, from_account=site.user("frank"))

    assert names(alice, f"{VIEWERS}?issueKey=ALPHA-1&query=acme") == [
        "Alice Archer",
        "Carol Cook",
        "Dana Draper",
    ]
    assert names(alice, f"{VIEWERS}?projectKey=ALPHA&query=frank") == ["Frank Fisher"]
    assert words(alice, f"{VIEWERS}?query=a") == ["The issue or the project must be provided."]
    both = f"{VIEWERS}?projectKey=ALPHA&query=a&accountId=b"
    assert words(alice, both) == ["Only one of 'query' and 'accountId' may be provided."]
    assert alice.get(f"{VIEWERS}?issueKey=ALPHA-9&query=a").status == 404


@pytest.mark.answers("GET /rest/api/3/user/permission/search")
@pytest.mark.refuses("GET /rest/api/3/user/permission/search", 400)
@pytest.mark.refuses("GET /rest/api/3/user/permission/search", 403)
@pytest.mark.refuses("GET /rest/api/3/user/permission/search", 404)
def test_who_holds_permissions(alice: Person, carol: Person) -> None:
    alice.create("ALPHA", "one")

    assert names(alice, f"{PERMITTED}?projectKey=ALPHA&permissions=ADMINISTER_PROJECTS") == [
        "Alice Archer",
        "Dana Draper",
    ]
    assert names(alice, f"{PERMITTED}?issueKey=ALPHA-1&permissions=EDIT_ISSUE,BROWSE&query=cook") == [
        "Carol Cook"
    ]
    assert names(alice, f"{PERMITTED}?projectKey=ALPHA&permissions=ADMINISTER") == ["Dana Draper"]
    assert words(alice, f"{PERMITTED}?projectKey=ALPHA&permissions=FLY") == [
        "The permissions must be keys of permissions, not 'FLY'."
    ]
    assert carol.get(f"{PERMITTED}?projectKey=ALPHA&permissions=BROWSE").status == 403
    assert alice.get(f"{PERMITTED}?projectKey=NOWHERE&permissions=BROWSE").status == 404


@pytest.fixture
def busy(carol: Person, alice: Person, site: Site) -> None:
    """Two work items of ALPHA in which people have different parts."""
    for name in ("one", "two"):
        carol.create("ALPHA", name)
    one, two = site.issue("ALPHA-1"), site.issue("ALPHA-2")
    one.fields["assignee"], two.fields["assignee"] = account(site, "alice"), account(site, "frank")
    one.watchers[:], two.voters[:] = [account(site, "dana")], [account(site, "dana")]
    alice.comment("ALPHA-1", "a word")
    alice.move("ALPHA-2", "Start")
    site.user_properties[account(site, "bob")] = {"town": {"city": {"name": "Sydney"}}}


@pytest.mark.answers("GET /rest/api/3/user/search/query")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("is assignee of ALPHA", ["Alice Archer", "Frank Fisher"]),
        ("is assignee of (ALPHA-1, ALPHA-2) AND is commenter of ALPHA-1", ["Alice Archer"]),
        ("is reporter of ALPHA-1", ["Carol Cook"]),
        ("is watcher of (ALPHA-1) AND is voter of ALPHA-2", ["Dana Draper"]),
        ("is transitioner of ALPHA", ["Alice Archer"]),
        ('[town].city.name is "Sydney" OR is watcher of ALPHA', ["Bob Baker", "Dana Draper"]),
        ("is watcher of ALPHA AND (is voter of ALPHA-1 OR is voter of ALPHA-2)", ["Dana Draper"]),
        ("is assignee of GAMMA", []),
    ],
)
def test_people_are_found_by_their_part_in_work(
    dana: Person, busy: None, query: str, expected: list[str]
) -> None:
    page = dana.get(f"{QUERY}?query={query}").json()

    assert [each["displayName"] for each in page["values"]] == expected
    assert (page["total"], page["isLast"], page["maxResults"]) == (len(expected), True, 100)


@pytest.mark.answers("GET /rest/api/3/user/search/query/key")
def test_queries_for_keys_give_account_ids(dana: Person, site: Site, busy: None) -> None:
    shown = dana.get(f"{QUERY}/key?query=is reporter of ALPHA-1").json()

    assert shown["values"] == [{"accountId": account(site, "carol")}]


@pytest.mark.refuses("GET /rest/api/3/user/search/query", 400)
@pytest.mark.refuses("GET /rest/api/3/user/search/query", 403)
@pytest.mark.refuses("GET /rest/api/3/user/search/query/key", 400)
def test_queries_that_make_no_sense_are_refused(dana: Person, site: Site) -> None:
    for query in ("is king of ALPHA", "is assignee", "is assignee of ALPHA is", "assignee of ALPHA", "[a"):
        assert words(dana, f"{QUERY}?query={query}") == [f"The query '{query}' is not valid."]
    assert words(dana, f"{QUERY}/key") == ["The 'query' query parameter must be provided."]
    assert words(dana, f"{QUERY}?query=is assignee of NOWHERE") == [
        "The project or issue 'NOWHERE' does not exist."
    ]
    site.revoke_from(Holder("applicationRole"), "USER_PICKER")
    assert dana.get(f"{QUERY}?query=is assignee of ALPHA").status == 403
