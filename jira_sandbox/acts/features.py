"""Features of a space, and the address its mail comes from."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from jira_sandbox.acts.rights import administers
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Space, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NOT_ALLOWED = "You cannot edit the configuration of this project."


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something of a space that can be switched off, unless it is locked."""

    key: str
    name: str
    text: str
    is_locked: bool = False


CLASSIC = (
    Feature(key="jsw.classic.roadmap", name="Roadmap", text="Plan and follow the epics.", is_locked=True),
    Feature(key="jsw.classic.backlog", name="Backlog", text="Plan and order the work.", is_locked=True),
    Feature(key="jsw.classic.reports", name="Reports", text="See how the work goes."),
)
TEAM_MANAGED = (
    Feature(key="jsw.agility.board", name="Board", text="See the work move on.", is_locked=True),
    Feature(key="jsw.agility.backlog", name="Backlog", text="Plan and order the work."),
    Feature(key="jsw.agility.reports", name="Reports", text="See how the work goes."),
)


def offered(space: Space) -> tuple[Feature, ...]:
    """List the features a space of its kind has."""
    return TEAM_MANAGED if space.is_team_managed else CLASSIC


def switch(world: World, site: Site, actor: User, space: Space, key: str, state: Json) -> None:
    """Switch a feature; Refusal 403 without the right, 404 if there is none, 400 if it cannot be so."""
    with world.lock:
        if not administers(site, actor, space):
            raise Refusal(403, _NOT_ALLOWED)
        feature = next((each for each in offered(space) if each.key == key), None)
        if feature is None:
            raise Refusal(404, f"The feature {key} does not exist in this project.")
        if str(state) not in {"ENABLED", "DISABLED"}:
            raise Refusal(400, errors={"state": "The state must be ENABLED or DISABLED."})
        if feature.is_locked and state == "DISABLED":
            raise Refusal(400, errors={"state": f"The feature {key} cannot be switched off."})
        if state == "DISABLED":
            space.disabled_features.add(key)
        else:
            space.disabled_features.discard(key)


def sender(site: Site, space: Space) -> str:
    """Give the address the space's mail comes from, by default that of the site."""
    return space.sender_email or f"jira@{urlsplit(site.base_url).hostname}"


def change_sender(world: World, site: Site, actor: User, space: Space, address: Json) -> None:
    """Set the address, or with an empty one go back to the default; Refusal 403 without the right, 400."""
    with world.lock:
        if not administers(site, actor, space):
            raise Refusal(403, _NOT_ALLOWED)
        if not isinstance(address, str) or (address and not _ADDRESS.fullmatch(address)):
            raise Refusal(400, errors={"emailAddress": "The email address is not valid."})
        space.sender_email = address
