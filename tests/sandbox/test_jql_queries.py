"""What can be done with queries besides searching: match, parse, complete, clean."""

from typing import Any

import pytest

from jira_sandbox.state.furniture import CustomField, FieldContext, Option
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import Person, as_nobody

MATCH, PARSE = "/rest/api/3/jql/match", "/rest/api/3/jql/parse"
COMPLETE = "/rest/api/3/jql/autocompletedata"
SUGGEST, CLEAN, SANITIZE = f"{COMPLETE}/suggestions", "/rest/api/3/jql/pdcleaner", "/rest/api/3/jql/sanitize"


def parsed(person: Person, query: str, validation: str = "strict") -> dict[str, Any]:
    """What Jira reads in one query."""
    answer = person.post(f"{PARSE}?validation={validation}", {"queries": [query]})
    assert answer.status == 200, answer.body
    read: dict[str, Any] = answer.json()["queries"][0]
    return read


@pytest.mark.answers("POST /rest/api/3/jql/match")
def test_queries_are_matched_each_for_itself(alice: Person, bob: Person) -> None:
    one, two = int(alice.create("ALPHA", "one")), int(alice.create("ALPHA", "two", kind="Bug"))
    hidden = int(bob.create("BETA", "three"))

    answer = alice.post(
        MATCH,
        {
            "issueIds": [one, two, hidden, 9],
            "jqls": ["summary is not EMPTY ORDER BY key", "type = Bug", "broken = value", "type is EMPTY"],
        },
    )

    assert answer.json() == {
        "matches": [
            {"matchedIssues": [one, two], "errors": []},
            {"matchedIssues": [two], "errors": []},
            {
                "matchedIssues": [],
                "errors": ["Field 'broken' does not exist or you do not have permission to view it."],
            },
            {"matchedIssues": [], "errors": []},
        ]
    }


@pytest.mark.refuses("POST /rest/api/3/jql/match", 400)
@pytest.mark.parametrize(
    "body",
    [
        {"jqls": ["type = Bug"]},
        {"jqls": "type = Bug", "issueIds": []},
        {"jqls": ["type = Bug"], "issueIds": list(range(1001))},
    ],
)
def test_matching_has_limits(alice: Person, body: dict[str, object]) -> None:
    answer = alice.post(MATCH, body)

    assert (answer.status, len(answer.json()["errorMessages"])) == (400, 1)


@pytest.mark.answers("POST /rest/api/3/jql/parse")
def test_a_query_is_shown_as_a_tree(alice: Person) -> None:
    query = (
        "summary ~ test AND (labels in (urgent, 'to do') OR NOT assignee = currentUser()) AND status CHANGED "
        "FROM Open AFTER startOfMonth(-1M) AND due is EMPTY ORDER BY updated DESC, key"
    )

    assert parsed(alice, query, "none")["structure"] == {
        "where": {
            "operator": "and",
            "clauses": [
                {
                    "field": {"name": "summary", "encodedName": "summary"},
                    "operator": "~",
                    "operand": {"value": "test", "encodedValue": "test"},
                },
                {
                    "operator": "or",
                    "clauses": [
                        {
                            "field": {"name": "labels", "encodedName": "labels"},
                            "operator": "in",
                            "operand": {
                                "values": [
                                    {"value": "urgent", "encodedValue": "urgent"},
                                    {"value": "to do", "encodedValue": '"to do"'},
                                ],
                                "encodedOperand": '(urgent, "to do")',
                            },
                        },
                        {
                            "operator": "not",
                            "clauses": [
                                {
                                    "field": {"name": "assignee", "encodedName": "assignee"},
                                    "operator": "=",
                                    "operand": {
                                        "function": "currentUser",
                                        "arguments": [],
                                        "encodedOperand": "currentUser()",
                                    },
                                }
                            ],
                        },
                    ],
                },
                {
                    "field": {"name": "status", "encodedName": "status"},
                    "operator": "changed",
                    "predicates": [
                        {"operator": "from", "operand": {"value": "Open", "encodedValue": "Open"}},
                        {
                            "operator": "after",
                            "operand": {
                                "function": "startOfMonth",
                                "arguments": ["-1M"],
                                "encodedOperand": "startOfMonth(-1M)",
                            },
                        },
                    ],
                },
                {
                    "field": {"name": "due", "encodedName": "due"},
                    "operator": "is",
                    "operand": {"keyword": "empty"},
                },
            ],
        },
        "orderBy": {
            "fields": [
                {"field": {"name": "updated", "encodedName": "updated"}, "direction": "desc"},
                {"field": {"name": "key", "encodedName": "key"}},
            ]
        },
    }


def test_a_property_is_shown_with_its_parts(alice: Person) -> None:
    query = 'issue.property["spaces here"].value in ("Service requests", Incidents)'

    assert parsed(alice, query, "none")["structure"]["where"]["field"] == {
        "name": "issue.property[spaces here].value",
        "encodedName": 'issue.property["spaces here"].value',
        "property": [{"entity": "issue", "key": "spaces here", "path": "value"}],
    }


def test_a_check_is_as_strict_as_one_asks(alice: Person) -> None:
    missing = "The value 'INVALID' does not exist for the field 'project'."
    wrong = "The operator '=' is not supported by the 'summary' field."

    strict = parsed(alice, "project = INVALID AND summary = a")
    lenient = parsed(alice, "project = INVALID AND summary = a", "warn")

    assert (strict["errors"], "structure" in strict) == ([wrong, missing], False)
    assert (lenient["errors"], lenient["warnings"], "structure" in lenient) == ([wrong], [missing], True)
    assert "errors" not in parsed(alice, "project = INVALID", "none")
    assert "errors" not in parsed(alice, "project = ALPHA")
    assert parsed(alice, "invalid query", "none").keys() == {"query", "errors"}


@pytest.mark.refuses("POST /rest/api/3/jql/parse", 400)
def test_what_cannot_be_parsed_at_all(alice: Person) -> None:
    assert alice.post(PARSE, {"queries": []}).json()["errorMessages"] == ["The queries has to be provided."]
    assert alice.post(f"{PARSE}?validation=mild", {"queries": ["a = 1"]}).status == 400
    assert alice.post(PARSE, {"queries": "a = 1"}).status == 400


@pytest.fixture
def choice(site: Site) -> str:
    """A select field that exists in ALPHA only; its number."""
    context = FieldContext(
        id="1",
        name="here",
        space_ids=(site.space("ALPHA").id,),
        options=(Option(id="900", value="Red"), Option(id="901", value="Dark red")),
    )
    site.put_field(CustomField(id="customfield_77000", name="Paint", kind="select", contexts=(context,)))
    return "cf[77000]"


@pytest.mark.answers("GET /rest/api/3/jql/autocompletedata")
def test_an_editor_is_told_all_it_can_offer(world: World, site: Site, alice: Person, choice: str) -> None:
    shown = alice.get(COMPLETE).json()
    fields = {each["value"]: each for each in shown["visibleFieldNames"]}

    assert fields["summary"]["operators"] == ["!~", "is", "is not", "~"]
    assert (fields["project"]["auto"], fields["comment"]["orderable"]) == ("true", "false")
    assert fields["Paint"]["cfid"] == choice
    assert {"value": "currentUser()", "displayName": "currentUser()"}.items() <= next(
        each.items() for each in shown["visibleFunctionNames"] if each["value"] == "currentUser()"
    )
    assert {"empty", "and", "or", "in", "distinct"} <= set(shown["jqlReservedWords"])
    assert as_nobody(world, site).get(COMPLETE).status == 200


@pytest.mark.answers("POST /rest/api/3/jql/autocompletedata")
@pytest.mark.refuses("POST /rest/api/3/jql/autocompletedata", 400)
def test_fields_are_offered_by_space(alice: Person, site: Site, choice: str) -> None:
    def names(space: str, **more: object) -> set[str]:
        wanted = {"projectIds": [int(site.space(space).id)], **more}
        return {each["value"] for each in alice.post(COMPLETE, wanted).json()["visibleFieldNames"]}

    assert "Paint" in names("ALPHA")
    assert "Paint" not in names("BETA")
    assert '"Paint[Dropdown]"' in names("ALPHA", includeCollapsedFields=True)
    assert alice.post(COMPLETE, {"projectIds": "all"}).status == 400


@pytest.mark.answers("GET /rest/api/3/jql/autocompletedata/suggestions")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("fieldName=project&fieldValue=alp", [("Alpha", "<b>Alp</b>ha")]),
        ("fieldName=project", [("Alpha", "Alpha")]),
        ("fieldName=status&fieldValue=to d", [('"To Do"', "<b>To D</b>o")]),
        ("fieldName=labels&fieldValue=o", [("orange", "<b>o</b>range")]),
        ("fieldName=status&predicateName=by&predicateValue=bob", [('"Bob Baker"', "<b>Bob</b> Baker")]),
        ("fieldName=status&predicateName=to&predicateValue=canc", [("Cancelled", "<b>Canc</b>elled")]),
        ("fieldName=Paint&fieldValue=red", [('"Dark red"', "Dark <b>red</b>"), ("Red", "<b>Red</b>")]),
        ("fieldName=cf[77000]&fieldValue=dark", [('"Dark red"', "<b>Dark</b> red")]),
        ("fieldName=summary&fieldValue=x", []),
    ],
)
def test_values_are_suggested(
    alice: Person, bob: Person, choice: str, query: str, expected: list[tuple[str, str]]
) -> None:
    alice.create("ALPHA", "one", labels=["orange"])
    bob.create("BETA", "two", labels=["onion"])

    results = alice.get(f"{SUGGEST}?{query}").json()["results"]

    assert [(each["value"], each["displayName"]) for each in results] == expected


@pytest.mark.refuses("GET /rest/api/3/jql/autocompletedata/suggestions", 400)
def test_suggestions_need_a_field(alice: Person) -> None:
    assert alice.get(SUGGEST).status == 400
    assert alice.get(f"{SUGGEST}?fieldName=status&predicateName=after").status == 400
    assert alice.get(f"{SUGGEST}?fieldName=universe").json()["errorMessages"] == [
        "Field 'universe' does not exist or you do not have permission to view it."
    ]


@pytest.mark.answers("POST /rest/api/3/jql/pdcleaner")
@pytest.mark.refuses("POST /rest/api/3/jql/pdcleaner", 400)
def test_account_ids_take_the_place_of_names(alice: Person, site: Site) -> None:
    bob, carol = site.user("bob").account_id, site.user("carol").account_id

    cleaned = alice.post(
        CLEAN,
        {
            "queryStrings": [
                "type = Bug AND assignee in (bob, EMPTY) AND NOT (reporter = carol OR labels = bob)",
                "type = Bug order by lastViewed DESC",
                "assignee = mia",
                "project = ALPHA AND watcher = currentUser()",
            ]
        },
    ).json()

    assert cleaned["queryStrings"] == [
        f"type = Bug AND assignee in ({bob}, EMPTY) AND NOT (reporter = {carol} OR labels = bob)",
        "type = Bug order by lastViewed DESC",
        "project = ALPHA AND watcher = currentUser()",
    ]
    assert cleaned["queriesWithUnknownUsers"] == [
        {"originalQuery": "assignee = mia", "convertedQuery": "assignee = unknown"}
    ]
    refused = alice.post(CLEAN, {"queryStrings": ["assignee"]})
    assert (refused.status, refused.json()[:24]) == (400, "Error in the JQL Query: ")
    assert alice.post(CLEAN, {"queryStrings": ["a = 1"] * 101}).status == 400


@pytest.mark.answers("POST /rest/api/3/jql/sanitize")
@pytest.mark.refuses("POST /rest/api/3/jql/sanitize", 400)
@pytest.mark.refuses("POST /rest/api/3/jql/sanitize", 403)
def test_names_of_hidden_spaces_become_ids(dana: Person, alice: Person, site: Site) -> None:
    number, bob, alice_id = (
        site.space("BETA").id,
        site.user("bob").account_id,
        site.user("alice").account_id,
    )
    query = "project in (BETA, ALPHA) or status was Done by dana"

    shown = dana.post(
        SANITIZE,
        {
            "queries": [
                {"query": "project = 'Beta'"},
                {"query": "project = 'Beta'", "accountId": bob},
                {"query": query, "accountId": alice_id},
                {"query": "non-parsable query", "accountId": "nobody"},
            ]
        },
    ).json()["queries"]

    assert [each.get("sanitizedQuery") for each in shown] == [
        f"project = {number}",
        "project = 'Beta'",
        f"project in ({number}, ALPHA) OR status was Done by dana",
        None,
    ]
    assert "Expecting operator but got 'query'" in shown[3]["errors"]["errorMessages"][0]
    assert alice.post(SANITIZE, {"queries": [{"query": "a = 1"}]}).status == 403
    assert dana.post(SANITIZE, {"queries": []}).json()["errorMessages"] == ["The queries has to be provided."]
    assert dana.post(SANITIZE, {"queries": [{"accountId": bob}]}).status == 400
