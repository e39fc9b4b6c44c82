"""What JQL finds, and how Jira words what it does not understand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from jira_sandbox.state.elements import Estimates, IssueLink, LinkType
from jira_sandbox.state.furniture import (
    Component,
    CustomField,
    FieldContext,
    Option,
    SecurityLevel,
    Sprint,
    Version,
)
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue
from jira_sandbox.world import World
from tests.support.sandbox import (
    ListeningApp,
    Person,
    VirtualClock,
    as_app,
    as_nobody,
    as_person,
    descriptor,
    document,
    install,
)
from tests.support.subtasks import subtask_of

SEARCH = "/rest/api/3/search/jql"
Ids = dict[str, str]


def found(person: Person, jql: str) -> list[str]:
    """The summaries a query finds, in its order; fails loudly when it is refused."""
    answer = person.post(SEARCH, {"jql": jql, "fields": ["summary"]})
    assert answer.status == 200, answer.body
    return [issue["fields"]["summary"] for issue in answer.json()["issues"]]


def refused(person: Person, jql: str) -> list[str]:
    """The words in which a query is refused."""
    answer = person.post(SEARCH, {"jql": jql})
    assert answer.status == 400, answer.body
    return list(answer.json()["errorMessages"])


def furnished(site: Site) -> None:
    """Give ALPHA components, versions, a level and link types to search by."""
    alpha = site.space("ALPHA")
    alpha.components = [Component(id="501", name="Engine"), Component(id="502", name="Wheels")]
    alpha.versions = [
        Version(id="601", name="1.0", is_released=True),
        Version(id="602", name="1.1", is_released=True),
        Version(id="603", name="2.0"),
    ]
    alpha.security_levels = [
        SecurityLevel(
            id="701", name="Secret", members={site.user(name).account_id for name in ("alice", "carol")}
        )
    ]
    site.link_types = [LinkType(id="801", name="Blocks", inward="is blocked by", outward="blocks")]


@pytest.fixture
def frank(world: World, site: Site) -> Person:
    """Works in ALPHA, but is of no role and no group."""
    return as_person(world, site, "frank")


@pytest.fixture
def garage(carol: Person, alice: Person, site: Site, clock: VirtualClock) -> Ids:
    """Five work items of ALPHA, an hour apart, that differ in all that a query can ask for."""
    furnished(site)
    ids = {}
    for name, kind, more in (
        ("engine stalls", "Bug", {"priority": {"name": "Highest"}, "labels": ["cars", "urgent"]}),
        ("paint the car", "Task", {"priority": {"name": "Low"}, "duedate": "2026-11-25"}),
        ("new wheels", "Story", {"description": document("round and black")}),
        ("tow truck", "Task", {"priority": {"name": "High"}, "labels": ["cars"]}),
        ("spring cleaning", "Epic", {"duedate": "2026-12-24"}),
    ):
        person = alice if name == "tow truck" else carol
        ids[name] = person.create("ALPHA", name, kind=kind, **more)
        clock.advance(hours=1)
    held = {name: site.issue(number) for name, number in ids.items()}
    set_up(site, held)
    return ids


def set_up(site: Site, held: dict[str, Issue]) -> None:
    """Fill what people cannot set by a field of their own."""
    carol, alice = site.user("carol").account_id, site.user("alice").account_id
    held["engine stalls"].fields |= {
        "components": ["501"],
        "fixVersions": ["601", "603"],
        "assignee": carol,
        "reporter": alice,
        "timetracking": Estimates(original=7200, remaining=3600),
        "parent": held["spring cleaning"].id,
    }
    held["paint the car"].fields |= {"assignee": alice, "versions": ["602"], "security": "701"}
    held["new wheels"].fields |= {"assignee": None, "components": ["502"], "fixVersions": ["602"]}
    held["tow truck"].watchers[:] = [carol]
    held["tow truck"].voters[:] = [carol, alice]
    site.links.append(
        IssueLink(
            id="901",
            type_id="801",
            inward_id=held["engine stalls"].id,
            outward_id=held["tow truck"].id,
        )
    )


ORDER = " ORDER BY key"
QUERIES = {
    "issuetype in (Bug, Epic)": ["engine stalls", "spring cleaning"],
    "type = story": ["new wheels"],
    "issuetype in standardIssueTypes() AND issuetype not in subtaskIssueTypes() AND type = Bug": [
        "engine stalls"
    ],
    "priority > Medium": ["engine stalls", "tow truck"],
    "priority <= low": ["paint the car"],
    "priority not in (Medium, Low)": ["engine stalls", "tow truck"],
    "labels = cars AND labels != urgent": ["tow truck"],
    "NOT labels = urgent": ["tow truck"],
    "labels in (urgent, nothing)": ["engine stalls"],
    "labels = CARS AND labels != Urgent": ["tow truck"],
    "component = Engine": ["engine stalls"],
    "component in (engine, 502)": ["engine stalls", "new wheels"],
    "component is EMPTY AND labels is not EMPTY": ["tow truck"],
    "fixVersion = 2.0": ["engine stalls"],
    "fixVersion in releasedVersions(ALPHA)": ["engine stalls", "new wheels"],
    "fixVersion in unreleasedVersions()": ["engine stalls"],
    "fixVersion = latestReleasedVersion(ALPHA)": ["new wheels"],
    "fixVersion = earliestUnreleasedVersion(ALPHA)": ["engine stalls"],
    "fixVersion >= '1.1'": ["engine stalls", "new wheels"],
    "affectedVersion = '1.1'": ["paint the car"],
    "assignee = currentUser()": ["engine stalls"],
    "assignee = 'Alice Archer'": ["paint the car"],
    "assignee in (EMPTY, 'alice@acme.example.com') AND type in (Story, Task) AND component is not empty": [
        "new wheels"
    ],
    "assignee = EMPTY AND type = Story": ["new wheels"],
    "assignee not in (EMPTY, 'Alice Archer')": ["engine stalls"],
    "assignee in membersOf(staff) AND type = Bug": ["engine stalls"],
    "reporter = 'Alice Archer' AND type = Bug": ["engine stalls"],
    "creator = 'Alice Archer'": ["tow truck"],
    "watcher = currentUser() AND voter = currentUser()": ["tow truck"],
    "key in watchedIssues() AND key in votedIssues()": ["tow truck"],
    "votes >= 2 AND watchers = 1": ["tow truck"],
    "votes not in (0, 1)": ["tow truck"],
    "parent = ALPHA-5": ["engine stalls"],
    "parent is EMPTY AND type = Epic": ["spring cleaning"],
    "key in linkedIssues(ALPHA-1)": ["tow truck"],
    "key in linkedIssues(ALPHA-4, 'is blocked by')": ["engine stalls"],
    "key in linkedIssues(ALPHA-1, 'blocks')": ["tow truck"],
    "key in linkedIssues(ALPHA-1, 'is blocked by') OR key in linkedIssues(ALPHA-4, blocks)": [],
    "linkedIssue = ALPHA-1": ["tow truck"],
    "issueLinkType = 'is blocked by'": ["tow truck"],
    "level = Secret": ["paint the car"],
    "originalEstimate = 2h": ["engine stalls"],
    "originalEstimate >= 120 AND originalEstimate < '0.5d'": ["engine stalls"],
    "remainingEstimate < '1h 30m'": ["engine stalls"],
    "originalEstimate is EMPTY AND type = Bug": [],
    "timespent is EMPTY AND workRatio = 0": ["engine stalls"],
    "due <= 2026-11-25": ["paint the car"],
    "due = '2026/12/24'": ["spring cleaning"],
    "due = '2026-11-25 18:00'": ["paint the car"],
    "due not in ('2026-11-25', '2026-12-25')": ["spring cleaning"],
    "duedate > endOfMonth()": ["spring cleaning"],
    "due is EMPTY AND labels is EMPTY": ["new wheels"],
    "due < 1w": ["paint the car"],
    "created < startOfDay('+3h') AND created >= startOfDay()": ["engine stalls", "paint the car"],
    "created > '-2h 30m'": ["tow truck", "spring cleaning"],
    "updated <= now() AND created > -1h": [],
    "resolution = Unresolved AND type = Bug": ["engine stalls"],
    "resolution is not EMPTY": [],
    "statusCategory = 'To Do' AND type = Bug": ["engine stalls"],
    "statusCategory != Done AND type = Epic": ["spring cleaning"],
    "summary ~ 'car'": ["paint the car"],
    "summary ~ 'car*' AND summary !~ engine": ["paint the car"],
    'summary ~ "\\"the car\\""': ["paint the car"],
    'summary ~ "\\"car the\\""': [],
    "summary ~ 'wheel? -old'": ["new wheels"],
    "description ~ 'black round'": ["new wheels"],
    "text ~ black OR text ~ stalls": ["engine stalls", "new wheels"],
    "description is EMPTY AND type = Story": [],
    "attachments is EMPTY AND type = Bug": ["engine stalls"],
    "lastViewed is EMPTY AND type = Bug": ["engine stalls"],
    "project = Alpha AND (type = Bug OR type = Epic) AND NOT (priority = Highest OR due is EMPTY)": [
        "spring cleaning"
    ],
    "type=Bug&&priority=Highest||type=Epic": ["engine stalls", "spring cleaning"],
    "(" * 99 + "type = Bug" + ")" * 99 + " OR (NOT (type != Epic))": ["engine stalls", "spring cleaning"],
    "project in projectsLeadByUser('Alice Archer') AND type = Bug": ["engine stalls"],
    "project in projectsWhereUserHasPermission('Edit Issues') AND type = Bug": ["engine stalls"],
    "project in projectsWhereUserHasRole(Developers) AND type = Bug": ["engine stalls"],
    "project in projectsLeadByUser('Bob Baker') AND type = Bug": [],
    "project in projectsWhereUserHasPermission(ADMINISTER_PROJECTS) AND type = Bug": [],
    "project in projectsWhereUserHasRole(Administrators) AND type = Bug": [],
    "id = alpha-1": ["engine stalls"],
    "key > ALPHA-3 AND key <= ALPHA-5": ["tow truck", "spring cleaning"],
    "'issue type' = \\u0042ug": ["engine stalls"],
}


@pytest.mark.parametrize(("jql", "expected"), QUERIES.items())
def test_a_query_finds(carol: Person, garage: Ids, jql: str, expected: list[str]) -> None:
    assert found(carol, jql + ORDER) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("priority DESC, key", "engine stalls|tow truck|new wheels|spring cleaning|paint the car"),
        ("due", "paint the car|spring cleaning|engine stalls|new wheels|tow truck"),
        ("due DESC, summary", "engine stalls|new wheels|tow truck|spring cleaning|paint the car"),
        ("assignee, key DESC", "paint the car|engine stalls|spring cleaning|tow truck|new wheels"),
        ("fixVersion, type, key", "engine stalls|new wheels|spring cleaning|paint the car|tow truck"),
        ("votes DESC, created ASC", "tow truck|engine stalls|paint the car|new wheels|spring cleaning"),
    ],
)
def test_an_order_of_several_fields(carol: Person, garage: Ids, order: str, expected: str) -> None:
    assert found(carol, f"project = ALPHA ORDER BY {order}") == expected.split("|")


def test_the_past_of_a_field_is_searched(
    carol: Person, alice: Person, garage: Ids, clock: VirtualClock
) -> None:
    carol.move("ALPHA-1", "Start")
    clock.advance(days=2)
    alice.move("ALPHA-1", "Finish")
    alice.move("ALPHA-2", "Start")
    carol.edit("ALPHA-2", priority={"name": "High"})

    for jql, expected in {
        "status was 'In Progress'": ["engine stalls", "paint the car"],
        "status was 'In Progress' AND status != 'In Progress'": ["engine stalls"],
        "status was not 'In Progress' AND type = Story": ["new wheels"],
        "status was in ('In Progress', Done) BY 'Alice Archer'": ["engine stalls", "paint the car"],
        "status was Done BY 'Carol Cook'": [],
        "status was 'In Progress' BEFORE -1d": ["engine stalls"],
        "status was 'To Do' ON '2026-11-22' AND type = Bug": ["engine stalls"],
        "status was 'In Progress' DURING ('2026-11-23', '2026-11-24')": ["engine stalls"],
        "status was not in ('In Progress') AND type = Epic": ["spring cleaning"],
        "status was 'To Do' AFTER '2026-11-23' AND type = Bug": [],
        "status was 'To Do' DURING ('2026-11-23', '2026-11-25') AND type = Bug": [],
        "status was Done DURING ('2026-11-22', '2026-11-23')": [],
        "status was 'To Do' ON '2026-11-23' AND type = Bug": [],
        "status was Done ON '2026-11-23'": [],
        "status was Done AFTER '2026-11-23'": ["engine stalls"],
        "status was Done ON '9999-12-31'": ["engine stalls"],
        "status changed": ["engine stalls", "paint the car"],
        "status changed FROM 'To Do' TO 'In Progress' BEFORE -1d": ["engine stalls"],
        "status changed AFTER -1d BY 'Alice Archer'": ["engine stalls", "paint the car"],
        "NOT status changed AND type = Task": ["tow truck"],
        "priority was Low AND priority = High": ["paint the car"],
        "priority changed FROM low TO (High, Highest)": ["paint the car"],
        "priority was Highest AND type = Bug": ["engine stalls"],
    }.items():
        assert (jql, found(carol, jql + ORDER)) == (jql, expected)


def test_versions_that_came_and_went_are_remembered(carol: Person, garage: Ids, site: Site) -> None:
    issue = site.issue("ALPHA-3")
    issue.fields["fixVersions"] = []

    carol.edit("ALPHA-3", fixVersions=[{"id": "603"}, {"id": "601"}])
    carol.edit("ALPHA-3", fixVersions=[{"id": "601"}])

    assert found(carol, "fixVersion was 2.0 AND key = ALPHA-3") == ["new wheels"]
    assert found(carol, "fixVersion was 1.0 AND key = ALPHA-3") == ["new wheels"]
    assert found(carol, "fixVersion was 1.1 AND key = ALPHA-3") == []
    site.space("ALPHA").versions[2].name = "LaTer"
    carol.edit("ALPHA-3", fixVersions=[{"id": "603"}])
    carol.edit("ALPHA-3", fixVersions=[])
    del site.space("ALPHA").versions[2]
    assert found(carol, "fixVersion was later") == ["new wheels"]


def test_archived_versions_are_neither_released_nor_to_be(carol: Person, garage: Ids, site: Site) -> None:
    for version in site.space("ALPHA").versions[1:]:
        version.is_archived = True

    assert found(carol, "fixVersion in releasedVersions() OR fixVersion in unreleasedVersions()") == [
        "engine stalls"
    ]
    assert found(carol, "fixVersion = latestReleasedVersion(ALPHA)") == ["engine stalls"]


def test_who_hides_an_address_is_not_found_by_it(carol: Person, garage: Ids, site: Site) -> None:
    query = "assignee = 'alice@acme.example.com'"
    assert found(carol, query) == ["paint the car"]

    site.put_user(replace(site.user("alice"), hides_email=True))

    assert refused(carol, query) == [
        "The value 'alice@acme.example.com' does not exist for the field 'assignee'."
    ]


def test_comments_are_searched_as_far_as_one_may_see_them(carol: Person, frank: Person, garage: Ids) -> None:
    carol.comment("ALPHA-1", "needs a spark plug")
    staff = {"visibility": {"type": "group", "value": "staff"}}
    carol.comment("ALPHA-4", "a secret colour", **staff)

    assert found(carol, "comment ~ 'spark'") == ["engine stalls"]
    assert found(carol, "comment ~ secret OR text ~ plug ORDER BY key") == ["engine stalls", "tow truck"]
    assert found(frank, "comment ~ spark") == ["engine stalls"]
    assert found(frank, "comment ~ secret OR text ~ secret") == []


def test_what_a_level_hides_is_not_found_nor_named(
    alice: Person, carol: Person, garage: Ids, site: Site
) -> None:
    site.space("ALPHA").security_levels[0].members.discard(site.user("alice").account_id)

    assert found(alice, "type = Task") == ["tow truck"]
    assert found(carol, "type = Task ORDER BY key") == ["paint the car", "tow truck"]
    assert refused(alice, "key = ALPHA-2") == ["An issue with key 'ALPHA-2' does not exist for field 'key'."]
    assert refused(alice, "key in linkedIssues(ALPHA-2)") == [
        "Issue 'ALPHA-2' could not be found in function 'linkedIssues'."
    ]


def test_days_begin_when_they_begin_where_one_lives(
    carol: Person, garage: Ids, site: Site, clock: VirtualClock
) -> None:
    site.put_user(replace(site.user("carol"), time_zone="Pacific/Auckland"))  # 13 hours ahead, in November

    assert found(carol, "created >= '2026-11-22 15:02' AND created < '2026-11-22 15:03'") == ["paint the car"]
    assert len(found(carol, "created >= startOfDay()")) == 5
    clock.advance(hours=6)
    assert found(carol, "created >= startOfDay()") == []


@pytest.mark.parametrize(
    ("function", "moment"),
    [
        ("startOfDay()", "2026-11-22 00:00"),
        ("startOfDay(-1)", "2026-11-21 00:00"),
        ("startOfDay('+2d')", "2026-11-24 00:00"),
        ("startOfWeek()", "2026-11-22 00:00"),
        ("startOfWeek('-1w')", "2026-11-15 00:00"),
        ("startOfMonth()", "2026-11-01 00:00"),
        ("startOfMonth(-9)", "2026-02-01 00:00"),
        ("startOfYear('-1y')", "2025-01-01 00:00"),
        ("startOfDay('3M')", "2027-02-22 00:00"),
    ],
)
def test_functions_of_time(carol: Person, site: Site, function: str, moment: str) -> None:
    issue = site.issue(carol.create("ALPHA", "one"))

    for shift, expected in ((timedelta(0), ["one"]), (timedelta(minutes=-1), [])):
        issue.created = site.now().strptime(f"{moment} +0000", "%Y-%m-%d %H:%M %z") + shift
        assert found(carol, f"project = ALPHA AND created >= {function}") == expected


@pytest.mark.parametrize(
    ("function", "last"),
    [
        ("endOfDay()", "2026-11-22 23:59"),
        ("endOfWeek()", "2026-11-28 23:59"),
        ("endOfMonth()", "2026-11-30 23:59"),
        ("endOfYear()", "2026-12-31 23:59"),
        ("endOfMonth('-9M')", "2026-02-28 23:59"),
    ],
)
def test_ends_are_the_last_moment_of_their_span(carol: Person, site: Site, function: str, last: str) -> None:
    issue = site.issue(carol.create("ALPHA", "one"))

    for shift, expected in ((timedelta(0), ["one"]), (timedelta(minutes=1), [])):
        issue.created = site.now().strptime(f"{last} +0000", "%Y-%m-%d %H:%M %z") + shift
        assert found(carol, f"project = ALPHA AND created <= {function}") == expected


OPERATORS = (
    "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'."
)
REFUSED = {
    "created > 99999999999999999999": "Date value for field 'created' is invalid: no calendar goes so far.",
    "created > '-999999999999d'": "Date value for field 'created' is invalid: no calendar goes so far.",
    "due < startOfYear(-5000)": "Date value for field 'due' is invalid: no calendar goes so far.",
    "(" * 101 + "key = A-1" + ")" * 101: "Error in the JQL Query: The query is nested too deeply.",
    "not " * 101 + "key = A-1": "Error in the JQL Query: The query is nested too deeply.",
    "invalid query": f"Error in the JQL Query: Expecting operator but got 'query'. {OPERATORS} (line "
    "1, character 9)",
    "project": f"Error in the JQL Query: Expecting operator before the end of the query. {OPERATORS}",
    "universe = 42": "Field 'universe' does not exist or you do not have permission to view it.",
    "cf[1] = 42": "Field 'cf[1]' does not exist or you do not have permission to view it.",
    "issue.property[a].b = 1": "Field 'issue.property[a].b' does not exist or you do not have "
    "permission to view it.",
    "summary = test": "The operator '=' is not supported by the 'summary' field.",
    "summary in test": "Operator 'in' does not support the non-list value '\"test\"' for field 'summary'.",
    "type = (Bug, Task)": "Operator '=' does not support the list value '(\"Bug\", \"Task\")' for "
    "field 'type'.",
    "project = INVALID": "The value 'INVALID' does not exist for the field 'project'.",
    "assignee = ghost": "The value 'ghost' does not exist for the field 'assignee'.",
    "key = ALPHA-99": "An issue with key 'ALPHA-99' does not exist for field 'key'.",
    "status was Done by ghost": "The value 'ghost' does not exist for the field 'by'.",
    "labels > a": "The operator '>' is not supported by the 'labels' field.",
    "type is Bug": "The operator 'is' for the field 'type' only supports the value 'EMPTY'.",
    "created > EMPTY": "The field 'created' does not support EMPTY with the operator '>'.",
    "project = currentUser()": "A value provided by the function 'currentUser' is invalid for the "
    "field 'project'.",
    "created > currentUser()": "A value provided by the function 'currentUser' is invalid for the "
    "field 'created'.",
    "votes > now()": "A value provided by the function 'now' is invalid for the field 'votes'.",
    "assignee = nobody()": "Unable to find JQL function 'nobody()'.",
    "assignee in membersOf()": "Function 'membersOf' expected '1' arguments but received '0'.",
    "assignee in membersOf(x)": "Function 'membersOf' can not generate a list of usernames for group 'x'; "
    "the group does not exist.",
    "created > startOfDay(soon)": "Increment value 'soon' for function 'startOfDay' is invalid. The "
    "format should be "
    "(+/-)n(yMwdhm), e.g. -1M for 1 month earlier.",
    "votes = many": "The value 'many' is not a valid number for the field 'votes'.",
    "summary ~ '*car'": "The text query '*car' for field 'summary' is not allowed to start with '*'.",
    "summary ~ ''": "The field 'summary' does not support searching for an empty string.",
    "type = Bug type = Task": "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'type'. "
    "(line 1, character 12)",
    "type =\n  select": "Error in the JQL Query: 'select' is a reserved JQL word. You must surround "
    "it in quotation "
    "marks to use it in a query. (line 2, character 3)",
    "assignee = a@b": "Error in the JQL Query: The character '@' is a reserved JQL character. You "
    "must enclose it in "
    "a string or use the escape '\\u0040' instead. (line 1, character 13)",
    'type = "Bug': "Error in the JQL Query: The quoted string 'Bug' has not been completed. "
    "(line 1, character 8)",
    r'type = "B\qg"': "Error in the JQL Query: '\\q' is an illegal JQL escape sequence. "
    "The valid escape sequences are \\', \\\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX. (line 1, character 8)",
    "type in (Bug": "Error in the JQL Query: Expecting ')' before the end of the query.",
    "type = Bug AND": "Error in the JQL Query: Expecting a field name at the end of the query.",
    "type = Bug ORDER created": "Error in the JQL Query: Expecting 'by' but got 'created'. (line 1, "
    "character 18)",
    "type = Bug ORDER BY text": "Not able to sort using field 'text'.",
    "status was Done during (now())": "The predicate 'during' needs a list of two dates.",
    "status was Done from Open": "The predicate 'from' is not supported by the operator 'was'.",
    "fixVersion in releasedVersions(NOWHERE)": "Could not resolve the project 'NOWHERE' provided to function "
    "'releasedVersions'.",
    "key in linkedIssues(NO-1)": "Issue 'NO-1' could not be found in function 'linkedIssues'.",
}


@pytest.mark.parametrize(("jql", "words"), REFUSED.items())
def test_what_jira_does_not_understand_it_says(carol: Person, jql: str, words: str) -> None:
    assert refused(carol, jql) == [words]


def test_all_that_is_wrong_is_said_at_once(carol: Person) -> None:
    assert refused(carol, "project = NOWHERE AND universe = 1 ORDER BY text") == [
        "Field 'universe' does not exist or you do not have permission to view it.",
        "Not able to sort using field 'text'.",
        "The value 'NOWHERE' does not exist for the field 'project'.",
    ]


CustomMaker = Callable[..., str]


@pytest.fixture
def custom(site: Site) -> CustomMaker:
    """Makes a custom field, puts a value of it into ALPHA-1 and gives its number."""

    def make(kind: str, value: object, *, name: str = "Extra", options: tuple[str, ...] = ()) -> str:
        number = str(77_000 + len(site.custom_fields))
        made = tuple(Option(id=str(900 + place), value=text) for place, text in enumerate(options))
        context = FieldContext(id="1", name="all", options=made)
        site.put_field(CustomField(id=f"customfield_{number}", name=name, kind=kind, contexts=(context,)))
        site.issue("ALPHA-1").fields[f"customfield_{number}"] = value
        return number

    return make


@pytest.mark.parametrize(
    ("kind", "value", "clauses"),
    [
        ("textfield", "blue car", ["~ car", "!~ truck", "is not EMPTY"]),
        ("textarea", document("blue car"), ["~ car"]),
        ("float", 2.5, ["= 2.5", "> 2", "in (1, 2.5)", "!= 3"]),
        ("datepicker", "2026-11-25", ["= 2026-11-25", "< endOfYear()"]),
        ("datetime", "2026-11-25T10:00:00.000+0000", ["> '2026-11-25 09:59'"]),
        ("select", "901", ["= two", "in (One, Two)", "!= one"]),
        ("multiselect", ["900", "901"], ["= one", "in (two)"]),
        ("cascadingselect", ["900"], ["= one"]),
        ("labels", ["a", "b"], ["= b", "not in (c)"]),
        ("multiversion", ["603"], ["= 2.0", "> 1.0"]),
        ("unheard-of", "text", ["~ text"]),
    ],
)
def test_custom_fields_are_searched_by_number_and_name(
    carol: Person, garage: Ids, custom: CustomMaker, kind: str, value: object, clauses: list[str]
) -> None:
    number = custom(kind, value, name="My Field", options=("One", "Two"))

    for clause in clauses:
        assert (clause, found(carol, f"cf[{number}] {clause}")) == (clause, ["engine stalls"])
        assert found(carol, f'"my field" {clause} ORDER BY "My Field"') == ["engine stalls"]
    assert "engine stalls" not in found(carol, f"customfield_{number} is EMPTY")


def test_a_day_of_a_duration_is_a_working_day_of_the_site(carol: Person, garage: Ids, site: Site) -> None:
    site.time_tracking = replace(site.time_tracking, hours_per_day=2)

    assert found(carol, "originalEstimate = 1d") == ["engine stalls"]


def test_everybody_has_looked_at_work_items_at_times_of_their_own(
    carol: Person, alice: Person, garage: Ids, clock: VirtualClock
) -> None:
    carol.get("/rest/api/3/issue/ALPHA-1?updateHistory=true")
    clock.advance(hours=2)
    carol.get("/rest/api/3/issue/ALPHA-4?updateHistory=true")
    alice.get("/rest/api/3/issue/ALPHA-2?updateHistory=true")

    assert found(carol, "lastViewed is not EMPTY ORDER BY lastViewed DESC") == ["tow truck", "engine stalls"]
    assert found(carol, "lastViewed <= -1h") == ["engine stalls"]
    assert found(alice, "lastViewed > -1h") == ["paint the car"]


def test_a_sub_task_is_in_no_epic(carol: Person, garage: Ids, site: Site) -> None:
    epic = next(each for each in site.custom_fields.values() if each.kind == "gh-epic-link")
    number = epic.id.removeprefix("customfield_")
    subtask_of(site, carol, garage["engine stalls"])

    assert found(carol, f"cf[{number}] is not EMPTY") == ["engine stalls"]
    assert found(carol, "parent = ALPHA-1 AND 'Epic Link' is EMPTY") == ["part"]


def test_sprints_are_found_by_name_and_by_their_state(
    carol: Person, garage: Ids, site: Site, custom: CustomMaker
) -> None:
    site.sprints[12] = Sprint(id=12, name="Week 47", board_id=1, state="active")
    number = custom("gh-sprint", [12], name="Run")

    for clause in ("= 12", "= 'week 47'", "in openSprints()", "not in closedSprints()"):
        assert found(carol, f"cf[{number}] {clause} ORDER BY Run") == ["engine stalls"]
    assert found(carol, "Run in futureSprints()") == []


def test_what_is_hidden_from_somebody_cannot_be_searched(
    carol: Person, alice: Person, garage: Ids, site: Site, custom: CustomMaker
) -> None:
    number = custom("float", 2.5, name="Size")
    for name in (f"customfield_{number}", "duedate"):
        site.hide_field(name, from_account=site.user("carol"))

    for jql in (f"cf[{number}] = 2.5", "due is EMPTY"):
        assert "does not exist or you do not have permission" in refused(carol, jql)[0]
        assert "engine stalls" in found(alice, jql)
    trashed = replace(site.custom_fields[f"customfield_{number}"], trashed=site.now())
    site.put_field(trashed)
    assert "does not exist or you do not have permission" in refused(alice, f"cf[{number}] = 2.5")[0]


def test_people_and_groups_in_custom_fields(
    carol: Person, garage: Ids, site: Site, custom: CustomMaker
) -> None:
    person = custom("userpicker", site.user("alice").account_id, name="Buddy")
    group = custom("grouppicker", site.group("staff").id, name="Crew")

    assert found(carol, f"cf[{person}] = 'Alice Archer' AND cf[{group}] = staff") == ["engine stalls"]
    assert found(carol, '"Buddy[User Picker (single user)]" in membersOf(staff)') == ["engine stalls"]


SEARCHED = [
    {"objectName": "state.size", "type": "number", "alias": "linkSize"},
    {"objectName": "state.name", "type": "string"},
    {"objectName": "state.text", "type": "text"},
    {"objectName": "tags", "type": "string"},
    {"objectName": "since", "type": "date"},
    {"objectName": "owner", "type": "user"},
]


@pytest.fixture
def searchable_app(world: World, site: Site) -> ListeningApp:
    """An app whose descriptor wants parts of the property ``link`` to be found by."""
    app = ListeningApp()
    configuration = {"propertyKey": "link", "extractions": SEARCHED}
    module = {
        "key": "links",
        "name": {"value": "Links"},
        "entityType": "issue",
        "keyConfigurations": [configuration],
    }
    modules = {**descriptor()["modules"], "jiraEntityProperties": [module]}
    install(world, site, app, wanted=descriptor(modules=modules))
    return app


def test_properties_an_app_extracts_are_searched(
    world: World, site: Site, searchable_app: ListeningApp, carol: Person, garage: Ids
) -> None:
    value = {
        "state": {"size": 3, "name": "open", "text": "Some words"},
        "tags": ["x", "y"],
        "since": "2026-11-20",
        "owner": site.user("alice").account_id,
    }
    carol.put("/rest/api/3/issue/ALPHA-1/properties/link", value)

    for jql in (
        "issue.property[link].state.size = 3",
        "linkSize >= 2 ORDER BY linkSize",
        "issue.property['link'].state.name in (open, closed)",
        "issue.property[link].state.text ~ words",
        "issue.property[link].tags = y",
        "issue.property[link].tags is not EMPTY",
        "issue.property[link].since < startOfDay()",
        "issue.property[link].owner = 'Alice Archer'",
    ):
        assert (jql, found(carol, jql)) == (jql, ["engine stalls"])
    assert found(as_app(world, site), "linkSize = 4") == []
    assert "does not exist" in refused(carol, "issue.property[other].state.size = 3")[0]
    assert refused(carol, "linkSize = many") == [
        "The value 'many' is not a valid number for the field 'linkSize'."
    ]


def test_work_that_was_logged_is_searched(carol: Person, garage: Ids) -> None:
    logged = {"started": "2026-11-20T10:00:00.000+0000", "timeSpent": "3h", "comment": document("oil change")}
    answer = carol.post("/rest/api/3/issue/ALPHA-1/worklog", logged)
    assert answer.status == 201, answer.body

    for jql in (
        "worklogAuthor = currentUser()",
        "worklogDate = 2026-11-20",
        "worklogComment ~ oil",
        "timespent > 2h",
        "workRatio > 100",
    ):
        assert (jql, found(carol, jql)) == (jql, ["engine stalls"])


def test_who_has_no_account_finds_what_anyone_may_browse(world: World, site: Site, garage: Ids) -> None:
    nobody = as_nobody(world, site)

    assert refused(nobody, "project = ALPHA") == ["The value 'ALPHA' does not exist for the field 'project'."]
    assert found(nobody, "type = Bug") == []
