"""initech runs Data Center, at a port and under a context path, beside acme on the Cloud; and its people.

Every answer that one of them gets is looked at: what only the Cloud has must not show through.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jira_sandbox import seed
from jira_sandbox.front import Front, Response
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.world import World
from tests.support.sandbox import ACME, Person, VirtualClock, as_nobody, as_person

BASE = "https://jira.initech.example:8443/jira"
CONTEXT, API = "/jira", "/rest/api/2"
CLOUDS_OWN = frozenset({"accountId", "accountType", "groupId", "hierarchyLevel", "simplified", "jsdPublic"})
_OURS = re.compile(rf"{re.escape(BASE)}/rest/api/(2|1\.0)/")
WITH_PASSWORDS = [name for name, edition in DATA_CENTER.items() if edition.takes_passwords]


def with_initech(edition: str = "dc-10.3", clock: VirtualClock | None = None) -> World:
    """The standard world of two sites, of which initech (GOLD, IRON) is of this edition."""
    sites = {"acme": ACME, "initech": BASE}
    return seed.standard(clock or VirtualClock(), sites, editions={"initech": DATA_CENTER[edition]})


@dataclass(frozen=True, slots=True)
class Employee(Person):
    """Somebody of initech; paths are those of API v2, like ``/issue/GOLD-1``, or begin with the context."""

    def call(self, method: str, path: str, content: object = None) -> Response:
        whole = path if path.startswith(f"{CONTEXT}/") else f"{CONTEXT}{API}{path}"
        response = Person.call(self, method, whole, content)
        if response.headers.get("Content-Type", "").startswith("application/json") and not response.file:
            assert list(of_cloud(response.json())) == []
        return response

    def make(self, summary: str, *, kind: str = "Task", space: str = "GOLD", **fields: object) -> str:
        """Make a work item and give its key; fails loudly when Jira refuses."""
        wanted = {"project": {"key": space}, "issuetype": {"name": kind}, "summary": summary, **fields}
        response = self.post("/issue", {"fields": wanted})
        assert response.status == 201, response.body
        return str(response.json()["key"])

    def made(self, path: str, content: object) -> dict[str, Any]:
        """POST and give what was made; fails loudly when Jira refuses."""
        response = self.post(path, content)
        assert response.status in {200, 201}, response.body
        told: dict[str, Any] = response.json()
        return told


def employee(world: World, name: str) -> Employee:
    """One of initech's people, by user name; nobody for an empty one."""
    site = world.sites["initech"]
    known = as_person(world, site, name) if name else as_nobody(world, site)
    return Employee(Front(world), site, known.credentials)


def of_cloud(content: Any, pointer: str = "") -> Iterator[str]:
    """Where an answer shows what only the Cloud has: members, people, links that lead elsewhere."""
    if isinstance(content, list):
        for number, each in enumerate(content):
            yield from of_cloud(each, f"{pointer}/{number}")
    elif isinstance(content, dict):
        yield from (f"{pointer}/{name}" for name in CLOUDS_OWN & content.keys())
        if "displayName" in content and "avatarUrls" in content and not {"name", "key"} <= content.keys():
            yield f"{pointer} is nobody by name and key"
        for name, value in content.items():
            yield from of_cloud(value, f"{pointer}/{name}")
    elif isinstance(content, str) and "/rest/api/" in content and not _OURS.match(content):
        yield f"{pointer} leads to {content}"
