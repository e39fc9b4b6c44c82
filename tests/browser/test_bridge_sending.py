"""What ``bridge.js`` sends when somebody presses something, how often, and what it leaves alone."""

import json
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from playwright.sync_api import Page, Route, expect

from tests.browser.play import Play, page, play, polling, rig
from tests.browser.rig import Rig

__all__ = ["page", "play", "rig"]

pytestmark = pytest.mark.browser

ASKING = """<h1 tabindex="-1">Begun</h1>
<form hx-post="/do" hx-confirm="Sure?"><button name="choice" value="b">Do</button></form>
<button type="button" hx-post="/else">Else</button>"""
MENU = """<details class="menu" id="menu"><summary>Actions</summary>Nothing</details>
<details id="more"><summary>More</summary>There is more.</details>"""
HIDE = "() => Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })"
SHOW = "() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); }"
EACH_TWICE = (
    "() => document.querySelectorAll('#content button').forEach((one) => { one.click(); one.click(); })"
)
AT_ONCE = """() => addEventListener('htmx:afterSwap', () => queueMicrotask(
    () => document.querySelector('#content button').click()), { once: true })"""
UNHELD = "() => addEventListener('htmx:confirm', (event) => event.stopImmediatePropagation(), true)"
ROUND_TRIP_MS = 100
POST, ELSE = ("POST", "/do"), ("POST", "/else")


def asked(page: Page) -> int:
    """How often Jira was asked for a token."""
    count: int = page.evaluate("() => told.asked.length")
    return count


def test_a_page_takes_jiras_theme_and_its_requests_want_html_and_do_not_say_where_they_come_from(
    play: Play, page: Page
) -> None:
    assert page.evaluate("() => told.themed") == 1
    (sent,) = play.headers
    assert (sent["accept"], sent["hx-request"]) == ("text/html", "true")
    assert not {"hx-current-url", "cookie"} & sent.keys()


def test_what_is_pressed_twice_is_sent_once_and_all_ask_jira_together(
    rig: Rig, play: Play, page: Page
) -> None:
    play.ready["/do"] = [HttpResponse(ASKING.replace(' hx-confirm="Sure?"', ""))]
    page.get_by_role("button", name="Do").click()
    expect(page.get_by_role("heading")).to_be_focused()
    before = asked(page)

    with page.expect_response("**/else"), page.expect_response("**/do"):
        page.evaluate(EACH_TWICE)

    assert (rig.calls.count(POST), rig.calls.count(ELSE)) == (2, 1)
    assert asked(page) == before + 1


def test_a_question_is_put_first_and_the_button_that_was_pressed_goes_along(
    rig: Rig, play: Play, page: Page
) -> None:
    play.ready["/do"] = [HttpResponse(ASKING), HttpResponse("<h1>Done</h1>")]
    page.get_by_role("button", name="Do").click()
    page.get_by_role("button", name="Do").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Do").click()
    sent_before = rig.calls.count(POST)

    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()

    expect(page.get_by_role("heading")).to_have_text("Done")
    assert (sent_before, rig.calls.count(POST), play.bodies[-1]) == (1, 2, b"choice=b")


def test_without_a_token_nothing_leaves_and_it_can_be_tried_again(rig: Rig, page: Page) -> None:
    rig.token = lambda: ""
    page.get_by_role("button", name="Do").click()
    expect(page.locator("#notice")).to_have_text("Jira gave no token. Reload the page.")
    sent_without = rig.calls.count(POST)
    rig.token = lambda: "a-token"

    with page.expect_response("**/do"):
        page.get_by_role("button", name="Do").click()

    assert sent_without == 0
    expect(page.locator("#notice")).to_have_text("")


def test_what_an_answer_brings_can_be_pressed_as_soon_as_it_is_there(
    rig: Rig, play: Play, page: Page
) -> None:
    play.ready["/do"] = [HttpResponse('<h1>Begun</h1><button type="button" hx-post="/else">Else</button>')]
    page.evaluate(AT_ONCE)

    with page.expect_response("**/else"):
        page.get_by_role("button", name="Do").click()

    assert rig.calls.count(ELSE) == 1


def test_a_request_that_nobody_held_for_a_token_never_leaves(rig: Rig, page: Page) -> None:
    page.evaluate(UNHELD)

    page.get_by_role("button", name="Do").click()
    page.wait_for_timeout(ROUND_TRIP_MS)

    assert POST not in rig.calls


def test_what_cannot_be_reached_is_a_notice_that_a_poll_leaves(page: Page) -> None:
    def abort(route: Route) -> None:
        route.abort()

    page.route("**/do", abort)
    page.get_by_role("button", name="Do").click()
    expect(page.locator("#notice")).to_contain_text("Backbone could not be reached.")

    with page.expect_response("**/poll"):
        page.clock.run_for(5000)

    expect(page.locator("#notice")).to_contain_text("Backbone could not be reached.")


@pytest.mark.parametrize(
    ("leave", "come_back"),
    [
        (lambda page: page.get_by_text("Actions").click(), lambda page: page.get_by_text("Actions").click()),
        (lambda page: page.evaluate(HIDE), lambda page: page.evaluate(SHOW)),
    ],
    ids=["menu", "tab"],
)
def test_a_poll_waits_for_an_open_menu_and_a_hidden_tab(
    play: Play, page: Page, leave: Callable[[Page], None], come_back: Callable[[Page], None]
) -> None:
    play.ready["/do"] = [HttpResponse(polling().content.decode() + MENU)]
    page.get_by_role("button", name="Do").click()
    page.get_by_text("More").click()
    before = asked(page)
    leave(page)
    page.clock.run_for(60_000)
    asked_meanwhile = asked(page)
    come_back(page)
    play.ready["/poll"] = [HttpResponse(polling("News").content.decode() + MENU)]

    page.clock.run_for(6000)

    expect(page.get_by_role("heading")).to_have_text("News")
    expect(page.get_by_text("There is more.")).to_be_visible()
    assert asked_meanwhile == before


def test_a_menu_opened_while_a_poll_is_under_way_stays_open_and_the_news_come_with_the_next_one(
    play: Play, page: Page
) -> None:
    play.ready["/do"] = [HttpResponse(polling().content.decode() + MENU)]
    page.get_by_role("button", name="Do").click()
    play.ready["/poll"] = [HttpResponse(polling("News").content.decode() + MENU)]
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/poll", hold, times=1)
    with page.expect_request("**/poll"):
        page.clock.run_for(5000)
    page.get_by_text("Actions").click()

    with page.expect_event("requestfinished"):
        held[0].fulfill(body=polling("Too soon").content.decode(), content_type="text/html")
    expect(page.get_by_text("Nothing")).to_be_visible()
    expect(page.get_by_role("heading")).to_have_text("Begun")
    page.get_by_text("Actions").click()
    page.clock.run_for(6000)

    expect(page.get_by_role("heading")).to_have_text("News")


def test_who_comes_back_is_told_news_as_soon_as_at_first(play: Play, page: Page) -> None:
    play.ready["/poll"] = [HttpResponse("Busy", status=503, headers={"Retry-After": "90"})]
    with page.expect_response("**/poll"):
        page.clock.run_for(5000)
    page.evaluate(SHOW)

    with page.expect_response("**/poll") as answer:
        page.clock.run_for(6000)

    assert answer.value.status == 204


def test_a_flag_is_shown_by_jira_and_a_script_in_an_answer_is_not_even_fetched(
    rig: Rig, play: Play, page: Page
) -> None:
    flag = {"title": "Done", "body": "It is.", "type": "success"}
    told = HttpResponse('<h1>Done</h1><script src="/static/vendor/htmx.min.js?again"></script>')
    told["HX-Trigger"] = json.dumps({"app:flag": flag})
    play.ready["/do"] = [told]
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.get_by_role("button", name="Do").click()

    expect(page.get_by_role("heading")).to_have_text("Done")
    assert page.evaluate("() => told.flags") == [{**flag, "close": "auto"}]
    assert [url for url in fetched if "again" in url] == []
    assert rig.complaints == []
