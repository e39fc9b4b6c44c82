import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

_ISSUE = "/rest/api/3/issue/{issueIdOrKey}"
WATCHERS, VOTES = f"{_ISSUE}/watchers", f"{_ISSUE}/votes"
WATCHING = "/rest/api/3/issue/watching"


@pytest.fixture
def issue(alice: Person) -> str:
    """A work item of alice's."""
    return alice.create("ALPHA", "one")


def watchers(person: Person, issue: str) -> dict[str, object]:
    shown = person.get(f"/rest/api/3/issue/{issue}/watchers").json()
    names = [each["displayName"] for each in shown["watchers"]]
    return {"count": shown["watchCount"], "me": shown["isWatching"], "names": names}


@pytest.mark.answers(f"GET {WATCHERS}")
@pytest.mark.answers(f"POST {WATCHERS}")
def test_who_names_nobody_watches(carol: Person, issue: str) -> None:
    path = f"/rest/api/3/issue/{issue}/watchers"

    answers = carol.post(path), carol.post(path)

    assert [each.status for each in answers] == [204, 204]
    assert watchers(carol, issue) == {"count": 1, "me": True, "names": ["Carol Cook"]}
    shown = carol.get(f"/rest/api/3/issue/{issue}").json()["fields"]["watches"]
    assert (shown["watchCount"], shown["isWatching"]) == (1, True)


@pytest.mark.answers(f"DELETE {WATCHERS}")
def test_a_lead_lets_others_watch_and_stop(alice: Person, issue: str, site: Site) -> None:
    path, carol = f"/rest/api/3/issue/{issue}/watchers", site.user("carol").account_id

    added = alice.post(path, carol)
    before = watchers(alice, issue)
    removed = alice.delete(f"{path}?accountId={carol}")

    assert (added.status, removed.status) == (204, 204)
    assert before == {"count": 1, "me": False, "names": ["Carol Cook"]}
    assert watchers(alice, issue) == {"count": 0, "me": False, "names": []}


@pytest.mark.refuses(f"POST {WATCHERS}", 403)
@pytest.mark.refuses(f"DELETE {WATCHERS}", 403)
def test_the_list_is_managed_by_whom_it_is_given_to(carol: Person, issue: str, site: Site) -> None:
    path, alice = f"/rest/api/3/issue/{issue}/watchers", site.user("alice").account_id

    refused = carol.post(path, alice), carol.delete(f"{path}?accountId={alice}")

    assert {each.status for each in refused} == {403}
    assert refused[0].json()["errorMessages"] == ["You do not have permission to manage the watcher list."]


@pytest.mark.refuses(f"GET {WATCHERS}", 404)
@pytest.mark.refuses(f"POST {WATCHERS}", 404)
@pytest.mark.refuses(f"DELETE {WATCHERS}", 404)
def test_people_and_items_that_are_not_there(alice: Person, bob: Person, issue: str) -> None:
    path = f"/rest/api/3/issue/{issue}/watchers"

    unknown = alice.post(path, "nobody"), alice.delete(f"{path}?accountId=nobody")

    assert {each.status for each in unknown} == {404}
    assert unknown[0].json()["errorMessages"] == ["The user with account id 'nobody' does not exist."]
    assert {bob.get(path).status, bob.post(path).status} == {404}


@pytest.mark.refuses(f"POST {WATCHERS}", 400)
@pytest.mark.refuses(f"DELETE {WATCHERS}", 400)
def test_who_it_is_must_be_said_as_an_account_id(alice: Person, issue: str, site: Site) -> None:
    path = f"/rest/api/3/issue/{issue}/watchers"

    misshapen, missing = alice.post(path, {"accountId": "x"}), alice.delete(path)
    blind = alice.post(path, site.user("bob").account_id)

    assert {misshapen.status, missing.status, blind.status} == {400}
    assert missing.json()["errorMessages"] == ["The accountId must be given."]
    assert blind.json()["errorMessages"] == [
        "The user 'Bob Baker' does not have permission to view this issue."
    ]


def test_without_the_right_one_sees_but_oneself_in_the_lists(
    alice: Person, carol: Person, issue: str, site: Site
) -> None:
    alice.post(f"/rest/api/3/issue/{issue}/watchers", site.user("dana").account_id)
    carol.post(f"/rest/api/3/issue/{issue}/watchers")
    site.deny(site.user("carol"), "VIEW_VOTERS_AND_WATCHERS", space=site.space("ALPHA"))

    assert watchers(carol, issue) == {"count": 2, "me": True, "names": ["Carol Cook"]}


def test_watching_leaves_no_trace_in_history(carol: Person, issue: str, site: Site) -> None:
    before = site.issues[issue].updated

    carol.post(f"/rest/api/3/issue/{issue}/watchers")
    carol.post(f"/rest/api/3/issue/{issue}/votes")

    assert (site.issues[issue].changelog, site.issues[issue].updated) == ([], before)


@pytest.mark.answers(f"POST {WATCHING}")
def test_many_are_asked_for_at_once(alice: Person, carol: Person, bob: Person, issue: str) -> None:
    other = alice.create("ALPHA", "two")
    carol.post(f"/rest/api/3/issue/{issue}/watchers")

    answer = carol.post(WATCHING, {"issueIds": [issue, other, "99999"]})

    assert answer.json() == {"issuesIsWatching": {issue: True, other: False, "99999": False}}
    assert bob.post(WATCHING, {"issueIds": [issue]}).json() == {"issuesIsWatching": {issue: False}}


@pytest.mark.refuses(f"POST {WATCHING}", 400)
def test_the_ids_must_be_a_list(carol: Person) -> None:
    answer = carol.post(WATCHING, {"issueIds": "10000"})

    assert (answer.status, answer.json()["errors"]) == (400, {"issueIds": "data was not an array"})


@pytest.mark.answers(f"GET {VOTES}")
@pytest.mark.answers(f"POST {VOTES}")
@pytest.mark.answers(f"DELETE {VOTES}")
def test_a_vote_is_given_counted_and_taken_back(carol: Person, issue: str) -> None:
    path = f"/rest/api/3/issue/{issue}/votes"

    given = carol.post(path), carol.post(path)
    shown = carol.get(path).json()
    taken = carol.delete(path)

    assert [each.status for each in (*given, taken)] == [204, 204, 204]
    assert (shown["votes"], shown["hasVoted"]) == (1, True)
    assert [each["displayName"] for each in shown["voters"]] == ["Carol Cook"]
    assert carol.get(path).json()["votes"] == 0


@pytest.mark.refuses(f"POST {VOTES}", 404)
@pytest.mark.refuses(f"DELETE {VOTES}", 404)
def test_nobody_votes_for_ones_own_or_for_what_is_resolved(
    alice: Person, carol: Person, issue: str, site: Site
) -> None:
    path = f"/rest/api/3/issue/{issue}/votes"
    own, unvoted = alice.post(path), carol.delete(path)
    site.issues[issue].fields["resolution"] = next(iter(site.resolutions))

    resolved = carol.post(path)

    assert [each.json()["errorMessages"] for each in (own, unvoted, resolved)] == [
        ["You cannot vote for an issue you have reported."],
        ["You cannot remove a vote you have not given."],
        ["You cannot vote for an issue that has been resolved."],
    ]
    assert {each.status for each in (own, unvoted, resolved)} == {404}


@pytest.mark.refuses(f"GET {VOTES}", 404)
def test_votes_of_an_item_one_may_not_see(bob: Person, issue: str) -> None:
    assert bob.get(f"/rest/api/3/issue/{issue}/votes").status == 404
