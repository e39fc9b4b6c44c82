"""The page of one synchronization: how it stands, what stands in the way, and the ways out."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backbone_app.models import Failure, Pair, Reconciliation, Synchronization
from tests.support.app import Jira
from tests.support.pages import Element, Reader, parse
from tests.support.sandbox import VirtualClock
from tests.support.trouble import add_failure, add_pair, say

SENTENCE = "The field is not on the screen of this work type."
WORDS = "Field 'priority' cannot be set on Operation Teapot."


@pytest.fixture
def running(alice: Reader, bob: Reader, accepted: None) -> None:
    """The synchronization of ALPHA and BETA runs, both sides have been checked."""
    alice.press("Start")
    bob.reload()
    Reconciliation.objects.update(whole=False)


@pytest.fixture
def failure(jira: Jira, clock: VirtualClock, running: None) -> Failure:
    """BETA refused the priority of ALPHA-1's twin, in its Jira's own words."""
    failure = add_failure(jira, 1, row="priority", now=clock())
    say(failure, WORDS, now=clock())
    return failure


def look(reader: Reader, **query: str) -> Element:
    """Open the page of the only synchronization."""
    return reader.show(reader.visitor.get(address(reader), **query))


def address(reader: Reader, path: str = "") -> str:
    return f"/spaces/{reader.space}/synchronizations/{Synchronization.objects.get().id}{path}"


def errors(page: Element) -> list[Element]:
    return [each for each in page.all("tr") if "data-failure" in each.attributes]


def press(reader: Reader, name: str) -> Element:
    """Press a button by the name that a screen reader says."""
    (button,) = [each for each in reader.page.all("button") if named(each) == name]
    return reader.show(reader.visitor.post(button.attributes["hx-post"]))


def named(button: Element) -> str:
    return button.attributes.get("aria-label", button.text)


def fact(page: Element, term: str) -> str:
    names = [each.text for each in page.all("dt")]
    return page.all("dd")[names.index(term)].text


def test_without_trouble_it_says_so_and_counts_pairs(
    alice: Reader, jira: Jira, clock: VirtualClock, running: None
) -> None:
    add_pair(jira, 1, now=clock())
    add_pair(jira, 2, now=clock(), due=1)
    add_pair(jira, 3, now=clock(), due=1, not_before=clock() + timedelta(minutes=1))

    page = look(alice)

    assert page.one("h1").text.split() == ["ALPHA", "\N{EN DASH}", "BETA"]
    assert fact(page, "Partner space") == "Beta (BETA)"
    assert fact(page, "Pairs") == "3, 1 of them in step, 1 being worked on now"
    assert page.one("h2").text == "Errors (0)"
    assert "Nothing stands in the way of any work item." in page.text
    assert [each for each in page.all("button") if each.text == "Retry all"] == []


def test_an_error_says_what_happened_where_and_what_to_do(alice: Reader, failure: Failure) -> None:
    (error,) = errors(look(alice))

    link = error.one("a")
    assert (link.text, link.attributes["href"]) == ("ALPHA-1", "https://acme.atlassian.net/browse/ALPHA-1")
    assert "BETA-1" in error.one("th").text
    assert f"Priority: (in the partner space) {SENTENCE}" in error.text
    assert "Add the field to the screen" in error.text
    assert [named(each) for each in error.all("button")] == ["Retry ALPHA-1", "Ignore the error of ALPHA-1"]


def test_the_partner_sees_the_failure_but_not_what_the_other_jira_said(
    alice: Reader, bob: Reader, failure: Failure
) -> None:
    ours, theirs = look(alice), look(bob)

    assert SENTENCE in ours.text
    assert WORDS not in ours.text
    assert WORDS in theirs.text
    assert "(in your space)" in theirs.text


def test_retry_makes_the_pair_due_and_is_seen_as_work(alice: Reader, failure: Failure) -> None:
    look(alice)

    page = press(alice, "Retry ALPHA-1")

    pair = Pair.objects.get()
    assert (pair.due, pair.incomplete, pair.not_before) == (1, True, None)
    assert Failure.objects.get().wish == ""
    assert "1 being worked on now" in fact(page, "Pairs")
    assert alice.flag()["title"] == "It is tried again now"


def test_retry_all_leaves_the_ignored_alone(
    alice: Reader, jira: Jira, clock: VirtualClock, failure: Failure
) -> None:
    add_failure(jira, 2, row="labels", now=clock())
    look(alice)
    press(alice, "Ignore the error of ALPHA-1")

    press(alice, "Retry all")

    assert list(Pair.objects.order_by("pk").values_list("due", flat=True)) == [0, 1]
    assert alice.flag()["title"] == "1 work item is tried again now"


def test_an_ignored_error_moves_below_and_can_still_be_tried_again(alice: Reader, failure: Failure) -> None:
    look(alice)

    page = press(alice, "Ignore the error of ALPHA-1")

    assert "Errors (0)" in [each.text for each in page.all("h2")]
    aside = page.one("details", id="ignored")
    assert aside.one("summary").text == "1 ignored"
    assert [named(each) for each in aside.all("button")] == ["Retry ALPHA-1"]
    assert Pair.objects.get().reason == ""


def test_a_new_twin_is_made_after_a_question_only_where_that_is_a_way_out(
    alice: Reader, jira: Jira, clock: VirtualClock, failure: Failure
) -> None:
    gone = add_failure(jira, 2, code="remote_missing", now=clock())
    look(alice)
    (button,) = [each for each in alice.page.all("button") if each.text == "Create new twin"]
    assert "This cannot be undone." in button.attributes["hx-confirm"]

    refused = alice.visitor.post(address(alice, f"/errors/{failure.pk}/twin"))
    page = press(alice, "Create a new twin for ALPHA-2")

    assert refused.status_code == 409
    assert gone.pair.sides.get(side="right").item == ""
    assert [named(each) for each in page.all("button") if "ALPHA-2" in named(each)] == []


def test_fifty_errors_are_a_page_and_a_page_that_is_no_more_leads_back(
    alice: Reader, jira: Jira, clock: VirtualClock, running: None
) -> None:
    for number in range(1, 52):
        add_failure(jira, number, row="priority", now=clock() + timedelta(seconds=number))

    first, second, none = look(alice), look(alice, page="2"), look(alice, page="3")

    assert [len(errors(each)) for each in (first, second, none)] == [50, 1, 0]
    assert errors(first)[0].one("a").text == "ALPHA-51"
    assert errors(second)[0].one("a").text == "ALPHA-1"
    assert "Page 1 of 2" in first.text
    assert first.one("button", id="older").attributes["hx-get"].endswith("?page=2")
    assert second.one("button", id="newer").attributes["hx-get"].endswith("?page=1")
    assert none.one("button", id="first").text == "First page"
    assert "Nothing stands in the way" not in none.text


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e9", "99999999999999999999", "٣"])
def test_a_number_that_is_no_page_shows_the_first(alice: Reader, failure: Failure, page: str) -> None:
    assert len(errors(look(alice, page=page))) == 1


def test_what_is_tried_again_by_itself_is_listed_with_its_time(
    alice: Reader, jira: Jira, clock: VirtualClock, running: None
) -> None:
    later = clock() + timedelta(minutes=5)
    add_pair(jira, 1, now=clock(), reason="remote_unreachable", not_before=later, due=1)

    page = look(alice)

    assert "Jira cannot be reached; it is tried again." in page.one("tbody").text
    assert f"{later:%H:%M} UTC" in page.one("tbody").text
    assert "Retry all" in [each.text for each in page.all("button")]


def test_a_check_is_asked_for_and_said_to_be_under_way_until_it_is_done(
    alice: Reader, clock: VirtualClock, running: None
) -> None:
    look(alice)
    page = press(alice, "Check now")
    assert "A check is under way." in fact(page, "Last check")
    assert page.all("button", id="check") == []

    Reconciliation.objects.update(whole=False, last_at=clock(), found=2)
    page = look(alice)

    assert f"{clock():%H:%M} UTC" in fact(page, "Last check")
    assert "checks have found" in fact(page, "Last check")
    assert page.one("button", id="check").text == "Check now"


def test_a_pause_says_why_and_offers_the_start(alice: Reader, running: None, clock: VirtualClock) -> None:
    Synchronization.objects.update(state="paused", pause_reason="app_forbidden", paused_at=clock())

    page = look(alice)

    assert "The app has lost a right it cannot do without on that site." in page.text
    assert "then choose Start." in page.text
    assert page.all("button", id="check") == []
    press(alice, "Start")
    assert Synchronization.objects.get().state == "running"


def test_a_pause_names_the_space_whose_site_gave_the_reason(
    alice: Reader, bob: Reader, running: None, clock: VirtualClock
) -> None:
    reason = {"pause_reason": "app_forbidden", "pause_side": "right"}
    Synchronization.objects.update(state="paused", paused_at=clock(), **reason)

    for reader, place in ((alice, "In the partner space:"), (bob, "In your space:")):
        assert place in look(reader).text
        assert place in reader.reload().text


def test_a_poll_is_answered_with_nothing_until_something_has_changed(alice: Reader, failure: Failure) -> None:
    poll = look(alice).one("span", hx_target="#troubles")
    sent = json.loads(poll.attributes["hx-vals"])

    before = alice.visitor.get(poll.attributes["hx-get"], **sent)
    alice.visitor.post(address(alice, f"/errors/{failure.pk}/retry"))
    after = alice.visitor.get(poll.attributes["hx-get"], **sent)

    assert before.status_code == 204
    assert parse(after).one("span", hx_target="#troubles").attributes["hx-trigger"] == "every 2s"
    assert parse(after).all("h1") == []


def test_the_number_of_queries_does_not_grow_with_the_errors(
    alice: Reader, jira: Jira, clock: VirtualClock, failure: Failure
) -> None:
    look(alice)
    with CaptureQueriesContext(connection) as one:
        look(alice)
    for number in (2, 3):
        say(add_failure(jira, number, row="priority", now=clock()), WORDS, now=clock())
    with CaptureQueriesContext(connection) as three:
        look(alice)

    assert len(one) == len(three)


PATHS = ("/errors/retry", "/errors/{}/retry", "/errors/{}/ignore", "/errors/{}/twin", "/check")


def test_a_member_who_is_no_admin_sees_and_changes_nothing(
    alice: Reader, jira: Jira, failure: Failure
) -> None:
    carol = jira.visitor("carol")

    seen = carol.get(address(alice))
    answers = [carol.post(address(alice, path.format(failure.pk))).status_code for path in PATHS]

    assert (seen.status_code, answers) == (403, [403] * 5)
    assert SENTENCE not in seen.content.decode()
    assert Pair.objects.get().due == 0


def test_through_another_space_or_site_there_is_no_such_page(
    alice: Reader, jira: Jira, other_jira: Jira, failure: Failure
) -> None:
    here = address(alice)
    elsewhere = here.replace(f"/spaces/{alice.space}/", f"/spaces/{jira.space_id('GAMMA')}/")
    dana, stranger = jira.visitor("dana"), other_jira.visitor("alice")

    seen = [dana.get(elsewhere).status_code, stranger.get(here).status_code]
    acted = [
        who.post(where + path.format(failure.pk)).status_code
        for who, where in ((dana, elsewhere), (stranger, here))
        for path in PATHS
    ]

    assert (seen, acted) == ([404, 404], [404] * 10)
    assert Pair.objects.get().due == 0


def test_an_error_of_another_synchronization_cannot_be_touched_through_this_one(
    alice: Reader, failure: Failure
) -> None:
    answers = [
        alice.visitor.post(address(alice, path.format(failure.pk + 1))).status_code for path in PATHS[1:4]
    ]

    assert answers == [404, 404, 404]
