import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from jira_sandbox import seed
from jira_sandbox.server import Running, serve
from tests.support.processes import ROOT, running_app

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
Open = Callable[[], Page]


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
    """The standard Jira on real sockets; the app is not installed yet."""
    world = seed.standard(lambda: datetime.now(UTC), {"acme": "http://127.0.0.1"})
    with serve(world) as running:
        yield running


@pytest.fixture
def app(jira: Running, tmp_path: Path) -> Iterator[str]:
    """The app's address; its web server and worker are running."""
    with running_app(tmp_path, jira=jira.addresses["acme"]) as address:
        yield address


@pytest.fixture
def window(chromium: Browser, jira: Running) -> Iterator[Open]:
    """Open a window of a browser of its own at the Jira; whatever its console complains of fails the test."""
    complaints: list[str] = []
    pages: list[Page] = []

    def overhear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def opened() -> Page:
        context = chromium.new_context(
            base_url=jira.addresses["acme"], viewport={"width": 1280, "height": 1000}
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("console", overhear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def screens() -> Path:
    """Where screenshots go; those of an earlier run are removed."""
    folder = ROOT / "build" / "screens"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
