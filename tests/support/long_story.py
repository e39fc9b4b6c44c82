"""A long story with everything in it that has to be the same for the same seed, told by its trace.

``python -m tests.support.long_story SEED`` tells it in a process of its own: the hash seed must not matter.
"""

import random
import sys
from collections.abc import Callable

from jira_sandbox import seed
from jira_sandbox.front import Front
from jira_sandbox.latency import Delay, Latency
from jira_sandbox.pages import routes as pages
from jira_sandbox.state.site import Site
from jira_sandbox.weather.catalogue import CATALOGUE, drawn
from jira_sandbox.wire import ConnectionLost, OutgoingCall, Request
from tests.support.sandbox import (
    ACME,
    INITECH,
    Person,
    VirtualClock,
    as_app,
    as_person,
    document,
    install,
)

STEPS = 250
PEOPLE = {"acme": ("alice", "bob", "carol"), "initech": ("gina", "hank", "erin")}
SPACES = {"acme": ("ALPHA", "BETA"), "initech": ("GOLD", "IRON")}
RARE = {"F11": 0.01, "F10": 0.02, "F13": 0.05, "F17": 0.01, "F18": 0.02}


class Story:
    """One world, its clock and its chance; ``tell`` makes the next thing happen."""

    def __init__(self, number: int) -> None:
        self.clock = VirtualClock()
        self.world = seed.standard(self.clock, {"acme": ACME, "initech": INITECH}, seed=number)
        self.chance = random.Random(f"{number}:story")
        self.world.courier = self.listen
        self.world.trace.start()
        self.world.latency = Latency(usual=Delay(0.2, 0.5), wait=self.pass_time)
        for site in self.world.sites.values():
            install(self.world, site, self.listen)
        for name in sorted(CATALOGUE):
            drawn(self.world, number, faults={name}, rates=RARE)

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)

    def listen(self, call: OutgoingCall) -> int:
        """The app takes most of what it is told of work items, and all else."""
        return self.chance.choice((204, 204, 204, 503)) if call.url.endswith("/hook") else 204

    def tell(self) -> None:
        acts: tuple[Callable[[Site, Person, Person], None], ...] = (
            self.create,
            self.edit,
            self.comment,
            self.move_on,
            self.search,
            self.delete,
            self.look,
        )
        site = self.world.sites[self.chance.choice(("acme", "initech"))]
        person = as_person(self.world, site, self.chance.choice(PEOPLE[site.name]))
        actor = as_app(self.world, site) if site.installation and self.chance.random() < 0.5 else person
        try:
            self.chance.choice(acts)(site, actor, person)
        except ConnectionLost:
            self.clock.advance(seconds=20)
        self.clock.advance(seconds=self.chance.uniform(1, 3600))
        self.world.deliver(self.listen)

    def create(self, site: Site, actor: Person, _person: Person) -> None:
        wish = {
            "project": {"key": self.chance.choice(SPACES[site.name])},
            "issuetype": {"name": "Task"},
            "summary": f"Work {self.chance.random()}",
            "labels": ["a", "b"],
            "description": document("Some words"),
        }
        actor.post("/rest/api/3/issue", {"fields": wish})

    def edit(self, site: Site, actor: Person, _person: Person) -> None:
        wish = {"summary": f"Work {self.chance.random()}", "labels": [self.chance.choice("cde")]}
        actor.put(f"/rest/api/3/issue/{self.some(site)}", {"fields": wish, "historyMetadata": {"type": "x"}})

    def comment(self, site: Site, actor: Person, _person: Person) -> None:
        actor.post(f"/rest/api/2/issue/{self.some(site)}/comment", {"body": "*Some* words"})

    def move_on(self, site: Site, actor: Person, _person: Person) -> None:
        path = f"/rest/api/3/issue/{self.some(site)}/transitions"
        answer = actor.get(path)
        steps = answer.json().get("transitions", []) if answer.status == 200 else []
        if steps:
            actor.post(path, {"transition": {"id": self.chance.choice(steps)["id"]}})

    def search(self, site: Site, actor: Person, _person: Person) -> None:
        space = self.chance.choice(SPACES[site.name])
        actor.get(f"/rest/api/3/search/jql?jql=project%20%3D%20{space}%20ORDER%20BY%20updated&fields=*all")

    def delete(self, site: Site, actor: Person, _person: Person) -> None:
        if self.chance.random() < 0.3:
            actor.delete(f"/rest/api/3/issue/{self.some(site)}")

    def look(self, site: Site, actor: Person, person: Person) -> None:
        for path in ("createmeta/{}/issuetypes", "{}?expand=changelog,names"):
            actor.get(f"/rest/api/3/issue/{path.format(self.some(site))}")
        person.get("/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS,EDIT_ISSUES")
        Front(self.world, pages.handle).handle(site.name, Request("GET", f"/_keys/{self.world.kid}"))

    def some(self, site: Site) -> str:
        """A work item of the site, or one that is not there."""
        return self.chance.choice([*site.issues, "1"])


def told(number: int) -> bytes:
    """Tell the story of this seed to its end, when the weather has cleared, and give the trace."""
    story = Story(number)
    for _ in range(STEPS):
        story.tell()
    story.world.weather.clear()
    for _ in range(6):
        story.clock.advance(hours=8)
        story.world.deliver(lambda _call: 204)
    return story.world.trace.text()


if __name__ == "__main__":
    sys.stdout.buffer.write(told(int(sys.argv[1])))
