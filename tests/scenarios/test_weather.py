"""Bad weather: people edit both sides while deliveries double and dawdle, answers get lost, workers die.

Each seed is a small life of a few work items. Whatever happened, both sides are
equal in the end, nothing is there twice, and looking again changes nothing.
"""

import json
from random import Random
from typing import Any

import pytest

from backbone_app.models import Intent, Pair
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.wire import Request
from tests.support.scenario import Story, paragraphs

SEEDS = range(8)
WRITES = r"/rest/api/[23]/issue(/[0-9]+(/comment(/[0-9]+)?|/transitions)?)?$"
FIELDS = "summary,priority,labels,duedate,description,status"
STEPS = {
    "ALPHA": {"To Do": ["In Progress"], "In Progress": ["To Do", "Done"], "Done": ["In Progress"]},
    "BETA": {
        "Open": ["Selected"],
        "Selected": ["In Progress"],
        "In Progress": ["In Review"],
        "In Review": ["Done"],
    },
}
CATEGORY = {
    "To Do": "new",
    "Open": "new",
    "Selected": "new",
    "In Progress": "on",
    "In Review": "on",
    "Done": "done",
}


class Killed(BaseException):
    """A worker that is killed: no handler of ours catches this."""


class Life:
    """One seed's life: what people do, and what goes wrong."""

    def __init__(self, story: Story, seed: int) -> None:
        self.story, self.dice = story, Random(seed)
        self.items: dict[str, str] = {}  # item to space
        self.comments: list[tuple[str, str, str]] = []  # item, comment, who

    def live(self, events: int) -> None:
        for _ in range(events):
            self.dice.choice([self.act, self.act, self.deliver, self.work, self.misfortune])()
            self.story.clock.advance(seconds=self.dice.choice([0.2, 1, 7]))

    def act(self) -> None:
        space = self.dice.choice(["ALPHA", "BETA"])
        mine = [item for item, its in self.items.items() if its == space]
        if not mine or (len(mine) < 2 and self.dice.random() < 0.5):
            self.items[self.story.create(space, f"Item {self.dice.randrange(99)}")] = space
            return
        item = self.dice.choice(mine + [twin for one in self.items for twin in self.story.twins_of(one)])
        self.dice.choice([self.edit, self.edit, self.move, self.talk])(item)

    def edit(self, item: str) -> None:
        word = f"w{self.dice.randrange(1000)}"
        changes: dict[str, Any] = {
            "summary": word,
            "priority": {"name": self.dice.choice(["High", "Low", "Medium"])},
            "labels": self.dice.sample(["a", "b", "c", "d"], self.dice.randrange(4)),
            "duedate": self.dice.choice(["2026-12-01", "2027-01-01", None]),
            "description": paragraphs(word),
        }
        names = self.dice.sample(sorted(changes), self.dice.choice([1, 1, 2]))
        self.story.edit("dana", item, **{name: changes[name] for name in names})

    def move(self, item: str) -> None:
        steps = STEPS[self.story.jira.site.space_of(self.story.issue(item)).key].get(
            self.story.status(item), []
        )
        if steps:
            self.story.move("dana", item, self.dice.choice(steps))

    def talk(self, item: str) -> None:
        mine = [one for one in self.comments if one[0] == item]
        if not mine or self.dice.random() < 0.5:
            self.comments.append(
                (item, self.story.comment("dana", item, f"c{self.dice.randrange(999)}"), item)
            )
            return
        _, comment, _ = one = self.dice.choice(mine)
        if self.dice.random() < 0.6:
            self.story.change_comment("dana", item, comment, f"c{self.dice.randrange(999)}")
        else:
            self.story.delete_comment("dana", item, comment)
            self.comments.remove(one)

    def deliver(self) -> None:
        waiting = self.story.jira.deliveries()
        for delivery in self.dice.sample(waiting, min(len(waiting), self.dice.randrange(1, 5))):
            self.story.jira.deliver(delivery)
            if self.dice.random() < 0.2:
                self.story.jira.deliver(delivery)

    def work(self) -> None:
        try:
            self.story.work()
        except Killed:
            self.story.release_leases()

    def misfortune(self) -> None:
        world = self.story.jira.world
        kind = self.dice.choice(
            ["lose_answer_after_effect", "lose_before_effect", "busy", "kill before", "kill after"]
        )
        method = self.dice.choice(["POST", "PUT"])
        if kind == "kill before":
            world.hooks.before(method, WRITES, _kill)
        elif kind == "kill after":
            world.hooks.after(method, WRITES, _kill)
        else:
            world.misfortunes.add(Misfortune(match=(method, WRITES), kind=kind, headers={"Retry-After": "3"}))  # type: ignore[arg-type]

    def calm_down(self) -> None:
        """No more misfortunes; time passes until nothing is left to do."""
        self.story.jira.world.misfortunes.waiting.clear()
        for _ in range(30):
            self.story.clock.advance(seconds=90)
            self.story.jira.deliver_all()
            self.work()
            if not self.story.jira.deliveries() and not Pair.objects.filter(due__gt=0).exists():
                return
        raise AssertionError("It does not come to rest.")


def _kill(_: Request) -> None:
    raise Killed


def shown(story: Story, item: str, *, stuck: bool) -> dict[str, Any]:
    """What both sides must show alike; of a status that no known way leads to the feed has told."""
    fields = story.jira.person("dana").get(f"/rest/api/3/issue/{item}?fields={FIELDS}").json()["fields"]
    return {
        **fields,
        "description": json.dumps(fields["description"], sort_keys=True),
        "priority": fields["priority"]["name"],
        "labels": sorted(fields["labels"]),
        "status": None if stuck else CATEGORY[fields["status"]["name"]],
    }


def texts(story: Story, item: str) -> list[str]:
    """What is said, without the line that names the author of a copy."""
    return sorted(text.splitlines()[-1] for text in story.comments(item))


@pytest.mark.parametrize("seed", SEEDS)
def test_after_bad_weather_both_sides_are_equal_and_nothing_is_there_twice(story: Story, seed: int) -> None:
    life = Life(story, seed)

    life.live(events=60)
    life.calm_down()

    for item in life.items:
        twin = story.twin_of(item)
        stuck = Pair.objects.filter(sides__item=twin, reason="no_path").exists()
        assert shown(story, twin, stuck=stuck) == shown(story, item, stuck=stuck)
        assert texts(story, twin) == texts(story, item)
    assert set(Intent.objects.values_list("state", flat=True)) <= {"done", "void"}
    story.jira.world.meters.reset()
    Pair.objects.update(due=1, incomplete=True)
    story.settle()
    assert [call for call in story.app_calls() if not call.startswith("GET")] == []
