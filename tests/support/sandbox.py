"""A Jira for tests: the standard world on a clock the test moves, and people who act in it."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jira_sandbox import seed
from jira_sandbox.connect import installing, tokens
from jira_sandbox.front import Front, Request, Response
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation
from jira_sandbox.wire import OutgoingCall, Send
from jira_sandbox.world import World

START = datetime(2026, 11, 22, 1, 2, 3, 456_000, tzinfo=UTC)
ACME = "https://acme.atlassian.net"
INITECH = "https://initech.atlassian.net"
APP = "https://app.example"


class VirtualClock:
    """A clock that stands until it is moved; each world and the code under test may share one."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> datetime:
        """Move on by ``timedelta(**duration)`` and give the new time."""
        self.now += timedelta(**duration)
        return self.now


def standard_world(
    clock: VirtualClock | None = None, *, sites: Mapping[str, str] | None = None, seed_number: int = 0
) -> World:
    """The world of ``jira_sandbox.seed``: by default one site, ``acme`` at https://acme.atlassian.net.

    Several sites are all alike, ids included, so that only the site tells them apart.
    """
    return seed.alike(clock or VirtualClock(), sites or {"acme": ACME}, seed=seed_number)


def two_sites(clock: VirtualClock | None = None) -> World:
    """acme (ALPHA, BETA, GAMMA) and initech (GOLD, IRON): other workflows, other people, other ids."""
    return seed.standard(clock or VirtualClock(), {"acme": ACME, "initech": INITECH})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who calls a site's REST API; ``path`` may carry a query."""

    front: Front
    site: Site
    credentials: str

    def get(self, path: str) -> Response:
        return self.call("GET", path)

    def post(self, path: str, content: object = None) -> Response:
        return self.call("POST", path, content)

    def put(self, path: str, content: object = None) -> Response:
        return self.call("PUT", path, content)

    def delete(self, path: str) -> Response:
        return self.call("DELETE", path)

    def call(self, method: str, path: str, content: object = None) -> Response:
        target = urlsplit(path)
        headers = {"content-type": "application/json"}
        if self.credentials:
            headers["authorization"] = f"Basic {self.credentials}"
        query = parse_qsl(target.query, keep_blank_values=True)
        body = b"" if content is None else json.dumps(content).encode()
        return self.front.handle(self.site.name, Request(method, target.path, query, headers, body))

    def create(self, space: str, summary: str, *, kind: str = "Task", **fields: object) -> str:
        """Create a work item and give its id; fails loudly when Jira refuses."""
        wanted = {"project": {"key": space}, "issuetype": {"name": kind}, "summary": summary, **fields}
        answer = self.post("/rest/api/3/issue", {"fields": wanted})
        assert answer.status == 201, answer.body
        return str(answer.json()["id"])

    def transition_id(self, issue: str, name: str) -> str:
        """The id of the transition of that name; fails loudly when it is not offered."""
        listed = self.get(f"/rest/api/3/issue/{issue}/transitions").json()["transitions"]
        found = {each["name"]: str(each["id"]) for each in listed}
        assert name in found, found
        return found[name]

    def move(self, issue: str, name: str) -> None:
        """Take the transition of that name; fails loudly when Jira refuses."""
        number = self.transition_id(issue, name)
        answer = self.post(f"/rest/api/3/issue/{issue}/transitions", {"transition": {"id": number}})
        assert answer.status == 204, answer.body

    def comment(self, issue: str, text: str, **more: object) -> str:
        """Write a comment of one paragraph and give its id; fails loudly when Jira refuses."""
        answer = self.post(f"/rest/api/3/issue/{issue}/comment", {"body": document(text), **more})
        assert answer.status == 201, answer.body
        return str(answer.json()["id"])

    def edit(self, issue: str, **fields: object) -> None:
        """Set fields of a work item; fails loudly when Jira refuses."""
        answer = self.put(f"/rest/api/3/issue/{issue}", {"fields": fields})
        assert answer.status == 204, answer.body


def document(*paragraphs: str) -> dict[str, Any]:
    """An Atlassian document of plain paragraphs."""
    blocks = [{"type": "paragraph", "content": [{"type": "text", "text": each}]} for each in paragraphs]
    return {"type": "doc", "version": 1, "content": blocks}


def as_person(world: World, site: Site, name: str) -> Person:
    """One of the standard people, by short name."""
    credentials = base64.b64encode(f"{name}:secret-{name}".encode()).decode()
    return Person(Front(world), site, credentials)


def as_nobody(world: World, site: Site) -> Person:
    """A caller without credentials."""
    return Person(Front(world), site, "")


def descriptor(**changes: object) -> dict[str, Any]:
    """The descriptor of a small app that listens to all work-item events."""
    return {
        "key": "example.app",
        "name": "Example",
        "baseUrl": APP,
        "authentication": {"type": "jwt"},
        "apiMigrations": {"gdpr": True, "signed-install": True, "context-qsh": True},
        "lifecycle": {
            "installed": "/installed",
            "enabled": "/enabled",
            "disabled": "/disabled",
            "uninstalled": "/uninstalled",
        },
        "scopes": ["READ", "WRITE", "DELETE"],
        "modules": {
            "webhooks": [
                {"event": f"jira:issue_{what}", "url": "/hook", "propertyKeys": ["link"]}
                for what in ("created", "updated", "deleted")
            ]
            + [{"event": f"comment_{what}", "url": "/hook"} for what in ("created", "updated", "deleted")]
        },
        **changes,
    }


class ListeningApp:
    """An app that keeps every call it gets and answers as told: ``answers`` first, then 204."""

    def __init__(self) -> None:
        self.calls: list[OutgoingCall] = []
        self.answers: list[int | OSError] = []

    def __call__(self, call: OutgoingCall) -> int:
        self.calls.append(call)
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, OSError):
            raise answer
        return answer


def install(
    world: World, site: Site, send: Send, *, wanted: Mapping[str, object] | None = None
) -> AppInstallation:
    """Install an app whose descriptor is ``wanted``; its calls go to ``send``."""
    text = json.dumps(wanted or descriptor()).encode()
    return installing.install(
        world, site, f"{APP}/atlassian-connect.json", fetch=lambda _url: text, send=send
    )


@dataclass(frozen=True, slots=True)
class AppCaller(Person):
    """The installed app itself; it signs with ``secret``, or when that is empty with the site's own."""

    secret: str = ""

    def call(self, method: str, path: str, content: object = None) -> Response:
        target = urlsplit(path)
        query = parse_qsl(target.query, keep_blank_values=True)
        issued = int(self.front.world.clock().timestamp())
        secret = self.secret or self.site.app.shared_secret
        claims = {
            "iss": self.site.app.key,
            "iat": issued,
            "exp": issued + 180,
            "qsh": tokens.query_string_hash(method, target.path, query),
        }
        headers = {"authorization": f"JWT {tokens.sign_hs256(claims, secret)}"}
        body = b"" if content is None else json.dumps(content).encode()
        return self.front.handle(self.site.name, Request(method, target.path, query, headers, body))


def as_app(world: World, site: Site) -> AppCaller:
    """The app that is installed on the site."""
    return AppCaller(Front(world), site, "")
