"""Who listens to an event: the active webhooks of the administrators, who see everything."""

import json
from datetime import timedelta

from jira_sandbox.datacenter.hooks import addresses, bodies
from jira_sandbox.events import Content, Event
from jira_sandbox.jql import matching
from jira_sandbox.outbox import Delivery
from jira_sandbox.state.hooks import AdminHook
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

APART = timedelta(seconds=10)
"""By so much a delivery is late at most where they may overtake each other."""


def queue(world: World, site: Site, event: Event, content: Content) -> None:
    """Queue a delivery for each webhook that wants the event, or one of those that it is on Data Center."""
    for each in bodies.events(event):
        for hook in site.admin_hooks:
            if hook.settings.active and each.name in hook.settings.events and _passes(site, hook, each):
                world.post(_delivery(world, site, hook, each, content))


def _delivery(world: World, site: Site, hook: AdminHook, event: Event, content: Content) -> Delivery:
    told = (
        {}
        if hook.settings.exclude_body
        else bodies.told(site, event, content(site.users[hook.updated_by], ()))
    )
    return Delivery(
        site=site.name,
        identifier=world.uuid("deliveries to administrators' webhooks"),
        url=addresses.filled(site, hook.settings.url, event),
        body=json.dumps(told, ensure_ascii=False).encode() if told else b"",
        event=event.name,
        issue_id=event.issue.id if event.issue else "",
        due=world.clock() + _wait(world, site),
        hook_id=hook.id,
    )


def _wait(world: World, site: Site) -> timedelta:
    if not (site.hooks_unordered and site.edition.sends_webhooks_later):
        return timedelta(0)
    return APART * world.chance("unordered webhooks").random()


def _passes(site: Site, hook: AdminHook, event: Event) -> bool:
    if not hook.settings.filter or event.issue is None:
        return True
    viewer = site.users[hook.updated_by]
    try:
        return matching(site, hook.settings.filter, [event.issue], viewer, site.now()) == [event.issue]
    except Refusal:  # it names what the site does not have any more
        return False
