"""What ``bridge.js`` does with tokens, polls, downloads and a Jira that keeps silent."""

from itertools import pairwise

import pytest
from django.http import HttpResponse
from playwright.sync_api import Page, expect

from tests.browser.play import Play, page, play, polling, rig
from tests.browser.rig import Rig

__all__ = ["page", "play", "rig"]

pytestmark = pytest.mark.browser

PATIENT = [5] * 13
SILENT = "window.AP = { context: { getToken: () => {} } };"
ROUND_TRIP_MS = 25
STEP = 2  # seconds: short beside the pauses, since an answer comes only when the clock stands


def pauses(page: Page, *, seconds: int) -> list[int]:
    """Let time pass, answers in between; gives the seconds between questions for a token, by fives."""
    for _ in range(0, seconds, STEP):
        page.clock.run_for(STEP * 1000)
        while page.evaluate("() => told.asked.length > told.done"):
            page.wait_for_timeout(1)
    asked = page.evaluate("() => told.asked")
    return [5 * round((later - sooner) / 5000) for sooner, later in pairwise(asked)]


def test_a_poll_that_brings_nothing_new_comes_less_often_after_a_while(page: Page) -> None:
    assert pauses(page, seconds=260) == [*PATIENT, 10, 20, 40, 60, 60]


def test_a_poll_that_fails_comes_less_often_at_once_and_as_before_once_there_is_news(
    play: Play, page: Page
) -> None:
    play.ready["/poll"] = [
        HttpResponse("Down", status=503),
        HttpResponse("Down", status=500),
        polling("News"),
    ]

    assert pauses(page, seconds=48) == [5, 10, 20, 5, 5]
    expect(page.get_by_role("heading")).to_have_text("News")


def test_who_is_busy_says_when_to_poll_again(play: Play, page: Page) -> None:
    play.ready["/poll"] = [HttpResponse("Busy", status=503, headers={"Retry-After": "90"})]

    assert pauses(page, seconds=95) == [5, 90]


def test_a_refused_token_is_replaced_once(rig: Rig, play: Play, page: Page) -> None:
    tokens = iter(("first", "second"))
    rig.token = lambda: next(tokens)
    play.ready["/do"] = [HttpResponse("No", status=401), HttpResponse("<h1>Done</h1>")]
    page.get_by_role("button", name="Do").click()

    expect(page.get_by_role("heading")).to_have_text("Done")
    assert play.tokens[-2:] == ["JWT first", "JWT second"]


def test_a_token_that_stays_refused_is_a_notice_after_two_tries(rig: Rig, play: Play, page: Page) -> None:
    play.ready["/do"] = [HttpResponse("No", status=401) for _ in range(3)]
    page.get_by_role("button", name="Do").click()

    expect(page.locator("#notice")).to_have_text("Your session has ended. Reload the page.")
    assert rig.calls.count(("POST", "/do")) == 2


def test_where_jira_never_answers_the_page_says_so_and_sends_nothing(rig: Rig) -> None:
    rig.bridge = SILENT
    page = rig.open("/shell?spaceId=1")
    expect(page.get_by_text("Loading…")).to_be_visible()

    page.clock.run_for(8000)

    expect(page.locator("#notice")).to_have_text("Jira did not answer. Reload the page.")
    assert rig.calls == [("GET", "/shell?spaceId=1")]


def test_outside_of_jira_the_page_says_where_to_open_it(rig: Rig) -> None:
    rig.bridge = "window.AP = { _data: { options: {} } };"
    page = rig.open("/shell?spaceId=1")

    expect(page.locator("#notice")).to_contain_text("Open this page inside Jira")
    assert rig.complaints == []


def test_the_launch_token_is_nowhere_once_the_page_is_there(page: Page) -> None:
    kept = page.evaluate("() => JSON.stringify([location.href, { ...sessionStorage }, { ...localStorage }])")

    assert "/shell" in kept
    assert "launch-token" not in kept


@pytest.mark.parametrize("address", ["/downloads/a-ticket", "https://backbone.example/downloads/a-ticket"])
def test_a_download_goes_to_its_ticket_and_the_page_stays(play: Play, page: Page, address: str) -> None:
    play.ready["/do"] = [HttpResponse(status=204, headers={"HX-Trigger": event(address)})]

    with page.expect_download() as download:
        page.get_by_role("button", name="Do").click()

    assert download.value.url == "https://backbone.example/downloads/a-ticket"
    expect(page.get_by_role("heading")).to_have_text("Begun")


def test_nothing_but_a_download_of_ours_is_ever_clicked(rig: Rig, play: Play, page: Page) -> None:
    elsewhere = (
        "https://evil.example/downloads/x",
        "//evil.example/downloads/x",
        "/\\\\evil.example/downloads/x",
        "/installed",
        "/downloads/../installed",
        "/downloads/%2e%2e/installed",
        "javascript:alert(1)",
        "data:text/html,/downloads/",
        "http://backbone.example/downloads/x",
    )
    play.ready["/do"] = [HttpResponse(status=204, headers={"HX-Trigger": event(each)}) for each in elsewhere]

    downloads: list[str] = []
    page.on("download", lambda download: downloads.append(download.url))

    for count in range(1, len(elsewhere) + 1):
        with page.expect_response("**/do"):
            page.get_by_role("button", name="Do").click()
        page.wait_for_timeout(ROUND_TRIP_MS)
        assert rig.calls.count(("POST", "/do")) == count

    assert {method for method, _ in rig.calls[2:]} == {"POST"}
    assert (rig.foreign, rig.dialogs, downloads, page.url) == ([], [], [], "https://backbone.example/shell")


def event(address: str) -> str:
    return f'{{"app:download": {{"url": "{address}"}}}}'
