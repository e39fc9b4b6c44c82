"""Lifecycle calls as Atlassian makes them, signed whenever a test says, to be sent late, twice or never."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse

from backbone_app.models import Site
from jira_sandbox.connect import tokens
from jira_sandbox.world import World
from tests.support.app import call_app
from tests.support.environment import APP
from tests.support.hostile import request_hash

PAGE = "/global-settings"
NULL = object()
ADDRESS = "https://globex.atlassian.net"


@dataclass(frozen=True, slots=True)
class Call:
    """One call, which can be sent again and again."""

    event: str
    token: str = field(repr=False)
    body: bytes = field(repr=False)

    def send(self) -> int:
        """Send it now, and give the status."""
        headers = {"Authorization": f"JWT {self.token}", "Content-Type": "application/json"}
        return call_app("POST", f"/{self.event}", headers=headers, body=self.body).status_code


@dataclass(slots=True)
class Customer:
    """A site whose calls are made by hand; each installation brings another secret, kept in ``secrets``."""

    world: World
    key: str = "globex-key"
    address: str = ADDRESS
    secrets: list[str] = field(default_factory=list)

    @property
    def row(self) -> Site:
        """Our row of it."""
        return Site.objects.get(client_key=self.key)

    @property
    def secret(self) -> str:
        """The newest one."""
        return self.secrets[-1]

    def installed(self, **changes: Any) -> Call:
        """The site installs us now, with a new secret; None leaves a member out, NULL is a null."""
        self.secrets.append(f"secret {len(self.secrets)} of {self.key}, longer than any hash")
        said = {"baseUrl": self.address, "sharedSecret": self.secret, **changes}
        present = {name: value for name, value in said.items() if value is not None}
        nulled = {name: None if value is NULL else value for name, value in present.items()}
        return self._from_atlassian("installed", nulled)

    def uninstalled(self, **changes: Any) -> Call:
        """The site removes us now."""
        return self._from_atlassian("uninstalled", {"baseUrl": self.address, **changes})

    def notice(self, event: str, *, secret: str = "") -> Call:
        """The site tells now that we are ``enabled`` or ``disabled``, signed with its newest secret."""
        claims = self._claims(qsh=request_hash("POST", f"/{event}"))
        return Call(event, tokens.sign_hs256(claims, secret or self.secret), self._body({}))

    def request_token(self, method: str, target: str, *, secret: str = "") -> str:
        """A token for exactly one request."""
        return tokens.sign_hs256(self._claims(qsh=request_hash(method, target)), secret or self.secret)

    def _from_atlassian(self, event: str, said: dict[str, Any]) -> Call:
        claims = self._claims(aud=[APP], qsh=request_hash("POST", f"/{event}"))
        return Call(event, tokens.sign_rs256(claims, kid=self.world.kid), self._body(said))

    def _claims(self, **more: Any) -> dict[str, Any]:
        now = int(self.world.clock().timestamp())
        return {"iss": self.key, "iat": now, "exp": now + 180, **more}

    def _body(self, said: dict[str, Any]) -> bytes:
        return json.dumps({"key": "backbone-work-sync", "clientKey": self.key, **said}).encode()


def opens(customer: Customer, *, secret: str = "", accept: str = "text/html") -> HttpResponse:
    """Open a page of ours as the site's people do: 200 where its secret is good."""
    token = customer.request_token("GET", PAGE, secret=secret)
    return call_app("GET", f"{PAGE}?jwt={token}", headers={"Accept": accept})
