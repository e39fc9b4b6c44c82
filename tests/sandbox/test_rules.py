"""What a site was told to refuse: status, words, and that it goes away again."""

from dataclasses import replace

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Space
from jira_sandbox.wire import Response
from jira_sandbox.world import World
from tests.support.sandbox import AppCaller, ListeningApp, Person, as_app, document, install

ISSUE = "/rest/api/3/issue"
OFF_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."


@pytest.fixture
def us(world: World, site: Site, app: ListeningApp) -> AppCaller:
    """The installed app as a caller."""
    return as_app(world, site)


@pytest.fixture
def alpha(site: Site) -> Space:
    return site.space("ALPHA")


@pytest.fixture
def issue(us: AppCaller) -> str:
    return us.create("ALPHA", "one")


def edited(person: Person, issue: str, **fields: object) -> Response:
    return person.put(f"{ISSUE}/{issue}", {"fields": fields})


def created(person: Person, space: str = "ALPHA", **fields: object) -> Response:
    wanted = {"project": {"key": space}, "issuetype": {"name": "Task"}, "summary": "one", **fields}
    return person.post(ISSUE, {"fields": wanted})


def told(response: Response) -> tuple[int, list[str], dict[str, str]]:
    content = response.json()
    return response.status, content["errorMessages"], content["errors"]


def test_a_field_off_the_edit_screen_can_be_given_at_creation_only(
    us: AppCaller, site: Site, alpha: Space, issue: str
) -> None:
    site.take_off_screen(alpha, "priority", screens=("edit",))

    refused = edited(us, issue, priority={"id": "1"}, labels=["a"])

    assert told(refused) == (400, [], {"priority": OFF_SCREEN.format("priority")})
    assert created(us, priority={"id": "1"}).status == 201
    site.put_on_screen(alpha, "priority", screens=("edit",))
    assert edited(us, issue, priority={"id": "1"}).status == 204


def test_a_field_off_the_create_screen_of_one_type_is_missing_from_its_description(
    us: AppCaller, site: Site, alpha: Space, issue: str
) -> None:
    task, bug = site.work_type("Task"), site.work_type("Bug")
    site.take_off_screen(alpha, "duedate", work_type=task, screens=("create",))

    refused = created(us, duedate="2026-12-24")
    as_bug = created(us, duedate="2026-12-24", issuetype={"name": "Bug"})

    assert told(refused) == (400, [], {"duedate": OFF_SCREEN.format("duedate")})
    assert (as_bug.status, edited(us, issue, duedate="2026-12-24").status) == (201, 204)
    screens = f"{ISSUE}/createmeta/ALPHA/issuetypes"
    described = [
        "duedate" in [each["key"] for each in us.get(f"{screens}/{kind.id}").json()["fields"]]
        for kind in (task, bug)
    ]
    assert described == [False, True]


def test_a_required_field_is_asked_for_even_when_nobody_sends_it(
    us: AppCaller, site: Site, alpha: Space, issue: str
) -> None:
    site.require(alpha, "environment")
    site.require(alpha, "customfield_10050", title="Cost centre", screens=("create",))

    unfilled = edited(us, issue, summary="two")
    filled = edited(us, issue, environment=document("Linux"))
    unmade = created(us, environment=document("Linux"))

    assert told(unfilled) == (400, [], {"environment": "Environment is required."})
    assert filled.status == 204
    assert told(unmade) == (400, [], {"customfield_10050": "Cost centre is required."})
    site.stop_requiring(alpha, "customfield_10050")
    assert created(us, environment=document("Linux")).status == 201


def test_what_is_required_is_described_so(us: AppCaller, site: Site, alpha: Space) -> None:
    site.require(alpha, "environment")
    site.require(alpha, "customfield_10050", title="Cost centre")

    listed = us.get(f"{ISSUE}/createmeta/ALPHA/issuetypes/{alpha.type_ids[0]}").json()["fields"]

    required = {each["key"]: each["name"] for each in listed if each["required"]}
    assert required == {
        "issuetype": "Work type",
        "project": "Space",
        "summary": "Summary",
        "reporter": "Reporter",
        "environment": "Environment",
        "customfield_10050": "Cost centre",
    }


def test_a_veto_names_no_field_and_spares_other_fields_and_spaces(
    us: AppCaller, site: Site, alpha: Space, issue: str
) -> None:
    site.veto(alpha, fields={"labels"}, message="The release is frozen.")

    assert told(edited(us, issue, labels=["a"], summary="two")) == (400, ["The release is frozen."], {})
    assert told(created(us, labels=["a"])) == (400, ["The release is frozen."], {})
    assert edited(us, issue, summary="two").status == 204
    assert created(us, "BETA", labels=["a"]).status == 201
    site.lift_vetoes(alpha)
    assert edited(us, issue, labels=["a"]).status == 204


def test_a_priority_that_is_gone_is_refused_and_replaced_where_it_was(
    us: AppCaller, site: Site, issue: str
) -> None:
    us.edit(issue, priority={"name": "Highest"})
    gone = site.priority("Highest").id

    site.remove_priority("Highest", instead="High")

    refused = edited(us, issue, priority={"id": gone})
    assert told(refused) == (400, [], {"priority": "The priority selected is invalid."})
    assert us.get(f"{ISSUE}/{issue}").json()["fields"]["priority"]["name"] == "High"
    assert gone not in [each["id"] for each in us.get("/rest/api/3/priority").json()]


@pytest.mark.parametrize("length", [32_767, 32_768])
def test_a_text_has_a_longest_length_in_either_version(us: AppCaller, issue: str, length: int) -> None:
    text, too_long = "x" * length, length > 32_767

    new = edited(us, issue, description=document(text))
    old = us.put(f"/rest/api/2/issue/{issue}", {"fields": {"description": text}})
    said = us.post(f"{ISSUE}/{issue}/comment", {"body": document(text)})
    said_before = us.post(f"/rest/api/2/issue/{issue}/comment", {"body": text})

    if too_long:
        words = "The entered text is too long. It exceeds the allowed limit of 32,767 characters."
        limit = "CONTENT_LIMIT_EXCEEDED"
        assert told(new) == (400, [limit], {"description": limit})
        assert told(old) == (400, [], {"description": words})
        assert told(said) == (400, [limit], {"comment": limit})
        assert told(said_before) == (400, [], {"comment": words})
    else:
        assert [each.status for each in (new, old, said, said_before)] == [204, 204, 201, 201]


def test_a_summary_has_a_longest_length(us: AppCaller, issue: str) -> None:
    assert edited(us, issue, summary="x" * 255).status == 204
    refused = edited(us, issue, summary="x" * 256)
    assert told(refused) == (400, [], {"summary": "Summary can't exceed 255 characters."})


def test_a_work_item_takes_only_so_many_comments(us: AppCaller, site: Site, issue: str) -> None:
    site.most_comments = 1
    us.comment(issue, "first")

    refused = us.post(f"{ISSUE}/{issue}/comment", {"body": document("second")})

    assert told(refused) == (413, ["The issue has reached its limit of 1 comments."], {})


def test_a_denied_permission_is_refused_as_one_never_granted(
    us: AppCaller, site: Site, alpha: Space, issue: str
) -> None:
    comment = us.comment(issue, "first")
    step = us.transition_id(issue, "Start")
    ours = site.app.user
    denied = ("CREATE_ISSUES", "EDIT_ISSUES", "TRANSITION_ISSUES", "ADD_COMMENTS")

    site.deny(ours, *denied, "EDIT_OWN_COMMENTS", "EDIT_ALL_COMMENTS", space=alpha)

    move = {"transition": {"id": step}}
    assert created(us).status == 403
    assert told(edited(us, issue, summary="two")) == (400, [], {"summary": OFF_SCREEN.format("summary")})
    assert us.get(f"{ISSUE}/{issue}/transitions").json()["transitions"] == []
    assert us.post(f"{ISSUE}/{issue}/transitions", move).status == 400
    assert us.post(f"{ISSUE}/{issue}/comment", {"body": document("second")}).status == 400
    changed = us.put(f"{ISSUE}/{issue}/comment/{comment}", {"body": document("other")})
    assert told(changed) == (400, [f"You do not have permission to edit comment with id: {comment}"], {})
    assert created(us, "BETA").status == 201
    site.allow(ours, *denied, space=alpha)
    assert edited(us, issue, summary="two").status == 204
    assert us.post(f"{ISSUE}/{issue}/transitions", move).status == 204


def test_a_denied_permission_stays_denied_when_the_app_is_installed_again(
    world: World, us: AppCaller, site: Site, app: ListeningApp, alpha: Space, issue: str
) -> None:
    site.deny(site.app.user, "BROWSE_PROJECTS", space=alpha)

    install(world, site, app)

    assert us.get(f"{ISSUE}/{issue}").status == 404
    site.allow(site.app.user, "BROWSE_PROJECTS", space=alpha)
    assert us.get(f"{ISSUE}/{issue}").status == 200


def test_a_hidden_item_is_not_there_for_the_app_and_comes_back(
    world: World, us: AppCaller, site: Site, app: ListeningApp, alice: Person, issue: str
) -> None:
    comment = us.comment(issue, "first")
    other = us.create("ALPHA", "other")
    world.deliver(app)
    app.calls.clear()

    site.hide_issue(site.issue(issue), from_account=site.app.user)

    alice.edit(issue, summary="unseen")
    found = us.post("/rest/api/3/search/jql", {"jql": "project = ALPHA"}).json()["issues"]
    listed = us.post("/rest/api/3/comment/list", {"ids": [comment]}).json()["values"]
    answers = [us.get(f"{ISSUE}/{issue}"), edited(us, issue, summary="two")]
    gone = "Issue does not exist or you do not have permission to see it."
    assert [told(each) for each in answers] == [(404, [gone], {})] * 2
    assert us.get(f"/rest/api/3/comment/{comment}/properties").status == 404
    assert (found, listed, world.outbox, app.calls) == ([{"id": other}], [], [], [])
    site.show_issue(site.issue(issue), to_account=site.app.user)
    assert us.get(f"{ISSUE}/{issue}").json()["fields"]["summary"] == "unseen"


def test_what_somebody_may_do_around_a_hidden_item_is_not_told(us: AppCaller, site: Site, issue: str) -> None:
    asked = {"projectPermissions": [{"permissions": ["EDIT_ISSUES"], "issues": [int(issue)]}]}
    site.hide_issue(site.issue(issue), from_account=site.app.user)

    answer = us.post("/rest/api/3/permissions/check", asked)

    assert answer.json()["projectPermissions"][0]["issues"] == []


def test_a_validator_refuses_a_transition_in_its_own_words(
    us: AppCaller, site: Site, alpha: Space, issue: str
) -> None:
    move = {"transition": {"id": us.transition_id(issue, "Start")}}
    site.refuse_transition(alpha, "Start", "Ask the release manager first.")

    refused = us.post(f"{ISSUE}/{issue}/transitions", move)

    assert told(refused) == (400, ["Ask the release manager first."], {})
    site.refuse_transition(alpha, "Start", "")
    assert us.post(f"{ISSUE}/{issue}/transitions", move).status == 204


def test_a_validator_needs_a_transition_to_sit_on(site: Site, alpha: Space) -> None:
    with pytest.raises(LookupError):
        site.refuse_transition(alpha, "Fly", "No.")


def test_an_archived_item_can_be_read_and_not_written(us: AppCaller, site: Site, issue: str) -> None:
    comment = us.comment(issue, "first")
    move = {"transition": {"id": us.transition_id(issue, "Start")}}
    site.archive(site.issue(issue))

    writes = [
        edited(us, issue, summary="two"),
        us.post(f"{ISSUE}/{issue}/transitions", move),
        us.post(f"{ISSUE}/{issue}/comment", {"body": document("second")}),
        us.put(f"{ISSUE}/{issue}/comment/{comment}", {"body": document("other")}),
        us.delete(f"{ISSUE}/{issue}/comment/{comment}"),
        us.put(f"{ISSUE}/{issue}/properties/link", 7),
        us.put(f"/rest/api/3/comment/{comment}/properties/link", 7),
    ]

    words = "Issue ALPHA-1 is archived. You can't edit archived issues."
    assert [told(each) for each in writes] == [(400, [words], {})] * len(writes)
    assert us.get(f"{ISSUE}/{issue}").status == 200
    assert us.post("/rest/api/3/search/jql", {"jql": "project = ALPHA"}).json()["issues"] == []
    site.unarchive(site.issue(issue))
    assert edited(us, issue, summary="two").status == 204


def test_a_concurrent_write_is_a_conflict_once(us: AppCaller, site: Site, issue: str) -> None:
    move = {"transition": {"id": us.transition_id(issue, "Start")}}
    words = "The issue could not be updated due to a conflicting update."

    site.collide(site.issue(issue), times=2)

    assert told(edited(us, issue, summary="two")) == (409, [words], {})
    assert told(us.post(f"{ISSUE}/{issue}/transitions", move)) == (409, [words], {})
    assert edited(us, issue, summary="two").status == 204


def test_a_deleted_space_is_gone_with_all_in_it_and_nobody_is_told(
    world: World, us: AppCaller, site: Site, alpha: Space, issue: str
) -> None:
    world.outbox.clear()
    site.delete_space(alpha)

    search = us.post("/rest/api/3/search/jql", {"jql": f"project = {alpha.id}"})
    assert told(created(us)) == (400, [], {"project": "Specify a valid project ID or key"})
    assert [us.get(f"{ISSUE}/{issue}").status, us.get(f"/rest/api/3/project/{alpha.id}").status] == [404, 404]
    assert told(search) == (400, [f"The value '{alpha.id}' does not exist for the field 'project'."], {})
    assert world.outbox == []
    site.restore_space(alpha)
    assert us.get(f"{ISSUE}/{issue}").status == 200


def test_a_forgotten_secret_shuts_the_app_out_until_it_is_installed_again(
    world: World, site: Site, app: ListeningApp
) -> None:
    us = replace(as_app(world, site), secret=site.app.shared_secret)
    before = us.get("/rest/api/3/myself").status

    site.forget_secret()

    assert (before, us.get("/rest/api/3/myself").status) == (200, 401)
    install(world, site, app)
    us = replace(us, secret=site.app.shared_secret)
    assert us.get("/rest/api/3/myself").status == 200


def test_a_missing_scope_is_named(us: AppCaller, site: Site, issue: str) -> None:
    site.take_scopes("WRITE")

    refused = edited(us, issue, summary="two")

    assert told(refused) == (403, ["The app does not have the scope WRITE that this operation requires."], {})
    assert us.get(f"{ISSUE}/{issue}").status == 200
    site.give_scopes("WRITE")
    assert edited(us, issue, summary="two").status == 204


def test_an_item_removed_silently_is_gone_and_no_delivery_tells_of_it(
    world: World, us: AppCaller, site: Site, issue: str
) -> None:
    world.outbox.clear()

    site.remove_silently(site.issue(issue))

    assert (us.get(f"{ISSUE}/{issue}").status, world.outbox) == (404, [])
