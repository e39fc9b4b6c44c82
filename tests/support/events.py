"""What an app that listens to everything is told."""

import json
from dataclasses import dataclass, field
from typing import Any

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, descriptor, install

FURNITURE = (
    *(f"project_{what}" for what in ("created", "updated", "deleted", "soft_deleted", "archived")),
    *(f"project_restored_{what}" for what in ("deleted", "archived")),
    *(f"issuetype_{what}" for what in ("created", "updated", "deleted")),
    *(
        f"jira:version_{what}"
        for what in ("created", "updated", "released", "unreleased", "moved", "deleted")
    ),
)
"""Events of spaces, work types and versions."""


@dataclass(slots=True)
class Ears:
    """An installed app; ``hear`` gives what it was told since it was last asked, by (event, body)."""

    world: World
    app: ListeningApp = field(default_factory=ListeningApp)

    def hear(self) -> list[tuple[str, dict[str, Any]]]:
        self.world.deliver(self.app)
        bodies = [json.loads(call.body) for call in self.app.calls]
        self.app.calls.clear()
        return [(body["webhookEvent"], body) for body in bodies]

    def names(self) -> list[str]:
        """The events alone, in the order they were told."""
        return [event for event, _ in self.hear()]


def listening(world: World, site: Site, *events: str) -> Ears:
    """Install an app that listens to these events, by default those of the furniture."""
    ears = Ears(world)
    hooks = [{"event": event, "url": "/hook"} for event in events or FURNITURE]
    install(world, site, ears.app, wanted=descriptor(modules={"webhooks": hooks}))
    ears.app.calls.clear()
    return ears
