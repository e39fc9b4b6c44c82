"""Addresses within what a site tells us of its work items: none of them is ever called."""

import json
from itertools import cycle
from typing import Any

import pytest

from tests.egress.scene import Scene
from tests.egress.targets import URLS
from tests.support.app import Jira
from tests.support.hooks import Hook
from tests.support.scenario import Story

TOLD = [target for target in URLS if "\x00" not in target]  # a body with a NUL is refused whole


def led_astray(said: Any, targets: "cycle[str]") -> Any:
    """The same body where every address leads somewhere else: ``self``, avatars, icons, contents."""
    if isinstance(said, dict):
        return {name: led_astray(value, targets) for name, value in said.items()}
    if isinstance(said, list):
        return [led_astray(value, targets) for value in said]
    return next(targets) if isinstance(said, str) and said.startswith("http") else said


def attachments(jira: Jira) -> list[dict[str, Any]]:
    """One file for each target, with all the addresses a file has."""
    author = {"accountId": jira.account("bob"), "self": URLS[0], "avatarUrls": {"48x48": URLS[1]}}
    return [
        {
            "id": str(number),
            "self": target,
            "content": target,
            "thumbnail": target,
            "filename": "x.png",
            "author": author,
        }
        for number, target in enumerate(TOLD, start=1)
    ]


@pytest.fixture
def told(story: Story) -> tuple[str, list[dict[str, Any]]]:
    """A work item, and what the site tells of it, an edit and a comment, every address led astray."""
    item = story.create("ALPHA", "Shown", description=None)
    story.edit("alice", item, summary="Led astray")
    story.comment("alice", item, "Look here")
    targets = cycle(TOLD)
    bodies = [led_astray(json.loads(held.body), targets) for held in story.hold_back(item)]
    for body in bodies:
        if "fields" in body.get("issue", {}):
            body["issue"]["fields"]["attachment"] = attachments(story.jira)
        body["properties"] = body["issue"]["properties"] = {"link": {"url": URLS[2]}}
    return item, bodies


def test_what_a_site_tells_is_brought_over_and_no_address_in_it_is_called(
    scene: Scene, story: Story, told: tuple[str, list[dict[str, Any]]]
) -> None:
    item, bodies = told

    with scene.counting(refusals=0):
        answers = [Hook(story.jira).send(json.dumps(body).encode()) for body in bodies]
        story.work()
        story.settle()

    assert len(bodies) >= 3
    assert {status // 100 for status in answers} == {2}
    assert story.holds(story.twin_of(item))["summary"] == "Led astray"
    scene.nothing_left()
