"""What becomes of work items when a value they hold goes: another takes its place, or it is taken out."""

from collections.abc import Iterable, Mapping

from jira_sandbox.acts.history import record
from jira_sandbox.acts.issues import take_over
from jira_sandbox.connect import webhooks
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Space, User
from jira_sandbox.world import World


def holding(site: Site, space: Space, number: str, *fields: str) -> list[Issue]:
    """List the work items of the space that hold the id in one of these fields."""
    return [
        each
        for each in site.issues.values()
        if each.space_id == space.id and any(number in _ids(each.fields.get(field)) for field in fields)
    ]


def swap(
    world: World,
    site: Site,
    actor: User,
    found: Iterable[Issue],
    *,
    gone: str,
    heirs: Mapping[str, str | None],
) -> None:
    """Let the heirs by field take the place of the id ``gone`` (None: nothing does), and tell of each.

    One work item has one entry in its history for all its fields. Call it under the world's lock.
    """
    for issue in list(found):
        values = {
            name: _swapped(issue.fields[name], gone, heir)
            for name, heir in heirs.items()
            if gone in _ids(issue.fields.get(name))
        }
        steps = take_over(site, issue, values)
        if steps:
            entry = record(site, actor, issue, steps)
            webhooks.announce(world, site, "jira:issue_updated", issue, actor, entry)


def _ids(held: object) -> list[str]:
    if isinstance(held, list):
        return [str(each) for each in held]
    return [] if held is None else [str(held)]


def _swapped(held: object, gone: str, heir: str | None) -> object:
    if not isinstance(held, list):
        return heir
    kept = [heir if each == gone else each for each in held]
    return [each for each in dict.fromkeys(kept) if each is not None]
