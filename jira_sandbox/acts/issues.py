"""Find, create and edit a work item: one path for the REST API and for the pages.

Every act takes the world's lock, so that no webhook or reader sees half of it.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from jira_sandbox import fields
from jira_sandbox.acts import extras, retyping
from jira_sandbox.acts.barriers import must_be_alone, must_be_open, must_be_welcome
from jira_sandbox.acts.finding import find
from jira_sandbox.acts.history import record
from jira_sandbox.acts.properties import tell_of_properties
from jira_sandbox.acts.wishes import Wish, checked_properties, wished_values
from jira_sandbox.connect import webhooks
from jira_sandbox.fields import Place
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, ChangelogItem, Issue, Json, Space, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

__all__ = ["find"]


def note_view(world: World, site: Site, actor: User, issue: Issue) -> None:
    """Remember that ``actor`` looked at a work item, and so at its space."""
    with world.lock:
        issue.viewed[actor.account_id] = site.now()
        site.note_visit(actor.account_id, issue.space_id)


def create(world: World, site: Site, actor: User, wish: Wish) -> Issue:
    """Make a work item in its workflow's first status; Refusal 400 names every field missing or wrong."""
    with world.lock:
        wish, more = extras.taken_out(wish)
        wanted = dict(wish.fields)
        space = _space_to_create_in(site, actor, wanted.pop("project", None))
        kind = wanted.pop("issuetype", None)
        type_id = retyping.named(site, space.id, kind, otherwise="Specify a valid issue type")
        wanted.setdefault("summary", None)
        if site.work_types[type_id].hierarchy_level < 0:
            wanted.setdefault("parent", None)
        place = Place(site=site, space=space, type_id=type_id, actor=actor)
        values = fields.first_values(place)
        values |= wished_values(
            place,
            site.screen(space, type_id, "create"),
            values,
            Wish(fields=wanted, update=wish.update),
        )
        must_be_welcome(place, "create", sent={*wanted, *wish.update}, held=values)
        properties = checked_properties(wish.properties)
        issue = placed(site, space, type_id, values, author=actor, now=site.now())
        issue.properties |= properties
        try:
            doings = extras.planned(world, site, actor, issue, more)
        except Refusal:
            del site.issues[issue.id]
            raise
        webhooks.announce(world, site, "jira:issue_created", issue, actor)
        extras.perform(doings)
        tell_of_properties(world, site, issue, properties)
        return issue


def placed(
    site: Site, space: Space, type_id: str, values: dict[str, Any], *, author: User, now: datetime
) -> Issue:
    """Put a work item with these stored values into ``space`` under its next key; tells nobody."""
    space.last_number += 1
    issue = Issue(
        id=str(site.next_id("issue")),
        key=f"{space.key}-{space.last_number}",
        space_id=space.id,
        type_id=type_id,
        status_id=space.workflows[type_id].status_ids[0],
        creator=author.account_id,
        created=now,
        updated=now,
        fields=values,
    )
    site.issues[issue.id] = issue
    site.adopt(issue)
    return issue


def edit(world: World, site: Site, actor: User, issue: Issue, wish: Wish) -> ChangelogEntry | None:
    """Change a work item; gives the changelog entry, or None when every field already was as wished.

    Refusal 400 for what may not be so, 409 when another write got in between.
    """
    with world.lock:
        type_id, wish = retyping.wished(site, issue, wish)
        screen = site.screen(site.space_of(issue), type_id, "edit")
        return _edited(world, site, actor, issue, wish, type_id=type_id, screen=screen)


def edit_beyond_screens(
    world: World, site: Site, actor: User, issue: Issue, wish: Wish
) -> ChangelogEntry | None:
    """Change a work item, fields on a screen or not; Refusal as ``edit``, and 403 but for admins."""
    with world.lock:
        if not site.may(actor, "ADMINISTER"):
            raise Refusal(403, "You do not have permission to override screen security or editable flags.")
        type_id, wish = retyping.wished(site, issue, wish)
        return _edited(
            world,
            site,
            actor,
            issue,
            wish,
            type_id=type_id,
            screen=set(fields.at(fields.place_of(site, issue))),
        )


def _edited(
    world: World, site: Site, actor: User, issue: Issue, wish: Wish, *, type_id: str, screen: set[str]
) -> ChangelogEntry | None:
    if not site.may_around(actor, "EDIT_ISSUES", issue):
        wished = {**wish.fields, **wish.update}
        raise Refusal(400, errors={name: fields.unknown(name) for name in wished})
    must_be_open(site, issue)
    must_be_alone(site, issue)
    wish, more = extras.taken_out(wish)
    place = replace(fields.place_of(site, issue, actor), type_id=type_id)
    values = wished_values(place, screen, issue.fields, wish)
    sent = {*wish.fields, *wish.update}
    must_be_welcome(place, "edit", sent=sent, held=issue.fields | values)
    properties = checked_properties(wish.properties)
    extras.perform(extras.planned(world, site, actor, issue, more))
    issue.properties |= properties
    steps = [*retyping.retyped(site, issue, type_id), *take_over(site, issue, values)]
    entry = record(site, actor, issue, steps, wish.history_metadata) if steps else None
    if entry:
        webhooks.announce(world, site, "jira:issue_updated", issue, actor, entry)
    tell_of_properties(world, site, issue, wish.properties)
    return entry


def take_over(site: Site, issue: Issue, values: dict[str, Any]) -> list[ChangelogItem]:
    """Store what differs from what was held, and describe it; call it under the world's lock."""
    place = fields.place_of(site, issue)
    known = fields.at(place)
    changed = {
        name: value for name, value in values.items() if name in known and value != issue.fields.get(name)
    }
    steps = [
        step
        for name, value in changed.items()
        for step in known[name].steps(place, before=issue.fields.get(name), after=value)
    ]
    issue.fields |= changed
    if "resolution" in changed:
        issue.resolved = site.now() if changed["resolution"] else None
    site.adopt(issue)
    return steps


def _space_to_create_in(site: Site, actor: User, raw: Json) -> Space:
    name = str(raw.get("id") or raw.get("key") or "") if isinstance(raw, dict) else ""
    try:
        space = site.space(name)
    except LookupError:
        raise fields.wrong("project", "Specify a valid project ID or key") from None
    if not site.may(actor, "BROWSE_PROJECTS", space=space):
        raise fields.wrong("project", "Specify a valid project ID or key")
    if not site.may(actor, "CREATE_ISSUES", space=space):
        status = 403 if site.edition.is_cloud else 400
        raise Refusal(status, "You do not have permission to create issues in this project.")
    if space.is_archived:
        raise fields.wrong("project", "The project is archived. You can't create issues in it.")
    return space
