"""A page of ours whose every answer a test lays ready, in a window whose clock stands until it is moved."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, expect

from backbone_app.web.headers import SecurityHeaders
from tests.browser.rig import ALL_JS, Rig, rigged

POLLING = """<h1 tabindex="-1">{title}</h1>
<span hidden id="poll" hx-get="/poll" hx-trigger="every 5s" hx-target="#content"></span>
<button type="button" hx-post="/do">Do</button>"""


class Play:
    """Answers a page: the shell, its start, then what the test has laid ready for each path."""

    def __init__(self) -> None:
        self.ready: dict[str, list[HttpResponse]] = {}
        self.tokens: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []

    def __call__(self, _method: str, target: str, headers: dict[str, str], body: bytes) -> HttpResponse:
        path = target.partition("?")[0]
        if path == "/shell":
            return shell()
        self.tokens.append(headers.get("authorization", ""))
        self.headers.append(headers)
        self.bodies.append(body)
        waiting = self.ready.get(path, [])
        return waiting.pop(0) if waiting else HttpResponse(status=204)


def shell() -> HttpResponse:
    """The page that Jira opens, under its policy."""
    page = render_to_string("frame.html", {"start": "/start", "shape": "page", "all_js_url": ALL_JS})
    answer = SecurityHeaders(lambda _request: HttpResponse(page))(RequestFactory().get("/shell"))
    assert isinstance(answer, HttpResponse)
    return answer


def polling(title: str = "Begun") -> HttpResponse:
    return HttpResponse(POLLING.format(title=title))


@pytest.fixture
def play() -> Play:
    """A page that polls every five seconds and has a button."""
    play = Play()
    play.ready["/start"] = [polling()]
    return play


@pytest.fixture
def rig(chromium: Browser, play: Play) -> Iterator[Rig]:
    """A window whose clock stands until it is moved."""
    rig = rigged(chromium, play)
    rig.context.clock.install()
    yield rig
    rig.context.close()


@pytest.fixture
def page(rig: Rig) -> Page:
    """The page, after its start."""
    page = rig.open("/shell?spaceId=1&jwt=launch-token")
    expect(page.get_by_role("heading")).to_have_text("Begun")
    return page
