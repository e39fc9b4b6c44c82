"""The page of one synchronization: how it stands, what stands in the way, and the ways out."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backbone_app.models import (
    Failure,
    Pair,
    Pause,
    Reconciliation,
    Synchronization,
    SynchronizationSide,
)
from tests.support.app import Jira
from tests.support.pages import Element, Reader, parse
from tests.support.sandbox import VirtualClock
from tests.support.trouble import add_failure, add_pair, embody, say

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
    embody(jira, failure.pair)
    say(failure, WORDS, now=clock())
    return failure


def hold(jira: Jira, clock: VirtualClock) -> None:
    """Let the site be out of reach for half an hour."""
    until = clock() + timedelta(minutes=30)
    Pause.objects.create(
        scope=f"site:{jira.row.pk}", site=jira.row, reason="unreachable", since=clock(), until=until
    )


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


def test_what_jira_said_of_a_work_item_is_told_to_who_may_see_it_only(
    bob: Reader, jira: Jira, failure: Failure
) -> None:
    half = failure.pair.sides.get(side="right")
    jira.site.hide_issue(jira.site.issues[half.item], from_account=jira.site.user("bob"))

    page = look(bob)

    assert SENTENCE in page.text
    assert WORDS not in page.text


@pytest.mark.parametrize("since", ["another failure", "a question"])
def test_what_jira_said_of_something_else_is_not_told(
    bob: Reader, jira: Jira, clock: VirtualClock, failure: Failure, since: str
) -> None:
    assert WORDS in look(bob).text
    if since == "a question":
        Failure.objects.update(side="", code="needs_decision")
    else:
        Failure.objects.update(first_at=clock() + timedelta(days=20))

    assert WORDS not in look(bob).text


def test_what_jira_said_is_text_whatever_it_looks_like(
    bob: Reader, jira: Jira, clock: VirtualClock, failure: Failure
) -> None:
    say(failure, """<img src=x onerror=alert(1)>"'""", now=clock())

    page = look(bob)

    assert page.all("img") == []
    assert "<img src=x onerror=alert(1)>" in page.text


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


def test_what_is_ignored_stays_so_when_something_else_on_the_pair_is_tried_again(
    alice: Reader, jira: Jira, clock: VirtualClock, failure: Failure
) -> None:
    other = Failure.objects.create(
        synchronization_id=failure.synchronization_id,
        pair=failure.pair,
        side="right",
        row="labels",
        code="field_not_on_screen",
        wish="another digest",
        first_at=clock(),
        last_at=clock(),
    )
    alice.visitor.post(address(alice, f"/errors/{other.pk}/ignore"))

    look(alice)
    press(alice, "Retry all")
    alice.visitor.post(address(alice, f"/errors/{failure.pk}/retry"))

    other.refresh_from_db()
    assert (other.ignored, other.wish) == (True, "another digest")
    assert (Failure.objects.get(pk=failure.pk).wish, Pair.objects.get().due) == ("", 2)


@pytest.mark.parametrize(("state", "reason"), [("stopped", ""), ("paused", "app_forbidden")])
@pytest.mark.parametrize("button", ["Retry ALPHA-1", "Retry all"])
def test_what_does_not_run_is_tried_again_after_the_start_and_says_so(
    alice: Reader, clock: VirtualClock, failure: Failure, state: str, reason: str, button: str
) -> None:
    Synchronization.objects.update(state=state, pause_reason=reason, paused_at=clock())
    look(alice)

    page = press(alice, button)

    assert alice.flag()["title"].endswith("tried again after the start")
    assert "being worked on now" not in fact(page, "Pairs")
    assert SENTENCE in page.text


@pytest.mark.parametrize("code", ["twin_taken", "deleted"])
def test_a_pair_that_is_set_aside_offers_no_retry_and_refuses_one(
    alice: Reader, jira: Jira, clock: VirtualClock, running: None, code: str
) -> None:
    failure = add_failure(jira, 1, code=code, now=clock())
    Pair.objects.update(state="set aside")

    (error,) = errors(look(alice))
    refused = alice.visitor.post(address(alice, f"/errors/{failure.pk}/retry"))

    assert [each.text for each in error.all("button")] == ["Create new twin", "Ignore"]
    assert alice.page.all("button", id="retry-all") == []
    assert refused.status_code == 409
    assert Pair.objects.get().due == 0


def test_a_question_was_not_tried_and_is_not_tried_again(
    alice: Reader, jira: Jira, clock: VirtualClock, running: None
) -> None:
    add_failure(jira, 1, code="needs_decision", row="summary", side="", now=clock())
    Failure.objects.update(attempts=5)

    (error,) = errors(look(alice))

    assert [each.text for each in error.all("button")] == ["Decide", "Ignore"]
    assert "Tried" not in error.text


def test_what_was_tried_often_says_how_often(alice: Reader, failure: Failure) -> None:
    Failure.objects.update(attempts=5)

    assert "Tried 5 times" in look(alice).text


def test_an_ignored_error_moves_below_and_can_still_be_tried_again(alice: Reader, failure: Failure) -> None:
    look(alice)

    page = press(alice, "Ignore the error of ALPHA-1")

    assert "Errors (0)" in [each.text for each in page.all("h2")]
    aside = page.one("details", id="ignored")
    assert aside.one("summary").text == "1 ignored"
    assert [named(each) for each in aside.all("button")] == ["Retry ALPHA-1"]
    assert Pair.objects.get().reason == ""
    assert "Nothing stands in the way" not in page.text


def test_a_pair_on_which_something_is_ignored_is_not_counted_as_in_step(
    alice: Reader, failure: Failure
) -> None:
    look(alice)
    page = press(alice, "Ignore the error of ALPHA-1")
    Pair.objects.update(due=0, incomplete=False)

    assert fact(page, "Pairs") == fact(look(alice), "Pairs") == "1, 0 of them in step"


def test_a_new_twin_is_made_after_a_question_only_where_that_is_a_way_out(
    alice: Reader, jira: Jira, clock: VirtualClock, failure: Failure
) -> None:
    gone = add_failure(jira, 2, code="remote_missing", now=clock())
    look(alice)
    (button,) = [each for each in alice.page.all("button") if each.text == "Create new twin"]
    asked = button.attributes["hx-confirm"]
    assert asked.startswith("Create a new twin for ALPHA-2 in the partner space?")
    assert asked.endswith("This cannot be undone.")

    refused = alice.visitor.post(address(alice, f"/errors/{failure.pk}/twin"))
    page = press(alice, "Create a new twin for ALPHA-2")

    assert refused.status_code == 409
    assert gone.pair.sides.get(side="right").item == ""
    assert [named(each) for each in page.all("button") if "ALPHA-2" in named(each)] == []
    assert alice.flag()["title"] == "A new twin is created now"
    assert alice.flag()["body"] == "It appears in the partner space."


def test_the_new_twin_of_the_partners_work_item_is_made_in_the_own_space(
    alice: Reader, jira: Jira, clock: VirtualClock, running: None
) -> None:
    gone = add_failure(jira, 2, code="deleted", side="left", now=clock())
    Pair.objects.update(state="set aside")
    look(alice)
    (button,) = [each for each in alice.page.all("button") if each.text == "Create new twin"]

    press(alice, "Create a new twin for BETA-2")

    assert button.attributes["hx-confirm"].startswith("Create a new twin for BETA-2 in your space?")
    assert alice.flag()["body"] == "It appears in your space."
    assert gone.pair.sides.get(side="left").item == ""


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


@pytest.mark.parametrize("act", ["Retry", "Ignore the error of"])
def test_who_acts_on_a_page_stays_there(
    alice: Reader, jira: Jira, clock: VirtualClock, running: None, act: str
) -> None:
    for number in range(1, 53):
        add_failure(jira, number, row="priority", now=clock() + timedelta(seconds=number))
    look(alice, page="2")

    assert "Page 2 of 2" in press(alice, f"{act} ALPHA-1").text


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


def test_of_what_waits_or_is_ignored_the_first_fifty_are_shown(
    alice: Reader, jira: Jira, clock: VirtualClock, running: None
) -> None:
    for number in range(60):
        add_pair(jira, number, now=clock(), reason="remote_unreachable", not_before=clock(), due=1)
        add_failure(jira, 100 + number, row="priority", now=clock())
    Failure.objects.update(ignored=True)

    page = look(alice)

    assert "Waiting (60)" in page.text
    assert "60 ignored" in page.text
    assert [len(each.all("tr")) for each in page.all("tbody")] == [50, 50]
    assert page.text.count("These are the first 50 of 60.") == 2


@pytest.mark.parametrize("state", [{"reason": "remote_busy", "due": 1}, {"state": "set aside"}])
def test_something_that_waits_or_is_set_aside_stands_in_the_way(
    alice: Reader, jira: Jira, clock: VirtualClock, running: None, state: dict[str, object]
) -> None:
    add_pair(jira, 1, now=clock())
    Pair.objects.update(**state)

    page = look(alice)

    assert "Nothing stands in the way" not in page.text
    assert "There is no error that you could do something about." in page.text


def test_pairs_of_which_one_work_item_was_deleted_are_told_with_their_number(
    alice: Reader, jira: Jira, clock: VirtualClock, running: None
) -> None:
    for number in (1, 2):
        add_pair(jira, number, now=clock(), state="set aside", reason="deleted")
    add_failure(jira, 3, code="deleted", now=clock())
    Pair.objects.update(state="set aside")

    page = look(alice)

    assert "In 2 pairs one of the two work items was deleted; the other one stays as it is." in page.text
    assert len(errors(page)) == 1


def test_while_the_partners_site_cannot_be_called_nothing_is_said_to_be_under_way(
    alice: Reader, other_jira: Jira, clock: VirtualClock, failure: Failure
) -> None:
    SynchronizationSide.objects.filter(side="right").update(site=other_jira.row)
    Reconciliation.objects.update(whole=True)
    hold(other_jira, clock)
    look(alice)

    page = press(alice, "Retry ALPHA-1")

    assert fact(page, "Pairs") == "1, 0 of them in step"
    assert "A check is under way." not in page.text
    assert page.one("span", hx_target="#troubles").attributes["hx-trigger"] == "every 10s"
    assert alice.flag()["title"] == "It is tried again once Jira can be called again"


def test_a_check_is_asked_for_and_said_to_be_under_way_until_it_is_done(
    alice: Reader, clock: VirtualClock, running: None
) -> None:
    look(alice)
    page = press(alice, "Check now")
    assert alice.flag()["title"] == "A check starts now"
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
