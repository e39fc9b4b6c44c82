from typing import Any

import pytest

from jira_sandbox.acts import links as acts
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, as_person, descriptor, document, install

LINK, ISSUE = "/rest/api/3/issueLink", "/rest/api/3/issue"


@pytest.fixture
def pair(alice: Person) -> tuple[str, str]:
    """Two work items of ALPHA: ALPHA-1 and ALPHA-2."""
    return alice.create("ALPHA", "one"), alice.create("ALPHA", "two")


def wish(inward: str, outward: str, *, kind: str = "Blocks", **more: object) -> dict[str, object]:
    ends = {"inwardIssue": {"key": inward}, "outwardIssue": {"key": outward}}
    return {"type": {"name": kind}, **ends, **more}


def links_of(person: Person, issue: str) -> list[dict[str, Any]]:
    return list(person.get(f"{ISSUE}/{issue}?fields=issuelinks").json()["fields"]["issuelinks"])


def linked(person: Person) -> str:
    """Let ALPHA-1 block ALPHA-2 and give the link's id."""
    assert person.post(LINK, wish("ALPHA-1", "ALPHA-2")).status == 201
    return str(links_of(person, "ALPHA-1")[0]["id"])


@pytest.mark.answers("POST /rest/api/3/issueLink")
def test_a_link_is_made_without_a_word_and_shown_at_both_ends(alice: Person, pair: tuple[str, str]) -> None:
    answer = alice.post(LINK, wish("ALPHA-1", "ALPHA-2"))

    (here,), (there,) = links_of(alice, "ALPHA-1"), links_of(alice, "ALPHA-2")
    assert (answer.status, answer.body) == (201, b"")
    assert here["type"]["outward"] == "blocks"
    assert (here["outwardIssue"]["key"], there["inwardIssue"]["key"]) == ("ALPHA-2", "ALPHA-1")
    assert here["outwardIssue"]["fields"]["summary"] == "two"
    assert ("inwardIssue" in here, "outwardIssue" in there) == (False, False)


def test_a_link_is_in_the_history_of_both_ends(alice: Person, pair: tuple[str, str], site: Site) -> None:
    number = linked(alice)

    alice.delete(f"{LINK}/{number}")

    told = [
        [(item.field, item.before_text, item.after, item.after_text) for item in entry.items]
        for issue in pair
        for entry in site.issues[issue].changelog
    ]
    assert told == [
        [("Link", None, "ALPHA-2", "This issue blocks ALPHA-2")],
        [("Link", "This issue blocks ALPHA-2", None, None)],
        [("Link", None, "ALPHA-1", "This issue is blocked by ALPHA-1")],
        [("Link", "This issue is blocked by ALPHA-1", None, None)],
    ]
    item = alice.get(f"{ISSUE}/ALPHA-1/changelog").json()["values"][0]["items"][0]
    assert "fieldId" not in item


@pytest.mark.answers("GET /rest/api/3/issueLink/{linkId}")
def test_a_link_is_shown_with_both_ends(alice: Person, pair: tuple[str, str]) -> None:
    number = linked(alice)

    answer = alice.get(f"{LINK}/{number}")

    shown = answer.json()
    assert (answer.status, shown["id"]) == (200, number)
    assert (shown["inwardIssue"]["key"], shown["outwardIssue"]["key"]) == ("ALPHA-1", "ALPHA-2")


@pytest.mark.answers("DELETE /rest/api/3/issueLink/{linkId}")
@pytest.mark.refuses("GET /rest/api/3/issueLink/{linkId}", 404)
def test_a_deleted_link_is_gone(alice: Person, pair: tuple[str, str]) -> None:
    number = linked(alice)

    answer = alice.delete(f"{LINK}/{number}")

    gone = alice.get(f"{LINK}/{number}")
    assert (answer.status, links_of(alice, "ALPHA-2")) == (204, [])
    assert (gone.status, gone.json()["errorMessages"]) == (404, [f"No issue link with id '{number}' exists."])


@pytest.mark.refuses("GET /rest/api/3/issueLink/{linkId}", 400)
@pytest.mark.refuses("DELETE /rest/api/3/issueLink/{linkId}", 400)
def test_an_id_that_is_no_number_is_invalid(alice: Person) -> None:
    refused = alice.get(f"{LINK}/x"), alice.delete(f"{LINK}/x")

    assert [each.status for each in refused] == [400, 400]
    assert refused[0].json()["errorMessages"] == ["The issue link id 'x' is invalid."]


@pytest.mark.refuses("DELETE /rest/api/3/issueLink/{linkId}", 404)
def test_deleting_takes_the_right_to_link_at_one_end_at_least(
    alice: Person, pair: tuple[str, str], site: Site
) -> None:
    number = linked(alice)
    site.deny(site.user("alice"), "LINK_ISSUES", space=site.space("ALPHA"))

    answer = alice.delete(f"{LINK}/{number}")

    assert answer.status == 404
    assert answer.json()["errorMessages"] == ["You do not have permission to delete this link."]
    assert len(links_of(alice, "ALPHA-1")) == 1


@pytest.mark.refuses("POST /rest/api/3/issueLink", 404)
@pytest.mark.parametrize(
    ("body", "text"),
    [
        (wish("ALPHA-1", "ALPHA-2", kind="Hates"), "No issue link type with name 'Hates' found."),
        (wish("ALPHA-1", "ALPHA-99"), "Issue does not exist or you do not have permission to see it."),
        (wish("ALPHA-99", "ALPHA-1"), "Issue does not exist or you do not have permission to see it."),
    ],
)
def test_ends_and_types_that_are_not_there(
    alice: Person, pair: tuple[str, str], body: dict[str, object], text: str
) -> None:
    answer = alice.post(LINK, body)

    assert (answer.status, answer.json()["errorMessages"]) == (404, [text])


def test_linking_takes_the_right_to_at_the_outward_end_and_deleting_at_any(
    alice: Person, carol: Person, pair: tuple[str, str], site: Site
) -> None:
    carol.create("BETA", "three")
    site.deny(site.user("carol"), "LINK_ISSUES", space=site.space("ALPHA"))

    answer = carol.post(LINK, wish("BETA-1", "ALPHA-2"))

    assert answer.status == 404
    assert answer.json()["errorMessages"] == ["No Link Issue Permission for issue 'ALPHA-2'"]
    assert carol.post(LINK, wish("ALPHA-1", "BETA-1")).status == 201
    (link,) = links_of(carol, "BETA-1")
    assert carol.delete(f"{LINK}/{link['id']}").status == 204


@pytest.mark.parametrize("archived", [0, 1])
def test_an_archived_end_gets_no_link_and_loses_none(
    alice: Person, pair: tuple[str, str], site: Site, archived: int
) -> None:
    number = linked(alice)
    site.archive(site.issues[pair[archived]])

    refused = alice.delete(f"{LINK}/{number}")
    again = alice.post(LINK, wish("ALPHA-2", "ALPHA-1"))

    assert (refused.status, again.status) == (400, 400)
    assert len(links_of(alice, "ALPHA-1")) == 1


@pytest.mark.refuses("POST /rest/api/3/issueLink", 400)
@pytest.mark.parametrize("missing", ["type", "inwardIssue", "outwardIssue"])
def test_what_is_missing_is_named(alice: Person, pair: tuple[str, str], missing: str) -> None:
    body = wish("ALPHA-1", "ALPHA-2")
    del body[missing]

    answer = alice.post(LINK, body)

    assert (answer.status, answer.json()["errors"]) == (400, {missing: f"{missing} is required."})


def test_a_type_must_be_named(alice: Person, pair: tuple[str, str]) -> None:
    answer = alice.post(LINK, {**wish("ALPHA-1", "ALPHA-2"), "type": {"self": "x"}})

    assert (answer.status, answer.json()["errors"]) == (400, {"type": "The type of the link is required."})


def test_each_item_shows_its_own_links_alone(alice: Person, pair: tuple[str, str]) -> None:
    third = alice.create("ALPHA", "three")

    linked(alice)

    assert links_of(alice, third) == []


def test_a_work_item_is_not_linked_to_itself(alice: Person, pair: tuple[str, str]) -> None:
    answer = alice.post(LINK, wish("ALPHA-1", "alpha-1"))

    assert (answer.status, links_of(alice, "ALPHA-1")) == (400, [])


def test_the_same_link_again_is_no_second_one(alice: Person, pair: tuple[str, str], site: Site) -> None:
    first = linked(alice)

    again = alice.post(LINK, wish("ALPHA-1", "ALPHA-2", comment={"body": document("again")}))

    assert (again.status, [each["id"] for each in links_of(alice, "ALPHA-1")]) == (201, [first])
    assert len(site.issues[pair[1]].comments) == 1


def test_a_comment_goes_to_the_outward_end(alice: Person, pair: tuple[str, str], site: Site) -> None:
    alice.post(LINK, wish("ALPHA-1", "ALPHA-2", comment={"body": document("for you")}))

    assert [len(site.issues[issue].comments) for issue in pair] == [0, 1]


def test_without_its_comment_there_is_no_link(alice: Person, pair: tuple[str, str]) -> None:
    bad = {"body": document("x"), "visibility": {"type": "role", "value": "Kings"}}

    answer = alice.post(LINK, wish("ALPHA-1", "ALPHA-2", comment=bad))

    assert (answer.status, list(answer.json()["errors"])) == (400, ["commentLevel"])
    assert links_of(alice, "ALPHA-1") == []


@pytest.mark.refuses("POST /rest/api/3/issueLink", 413)
def test_a_work_item_takes_so_many_links_and_no_more(
    alice: Person, pair: tuple[str, str], site: Site
) -> None:
    site.most_links = 1
    linked(alice)
    alice.create("ALPHA", "three")

    answers = [alice.post(LINK, wish(*ends)) for ends in (("ALPHA-2", "ALPHA-3"), ("ALPHA-3", "ALPHA-2"))]

    for answer in answers:
        assert answer.status == 413
        assert answer.json()["errorMessages"] == ["The issue has reached its limit of 1 links."]


def test_an_end_one_may_not_see_is_not_shown(
    alice: Person, carol: Person, pair: tuple[str, str], site: Site
) -> None:
    number = linked(alice)
    site.hide_issue(site.issue("ALPHA-2"), from_account=site.user("carol"))

    assert links_of(carol, "ALPHA-1") == []
    assert carol.get(f"{LINK}/{number}").status == 404


def test_links_go_with_a_deleted_work_item_and_the_other_end_remembers(
    alice: Person, pair: tuple[str, str], site: Site
) -> None:
    linked(alice)

    alice.delete(f"{ISSUE}/ALPHA-2")

    assert (site.links, links_of(alice, "ALPHA-1")) == ([], [])
    assert site.issue("ALPHA-1").changelog[-1].items[0].before_text == "This issue blocks ALPHA-2"


def test_links_to_what_went_without_a_word_are_shown_no_more(
    alice: Person, pair: tuple[str, str], site: Site
) -> None:
    number = linked(alice)

    site.remove_silently(site.issue("ALPHA-2"))

    assert links_of(alice, "ALPHA-1") == []
    assert alice.get(f"{LINK}/{number}").status == 404
    assert acts.whole(site) == []


def test_version_2_takes_the_comment_as_wiki_text(world: World, site: Site, pair: tuple[str, str]) -> None:
    alice = as_person(world, site, "alice")

    answer = alice.post("/rest/api/2/issueLink", wish("ALPHA-1", "ALPHA-2", comment={"body": "*bold*"}))

    assert answer.status == 201
    shown = alice.get("/rest/api/2/issue/ALPHA-2/comment").json()["comments"][0]
    assert shown["body"] == "*bold*"


def test_an_app_that_listens_hears_of_links(world: World, site: Site, alice: Person) -> None:
    events = ["issuelink_created", "issuelink_deleted"]
    hooks = {"webhooks": [{"event": event, "url": "/hook"} for event in events]}
    install(world, site, ListeningApp(), wanted=descriptor(modules=hooks))
    alice.create("ALPHA", "one")
    alice.create("ALPHA", "two")

    alice.delete(f"{LINK}/{linked(alice)}")

    assert [delivery.event for delivery in world.outbox] == events
