import time
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from jira_sandbox.acts.issues import placed
from jira_sandbox.state.furniture import Component
from jira_sandbox.state.site import Site
from tests.support.sandbox import Person, VirtualClock, document

SEARCH, COUNT = "/rest/api/3/search/jql", "/rest/api/3/search/approximate-count"


def found(person: Person, jql: str) -> list[str]:
    answer = person.get(f"{SEARCH}?jql={quote(jql)}&fields=summary")
    assert answer.status == 200, answer.body
    return [issue["fields"]["summary"] for issue in answer.json()["issues"]]


@pytest.fixture
def items(carol: Person, bob: Person, clock: VirtualClock) -> dict[str, str]:
    """Four items a minute apart, oldest first; ids by summary."""
    made = {"red apple": carol.create("ALPHA", "red apple", labels=["fruit"])}
    clock.advance(minutes=1)
    made["red brick"] = carol.create("ALPHA", "red brick", kind="Bug", priority={"name": "High"})
    clock.advance(minutes=1)
    made["green pear"] = carol.create("BETA", "green pear", labels=["fruit", "ripe"])
    clock.advance(minutes=1)
    made["bobs own"] = bob.create("BETA", "bobs own")
    return made


@pytest.mark.answers("GET /rest/api/3/search/jql")
@pytest.mark.parametrize(
    ("jql", "expected"),
    [
        ("project = ALPHA", ["red brick", "red apple"]),
        (
            "project in (ALPHA, BETA) ORDER BY created ASC",
            ["red apple", "red brick", "green pear", "bobs own"],
        ),
        ('project = "Beta" ORDER BY key', ["green pear", "bobs own"]),
        ("labels = fruit", ["green pear", "red apple"]),
        ("labels is EMPTY", ["bobs own", "red brick"]),
        ("labels is not empty and project = BETA", ["green pear"]),
        ('summary ~ "red"', ["red brick", "red apple"]),
        ('summary ~ "app*"', ["red apple"]),
        ("issuetype = Bug", ["red brick"]),
        ("priority = High OR labels = ripe", ["green pear", "red brick"]),
        ("NOT (priority = High OR labels = ripe)", ["red apple"]),  # as in Jira, not those without labels
        ("project = ALPHA AND created >= '2026-11-22 01:03'", ["red brick"]),
        ("project = ALPHA AND created < -2m", ["red apple"]),
        ("created >= 1795309445000", ["bobs own"]),
        ("key = ALPHA-1", ["red apple"]),
        ("key not in (ALPHA-1, ALPHA-2) and status in ('To Do', Open)", ["bobs own", "green pear"]),
        ("status = 'To Do'", ["red brick", "red apple"]),
        ("creator = currentUser()", ["green pear", "red brick", "red apple"]),
        ("project != ALPHA ORDER BY summary DESC", ["green pear", "bobs own"]),
    ],
)
def test_jql(carol: Person, items: dict[str, str], jql: str, expected: list[str]) -> None:
    assert found(carol, jql) == expected


def test_ids_can_be_listed(carol: Person, items: dict[str, str]) -> None:
    assert found(carol, f"id in ({items['red apple']}, {items['bobs own']})") == ["bobs own", "red apple"]


@pytest.mark.answers("GET /rest/api/3/search/jql")
def test_one_finds_only_what_one_may_see(alice: Person, items: dict[str, str]) -> None:
    assert found(alice, "created > -1d") == ["red brick", "red apple"]


@pytest.mark.refuses("GET /rest/api/3/search/jql", 400)
@pytest.mark.refuses("GET /rest/api/3/search/jql", 400)
@pytest.mark.parametrize(
    "jql",
    [
        "",
        "ORDER BY created",
        "project = NOWHERE",
        "nonsense = 1",
        "project = ",
        "project ALPHA",
        "created >= yesterday",
        "(project = ALPHA",
        "project = ALPHA AND",
        "summary = exact",
        "created ~ 1",
        'project = "ALPHA',
        "project = ALPHA ORDER BY a,b,c,d,e,f,g,h",
    ],
)
def test_a_query_jira_would_not_take_is_refused(carol: Person, items: dict[str, str], jql: str) -> None:
    answer = carol.get(f"{SEARCH}?jql={quote(jql)}")

    assert answer.status == 400
    assert len(answer.json()["errorMessages"]) == 1


@pytest.mark.answers("POST /rest/api/3/search/jql")
def test_without_wanted_fields_only_ids_come(carol: Person, items: dict[str, str]) -> None:
    answer = carol.post(SEARCH, {"jql": "project = ALPHA"})

    assert answer.json() == {
        "issues": [{"id": items["red brick"]}, {"id": items["red apple"]}],
        "isLast": True,
    }


@pytest.mark.answers("POST /rest/api/3/search/jql")
def test_properties_and_history_come_when_asked(carol: Person, items: dict[str, str]) -> None:
    carol.put(f"/rest/api/3/issue/{items['red apple']}/properties/link", 7)

    body = {"jql": "key = ALPHA-1", "fields": ["*all"], "properties": ["link"], "expand": "changelog"}
    issue = carol.post(SEARCH, body).json()["issues"][0]

    assert (issue["key"], issue["properties"]) == ("ALPHA-1", {"link": 7})
    assert issue["changelog"]["total"] == 0


def test_pages_follow_one_another_by_token(carol: Person, items: dict[str, str]) -> None:
    query = {"jql": "project in (ALPHA, BETA) ORDER BY created", "maxResults": 3}

    first = carol.post(SEARCH, query).json()
    second = carol.post(SEARCH, {**query, "nextPageToken": first["nextPageToken"]}).json()

    assert [len(first["issues"]), first["isLast"]] == [3, False]
    assert second == {"issues": [{"id": items["bobs own"]}], "isLast": True}


@pytest.mark.parametrize("token", ["nonsense", "bm8=", "//"])
def test_a_token_that_no_page_gave_is_refused(carol: Person, items: dict[str, str], token: str) -> None:
    answer = carol.post(SEARCH, {"jql": "project = ALPHA", "nextPageToken": token})

    assert answer.status == 400


@pytest.mark.refuses("POST /rest/api/3/search/jql", 400)
@pytest.mark.refuses("POST /rest/api/3/search/jql", 400)
@pytest.mark.parametrize(
    "body",
    [
        {"properties": list("abcdef")},
        {"reconcileIssues": list(range(51))},
        {"reconcileIssues": ["ALPHA-1"]},
        {"maxResults": "many"},
        {"fields": "summary"},
    ],
)
def test_more_than_jira_allows_is_refused(carol: Person, body: dict[str, object]) -> None:
    assert carol.post(SEARCH, {"jql": "project = ALPHA", **body}).status == 400


def test_the_index_may_lag_behind_unless_an_item_is_reconciled(
    carol: Person, site: Site, clock: VirtualClock
) -> None:
    site.index_lag = timedelta(seconds=30)
    issue = carol.create("ALPHA", "new")

    assert found(carol, "project = ALPHA") == []
    reconciled = carol.post(SEARCH, {"jql": "project = ALPHA", "reconcileIssues": [int(issue)]})
    assert reconciled.json()["issues"] == [{"id": issue}]

    clock.advance(seconds=30)
    assert found(carol, "project = ALPHA") == ["new"]


def test_the_index_waits_for_no_clock_that_was_set_back(
    carol: Person, site: Site, clock: VirtualClock
) -> None:
    site.index_lag = timedelta(seconds=30)
    site.clock_shift = timedelta(hours=1)
    carol.create("ALPHA", "from the future")
    site.clock_shift = timedelta(0)
    clock.advance(seconds=30)

    assert found(carol, "project = ALPHA") == ["from the future"]


@pytest.mark.parametrize("lag", [timedelta(0), timedelta(minutes=5)])
def test_what_one_may_no_longer_see_is_neither_found_nor_counted_however_far_the_index_is_behind(
    carol: Person, site: Site, items: dict[str, str], clock: VirtualClock, lag: timedelta
) -> None:
    clock.advance(minutes=10)
    site.index_lag = lag
    user = site.user("carol")

    site.hide_issue(site.issues[items["red apple"]], from_account=user)
    site.archive(site.issues[items["red brick"]])
    site.revoke(user, "BROWSE_PROJECTS", space=site.space("BETA"))

    everything = "created <= now()"
    assert found(carol, everything) == []
    assert carol.post(COUNT, {"jql": everything}).json() == {"count": 0}
    site.show_issue(site.issues[items["red apple"]], to_account=user)
    assert found(carol, everything) == ["red apple"]
    assert carol.post(COUNT, {"jql": everything}).json() == {"count": 1}


def test_days_may_be_listed(carol: Person) -> None:
    for day in (24, 25, 26):
        carol.create("ALPHA", str(day), duedate=f"2026-11-{day}")
    carol.create("ALPHA", "some time")

    assert found(carol, "due in (2026-11-24, 2026-11-26) ORDER BY due") == ["24", "26"]
    assert found(carol, "due not in (2026-11-24, 2026-11-26)") == ["25"]
    assert found(carol, "due != 2026-11-25 ORDER BY due") == ["24", "26"]


def test_times_may_be_relative_to_now(carol: Person, items: dict[str, str], clock: VirtualClock) -> None:
    clock.advance(minutes=14)
    carol.edit(items["red apple"], labels=["fruit", "fresh"])
    clock.advance(minutes=2)

    assert found(carol, 'project = ALPHA AND updated >= "-15m"') == ["red apple"]
    assert found(carol, "project = ALPHA AND updated >= -1h") == ["red brick", "red apple"]


def test_a_space_that_is_not_there_is_refused_where_there_is_nothing_to_search(carol: Person) -> None:
    assert carol.post(SEARCH, {"jql": "updated >= -15m AND NOT project in (ALPHA, NOWHERE)"}).status == 400


def test_keys_come_without_fields(carol: Person, items: dict[str, str]) -> None:
    issue = carol.post(SEARCH, {"jql": "key = ALPHA-1", "fields": ["key"]}).json()["issues"][0]

    assert (issue["key"], issue["id"], "fields" in issue) == ("ALPHA-1", items["red apple"], False)


def test_titles_and_schemas_come_once_for_all(carol: Person, items: dict[str, str]) -> None:
    body = {"jql": "project = ALPHA", "fields": ["summary", "labels"], "expand": "names,schema"}

    shown = carol.post(SEARCH, body).json()

    assert shown["names"] == {"summary": "Summary", "labels": "Labels"}
    assert shown["schema"]["labels"]["items"] == "string"
    assert "names" not in shown["issues"][0]


def test_fields_can_be_left_out(carol: Person, items: dict[str, str]) -> None:
    issue = carol.post(SEARCH, {"jql": "key = ALPHA-1", "fields": ["-labels"]}).json()["issues"][0]

    assert issue["fields"]["summary"] == "red apple"
    assert not {"labels", "comment"} & issue["fields"].keys()


def test_a_token_serves_its_query_for_a_week(
    carol: Person, items: dict[str, str], clock: VirtualClock
) -> None:
    query = {"jql": "project in (ALPHA, BETA) ORDER BY created", "maxResults": 3}
    token = carol.post(SEARCH, query).json()["nextPageToken"]

    another = carol.post(SEARCH, {"jql": "project = ALPHA", "nextPageToken": token})
    clock.advance(days=7)
    in_time = carol.post(SEARCH, {**query, "nextPageToken": token})
    clock.advance(seconds=1)
    late = carol.post(SEARCH, {**query, "nextPageToken": token})

    assert [another.status, in_time.status, late.status] == [400, 200, 400]
    assert late.json()["errorMessages"] == ["The provided next page token is invalid or has expired."]


@pytest.fixture
def edited(carol: Person, site: Site, clock: VirtualClock) -> str:
    """A work item that was changed in many ways while the index lags a minute behind."""
    site.index_lag = timedelta(minutes=1)
    issue = carol.create(
        "ALPHA", "before", labels=["old"], description=document("first words"), duedate="2026-12-01"
    )
    clock.advance(minutes=2)
    carol.edit(
        issue,
        summary="after",
        labels=["new"],
        description=document("second thoughts"),
        duedate=None,
        priority={"name": "Low"},
        fixVersions=[],
    )
    carol.move(issue, "Start")
    carol.comment(issue, "a remark")
    return issue


def test_a_changed_item_is_found_as_it_was_until_the_index_has_it(
    carol: Person, edited: str, clock: VirtualClock
) -> None:
    was = (
        "status = 'To Do' AND labels = old AND description ~ words AND due is not EMPTY AND priority = Medium"
    )
    now = "status = 'In Progress' AND labels = new AND comment ~ remark AND updated >= -1m AND priority = Low"

    assert (found(carol, was), found(carol, now)) == (["before"], [])
    assert found(carol, "status changed OR updated > -1m") == []

    clock.advance(minutes=1)
    assert (found(carol, was), found(carol, now)) == ([], ["after"])


def test_a_reconciled_item_is_found_as_it_is(carol: Person, edited: str) -> None:
    body = {"jql": "labels = new", "fields": ["summary"], "reconcileIssues": [int(edited)]}

    found_now = carol.post(SEARCH, body).json()["issues"]

    assert [each["fields"]["summary"] for each in found_now] == ["after"]
    assert carol.post(SEARCH, {**body, "jql": "labels = old"}).json()["issues"] == []


@pytest.mark.answers("POST /rest/api/3/search/approximate-count")
@pytest.mark.refuses("POST /rest/api/3/search/approximate-count", 400)
def test_findings_are_counted(carol: Person, items: dict[str, str]) -> None:
    assert carol.post(COUNT, {"jql": "project in (ALPHA, BETA)"}).json() == {"count": 4}
    assert carol.post(COUNT, {"jql": "ORDER BY key"}).json()["errorMessages"] == [
        "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
    ]


@pytest.mark.parametrize("version", [2, 3])
def test_the_search_of_old_is_gone(carol: Person, version: int) -> None:
    for answer in (
        carol.get(f"/rest/api/{version}/search?jql=project=ALPHA"),
        carol.post(f"/rest/api/{version}/search", {"jql": "project = ALPHA"}),
    ):
        assert answer.status == 410
        assert f"/rest/api/{version}/search/jql" in answer.json()["errorMessages"][0]


def test_a_query_over_thousands_is_quick(carol: Person, alice: Person, site: Site) -> None:
    first = site.issue(carol.create("ALPHA", "one", labels=["a"]))
    for number in range(5000):
        issue = replace(first, id=str(500_000 + number), key=f"ALPHA-{number + 10}")
        site.issues[issue.id] = issue
    query = (
        "project = ALPHA AND updated >= -1d AND NOT labels = b AND creator = currentUser() AND "
        "(status = 'To Do' OR resolution is not EMPTY) ORDER BY priority, updated DESC, key"
    )

    started = time.process_time()
    answer = carol.post(SEARCH, {"jql": query, "maxResults": 5000})
    taken = time.process_time() - started

    assert len(answer.json()["issues"]) == 5000
    assert taken < 1  # a tenth of that, by the way; whoever looked names up for each would need ten seconds


LAGGING: dict[str, tuple[Any, Any]] = {
    "textarea": (document("one"), document("two")),
    "datetime": ("2026-12-24T18:30:00.123+0100", "2026-12-25T18:30:00.456+0100"),
    "float": (1.5, 2),
    "multiselect": ([{"value": "Web"}], [{"value": "Mobile"}]),
    "cascadingselect": ({"value": "Europe", "child": {"value": "Paris"}}, {"value": "Asia"}),
    "grouppicker": ({"name": "staff"}, None),
    "labels": (["one"], ["two"]),
    "gh-sprint": (10000, 10001),
    "timetracking": ({"originalEstimate": "1h"}, {"originalEstimate": "2h"}),
    "components": ([{"id": "51"}], [{"id": "52"}]),
    "priority": ({"id": "1"}, {"id": "2"}),
}
"""What fields hold at first and then, by their ids or the kinds of custom ones."""


@pytest.mark.parametrize("kind", LAGGING)
@pytest.mark.parametrize("api", [2, 3])
def test_a_lagging_index_has_every_kind_of_field_as_it_was(
    carol: Person, site: Site, clock: VirtualClock, kind: str, api: int
) -> None:
    site.space("ALPHA").components += [Component(id="51", name="Engine"), Component(id="52", name="Wheels")]
    name = next((each.id for each in site.custom_fields.values() if each.kind == kind), kind)
    values = dict(zip(("first", "then"), LAGGING[kind], strict=True))
    issue = carol.create("ALPHA", "one", **{name: values["first"]})
    path = f"/rest/api/{api}/issue/{issue}?fields={name}&expand=renderedFields"
    before = carol.get(path).json()
    clock.advance(minutes=10)

    carol.edit(issue, **{name: values["then"]})

    site.index_lag = timedelta(minutes=5)
    query = {"jql": f"id = {issue}", "fields": [name], "expand": "renderedFields"}
    (found_then,) = carol.post(f"/rest/api/{api}/search/jql", query).json()["issues"]
    assert carol.get(path).json()["fields"] != before["fields"]
    assert found_then["fields"] == before["fields"]


def test_what_one_was_denied_is_not_found(carol: Person, site: Site, items: dict[str, str]) -> None:
    site.deny(site.user("carol"), "BROWSE_PROJECTS", space=site.space("ALPHA"))

    assert found(carol, "labels = fruit") == ["green pear"]


def test_pages_of_ids_are_larger_than_those_of_fields(carol: Person, site: Site) -> None:
    space, now = site.space("ALPHA"), site.now()
    for _ in range(5001):
        placed(site, space, space.type_ids[0], {"summary": "x"}, author=site.user("carol"), now=now)
    query = {"jql": "project = ALPHA", "maxResults": 6000}

    sizes = [
        len(carol.post(SEARCH, query | wanted).json()["issues"])
        for wanted in ({"fields": ["summary"]}, {"fields": ["key"]}, {}, {"properties": ["link"]})
    ]

    assert sizes == [100, 5000, 5000, 100]
