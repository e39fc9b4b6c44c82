"""Recorded webhooks of real Cloud sites against our own of comparable events."""

import csv
import json
from collections import defaultdict
from typing import Any

import pytest

from jira_sandbox.acts import attachments
from jira_sandbox.acts.attachments import Upload
from jira_sandbox.connect import webhooks
from jira_sandbox.state.furniture import Sprint
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, descriptor, document, install
from tests.support.shared import SHARED
from tests.support.webhook_differences import DIFFERENCES
from tests.support.webhook_shapes import Found, Shape

RECORDED = SHARED / "corpus" / "webhooks"
ISSUE = "/rest/api/3/issue"
Told = dict[str, list[dict[str, Any]]]
Event = tuple[str, str]
"""The event and its finer name; empty where it has none."""

pytestmark = pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded webhooks are not in SHARED_DIR: our own vectors remain"
)


def recorded() -> dict[Event, list[dict[str, Any]]]:
    """The complete bodies of Cloud's deliveries, by event."""
    found: dict[Event, list[dict[str, Any]]] = defaultdict(list)
    with (RECORDED / "INDEX.tsv").open() as index:
        for name, event, _source, note in (row for row in csv.reader(index, delimiter="\t") if len(row) == 4):
            if note.startswith("cloud;complete"):
                body = json.loads((RECORDED / name).read_text())
                found[event, body.get("issue_event_type_name", "")].append(body)
    return found


EVENTS = sorted({event for event, _ in recorded()}) if RECORDED.exists() else []


@pytest.fixture
def told(world: World, site: Site, alice: Person) -> Told:
    """Our own deliveries of a story in which everything recorded happens, by event."""
    app = ListeningApp()
    hooks = [{"event": event, "url": "/hook"} for event in EVENTS]
    install(world, site, app, wanted=descriptor(modules={"webhooks": hooks}))
    app.calls.clear()
    _story(world, site, alice)
    world.deliver(app)
    bodies: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for call in app.calls:
        body = json.loads(call.body)
        bodies[body["webhookEvent"]].append(body)
    return bodies


def _story(world: World, site: Site, alice: Person) -> None:
    space = site.space("ALPHA")
    component = alice.post(
        "/rest/api/3/component", {"name": "Kettle", "project": "ALPHA", "description": "Hot"}
    )
    version = alice.post(
        "/rest/api/3/version", {"name": "1", "projectId": int(space.id), "description": "First"}
    )
    bug = alice.create("ALPHA", "one", kind="Bug", labels=["a"], priority={"name": "High"})
    other = alice.create("ALPHA", "other")
    link = {"type": {"name": site.link_types[0].name}, "inwardIssue": {"id": bug}}
    assert alice.post("/rest/api/3/issueLink", link | {"outwardIssue": {"id": other}}).status == 201
    alice.edit(
        bug,
        summary="two",
        components=[{"id": component.json()["id"]}],
        fixVersions=[{"id": version.json()["id"]}],
    )
    me = {"accountId": site.user("alice").account_id}
    assert alice.put(f"{ISSUE}/{bug}/assignee", me).status == 204
    alice.move(bug, "Start")
    number = alice.comment(bug, "Hello")
    alice.put(f"{ISSUE}/{bug}/comment/{number}", {"body": document("Bye")})
    alice.delete(f"{ISSUE}/{bug}/comment/{number}")
    upload = Upload(filename="a.txt", mime_type="text/plain", content=b"tea")
    attachments.attach(world, site, site.user("alice"), site.issue(bug), [upload])
    alice.delete(f"{ISSUE}/{bug}")
    sprint = Sprint(id=7, name="One", board_id=3)
    after = Sprint(id=7, name="Two", board_id=3, goal="Go")
    webhooks.announce_sprint(world, site, "sprint_updated", after, before=sprint)


def differences(told: Told, event: str) -> set[Found]:
    """Where our own deliveries of the event differ from all real ones."""
    shape = Shape()
    for (name, _), bodies in recorded().items():
        for body in bodies if name == event else ():
            shape.add(body)
    return {each for body in told[event] for each in shape.differences(body)}


def test_the_recordings_are_of_many_kinds() -> None:
    assert len(recorded()) >= 8
    assert sum(map(len, recorded().values())) >= 50


@pytest.mark.parametrize("event", EVENTS)
def test_our_own_deliveries_are_shaped_like_real_ones(told: Told, event: str) -> None:
    found = differences(told, event)

    assert told[event], f"nothing of our own tells {event}"
    assert {each for each in found if not any(known.covers(event, each) for known in DIFFERENCES)} == set()


def test_every_listed_difference_is_one(told: Told) -> None:
    found = [(event, each) for event in EVENTS for each in differences(told, event)]

    unneeded = [known for known in DIFFERENCES if not any(known.covers(*each) for each in found)]

    assert unneeded == []


def test_events_have_the_finer_names_of_real_ones(told: Told) -> None:
    real = {event for event in recorded() if event[1]}

    own = {
        (event, body.get("issue_event_type_name", "")) for event, bodies in told.items() for body in bodies
    }

    assert real <= own


def test_a_shape_that_differs_is_found() -> None:
    shape = Shape()
    for body in ({"a": 1, "b": [{"c": "x"}], "d": None}, {"a": 2, "b": [], "e": True}):
        shape.add(body)

    assert set(shape.differences({"a": "1", "b": [{}], "d": {}, "f": 1})) == {
        Found("type", ".a"),
        Found("missing", ".b[].c"),
        Found("extra", ".f"),
    }
    assert list(shape.differences({"a": None, "b": [], "e": False})) == []
