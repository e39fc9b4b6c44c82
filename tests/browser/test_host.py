"""The sandbox's iframe host and its stand-in all.js, with a small app page on another site."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from jira_sandbox.acts import appfunctions
from jira_sandbox.connect import tokens
from jira_sandbox.server import Running
from tests.browser.conftest import Open
from tests.support.sandbox import ListeningApp, descriptor, install

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><title>App</title><link rel="icon" href="data:,"><script src="{all_js}"></script>
<body><div id="content">Content</div></body>"""
MODULES = {
    "jiraProjectAdminTabPanels": [
        {"key": "board", "name": {"value": "Board"}, "url": "/board?id={project.id}"}
    ],
    "generalPages": [{"key": "general", "name": {"value": "General"}, "url": "/general"}],
    "jiraWorkflowPostFunctions": [
        {
            "key": "notify",
            "name": {"value": "Notify"},
            "triggered": {"url": "/triggered"},
            "create": {"url": "/functions/new"},
            "edit": {"url": "/functions/edit?config={postFunction.config}"},
        }
    ],
}


class AppPage(BaseHTTPRequestHandler):
    """Answers every GET with the page, under the policy that the app's own pages have."""

    jira: ClassVar[str] = ""

    def do_GET(self) -> None:
        policy = f"default-src 'none'; script-src {self.jira}; style-src {self.jira}; img-src data:"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(PAGE.format(all_js=f"{self.jira}/_static/all.js").encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@pytest.fixture
def app_url(jira: Running) -> Iterator[str]:
    """The address of an app that is installed on the Jira."""
    AppPage.jira = jira.addresses["acme"]
    with ThreadingHTTPServer(("127.0.0.1", 0), AppPage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://localhost:{server.server_port}"
        wanted = descriptor(baseUrl=url, modules=MODULES)
        install(jira.world, jira.world.sites["acme"], ListeningApp(), wanted=wanted)
        yield url
        server.shutdown()


@pytest.fixture
def page(window: Open, app_url: str) -> Page:
    """Alice's browser with the app's page open in the settings of ALPHA."""
    page = window()
    page.goto("/spaces/ALPHA/settings/apps/board")
    page.locator(".accounts").get_by_role("button", name="Alice").click()
    expect(page.frame_locator("#app").locator("#content")).to_be_visible()
    return page


def frame_of(page: Page) -> Frame:
    return page.frames[1]


def test_a_token_and_the_context_come_by_callback_and_by_promise(page: Page, jira: Running) -> None:
    site = jira.world.sites["acme"]

    called = frame_of(page).evaluate("() => new Promise((done) => AP.context.getToken(done))")
    promised = frame_of(page).evaluate("() => AP.context.getToken()")
    context = frame_of(page).evaluate("() => new Promise((done) => AP.context.getContext(done))")

    for token in (called, promised):
        assert tokens.read_hs256(token, site.app.shared_secret)["sub"] == site.user("alice").account_id
    assert context == {"jira": {"project": {"id": site.space("ALPHA").id, "key": "ALPHA"}}}


def test_without_a_token_a_callback_hears_undefined_and_a_promise_is_rejected(
    chromium: Browser, app_url: str, jira: Running
) -> None:
    page = chromium.new_page(base_url=jira.addresses["acme"])  # its console tells of the 404, rightly
    page.goto("/spaces/ALPHA/settings/apps/board")
    page.locator(".accounts").get_by_role("button", name="Alice").click()
    expect(page.frame_locator("#app").locator("#content")).to_be_visible()
    jira.world.sites["acme"].app.enabled = False

    called = frame_of(page).evaluate(
        "() => new Promise((done) => AP.context.getToken((t) => done(typeof t)))"
    )
    promised = frame_of(page).evaluate("() => AP.context.getToken().catch((error) => error.message)")

    assert called == "undefined"
    assert promised == "no token: 404"
    page.close()


def test_outside_a_host_there_is_little_to_call_and_nothing_breaks(window: Open, app_url: str) -> None:
    page = window()

    page.goto(app_url)

    assert page.evaluate("() => [typeof AP.context, typeof AP.flag, typeof AP.theming]") == ["undefined"] * 3
    assert page.evaluate("() => AP.resize('100%', '10px')") is None


def test_the_iframe_grows_and_shrinks_with_its_content(page: Page) -> None:
    def height() -> int:
        return int(page.locator("#app").evaluate("(frame) => frame.clientHeight"))

    least = height()
    frame_of(page).evaluate("() => { document.getElementById('content').style.height = '1500px'; }")
    expect(page.locator("#app")).to_have_css("height", "1516px")
    frame_of(page).evaluate("() => { document.getElementById('content').style.height = '20px'; }")

    expect(page.locator("#app")).to_have_css("height", f"{least}px")


def test_a_flag_is_shown_as_text_and_can_be_dismissed(page: Page) -> None:
    options = "{ title: 'Saved <b>', body: 'All <i>well</i>', type: 'success', close: 'manual' }"
    frame_of(page).evaluate(f"() => AP.flag.create({options})")

    expect(page.locator(".toast--success")).to_contain_text("Saved <b>All <i>well</i>")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".toast")).to_have_count(0)


def test_the_theme_is_the_hosts_and_follows_it(page: Page) -> None:
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Auto").click()
    root = page.frame_locator("#app").locator("html")
    expect(page.frame_locator("#app").locator("#content")).to_be_visible()

    frame_of(page).evaluate("() => AP.theming.initializeTheming()")
    expect(root).to_have_attribute("data-color-mode", "light")
    page.emulate_media(color_scheme="dark")

    expect(root).to_have_attribute("data-color-mode", "dark")
    expect(root).to_have_css("--ds-surface", "light-dark(#ffffff, #1f1f21)")


def test_the_theme_chosen_in_the_menu_is_the_apps_too(page: Page) -> None:
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.frame_locator("#app").locator("#content")).to_be_visible()

    frame_of(page).evaluate("() => AP.theming.initializeTheming()")

    expect(page.frame_locator("#app").locator("html")).to_have_attribute("data-color-mode", "dark")


def test_the_host_answers_only_the_apps_own_page(page: Page) -> None:
    flag = "{ bridge: 'sandbox', id: 1, call: 'flag.create', args: [{ title: 'Forged' }] }"
    page.evaluate(f"() => window.postMessage({flag}, '*')")
    frame_of(page).evaluate("() => AP.flag.create({ title: 'Genuine' })")

    expect(page.locator(".toast")).to_contain_text(["Genuine"])


def test_a_complaint_of_the_console_inside_the_iframe_is_heard(chromium: Browser, page: Page) -> None:
    heard: list[str] = []
    other = chromium.new_page()
    other.context.on("console", lambda message: heard.append(message.text))
    other.goto(page.url)
    other.locator(".accounts").get_by_role("button", name="Alice").click()
    expect(other.frame_locator("#app").locator("#content")).to_be_visible()

    other.frames[1].evaluate(
        "() => { document.body.insertAdjacentHTML('beforeend', '<style>p {}</style>'); }"
    )

    expect(other.frame_locator("#app").locator("style")).to_have_count(1)
    assert any("Content Security Policy" in text for text in heard)
    other.close()


def test_a_page_of_the_site_gets_a_token_without_a_space(page: Page, jira: Running) -> None:
    site = jira.world.sites["acme"]
    page.goto("/plugins/servlet/ac/example.app/general")
    expect(page.frame_locator("#app").locator("#content")).to_be_visible()

    token = frame_of(page).evaluate("() => AP.context.getToken()")
    context = frame_of(page).evaluate("() => AP.context.getContext()")

    assert tokens.read_hs256(token, site.app.shared_secret)["context"] == {"jira": {}}
    assert context == {"jira": {}}


def test_what_the_page_of_a_post_function_gives_is_stored_once_it_allows_it(
    page: Page, jira: Running
) -> None:
    space = jira.world.sites["acme"].space("ALPHA")
    page.goto("/spaces/ALPHA/settings/workflows")
    page.get_by_role("link", name="Add “Notify”").first.click()
    expect(page.frame_locator("#app").locator("#content")).to_be_visible()
    frame_of(page).evaluate(
        """() => {
            window.isReady = false;
            AP.jira.WorkflowConfiguration.onSaveValidation(() => window.isReady);
            AP.jira.WorkflowConfiguration.onSave(() => JSON.stringify({ to: 'tea' }));
        }"""
    )

    page.get_by_role("button", name="Save").click()
    refused = frame_of(page).evaluate("() => AP.jira.WorkflowConfiguration.trigger().valid")
    frame_of(page).evaluate("() => { window.isReady = true; }")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("link", name="Configure")).to_be_visible()
    made = [
        each
        for flow in appfunctions.workflows(space)
        for step in flow.transitions
        for each in step.app_functions
    ]
    assert refused is False
    assert [(each.module_key, each.configuration) for each in made] == [("notify", '{"to":"tea"}')]
