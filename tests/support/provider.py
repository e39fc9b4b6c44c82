"""Data Center's sign-in for other applications, as a client and a browser meet it."""

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from jira_sandbox import seed
from jira_sandbox.front import Front, Request, Response
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.state.provider import Client
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.browsing import Browser
from tests.support.sandbox import Person, VirtualClock

JIRA = "https://jira.acme.example"
CALLBACK = "https://app.example/oauth/callback"
AUTHORIZE = "/rest/oauth2/latest/authorize"
TOKEN, REVOKE = "/rest/oauth2/latest/token", "/rest/oauth2/latest/revoke"
MYSELF = "/rest/api/2/myself"
WITH_PROVIDER = [name for name, edition in DATA_CENTER.items() if edition.has_provider]


def data_center(edition: str = "dc-10.3", clock: VirtualClock | None = None, *, url: str = JIRA) -> World:
    """The standard site ``acme``, as this edition of Data Center."""
    editions = {"acme": DATA_CENTER[edition]}
    return seed.standard(clock or VirtualClock(), {"acme": url}, editions=editions)


@dataclass(frozen=True, slots=True)
class Bearer(Person):
    """Whoever calls with a token."""

    def call(self, method: str, path: str, content: object = None) -> Response:
        target = urlsplit(path)
        query = parse_qsl(target.query, keep_blank_values=True)
        headers = {"authorization": f"Bearer {self.credentials}"}
        body = b"" if content is None else json.dumps(content).encode()
        return self.front.handle(self.site.name, Request(method, target.path, query, headers, body))


def as_bearer(world: World, site: Site, token: str) -> Bearer:
    """A caller with this access token, of whichever kind."""
    return Bearer(Front(world), site, token)


@dataclass(frozen=True, slots=True)
class Application:
    """The external application: what it asks of people's browsers, and of the token endpoint."""

    world: World
    site: Site
    client: Client

    def address(self, **changes: str | None) -> str:
        """Where it sends people; a change to None leaves a parameter out."""
        usual = {
            "client_id": self.client.client_id,
            "redirect_uri": self.client.redirect_url,
            "response_type": "code",
            "state": "s t+a&t/e",
            "scope": "WRITE",
        }
        told = {name: text for name, text in (usual | changes).items() if text is not None}
        return f"{AUTHORIZE}?{urlencode(told)}"

    def code(self, browser: Browser, **changes: str | None) -> str:
        """The code that a person who agrees comes back with."""
        return answered(agree(browser, self.address(**changes)))["code"]

    def send(self, path: str, /, **form: str | None) -> Response:
        """Post a form with its credentials, which may be changed too."""
        credentials = {"client_id": self.client.client_id, "client_secret": self.client.client_secret}
        told = {name: text for name, text in (credentials | form).items() if text is not None}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        request = Request("POST", path, [], headers, urlencode(told).encode())
        return Front(self.world).handle(self.site.name, request)

    def exchange(self, code: str, /, **changes: str | None) -> Response:
        """Ask for tokens for a code."""
        usual = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.client.redirect_url}
        return self.send(TOKEN, **(usual | changes))

    def refresh(self, token: str, /, **changes: str | None) -> Response:
        """Ask for tokens for a refresh token."""
        usual = {"grant_type": "refresh_token", "refresh_token": token}
        return self.send(TOKEN, **(usual | {"redirect_uri": self.client.redirect_url} | changes))


def agree(browser: Browser, address: str, *, decision: str = "allow") -> Response:
    """Open the consent page and press one of its buttons."""
    page = browser.get(address)
    return browser.send("POST", AUTHORIZE, page.form(AUTHORIZE) | {"decision": decision})


def answered(response: Response) -> dict[str, str]:
    """What a person was sent to the registered address with; fails loudly when sent anywhere else."""
    assert response.status == 302, response.body
    address, _, query = response.headers["Location"].partition("?")
    assert address == CALLBACK
    return dict(parse_qsl(query, keep_blank_values=True))
