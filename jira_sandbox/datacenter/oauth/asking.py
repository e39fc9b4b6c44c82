"""A client's request for a person's leave, as it stands in the address the person is sent to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from jira_sandbox.datacenter.oauth import clients, scopes
from jira_sandbox.state.provider import Client, Method, Scope
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Refusal

PATH = "/rest/oauth2/latest/authorize"
METHODS: Final[dict[str, Method]] = {"": "plain", "plain": "plain", "S256": "S256"}
"""By ``code_challenge_method``; RFC 7636, 4.3 has ``plain`` for one that is not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client asks of a person; ``state`` goes back to it as it is."""

    client: Client
    scope: Scope
    state: str
    challenge: str
    method: Method

    def allowed(self, code: str) -> str:
        """Give the address that takes the person's leave to the client."""
        return _back(self.client, code=code, state=self.state)

    def denied(self) -> str:
        """Give the address that tells the client of the person's refusal (RFC 6749, 4.1.2.1)."""
        return _back(self.client, error="access_denied", state=self.state)


class SentBack(Exception):
    """The request is not to be granted, whatever the person says; ``address`` tells the client why."""

    def __init__(self, address: str) -> None:
        super().__init__("the client is told what is wrong with its request")
        self.address = address


def is_for_people(site: Site, path: str) -> bool:
    """Whether a browser asks there, though the address lies among those of the REST API."""
    return path == PATH and not site.edition.is_cloud


def read(site: Site, told: Mapping[str, str]) -> Asked:
    """Read a request; SentBack when the client asks wrongly.

    Refusal 400 when it is not known who asks, or where the answer should go: nobody is sent there.
    """
    clients.must_provide(site)
    client = site.provider.clients.get(told.get("client_id", ""))
    if client is None:
        raise Refusal(400, "The application that sent you here is not known to this site.")
    if told.get("redirect_uri") != client.redirect_url:
        raise Refusal(400, "The application wants the answer at an address that is not registered for it.")
    scope, method = scopes.named(told.get("scope", "")), METHODS.get(told.get("code_challenge_method", ""))
    state, challenge = told.get("state", ""), told.get("code_challenge", "")
    if told.get("response_type") != "code":
        raise SentBack(_back(client, error="unsupported_response_type", state=state))
    if scope is None or not scopes.includes(client.scope, scope):
        raise SentBack(_back(client, error="invalid_scope", state=state))
    if method is None or (told.get("code_challenge_method") and not challenge):
        raise SentBack(_back(client, error="invalid_request", state=state))
    return Asked(client=client, scope=scope, state=state, challenge=challenge, method=method)


def _back(client: Client, **told: str) -> str:
    """Add to the registered address, which may have a query of its own."""
    joint = "&" if "?" in client.redirect_url else "?"
    return f"{client.redirect_url}{joint}{urlencode({name: text for name, text in told.items() if text})}"
