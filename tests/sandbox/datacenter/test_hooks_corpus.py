"""Recorded webhooks of real servers against our own of comparable events, in every version.

The work item in a body is compared with those of all recordings: it is told alike whatever happened.
"""

import csv
import json
from collections import defaultdict
from functools import cache
from typing import Any

import pytest

from jira_sandbox.acts import attachments
from jira_sandbox.acts.attachments import Upload
from jira_sandbox.world import World
from tests.support.admin_hooks import EVERY, Colleague, bodies, colleague, data_center, delivered, register
from tests.support.shared import SHARED
from tests.support.webhook_differences import Difference
from tests.support.webhook_shapes import Found, Shape

RECORDED = SHARED / "corpus" / "webhooks"
API = "/rest/api/2"
ISSUE = f"{API}/issue"
Body = dict[str, Any]
Told = dict[str, list[Body]]
Kind = tuple[str, str]
"""An event and its finer name; without one it is about all of the event."""
ASIDE = {
    "DefectDojo+": "edited by hand: blanks after names of members, truth as a text, addresses left out",
    "timabbott+zulip__unknown_": "no event of Jira's, made up by those who recorded the others",
    "timabbott+zulip__change_status_v1": "of a transition's own function long ago: it names no event",
}
"""How the names begin of recordings that are no webhook's as it came, and why they are none."""
BY_WORKFLOW = frozenset({"issue_closed", "issue_reopened", "issue_resolved", "issue_work_started"})
"""Finer names that a transition has where its workflow says so; here all of them are generic."""
UNNAMED = frozenset({"jira:issue_deleted"})
"""Events whose finer name is in the oldest recordings only: that of 2017 has none."""
DIFFERENCES = (
    Difference(
        kind="extra",
        path=".issue.fields.security",
        why="no recorded site had security levels, ours has",
        evidence="security in the work items of servers with a security scheme in the corpus of issues",
    ),
    Difference(
        kind="extra",
        path=".issue.fields.fixVersions[].description",
        why="the one recorded version was not described, ours is",
        evidence="Version in the description of Data Center 10.3",
    ),
)

pytestmark = pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded webhooks are not in SHARED_DIR: our own vectors remain"
)


@cache
def recorded() -> tuple[tuple[str, Body], ...]:
    """The complete bodies of servers' deliveries, each with its event."""
    with (RECORDED / "INDEX.tsv").open() as index:
        rows = [row for row in csv.reader(index, delimiter="\t") if len(row) == 4]
    return tuple(
        (event, json.loads((RECORDED / name).read_text()))
        for name, event, _source, note in rows
        if note.startswith("server;complete") and not name.startswith(tuple(ASIDE))
    )


def finer(event: str, body: Body) -> str:
    return "" if event in UNNAMED else str(body.get("issue_event_type_name", ""))


def kinds() -> list[Kind]:
    """All of the recordings, and each event as such."""
    return sorted({(event, name) for event, body in recorded() for name in ("", finer(event, body))})


KINDS = kinds() if RECORDED.exists() else []


@pytest.fixture(scope="module", params=EVERY)
def told(request: pytest.FixtureRequest) -> Told:
    """Our own deliveries of a story in which everything recorded happens, by event."""
    world = data_center(request.param)
    register(world, *sorted({event for event, _ in recorded()}))
    _story(world, colleague(world, "alice"))
    found: Told = defaultdict(list)
    for body in bodies(delivered(world)):
        found[body["webhookEvent"]].append(body)
    return found


def _story(world: World, alice: Colleague) -> None:
    site, space = alice.site, alice.site.space("ALPHA")
    component = alice.post(f"{API}/component", {"name": "Kettle", "project": "ALPHA", "description": "Hot"})
    planned = {"name": "1", "projectId": int(space.id), "releaseDate": "2026-12-01", "description": "First"}
    version = alice.post(f"{API}/version", planned)
    bug = alice.create("ALPHA", "one", kind="Bug", labels=["a"], priority={"name": "High"})
    other = alice.create("ALPHA", "other")
    link = {"type": {"name": "Blocks"}, "inwardIssue": {"id": bug}, "outwardIssue": {"id": other}}
    assert alice.post(f"{API}/issueLink", link).status == 201
    parts = {"components": [{"id": component.json()["id"]}], "fixVersions": [{"id": version.json()["id"]}]}
    alice.edit(bug, summary="two", **parts)
    alice.move(bug, "Start")
    comment = f"{ISSUE}/{bug}/comment/{alice.comment(bug, 'Hello')}"
    upload = Upload(filename="a.txt", mime_type="text/plain", content=b"tea")
    attachments.attach(world, site, site.user("alice"), site.issue(bug), [upload])
    logged = alice.post(f"{ISSUE}/{bug}/worklog", {"timeSpentSeconds": 60, "comment": "Done"}).json()["id"]
    alice.put(f"{ISSUE}/{bug}/worklog/{logged}", {"timeSpentSeconds": 120})
    alice.put(comment, {"body": "Bye"})
    alice.delete(comment)
    alice.delete(f"{ISSUE}/{bug}/worklog/{logged}")
    alice.delete(f"{ISSUE}/{bug}")


def own(told: Told, kind: Kind) -> list[Body]:
    event, name = kind
    name = "issue_generic" if name in BY_WORKFLOW else name
    return [body for body in told[event] if name in ("", finer(event, body))]


def differences(told: Told, kind: Kind) -> set[Found]:
    """Where our own deliveries of the kind differ from all real ones."""
    frame, items = Shape(), Shape()
    for event, body in recorded():
        if "issue" in body:
            items.add({"issue": body["issue"]})
        if event == kind[0] and kind[1] in ("", finer(event, body)):
            frame.add(body | {"issue": None} if "issue" in body else body)
    found: set[Found] = set()
    for body in own(told, kind):
        found |= set(frame.differences(body))
        found |= set(items.differences({"issue": body["issue"]})) if "issue" in body else set()
    return found


def test_the_recordings_are_of_many_kinds() -> None:
    assert len(KINDS) >= 15
    assert len(recorded()) >= 50


@pytest.mark.parametrize("kind", KINDS, ids=" ".join)
def test_our_own_deliveries_are_shaped_like_real_ones(told: Told, kind: Kind) -> None:
    found = differences(told, kind)

    assert own(told, kind), f"nothing of our own tells {kind}"
    assert {each for each in found if not any(known.covers(kind[0], each) for known in DIFFERENCES)} == set()


def test_every_listed_difference_is_one(told: Told) -> None:
    found = [(kind[0], each) for kind in KINDS for each in differences(told, kind)]

    unneeded = [known for known in DIFFERENCES if not any(known.covers(*each) for each in found)]

    assert unneeded == []


@pytest.mark.parametrize("aside", ASIDE)
def test_every_recording_left_aside_is_there(aside: str) -> None:
    assert list(RECORDED.glob(f"{aside}*"))
