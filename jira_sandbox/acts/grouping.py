"""Groups: made, filled, emptied and deleted by Jira's administrators."""

import contextlib
from dataclasses import replace

from jira_sandbox.acts.rights import must_administer_jira
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Group, User, Visibility
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

LENGTH = 255


def create(world: World, site: Site, actor: User, name: object) -> Group:
    """Make an empty group; Refusal 400 without a name, or with one that is taken."""
    with world.lock:
        must_administer_jira(site, actor)
        if not isinstance(name, str) or not name.strip() or len(name) > LENGTH:
            raise Refusal(400, errors={"name": "You must specify a name of at most 255 characters."})
        if any(each.name.lower() == name.strip().lower() for each in site.groups.values()):
            raise Refusal(400, f"A group or user with this name already exists: {name}.")
        group = Group(id=world.uuid("groups"), name=name.strip(), members=set())
        site.groups[group.id] = group
        return group


def remove(world: World, site: Site, actor: User, group: Group, heir: Group | None) -> None:
    """Delete a group; what was restricted to it is restricted to ``heir``, or hidden from all for good."""
    with world.lock:
        must_administer_jira(site, actor)
        if heir is not None:
            _hand_over(site, group, heir)
        del site.groups[group.id]


def join(world: World, site: Site, actor: User, group: Group, person: User) -> None:
    """Add somebody to a group; Refusal 400 when the person is in it."""
    with world.lock:
        must_administer_jira(site, actor)
        if person.account_id in group.members:
            raise Refusal(400, f"Cannot add user. User is already a member of '{group.name}'")
        group.members.add(person.account_id)


def leave(world: World, site: Site, actor: User, group: Group, person: User) -> None:
    """Take somebody out of a group; Refusal 400 when the person is not in it."""
    with world.lock:
        must_administer_jira(site, actor)
        if person.account_id not in group.members:
            raise Refusal(400, f"Cannot remove user '{person.display_name}' from group '{group.name}'.")
        group.members.discard(person.account_id)


def find(site: Site, *, number: str, name: str) -> Group:
    """Find a group by id or name, of which just one is to be given; Refusal 400 or 404."""
    if bool(number) == bool(name):
        raise Refusal(400, "Either the 'groupId' or the 'groupname' must be provided.")
    with contextlib.suppress(LookupError):
        found = site.group(number or name)
        if (found.id if number else found.name) == (number or name):
            return found
    raise Refusal(404, f"The group '{number or name}' does not exist.")


def _hand_over(site: Site, group: Group, heir: Group) -> None:
    def heired(restriction: Visibility | None) -> Visibility | None:
        if restriction is None or (restriction.kind, restriction.identifier) != ("group", group.id):
            return restriction
        return replace(restriction, name=heir.name, identifier=heir.id)

    for issue in site.issues.values():
        for comment in issue.comments:
            comment.visibility = heired(comment.visibility)
        for worklog in issue.worklogs:
            worklog.visibility = heired(worklog.visibility)
