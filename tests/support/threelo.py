"""OAuth apps in tests: somebody's browser at the consent page, requests for tokens, calls by the gateway."""

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from jira_sandbox import threelo
from jira_sandbox.front import Front, Request, Response
from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import OFFLINE, OAuthApp
from jira_sandbox.threelo import gateway
from jira_sandbox.threelo.tokens import HOST as LOGIN
from jira_sandbox.world import World
from tests.support.browsing import Page
from tests.support.sandbox import Person

CALLBACK = "https://oauth.example/callback"
WORK = ("read:jira-work", "write:jira-work", "read:jira-user")
HOOKS = ("read:jira-work", "manage:jira-webhook")


def an_app(world: World, **changes: object) -> OAuthApp:
    """An app that may ask for all classic scopes of ours."""
    told: dict[str, object] = {
        "name": "Tea & Co",
        "callback_url": CALLBACK,
        "scopes": [*WORK, *HOOKS],
        **changes,
    }
    return threelo.add_app(world, **told)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Bearer(Person):
    """An app that calls a site by the gateway; ``credentials`` is its access token."""

    def call(self, method: str, path: str, content: object = None) -> Response:
        target = urlsplit(path)
        headers = {"content-type": "application/json"}
        if self.credentials:
            headers["authorization"] = f"Bearer {self.credentials}"
        query = parse_qsl(target.query, keep_blank_values=True)
        body = b"" if content is None else json.dumps(content).encode()
        way = f"{gateway.PREFIX}{self.site.cloud_id}{target.path}"
        answer = self.front.handle_elsewhere(gateway.HOST, Request(method, way, query, headers, body))
        assert answer
        return answer


def acting(world: World, app: OAuthApp, site: Site, name: str, *scopes: str) -> Bearer:
    """The app as the person of that short name, with these scopes."""
    return Bearer(Front(world), site, threelo.grant(world, app, site, site.user(name), scopes).access_token)


def resources(world: World, token: str) -> Response:
    """Which sites a token is good on."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    answer = Front(world).handle_elsewhere(gateway.HOST, Request("GET", gateway.RESOURCES, [], headers))
    assert answer
    return answer


def ask_for_tokens(world: World, content: object, *, as_form: bool = False) -> Response:
    """One request for tokens, in JSON unless it is a form."""
    kind = "application/x-www-form-urlencoded" if as_form else "application/json"
    body = urlencode(content) if as_form else json.dumps(content)  # type: ignore[arg-type]
    request = Request("POST", "/oauth/token", [], {"content-type": kind}, body.encode())
    answer = Front(world).handle_elsewhere(LOGIN, request)
    assert answer
    return answer


def refresh(world: World, app: OAuthApp, token: str) -> Response:
    """Ask for new tokens for a refresh token."""
    return ask_for_tokens(
        world,
        {
            "grant_type": "refresh_token",
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "refresh_token": token,
        },
    )


def exchange(world: World, app: OAuthApp, code: str, /, **changes: object) -> Response:
    """Ask for tokens for a code."""
    wanted = {
        "grant_type": "authorization_code",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "code": code,
        "redirect_uri": app.callback_url,
        **changes,
    }
    return ask_for_tokens(world, {name: value for name, value in wanted.items() if value is not None})


class Consenting:
    """A browser at the page where people let an app act."""

    def __init__(self, world: World, app: OAuthApp, **changes: str | None) -> None:
        self.front = Front(world)
        wanted = {
            "audience": "api.atlassian.com",
            "client_id": app.client_id,
            "scope": f"{' '.join(WORK)} {OFFLINE}",
            "redirect_uri": app.callback_url,
            "state": "s & t",
            "response_type": "code",
            "prompt": "consent",
            **changes,
        }
        self.query = [(name, value) for name, value in wanted.items() if value is not None]

    def open(self) -> Page:
        """Open the page."""
        return _page(self.send("GET"))

    def sign_in(self, email: str, password: str) -> Page:
        """Sign in, and see what the app wants."""
        return _page(self.send("POST", {"email": email, "password": password}))

    def decide(self, page: Page, decision: str, **changes: str) -> Response:
        """Press one of the two buttons."""
        (form,) = page.forms
        return self.send("POST", {**form.values, "decision": decision, **changes})

    def send(self, method: str, form: dict[str, str] | None = None) -> Response:
        """One request to the page, no redirect followed."""
        body = urlencode(form or {}).encode()
        answer = self.front.handle_elsewhere(LOGIN, Request(method, "/authorize", self.query, {}, body))
        assert answer
        return answer


def told(response: Response) -> dict[str, str]:
    """What the app is told at its callback URL; fails loudly when the browser is not sent there."""
    assert response.status == 302, response.body
    target = urlsplit(response.headers["Location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == CALLBACK
    return dict(parse_qsl(target.query))


def _page(response: Response) -> Page:
    page = Page(response.status)
    page.feed(response.body.decode())
    return page
