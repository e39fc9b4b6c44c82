"""``jira.js`` on its two ways to a Cloud site: at its own address, and by the gateway as an OAuth app.

By the gateway it is told where that is and given an access token. It can look up its sites and refresh tokens
by itself too, but only at ``api.atlassian.com`` and ``auth.atlassian.com``, which are no paths on a port.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import OAuthApp
from jira_sandbox.threelo import grant
from jira_sandbox.threelo.gateway import PREFIX
from jira_sandbox.world import World
from tests.support import node
from tests.support.threelo import WORK, an_app

Way = Literal["site", "gateway"]
SCOPES: Final = (*WORK, "manage:jira-project")
"""What all the scenarios together ask for."""
WRONG: Final[Mapping[Way, dict[str, Any]]] = {
    "site": {"basic": {"email": "alice", "apiToken": "guess"}},
    "gateway": {"oauth2": {"accessToken": "guess"}},
}
"""Credentials of nobody."""


class HttpException(Exception):
    """What the client throws when Jira refuses."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """Where the client calls, and as whom; ``app`` is the one that acts for people by the gateway."""

    world: World
    site: Site
    way: Way
    app: OAuthApp

    @classmethod
    def to(cls, world: World, site: Site, way: Way) -> Self:
        """Prepare one of the two ways."""
        return cls(world=world, site=site, way=way, app=an_app(world, scopes=SCOPES))

    @property
    def host(self) -> str:
        """What the client takes for the site's address."""
        by_gateway = f"{self.site.base_url}/_api{PREFIX}{self.site.cloud_id}"
        return by_gateway if self.way == "gateway" else self.site.base_url

    def credentials(self, name: str, scopes: tuple[str, ...] = SCOPES) -> dict[str, Any]:
        """What somebody of that user name shows; by the gateway the scopes are consented to."""
        if self.way == "site":
            return {"basic": {"email": name, "apiToken": f"secret-{name}"}}
        tokens = grant(self.world, self.app, self.site, self.site.user(name), scopes)
        return {"oauth2": {"accessToken": tokens.access_token}}


@dataclass(frozen=True, slots=True)
class Client:
    """A ``Version2Client`` or ``Version3Client`` of somebody's."""

    program: node.Program
    version: int
    authentication: dict[str, Any]

    def call(self, method: str, **parameters: object) -> Any:
        """Await ``client.<group>.<method>({…})``."""
        told = self.program.ask(
            {
                "version": self.version,
                "authentication": self.authentication,
                "call": method,
                "given": [parameters] if parameters else [],
            }
        )
        if "refused" in told:
            assert told["refused"]["type"] == "HttpException"
            raise HttpException(told["refused"]["status"], told["refused"]["body"])
        return told.get("answer")

    def create(self, **fields: object) -> str:
        wish = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "One", **fields}
        return str(self.call("issues.createIssue", fields=wish)["key"])

    def fields(self, issue: str) -> dict[str, Any]:
        return dict(self.call("issues.getIssue", issueIdOrKey=issue)["fields"])

    def rich(self, text: str) -> Any:
        """A text as the version of the API takes and gives it."""
        if self.version == 2:
            return text
        paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
        return {"type": "doc", "version": 1, "content": [paragraph]}
