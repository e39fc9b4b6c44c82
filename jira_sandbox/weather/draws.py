"""What a sudden fault strikes when it is drawn; each raises LookupError when there is nothing to strike."""

import random
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from jira_sandbox.quotas import Figures
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Space
from jira_sandbox.weather.automation import Automation
from jira_sandbox.weather.calls import Unreachable
from jira_sandbox.weather.items import (
    Archived,
    Deleted,
    FieldRemoved,
    FieldRenamed,
    Moved,
    OffScreen,
    OptionDeleted,
    StepRemoved,
)
from jira_sandbox.weather.sites import (
    AppAway,
    ClockOff,
    Down,
    IndexBehind,
    QuotaShort,
    Renamed,
    RightLost,
    SecretLost,
)
from jira_sandbox.weather.sky import Fault
from jira_sandbox.world import World

T = TypeVar("T")
HOUR = 3600
RIGHTS = (
    ("BROWSE_PROJECTS",),
    ("EDIT_ISSUES",),
    ("TRANSITION_ISSUES",),
    ("ADD_COMMENTS",),
    ("CREATE_ISSUES", "EDIT_ISSUES"),
)


def secret(chance: random.Random, world: World) -> Fault:
    """Draw one of F10."""
    return SecretLost(_with_app(chance, world).name)


def outage(chance: random.Random, world: World) -> Fault:
    """Draw one of F11."""
    name = _site(chance, world).name
    faults: list[Fault] = [
        Down(name),
        Unreachable(site=name, how="name_unknown"),
        Unreachable(site=name, how="tls_failed"),
    ]
    return _one(chance, faults)


def clock(chance: random.Random, world: World) -> Fault:
    """Draw one of F12: off by up to ten minutes, an hour as a wrongly kept summer time, or a leap second."""
    seconds = chance.choice((chance.uniform(-600, 600), HOUR, -HOUR, 1, -1))
    return ClockOff(site=_site(chance, world).name, by=timedelta(seconds=seconds))


def right(chance: random.Random, world: World) -> Fault:
    """Draw one of F13."""
    site = _with_app(chance, world)
    return RightLost(site=site.name, space=_space(chance, site).key, permissions=chance.choice(RIGHTS))


def away(chance: random.Random, world: World) -> Fault:
    """Draw one of F14."""
    site, issue = _issue(chance, world)
    others = sorted(space.key for space in site.spaces.values() if space.id != issue.space_id)
    moved = Moved(site=site.name, item=issue.id, space=_one(chance, others))
    faults: list[Fault] = [Archived(site=site.name, item=issue.id), moved]
    return _one(chance, faults)


def deletion(chance: random.Random, world: World) -> Fault:
    """Draw one of F15."""
    site, issue = _issue(chance, world)
    return Deleted(site=site.name, item=issue.id)


def setting(chance: random.Random, world: World) -> Fault:
    """Draw one of F16."""
    site = _site(chance, world)
    return chance.choice((_screen, _step, _field))(chance, site)


def renaming(chance: random.Random, world: World) -> Fault:
    """Draw one of F17: another name for the site; a served one is found as ``localhost`` too."""
    site = _site(chance, world)
    parts = urlsplit(site.base_url)
    if parts.hostname == "127.0.0.1":
        return Renamed(site=site.name, base_url=f"{parts.scheme}://localhost:{parts.port}")
    first, _, rest = parts.netloc.partition(".")
    return Renamed(site=site.name, base_url=f"{parts.scheme}://{first}-{chance.randint(2, 99)}.{rest}")


def reinstallation(chance: random.Random, world: World) -> Fault:
    """Draw one of F18, with either of the two notices first."""
    name = _with_app(chance, world).name
    faults: list[Fault] = [AppAway(site=name, first="disabled"), AppAway(site=name, first="uninstalled")]
    return _one(chance, faults)


def lag(chance: random.Random, world: World) -> Fault:
    """Draw one of F19."""
    return IndexBehind(site=_site(chance, world).name, lag=timedelta(seconds=chance.uniform(1, 300)))


def automation(chance: random.Random, world: World) -> Fault:
    """Draw one of F25."""
    return Automation(site=_site(chance, world).name, when="summary", then={"summary": "Reviewed {n}"})


def own_automation(chance: random.Random, world: World) -> Fault:
    """Draw an automation that writes under the app's account."""
    site = _with_app(chance, world)
    return Automation(site=site.name, when="summary", then={"labels": ["automated"]}, account="app")


def quota(chance: random.Random, world: World) -> Fault:  # noqa: ARG001 - the others look at the world
    """Draw one of F26."""
    return QuotaShort(Figures(points_per_hour=chance.randint(50, 500)))


def _screen(chance: random.Random, site: Site) -> Fault:
    space = _space(chance, site)
    return OffScreen(site=site.name, space=space.key, field=_one(chance, sorted(space.screen - {"summary"})))


def _step(chance: random.Random, site: Site) -> Fault:
    space = _space(chance, site)
    steps = {step.name for flow in space.workflows.values() for step in flow.transitions}
    return StepRemoved(site=site.name, space=space.key, step=_one(chance, sorted(steps)))


def _field(chance: random.Random, site: Site) -> Fault:
    custom = site.custom_fields[_one(chance, sorted(site.custom_fields))]
    values = [option.value for context in custom.contexts for option in context.options]
    faults: list[Fault] = [
        FieldRenamed(site=site.name, field=custom.id, name=f"{custom.name} (old)"),
        FieldRemoved(site=site.name, field=custom.id),
        *(OptionDeleted(site=site.name, field=custom.id, value=value) for value in values[:1]),
    ]
    return _one(chance, faults)


def _site(chance: random.Random, world: World) -> Site:
    return world.sites[_one(chance, sorted(world.sites))]


def _with_app(chance: random.Random, world: World) -> Site:
    return world.sites[_one(chance, sorted(name for name, site in world.sites.items() if site.installation))]


def _space(chance: random.Random, site: Site) -> Space:
    return site.spaces[_one(chance, sorted(site.spaces))]


def _issue(chance: random.Random, world: World) -> tuple[Site, Issue]:
    site = _site(chance, world)
    return site, site.issues[_one(chance, sorted(site.issues))]


def _one(chance: random.Random, choices: list[T]) -> T:
    if not choices:
        raise LookupError("there is nothing to choose from")
    return chance.choice(choices)
