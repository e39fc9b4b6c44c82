"""A caller of the JSON API: one person's token, one space."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.support.app import Jira, call_app


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``said`` is the JSON, None without a body."""

    status: int
    said: Any
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """Calls the API for ``name``; paths are within the space, those with a slash are whole ones."""

    jira: Jira
    name: str
    space: str

    def get(self, path: str, **query: object) -> Answer:
        """GET, with entries in the query."""
        return self.call("GET", path + (f"?{urlencode(query)}" if query else ""))

    def post(self, path: str, **body: object) -> Answer:
        """POST entries as JSON; without entries no body at all."""
        return self.call("POST", path, body=json.dumps(body).encode() if body else b"")

    def call(self, method: str, path: str, *, body: bytes = b"", **headers: str) -> Answer:
        """Make any call with this person's token."""
        target = path if path.startswith("/") else f"/api/1/spaces/{self.jira.space_id(self.space)}/{path}"
        sent = {"Authorization": f"JWT {self.jira.page_token(self.name)}", **headers}
        answer = call_app(method, target, headers=sent, body=body)
        assert not answer.content or answer["Content-Type"] == "application/json"
        said = json.loads(answer.content) if answer.content else None
        return Answer(answer.status_code, said, answer.get("Retry-After"))
