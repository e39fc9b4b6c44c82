"""The standard world: sites with people, spaces and everything a work item needs."""

from collections.abc import Callable, Mapping
from datetime import datetime

from jira_sandbox.fields import EDITABLE
from jira_sandbox.state.permissions import EVERYDAY
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Priority, Space, Status, User, WorkType
from jira_sandbox.world import World

PEOPLE = {"alice": "Alice Archer", "bob": "Bob Baker", "carol": "Carol Cook", "dana": "Dana Draper"}
_TYPES = (
    ("10001", "Task", "A small, distinct piece of work.", 0),
    ("10002", "Bug", "A problem or error.", 0),
    ("10003", "Story", "Functionality expressed as a user goal.", 0),
    ("10000", "Epic", "A collection of related bugs, stories and tasks.", 1),
)
_PRIORITIES = (
    ("1", "Highest", "#d04437"),
    ("2", "High", "#f15c75"),
    ("3", "Medium", "#f79232"),
    ("4", "Low", "#707070"),
    ("5", "Lowest", "#999999"),
)


def standard(clock: Callable[[], datetime], sites: Mapping[str, str], *, seed: int = 0) -> World:
    """Make a world with one standard cloud site for each name and base URL in ``sites``.

    Spaces ALPHA, BETA, GAMMA; alice administers ALPHA, bob BETA; carol works in both; dana administers Jira
    and sees everything. Passwords are ``secret-<name>``. Work types Task, Bug, Story; Epic in ALPHA only.
    """
    world = World(clock, seed)
    for name, base_url in sites.items():
        furnish(world, world.add_site(name, base_url))
    return world


def furnish(world: World, site: Site) -> None:
    """Put the standard people, spaces and settings into an empty site."""
    site.work_types = {
        number: WorkType(id=number, name=name, description=text, hierarchy_level=level)
        for number, name, text, level in _TYPES
    }
    site.priorities = [Priority(id=number, name=name, color=color) for number, name, color in _PRIORITIES]
    site.statuses = [
        Status(id="10000", name="To Do", category="new"),
        Status(id="3", name="In Progress", category="indeterminate"),
        Status(id="10001", name="Done", category="done"),
    ]
    alice, bob, carol, dana = (_person(world, site, name, title) for name, title in PEOPLE.items())
    everyday = ["Task", "Bug", "Story"]
    alpha = _space(site, "ALPHA", "Alpha", alice, [*everyday, "Epic"])
    beta = _space(site, "BETA", "Beta", bob, everyday)
    gamma = _space(site, "GAMMA", "Gamma", dana, everyday)
    for space in (alpha, beta):
        site.grant(carol, *EVERYDAY, space=space)
    for space in (alpha, beta, gamma):
        site.grant(dana, *EVERYDAY, "ADMINISTER_PROJECTS", space=space)
    site.grant(dana, "ADMINISTER", "SYSTEM_ADMIN")


def _space(site: Site, key: str, name: str, lead: User, type_names: list[str]) -> Space:
    space = site.add_space(key=key, name=name, lead=lead, type_names=type_names, screen=set(EDITABLE))
    site.grant(lead, *EVERYDAY, "ADMINISTER_PROJECTS", space=space)
    return space


def _person(world: World, site: Site, name: str, title: str) -> User:
    user = User(
        account_id=f"712020:{world.uuid('accounts')}",
        name=name,
        display_name=title,
        email=f"{name}@{site.name}.example.com",
        password=f"secret-{name}",
    )
    site.users[user.account_id] = user
    return user
