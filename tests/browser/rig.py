"""Our pages in Chromium without servers: what a page asks for is answered in this process.

The addresses, headers and policies are the real ones, since nothing is listening
anywhere: the browser thinks it speaks with ``https://backbone.example``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpResponse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, Route

from tests.support.addresses import static_file
from tests.support.app import call_app
from tests.support.environment import APP

ALL_JS: Final = "https://connect-cdn.atl-paas.net/all.js"
BRIDGE: Final = """
window.told = { asked: [], done: 0, flags: [], themed: 0 };
window.AP = {
    context: {
        getToken: (give) => {
            window.told.asked.push(Date.now());
            window.fetch('/token').then((answer) => answer.text()).then(give);
        },
    },
    flag: { create: (flag) => { window.told.flags.push(flag); } },
    theming: { initializeTheming: () => { window.told.themed += 1; } },
};
document.addEventListener('htmx:afterRequest', () => { window.told.done += 1; });
"""
"""What stands for Atlassian's script: it gets its tokens from the test, and counts what comes of them."""
PATIENCE_MS: Final = 10_000

Answer = Callable[[str, str, dict[str, str], bytes], HttpResponse]
"""Method, path with query, headers and body of a request to the app."""


@dataclass
class Rig:
    """A window, and everything it did: calls to us, to others, complaints, dialogs."""

    context: BrowserContext
    answer: Answer
    token: Callable[[], str] = lambda: "a-token"
    bridge: str = BRIDGE
    hosts: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def open(self, target: str) -> Page:
        """Open an address; one that starts with a slash is ours."""
        page = self.context.new_page()
        page.goto(APP + target if target.startswith("/") else target)
        return page

    def handle(self, route: Route) -> None:
        """Answer whatever the window asks for; nothing of it leaves this process."""
        request = route.request
        url = urlsplit(request.url)
        origin = f"{url.scheme}://{url.netloc}"
        if origin == APP:
            self._answer(route, request)
        elif request.url == ALL_JS:
            route.fulfill(body=self.bridge, content_type="text/javascript")
        elif origin in self.hosts:
            route.fulfill(body=self.hosts[origin], content_type="text/html")
        else:
            self.foreign.append(request.url)
            route.abort()

    def _answer(self, route: Route, request: Request) -> None:
        target = request.url.removeprefix(APP)
        if target == "/token":
            route.fulfill(body=self.token())
            return
        if target.startswith("/static/"):
            answer = static_file(target)
        else:
            self.calls.append((request.method, target))
            headers = {name: value for name, value in request.headers.items() if name != "host"}
            answer = self.answer(request.method, target, headers, request.post_data_buffer or b"")
        route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=answer.content)

    def overhear(self, message: ConsoleMessage) -> None:
        """Keep what the console complains of."""
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def dismiss(self, dialog: Dialog) -> None:
        """Keep what a script says aloud; none of ours does."""
        self.dialogs.append(dialog.message)
        dialog.dismiss()


def by_the_app(method: str, target: str, headers: dict[str, str], body: bytes) -> HttpResponse:
    """Let the app itself answer."""
    sent = {"Content-Type" if name == "content-type" else name: value for name, value in headers.items()}
    return call_app(method, target, headers=sent, body=body)


def rigged(chromium: Browser, answer: Answer) -> Rig:
    """Make a window; its context is the caller's to close."""
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    rig = Rig(context, answer)
    context.route("**/*", rig.handle)
    context.on("console", rig.overhear)
    context.on("dialog", rig.dismiss)
    context.on("weberror", lambda told: rig.complaints.append(str(told.error)))
    return rig
