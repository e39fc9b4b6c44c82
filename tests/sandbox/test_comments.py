import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, VirtualClock, as_app, as_person, document

ISSUE = "/rest/api/3/issue"
DEVELOPERS = {"type": "role", "value": "Developers", "identifier": "Developers"}


@pytest.fixture
def issue(alice: Person) -> str:
    return alice.create("ALPHA", "one")


@pytest.fixture
def frank(world: World, site: Site) -> Person:
    """Works in ALPHA, but is of no role and no group."""
    return as_person(world, site, "frank")


def texts(person: Person, issue: str, query: str = "") -> list[str]:
    page = person.get(f"{ISSUE}/{issue}/comment{query}").json()
    return [each["body"]["content"][0]["content"][0]["text"] for each in page["comments"]]


@pytest.mark.answers("POST /rest/api/3/issue/{issueIdOrKey}/comment")
@pytest.mark.answers("GET /rest/api/3/issue/{issueIdOrKey}/comment/{id}")
def test_a_comment_is_answered_in_full(alice: Person, issue: str, site: Site) -> None:
    answer = alice.post(f"{ISSUE}/{issue}/comment", {"body": document("Hello", "again")})

    shown = answer.json()
    assert answer.status == 201
    assert shown["self"] == f"{site.base_url}/rest/api/3/issue/{issue}/comment/{shown['id']}"
    assert shown["body"] == document("Hello", "again")
    assert shown["author"]["displayName"] == shown["updateAuthor"]["displayName"] == "Alice Archer"
    assert shown["created"] == shown["updated"] == "2026-11-22T01:02:03.456+0000"
    assert shown["jsdPublic"] is True
    assert "visibility" not in shown
    assert alice.get(f"{ISSUE}/{issue}/comment/{shown['id']}").json() == shown


@pytest.mark.answers("GET /rest/api/3/issue/{issueIdOrKey}/comment")
@pytest.mark.refuses("GET /rest/api/3/issue/{issueIdOrKey}/comment", 400)
def test_comments_are_listed_page_by_page_and_in_both_orders(alice: Person, issue: str) -> None:
    for text in ("a", "b", "c"):
        alice.comment(issue, text)

    page = alice.get(f"{ISSUE}/{issue}/comment?startAt=1&maxResults=1").json()

    assert (page["startAt"], page["maxResults"], page["total"], len(page["comments"])) == (1, 1, 3, 1)
    assert texts(alice, issue) == texts(alice, issue, "?orderBy=created") == ["a", "b", "c"]
    assert texts(alice, issue, "?orderBy=-created&maxResults=2") == ["c", "b"]
    assert alice.get(f"{ISSUE}/{issue}/comment?orderBy=author").status == 400


@pytest.mark.answers("PUT /rest/api/3/issue/{issueIdOrKey}/comment/{id}")
def test_a_change_has_its_own_author_and_time_and_moves_the_item(
    alice: Person, dana: Person, issue: str, clock: VirtualClock
) -> None:
    number = alice.comment(issue, "Hello")
    clock.advance(seconds=5)

    answer = dana.put(f"{ISSUE}/{issue}/comment/{number}", {"body": document("Goodbye")})

    shown = answer.json()
    assert (answer.status, shown["body"]) == (200, document("Goodbye"))
    assert (shown["author"]["displayName"], shown["updateAuthor"]["displayName"]) == (
        "Alice Archer",
        "Dana Draper",
    )
    assert (shown["created"], shown["updated"]) == (
        "2026-11-22T01:02:03.456+0000",
        "2026-11-22T01:02:08.456+0000",
    )
    item = alice.get(f"{ISSUE}/{issue}?expand=changelog").json()
    assert item["fields"]["updated"] == shown["updated"]
    assert item["changelog"]["histories"] == []


@pytest.mark.answers("DELETE /rest/api/3/issue/{issueIdOrKey}/comment/{id}")
@pytest.mark.refuses("GET /rest/api/3/issue/{issueIdOrKey}/comment/{id}", 404)
@pytest.mark.refuses("PUT /rest/api/3/issue/{issueIdOrKey}/comment/{id}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/issue/{issueIdOrKey}/comment/{id}", 404)
def test_a_deleted_comment_is_gone(alice: Person, issue: str) -> None:
    number = alice.comment(issue, "Hello")

    answer = alice.delete(f"{ISSUE}/{issue}/comment/{number}")

    assert (answer.status, texts(alice, issue)) == (204, [])
    gone = alice.get(f"{ISSUE}/{issue}/comment/{number}")
    assert gone.status == 404
    assert gone.json()["errorMessages"] == [f"Can not find a comment for the id: {number}."]
    assert alice.put(f"{ISSUE}/{issue}/comment/{number}", {"body": document("x")}).status == 404
    assert alice.delete(f"{ISSUE}/{issue}/comment/{number}").status == 404


def test_the_items_own_answer_holds_its_comments(alice: Person, issue: str) -> None:
    number = alice.comment(issue, "Hello")

    field = alice.get(f"{ISSUE}/{issue}?fields=comment").json()["fields"]["comment"]

    assert [each["id"] for each in field["comments"]] == [number]
    assert (field["total"], field["startAt"]) == (1, 0)
    assert "comment" not in alice.get(f"{ISSUE}/{issue}?fields=summary").json()["fields"]


@pytest.mark.refuses("POST /rest/api/3/issue/{issueIdOrKey}/comment", 400)
@pytest.mark.parametrize(
    ("body", "field", "text"),
    [
        ({}, "comment", "Comment body can not be empty!"),
        ({"body": {"type": "doc", "version": 1, "content": []}}, "comment", "Comment body can not be empty!"),
        ({"body": "Hello"}, "comment", "Comment body is not valid!"),
        ({"body": {"type": "doc", "version": 1, "content": [{"type": "x"}]}}, "comment", "INVALID_INPUT"),
        (
            {"body": document("x"), "visibility": {"type": "planet", "value": "Mars"}},
            "visibility",
            "The visibility type must be role or group.",
        ),
        (
            {"body": document("x"), "visibility": {"type": "role", "value": "Kings"}},
            "commentLevel",
            "You are currently not a member of the project role: Kings.",
        ),
        (
            {"body": document("x"), "visibility": {"type": "group", "value": "jira-administrators"}},
            "commentLevel",
            "You are currently not a member of the group: jira-administrators.",
        ),
        (
            {"body": document("x"), "properties": [{"key": "k"}]},
            "properties",
            "Each property must have a key",
        ),
    ],
)
def test_a_comment_that_is_none_is_refused(
    alice: Person, issue: str, body: dict[str, object], field: str, text: str
) -> None:
    answer = alice.post(f"{ISSUE}/{issue}/comment", body)

    assert answer.status == 400
    assert answer.json()["errors"][field].startswith(text)
    assert texts(alice, issue) == []


@pytest.mark.refuses("GET /rest/api/3/issue/{issueIdOrKey}/comment", 404)
@pytest.mark.refuses("POST /rest/api/3/issue/{issueIdOrKey}/comment", 404)
@pytest.mark.refuses("GET /rest/api/3/comment/{commentId}/properties", 404)
def test_whoever_may_not_see_the_item_sees_no_comment(alice: Person, bob: Person, issue: str) -> None:
    number = alice.comment(issue, "Hello")

    assert bob.get(f"{ISSUE}/{issue}/comment").status == 404
    assert bob.post(f"{ISSUE}/{issue}/comment", {"body": document("x")}).status == 404
    assert bob.get(f"/rest/api/3/comment/{number}/properties").status == 404
    assert bob.post("/rest/api/3/comment/list", {"ids": [int(number)]}).json()["values"] == []


@pytest.mark.refuses("PUT /rest/api/3/issue/{issueIdOrKey}/comment/{id}", 400)
@pytest.mark.refuses("DELETE /rest/api/3/issue/{issueIdOrKey}/comment/{id}", 400)
@pytest.mark.refuses("PUT /rest/api/3/comment/{commentId}/properties/{propertyKey}", 403)
def test_without_the_right_one_may_neither_comment_nor_change_what_others_wrote(
    alice: Person, carol: Person, issue: str, site: Site
) -> None:
    number = alice.comment(issue, "Hello")
    site.revoke(site.user("carol"), "ADD_COMMENTS", space=site.space("ALPHA"))
    path = f"{ISSUE}/{issue}/comment"

    assert carol.post(path, {"body": document("x")}).status == 400
    assert carol.put(f"{path}/{number}", {"body": document("x")}).status == 400
    assert carol.delete(f"{path}/{number}").status == 400
    assert carol.put(f"/rest/api/3/comment/{number}/properties/k", 1).status == 403
    assert texts(alice, issue) == ["Hello"]


def test_a_restricted_comment_is_for_the_role_alone(
    alice: Person, carol: Person, frank: Person, issue: str
) -> None:
    number = alice.comment(issue, "Among us", visibility={"type": "role", "value": "Developers"})
    alice.comment(issue, "For all")

    assert carol.get(f"{ISSUE}/{issue}/comment/{number}").json()["visibility"] == DEVELOPERS
    assert texts(carol, issue) == ["Among us", "For all"]
    assert texts(frank, issue) == ["For all"]
    assert frank.get(f"{ISSUE}/{issue}/comment/{number}").status == 404
    assert frank.get(f"{ISSUE}/{issue}").json()["fields"]["comment"]["total"] == 1


def test_a_group_is_known_by_its_id_when_it_is_renamed(
    alice: Person, frank: Person, issue: str, site: Site
) -> None:
    group = site.group("staff")

    number = alice.comment(issue, "Staff only", visibility={"type": "group", "identifier": group.id})

    shown = alice.get(f"{ISSUE}/{issue}/comment/{number}").json()
    assert shown["visibility"] == {"type": "group", "value": "staff", "identifier": group.id}
    assert texts(frank, issue) == []


def test_a_change_keeps_the_restriction_unless_it_says_otherwise(
    alice: Person, frank: Person, issue: str
) -> None:
    number = alice.comment(issue, "a", visibility=DEVELOPERS)
    path = f"{ISSUE}/{issue}/comment/{number}"

    alice.put(path, {"body": document("b")})
    kept = texts(frank, issue)
    alice.put(path, {"body": document("c"), "visibility": None})

    assert (kept, texts(frank, issue)) == ([], ["c"])


def test_an_internal_comment_says_so(alice: Person, issue: str) -> None:
    internal = {"key": "sd.public.comment", "value": {"internal": True}}
    number = alice.comment(issue, "a")
    path = f"{ISSUE}/{issue}/comment/{number}"

    changed = alice.put(path, {"body": document("a"), "properties": [internal]}).json()
    alice.put(f"/rest/api/3/comment/{number}/properties/sd.public.comment", {"internal": False})

    assert changed["jsdPublic"] is False
    assert alice.get(path).json()["jsdPublic"] is True


@pytest.mark.answers("GET /rest/api/3/comment/{commentId}/properties")
@pytest.mark.answers("GET /rest/api/3/comment/{commentId}/properties/{propertyKey}")
@pytest.mark.answers("PUT /rest/api/3/comment/{commentId}/properties/{propertyKey}")
@pytest.mark.answers("DELETE /rest/api/3/comment/{commentId}/properties/{propertyKey}")
@pytest.mark.refuses("GET /rest/api/3/comment/{commentId}/properties/{propertyKey}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/comment/{commentId}/properties/{propertyKey}", 404)
def test_properties_of_a_comment(alice: Person, issue: str) -> None:
    number = alice.comment(issue, "a", properties=[{"key": "twin", "value": {"of": 1}}])
    base = f"/rest/api/3/comment/{number}/properties"

    assert alice.get(f"{base}/twin").json() == {"key": "twin", "value": {"of": 1}}
    assert alice.put(f"{base}/twin", 2).status == 200
    assert alice.put(f"{base}/other", [1]).status == 201
    assert [each["key"] for each in alice.get(base).json()["keys"]] == ["other", "twin"]
    assert alice.delete(f"{base}/twin").status == 204
    assert alice.delete(f"{base}/twin").status == 404
    assert alice.get(f"{base}/twin").status == 404
    assert alice.get("/rest/api/3/comment/99/properties").status == 404


@pytest.mark.refuses("PUT /rest/api/3/comment/{commentId}/properties/{propertyKey}", 400)
@pytest.mark.refuses("PUT /rest/api/3/comment/{commentId}/properties/{propertyKey}", 404)
def test_a_property_of_no_comment_or_without_sense_is_refused(alice: Person, issue: str) -> None:
    number = alice.comment(issue, "a")

    too_long = alice.put(f"/rest/api/3/comment/{number}/properties/long", "x" * 32_769)
    missing = alice.put("/rest/api/3/comment/99/properties/twin", 1)

    assert (too_long.status, missing.status) == (400, 404)
    assert alice.get(f"/rest/api/3/comment/{number}/properties").json()["keys"] == []


@pytest.mark.answers("POST /rest/api/3/comment/list")
@pytest.mark.refuses("POST /rest/api/3/comment/list", 400)
def test_comments_can_be_asked_for_by_id_with_their_properties(alice: Person, issue: str) -> None:
    first = alice.comment(issue, "a", properties=[{"key": "twin", "value": 1}])
    alice.comment(issue, "b")

    page = alice.post("/rest/api/3/comment/list?expand=properties", {"ids": [int(first), 99]}).json()

    assert [(each["id"], each["properties"]) for each in page["values"]] == [
        (first, [{"key": "twin", "value": 1}])
    ]
    assert alice.post("/rest/api/3/comment/list", {"ids": "all"}).status == 400


def test_the_app_sees_what_is_restricted_until_it_is_shut_out(
    world: World, site: Site, app: ListeningApp, alice: Person, issue: str
) -> None:
    robot = as_app(world, site)
    alice.comment(issue, "Among us", visibility=DEVELOPERS)

    before = texts(robot, issue)
    site.expel(site.app.user)

    assert (before, texts(robot, issue)) == (["Among us"], [])


def test_the_text_comes_as_html_when_asked_for(alice: Person, issue: str) -> None:
    number = alice.comment(issue, "a < b")
    path = f"{ISSUE}/{issue}/comment"

    listed = alice.get(f"{path}?expand=renderedBody").json()["comments"][0]
    alone = alice.get(f"{path}/{number}?expand=renderedBody").json()
    written = alice.post(f"{path}?expand=renderedBody", {"body": document("c")}).json()

    assert listed["renderedBody"] == alone["renderedBody"] == "<p>a &lt; b</p>"
    assert (written["renderedBody"], "renderedBody" in alice.get(f"{path}/{number}").json()) == (
        "<p>c</p>",
        False,
    )


def test_only_jiras_administrators_override_what_keeps_a_comment_from_being_edited(
    alice: Person, dana: Person, issue: str
) -> None:
    path = f"{ISSUE}/{issue}/comment/{alice.comment(issue, 'a')}"

    refused = alice.put(f"{path}?overrideEditableFlag=true", {"body": document("b")})
    allowed = dana.put(f"{path}?overrideEditableFlag=true&notifyUsers=false", {"body": document("c")})

    assert (refused.status, allowed.status, texts(alice, issue)) == (400, 200, ["c"])


@pytest.mark.refuses("POST /rest/api/3/issue/{issueIdOrKey}/comment", 413)
def test_an_item_takes_so_many_comments_and_no_more(alice: Person, issue: str, site: Site) -> None:
    site.most_comments = 1
    alice.comment(issue, "a")

    answer = alice.post(f"{ISSUE}/{issue}/comment", {"body": document("b")})

    assert answer.status == 413
    assert answer.json()["errorMessages"] == ["The issue has reached its limit of 1 comments."]


def test_a_role_is_known_by_its_id_as_well(alice: Person, frank: Person, issue: str, site: Site) -> None:
    number = alice.comment(issue, "a", visibility={"type": "role", "identifier": site.role("Developers").id})

    assert alice.get(f"{ISSUE}/{issue}/comment/{number}").json()["visibility"] == DEVELOPERS
    assert texts(frank, issue) == []
