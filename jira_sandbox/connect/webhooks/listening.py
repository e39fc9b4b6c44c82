"""Who listens to an event: the webhooks of the app's descriptor and those it registered over REST."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from jira_sandbox.connect import descriptors
from jira_sandbox.jql import matching
from jira_sandbox.outbox import Delivery, Flow
from jira_sandbox.state.apps import DynamicWebhook
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, Issue, Json
from jira_sandbox.version2 import told_in_version_2
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened; ``names`` fill the places of a webhook's address, as ``comment.id``.

    ``issue`` is the work item it is about: who may not see it is not told, and filters look at it.
    ``changed`` are the ids of the fields that changed and the keys of the properties that were set.
    """

    name: str
    issue: Issue | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    flow: Flow = "Primary"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ear:
    """A webhook that wants the event; ``ids`` are those of registered webhooks that share an address."""

    url: str
    property_keys: tuple[str, ...] = ()
    exclude_body: bool = False
    ids: tuple[int, ...] = ()


Content = Callable[[AppInstallation, tuple[str, ...]], dict[str, Json]]
"""Tells what happened to the app, with the properties of these keys where the body has properties."""


def queue(world: World, site: Site, event: Event, content: Content) -> None:
    """Queue a delivery for each webhook that wants the event; none for a disabled app."""
    app = site.installation
    if app is None or not app.enabled or app.deliveries_off:
        return
    if event.issue and not site.sees(app.user, event.issue):
        return
    for ear in (*_declared(site, app, event), *_registered(site, app, event)):
        body = b"" if ear.exclude_body else _body(site, app, event, ear, content)
        world.post(_delivery(world, site, event, ear, body))


def _body(site: Site, app: AppInstallation, event: Event, ear: _Ear, content: Content) -> bytes:
    stamp = {"timestamp": int(site.now().timestamp() * 1000), "webhookEvent": event.name}
    told = stamp | content(app, ear.property_keys)
    if ear.ids:
        told["matchedWebhookIds"] = list(ear.ids)
    return json.dumps(told_in_version_2(told), ensure_ascii=False).encode()


def _delivery(world: World, site: Site, event: Event, ear: _Ear, body: bytes) -> Delivery:
    return Delivery(
        site=site.name,
        identifier=world.uuid("deliveries"),
        url=_filled(site, ear.url, event),
        body=body,
        event=event.name,
        issue_id=event.issue.id if event.issue else "",
        due=world.clock() + _wait(world, site, event.flow),
        flow=event.flow,
        trace=world.webhook_trace if site.returns_traces else "",
    )


def _wait(world: World, site: Site, flow: Flow) -> timedelta:
    if flow == "Primary" or not site.secondary_lag:
        return timedelta(0)
    return site.secondary_lag * world.chance("secondary").random()


def _declared(site: Site, app: AppInstallation, event: Event) -> Iterator[_Ear]:
    added = descriptors.webhooks(app.dynamic_modules.get("webhooks", []))
    for webhook in (*app.webhooks, *added):
        if webhook.event == event.name and _passes(site, app, webhook.filter, event):
            yield _Ear(
                url=app.base_url + webhook.url,
                property_keys=webhook.property_keys,
                exclude_body=webhook.exclude_body,
            )


def _registered(site: Site, app: AppInstallation, event: Event) -> Iterator[_Ear]:
    """Give one ear an address: Jira tells which of the webhooks with that address matched."""
    matched: dict[str, list[int]] = {}
    for webhook in app.dynamic_webhooks:
        is_meant = webhook.expires > site.now() and _wants(webhook, event)
        if is_meant and _passes(site, app, webhook.filter, event):
            matched.setdefault(webhook.url, []).append(webhook.id)
    for url, ids in matched.items():
        yield _Ear(url=url, ids=tuple(ids))


def _wants(webhook: DynamicWebhook, event: Event) -> bool:
    if event.name not in webhook.events:
        return False
    asked = webhook.field_ids if event.name == "jira:issue_updated" else ()
    asked = webhook.property_keys if event.name.startswith("issue_property_") else asked
    return not asked or not event.changed.isdisjoint(asked)


def _passes(site: Site, app: AppInstallation, jql: str, event: Event) -> bool:
    if not jql or event.issue is None:
        return True
    try:
        return matching(site, jql, [event.issue], app.user, site.now()) == [event.issue]
    except Refusal:  # it names what the site does not have, or not any more
        return False


def _filled(site: Site, url: str, event: Event) -> str:
    """Fill the places of an address, ``{issue.key}`` and the old ``${issue.key}``; others stay."""
    known = dict(event.names)
    if event.issue:
        space = site.space_of(event.issue)
        known |= {"issue.id": event.issue.id, "issue.key": event.issue.key}
        known |= {"project.id": space.id, "project.key": space.key}
    for name, value in known.items():
        shown = quote(value, safe="")
        url = url.replace(f"${{{name}}}", shown).replace(f"{{{name}}}", shown)
    return url
