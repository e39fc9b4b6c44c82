"""A Data Center of some version, people who act in it, and webhooks its administrator registers."""

import json
from typing import Any

from jira_sandbox import seed
from jira_sandbox.front import Front, Response
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.state.site import Site
from jira_sandbox.wire import OutgoingCall
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, VirtualClock, as_nobody, as_person

HOME = "https://jira.acme.example"
LISTENER = "https://app.example/hook"
OLDER, NEWER = "/rest/webhooks/1.0/webhook", "/rest/jira-webhook/1.0/webhooks"
SECTION = "issue-related-events-section"
EVERY = tuple(DATA_CENTER)
BEFORE_10 = tuple(name for name, each in DATA_CENTER.items() if each.registration == "filters")
FROM_10 = tuple(name for name in EVERY if name not in BEFORE_10)


class Colleague(Person):
    """Somebody on a Data Center, where the only version of the API is 2 and texts are wiki texts."""

    __slots__ = ()

    def call(self, method: str, path: str, content: object = None) -> Response:
        return Person.call(self, method, path.replace("/rest/api/3/", "/rest/api/2/"), content)

    def comment(self, issue: str, text: str, **more: object) -> str:
        answer = self.post(f"/rest/api/2/issue/{issue}/comment", {"body": text, **more})
        assert answer.status == 201, answer.body
        return str(answer.json()["id"])


def data_center(edition: str, clock: VirtualClock | None = None, *, number: int = 0) -> World:
    """The standard world as a Data Center of that version, where passwords are taken."""
    editions = {"acme": DATA_CENTER[edition]}
    world = seed.standard(clock or VirtualClock(), {"acme": HOME}, seed=number, editions=editions)
    world.sites["acme"].takes_passwords = True
    return world


def colleague(world: World, name: str) -> Colleague:
    """One of the standard people of that world."""
    known = as_person(world, world.sites["acme"], name)
    return Colleague(Front(world), known.site, known.credentials)


def stranger(world: World) -> Person:
    """A caller without credentials."""
    return as_nobody(world, world.sites["acme"])


def wanted(site: Site, *events: str, url: str = LISTENER, jql: str = "", **more: object) -> dict[str, Any]:
    """The body of a registration in the form that the site heeds; ``more`` goes into a configuration."""
    body: dict[str, Any] = {"name": "Ours", "url": url, "events": list(events)}
    if site.edition.registration == "filters":
        return body | ({"filters": {SECTION: jql}} if jql else {}) | more
    configuration = ({"FILTERS": jql} if jql else {}) | more
    return body | {"active": True, "scopeType": "global", "configuration": configuration}


def path(site: Site) -> str:
    """Where the site's webhooks are registered in the form that it heeds."""
    return OLDER if site.edition.registration == "filters" else NEWER


def register(world: World, *events: str, **more: Any) -> dict[str, Any]:
    """Let dana register a webhook and give what is answered; fails loudly when Jira refuses."""
    site = world.sites["acme"]
    answer = colleague(world, "dana").post(path(site), wanted(site, *events, **more))
    assert answer.status == 201, answer.body
    return dict(answer.json())


def number_of(hook: dict[str, Any]) -> str:
    """The id of a webhook, which the older form tells only by its address."""
    return str(hook["id"]) if "id" in hook else str(hook["self"]).rpartition("/")[2]


def delivered(world: World) -> list[OutgoingCall]:
    """Send what is due and give the calls."""
    app = ListeningApp()
    world.deliver(app)
    return app.calls


def bodies(calls: list[OutgoingCall]) -> list[dict[str, Any]]:
    """What the calls say."""
    return [dict(json.loads(each.body)) for each in calls]
