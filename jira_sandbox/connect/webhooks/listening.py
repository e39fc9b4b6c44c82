"""Who listens to an event: the webhooks of the app's descriptor and those it registered over REST.

On Data Center, which has no such apps, it is those of the administrators: ``datacenter/hooks/listening.py``.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from jira_sandbox.connect import descriptors
from jira_sandbox.connect.webhooks.showing import is_seen_by
from jira_sandbox.datacenter.hooks import listening as administrators
from jira_sandbox.events import Content, Event
from jira_sandbox.jql import matching
from jira_sandbox.outbox import Delivery, Flow
from jira_sandbox.state.apps import DynamicWebhook
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, User
from jira_sandbox.version2 import told_in_version_2
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ear:
    """A webhook that wants the event; ``ids`` are those of registered webhooks that share an address."""

    url: str
    property_keys: tuple[str, ...] = ()
    exclude_body: bool = False
    ids: tuple[int, ...] = ()


def queue(world: World, site: Site, event: Event, content: Content) -> None:
    """Queue a delivery for each webhook that wants the event; none for a disabled app.

    OAuth apps hear what the people see whose leave they have.
    """
    if not site.edition.is_cloud:
        administrators.queue(world, site, event, content)
        return
    app = site.installation
    if app and app.enabled and not app.deliveries_off and _shows(site, app.user, event):
        for ear in (*_declared(site, app, event), *_registered(site, app.user, app.dynamic_webhooks, event)):
            _post(world, site, event, ear, _body(site, app.user, event, ear, content))
    for client_id, person, webhooks in _authorized(world, site):
        for ear in _registered(site, person, webhooks, event) if _shows(site, person, event) else ():
            _post(world, site, event, ear, _body(site, person, event, ear, content), client_id)


def _shows(site: Site, viewer: User, event: Event) -> bool:
    if event.issue is None:
        return True
    is_open = event.part is None or is_seen_by(site, viewer, event.issue, event.part)
    return is_open and site.sees(viewer, event.issue)


def _authorized(world: World, site: Site) -> Iterator[tuple[str, User, list[DynamicWebhook]]]:
    """Give the OAuth apps, each with a person who lets it act here and the webhooks it registered as them."""
    for (client_id, account_id), webhooks in site.oauth_webhooks.items():
        app, person = world.accounts.apps[client_id], site.users[account_id]
        is_let = site.name in world.accounts.consents.get((client_id, account_id), {})
        if is_let and person.active and app.owner in {"", account_id}:
            yield client_id, person, webhooks


def _body(site: Site, viewer: User, event: Event, ear: _Ear, content: Content) -> bytes:
    if ear.exclude_body:
        return b""
    stamp = {"timestamp": int(site.now().timestamp() * 1000), "webhookEvent": event.name}
    told = stamp | content(viewer, ear.property_keys)
    if ear.ids:
        told["matchedWebhookIds"] = list(ear.ids)
    return json.dumps(told_in_version_2(told), ensure_ascii=False).encode()


def _post(world: World, site: Site, event: Event, ear: _Ear, body: bytes, client_id: str = "") -> None:
    delivery = Delivery(
        site=site.name,
        identifier=world.uuid("deliveries to OAuth apps" if client_id else "deliveries"),
        url=_filled(site, ear.url, event),
        body=body,
        event=event.name,
        issue_id=event.issue.id if event.issue else "",
        due=world.clock() + _wait(world, site, event.flow),
        flow=event.flow,
        trace=world.webhook_trace if site.returns_traces else "",
        client_id=client_id,
    )
    world.post(delivery)


def _wait(world: World, site: Site, flow: Flow) -> timedelta:
    if flow == "Primary" or not site.secondary_lag:
        return timedelta(0)
    return site.secondary_lag * world.chance("secondary").random()


def _declared(site: Site, app: AppInstallation, event: Event) -> Iterator[_Ear]:
    added = descriptors.webhooks(app.dynamic_modules.get("webhooks", []))
    for webhook in (*app.webhooks, *added):
        if webhook.event == event.name and _passes(site, app.user, webhook.filter, event):
            yield _Ear(
                url=app.base_url + webhook.url,
                property_keys=webhook.property_keys,
                exclude_body=webhook.exclude_body,
            )


def _registered(site: Site, viewer: User, webhooks: list[DynamicWebhook], event: Event) -> Iterator[_Ear]:
    """Give one ear an address: Jira tells which of the webhooks with that address matched."""
    matched: dict[str, list[int]] = {}
    for webhook in webhooks:
        is_meant = webhook.expires > site.now() and _wants(webhook, event)
        if is_meant and _passes(site, viewer, webhook.filter, event):
            matched.setdefault(webhook.url, []).append(webhook.id)
    for url, ids in matched.items():
        yield _Ear(url=url, ids=tuple(ids))


def _wants(webhook: DynamicWebhook, event: Event) -> bool:
    if event.name not in webhook.events:
        return False
    asked = webhook.field_ids if event.name == "jira:issue_updated" else ()
    asked = webhook.property_keys if event.name.startswith("issue_property_") else asked
    return not asked or not event.changed.isdisjoint(asked)


def _passes(site: Site, viewer: User, jql: str, event: Event) -> bool:
    if not jql or event.issue is None:
        return True
    try:
        return matching(site, jql, [event.issue], viewer, site.now()) == [event.issue]
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
