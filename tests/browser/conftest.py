import itertools
import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from jira_sandbox import seed
from jira_sandbox.server import Running, serve
from tests.browser.barriers import CONTRAST, barriers
from tests.browser.steps import Shoot
from tests.support.processes import ROOT, UNDER_WAY, running_app

# Playwright's loop runs in this thread; where a test calls the app itself, nothing of it is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-features=LocalNetworkAccessChecks",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_MS = 20_000
WIDTH, LEAST_HEIGHT = 1280, 1000
WHOLE_HEIGHT = "() => document.documentElement.scrollHeight"
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""An iframe is painted by a process of its own: what it holds may not be on the screen yet."""


class Open(Protocol):
    """Opens a window at one of the sites, in a browser of its own."""

    def __call__(self, site: str = "acme") -> Page:
        """Give the empty page of the new window."""
        ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert path, f"No Chromium: set CHROMIUM, or install one of {', '.join(NAMES)}."
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def jira() -> Iterator[Running]:
    """Two standard sites on real sockets; the app is installed on neither yet."""
    sites = dict.fromkeys(("acme", "initech"), "http://127.0.0.1")
    world = seed.standard(lambda: datetime.now(UTC), sites)
    world.limits.grace = UNDER_WAY
    with serve(world) as running:
        yield running
    assert world.limits.violations == []


@pytest.fixture
def app(jira: Running, tmp_path: Path) -> Iterator[str]:
    """The app's address; its web server and worker are running."""
    with running_app(tmp_path, jira=jira.addresses["acme"]) as address:
        yield address


@pytest.fixture
def window(chromium: Browser, jira: Running, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open windows, each in a browser of its own; whatever a console complains of fails the test."""
    if "app" in request.fixturenames:  # and so it outlives the windows, which would complain of its end
        request.getfixturevalue("app")
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def overhear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def opened(site: str = "acme") -> Page:
        size = ViewportSize(width=WIDTH, height=LEAST_HEIGHT)
        context = chromium.new_context(base_url=jira.addresses[site], viewport=size)
        context.add_cookies([{"name": "sandbox_theme", "value": "auto", "url": jira.addresses[site]}])
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", overhear)
        context.on("weberror", lambda told: complaints.append(str(told.error)))
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def examined() -> set[str]:
    """The names of the pages that were looked at for barriers: several stories pass through the same ones."""
    return set()


@pytest.fixture
def shoot(request: pytest.FixtureRequest, examined: set[str]) -> Iterator[Shoot]:
    """Keep a page in a picture; the first of its name in dark too, and no serious barrier in either theme.

    The pictures are numbered in the order of the story, in the story's own folder.
    """
    folder = ROOT / "build" / "screens" / request.node.name.removeprefix("test_")
    shutil.rmtree(folder, ignore_errors=True)
    numbers = itertools.count(1)
    found: list[str] = []

    def kept(page: Page, name: str) -> None:
        stem = folder / f"{next(numbers):02d}-{name}"
        _come_to_rest(page)
        if name not in examined:
            _change_theme(page, "dark")
            found.extend(_barriers(page, f"{name}, dark", CONTRAST))
            _take(page, f"{stem}-dark.png")
            _change_theme(page, "light")
            found.extend(_barriers(page, name))
            examined.add(name)
        _take(page, f"{stem}.png")

    yield kept
    assert found == []


def _take(page: Page, path: str) -> None:
    # Hiding the caret leaves a style attribute; htmx copies it along, and our policy objects.
    page.screenshot(path=path, caret="initial")


def _barriers(page: Page, name: str, rules: Sequence[str] = ()) -> list[str]:
    return [f"{name}: {each}" for frame in page.frames for each in barriers(frame, rules)]


def _come_to_rest(page: Page) -> None:
    """Wait until everything is there, and let the window be as high as the page."""
    page.wait_for_load_state()
    for frame in page.frames[1:]:
        expect(frame.locator("#content > .subtle", has_text="Loading…")).to_have_count(0)
    page.set_viewport_size({"width": WIDTH, "height": LEAST_HEIGHT})
    # Not full_page: that shows an iframe before its process has painted what did not fit before.
    page.set_viewport_size({"width": WIDTH, "height": page.evaluate(WHOLE_HEIGHT)})
    _paint(page)


def _change_theme(page: Page, theme: Literal["light", "dark"]) -> None:
    """Let the computer of the person change to this theme, and Jira with it, and our page with Jira."""
    page.emulate_media(color_scheme=theme)
    for frame in page.frames[1:]:
        expect(frame.locator("html")).to_have_attribute("data-color-mode", theme)
    _paint(page)


def _paint(page: Page) -> None:
    for frame in page.frames:
        frame.evaluate(TWO_FRAMES)
