"""Entity properties of work items: JSON that apps keep beside them. They leave no history."""

from collections.abc import Iterable

from jira_sandbox.acts.barriers import must_be_open
from jira_sandbox.acts.wishes import checked_property
from jira_sandbox.connect import webhooks
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

NO_EDIT = "You do not have permission to edit this issue."


def unknown(key: str) -> Refusal:
    """Refuse a key that is not there with Jira's 404."""
    return Refusal(404, f"The property with key '{key}' does not exist.")


def put(world: World, site: Site, actor: User, issue: Issue, key: str, value: Json) -> bool:
    """Set a property and tell whether it is new; Refusal 403 without the right, 400 for too long a one."""
    with world.lock:
        _must_be_editable(site, actor, issue)
        is_new = key not in issue.properties
        issue.properties[key] = checked_property(key, value)
        tell_of_properties(world, site, issue, [key])
        return is_new


def delete(world: World, site: Site, actor: User, issue: Issue, key: str) -> None:
    """Remove a property; Refusal 403 without the right, 404 if there is none of that key."""
    with world.lock:
        _must_be_editable(site, actor, issue)
        if key not in issue.properties:
            raise unknown(key)
        remove(world, site, issue, key)


def remove(world: World, site: Site, issue: Issue, key: str) -> None:
    """Remove a property that is there, whoever asked for it; call it under the world's lock."""
    del issue.properties[key]
    webhooks.announce_property(world, site, "issue_property_deleted", issue, key)


def tell_of_properties(world: World, site: Site, issue: Issue, keys: Iterable[str]) -> None:
    """Queue the events of properties that were just set."""
    for key in keys:
        webhooks.announce_property(world, site, "issue_property_set", issue, key)


def _must_be_editable(site: Site, actor: User, issue: Issue) -> None:
    if not site.may_around(actor, "EDIT_ISSUES", issue):
        raise Refusal(403, NO_EDIT)
    must_be_open(site, issue)
