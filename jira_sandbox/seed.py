"""The standard world: sites with people, spaces and everything a work item needs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from jira_sandbox import layouts, seedfields
from jira_sandbox.acts import newspaces
from jira_sandbox.fields import SCREEN
from jira_sandbox.layouts import FlowPlan, Layout, SpacePlan
from jira_sandbox.state.editions import CLOUD, Edition
from jira_sandbox.state.elements import LinkType
from jira_sandbox.state.furniture import Role
from jira_sandbox.state.permissions import EVERYDAY, LEADING, WITH_ACCOUNT
from jira_sandbox.state.rights import Holder
from jira_sandbox.state.site import FIRST_ID, Site
from jira_sandbox.state.values import Group, Priority, Space, Status, User, WorkType
from jira_sandbox.state.workflow import Transition, Workflow
from jira_sandbox.world import World

ADMINISTRATORS, DEVELOPERS = "Administrators", "Developers"
_TYPES = (
    (1, "Task", "A small, distinct piece of work.", 0),
    (2, "Bug", "A problem or error.", 0),
    (3, "Story", "Functionality expressed as a user goal.", 0),
    (0, "Epic", "A collection of related bugs, stories and tasks.", 1),
)
_PRIORITIES = (
    ("Highest", "#d04437"),
    ("High", "#f15c75"),
    ("Medium", "#f79232"),
    ("Low", "#707070"),
    ("Lowest", "#999999"),
)
_LINK_TYPES = (
    ("Blocks", "is blocked by", "blocks"),
    ("Cloners", "is cloned by", "clones"),
    ("Duplicate", "is duplicated by", "duplicates"),
    ("Relates", "relates to", "relates to"),
)
_TEAMS_FIELDS = (
    ("jsw-story-points", "Story point estimate"),
    ("select", "Colour"),
    ("datepicker", "Start date"),
)
ALL_CLOUD: Mapping[str, Edition] = MappingProxyType({})
_RESOLUTIONS = ("Done", "Won't Do", "Duplicate")


def standard(
    clock: Callable[[], datetime],
    sites: Mapping[str, str],
    *,
    seed: int = 0,
    editions: Mapping[str, Edition] = ALL_CLOUD,
) -> World:
    """Make a world with a standard site for each name and base URL in ``sites``, Cloud but for ``editions``.

    The first has ALPHA (administered by alice), BETA (bob) and GAMMA; carol and frank work in ALPHA and BETA.
    Every further one has GOLD (gina) and IRON (hank), where alice and erin work. dana administers Jira and
    every space. Passwords are ``secret-<name>``; who is on two Cloud sites has the same account id on both.
    Whoever leads a space may look at the others of that site.
    """
    world = World(clock, seed)
    for name, base_url in sites.items():
        furnish(world, world.add_site(name, base_url, edition=editions.get(name, CLOUD)))
    let_leads_look_around(world)
    return world


def alike(
    clock: Callable[[], datetime],
    sites: Mapping[str, str],
    *,
    seed: int = 0,
    editions: Mapping[str, Edition] = ALL_CLOUD,
) -> World:
    """Make a world whose sites are all like the first standard one, ids included.

    Whoever takes one site for another is not stopped by an id that is not there: for tests of barriers.
    """
    world = World(clock, seed)
    for name, base_url in sites.items():
        site = world.add_site(name, base_url, first_id=FIRST_ID, edition=editions.get(name, CLOUD))
        furnish(world, site, layouts.FIRST)
    return world


def let_leads_look_around(world: World) -> None:
    """Let the lead of each space browse every space of its site, without any other right there."""
    for site in world.sites.values():
        for space in site.spaces.values():
            for each in site.spaces.values():
                site.grant(site.users[each.lead], "BROWSE_PROJECTS", space=space)


def furnish(world: World, site: Site, layout: Layout | None = None) -> None:
    """Put people, spaces and settings into an empty site of ``world``, by default the standard ones."""
    layout = layout or (layouts.FIRST if len(world.sites) == 1 else layouts.FURTHER)
    _furnish_settings(site)
    people = {name: _person(world, site, name) for name in layout.people}
    admin = people[layout.jira_admin]
    for name, members in (("jira-administrators", (layout.jira_admin,)), ("staff", layout.staff)):
        number = world.uuid("groups")
        site.groups[number] = Group(id=number, name=name, members={people[who].account_id for who in members})
    for plan in layout.spaces:
        _add_space(site, plan, people, admin)
    site.grant(admin, "ADMINISTER", "SYSTEM_ADMIN")
    site.grant_to(Holder("applicationRole"), *WITH_ACCOUNT)


def team_managed(site: Site, *, key: str, lead: str, members: Sequence[str] = ()) -> Space:
    """Add a team-managed space, with types, statuses, a workflow and three fields of its own."""
    people = {name: site.user(name) for name in (lead, *members)}
    space = site.add_space(key=key, name=key.title(), lead=people[lead], type_names=[], screen=set(SCREEN))
    space.is_team_managed = True
    newspaces.settle(site, space)
    site.grant(people[lead], *EVERYDAY, *LEADING, space=space)
    for name in members:
        site.grant(people[name], *EVERYDAY, space=space)
    space.roles = {ADMINISTRATORS: {people[lead].account_id}, DEVELOPERS: set()}
    for kind, name in _TEAMS_FIELDS:
        field = seedfields.made(site, kind, name, space_ids=(space.id,), owner=space.id)
        space.screen.add(field.id)
    return space


def workflow(site: Site, plan: FlowPlan) -> Workflow:
    """Make a workflow on ``site``, with the statuses it needs; those of one name are one and the same."""
    name = f"{plan.name} of {site.name}"
    for space in site.spaces.values():
        for known in space.workflows.values():
            if known.name == name:
                return known
    ids = {name: _status(site, name, category).id for name, category in plan.statuses}
    return Workflow(
        name=name,
        status_ids=tuple(ids.values()),
        transitions=tuple(
            Transition(
                id=str(site.next_id("transition")),
                name=name,
                to=ids[target],
                sources=None if source is None else frozenset({ids[source]}),
            )
            for name, source, target in plan.steps
        ),
    )


def _furnish_settings(site: Site) -> None:
    before = (site.first_id - FIRST_ID) // 1000  # those of a new Jira are 1 to 5
    for offset, name, text, level in _TYPES:
        number = str(site.first_id + offset)
        site.work_types[number] = WorkType(id=number, name=name, description=text, hierarchy_level=level)
    site.priorities = [
        Priority(id=str(before + rank), name=name, color=color)
        for rank, (name, color) in enumerate(_PRIORITIES, start=1)
    ]
    site.roles = [
        Role(id=str(site.next_id("role")), name=name, description=f"{name} of a space.")
        for name in (ADMINISTRATORS, DEVELOPERS)
    ]
    site.link_types = [
        LinkType(id=str(site.next_id("link_type")), name=name, inward=inward, outward=outward)
        for name, inward, outward in _LINK_TYPES
    ]
    site.resolutions = {str(site.next_id("resolution")): name for name in _RESOLUTIONS}


def _add_space(site: Site, plan: SpacePlan, people: Mapping[str, User], admin: User) -> None:
    lead = people[plan.lead]
    space = site.add_space(
        key=plan.key,
        name=plan.name,
        lead=lead,
        type_names=list(plan.types),
        screen=set(SCREEN),
        workflow=workflow(site, plan.flow),
    )
    for user in (lead, admin):
        site.grant(user, *EVERYDAY, *LEADING, space=space)
    for name in plan.members:
        site.grant(people[name], *EVERYDAY, space=space)
    space.roles = {
        ADMINISTRATORS: {lead.account_id, admin.account_id},
        DEVELOPERS: {people[name].account_id for name in plan.developers},
    }
    if plan.is_rich:
        seedfields.furnish(site, space, leads=(lead, admin), members=[people[each] for each in plan.members])


def _status(site: Site, name: str, category: layouts.Category) -> Status:
    for known in site.statuses:
        if known.name == name:
            return known
    site.statuses.append(Status(id=str(site.next_id("status")), name=name, category=category))
    return site.statuses[-1]


def _key(site: Site, name: str) -> str:
    """Draw a user key; that of the administrator, who is the oldest account, is the name it once had."""
    return name if name == "dana" else f"JIRAUSER{site.next_id('user')}"


def _person(world: World, site: Site, name: str) -> User:
    user = User(
        account_id=world.account_id(name) if site.edition.is_cloud else _key(site, name),
        name=name,
        display_name=layouts.NAMES[name],
        email=f"{name}@{site.name}.example.com",
        password=f"secret-{name}",
    )
    site.users[user.account_id] = user
    return user
