"""The wire of a site's webhooks, for bodies that no sandbox would make."""

from dataclasses import dataclass

from backbone_app.models import Pair
from tests.support.app import Headers, Jira, call_app
from tests.support.rows import make_pair, make_synchronization

HOOK = "/webhooks/jira"
JSON = "application/json; charset=UTF-8"
PAIRED, UNPAIRED = "70001", "70009"


@dataclass(frozen=True, slots=True)
class Hook:
    """A site that signs whatever it is given to send."""

    jira: Jira

    def headers(self, identifier: str | None = None, content_type: str = JSON) -> Headers:
        """What goes with one delivery."""
        token = self.jira.request_token("POST", HOOK)
        named = {} if identifier is None else {"X-Atlassian-Webhook-Identifier": identifier}
        return {"Authorization": f"JWT {token}", "Content-Type": content_type, **named}

    def send(self, body: bytes, *, identifier: str | None = None, content_type: str = JSON) -> int:
        """Deliver a body and tell the status."""
        headers = self.headers(identifier, content_type)
        return call_app("POST", HOOK, headers=headers, body=body).status_code


def pair_of(jira: Jira) -> Pair:
    """Rows of a running synchronization of ALPHA and BETA, and of a pair of which ``PAIRED`` is one half."""
    spaces = jira.space_id("ALPHA"), jira.space_id("BETA")
    return make_pair(make_synchronization(jira.row, spaces=spaces), jira.row, PAIRED, "70002")
