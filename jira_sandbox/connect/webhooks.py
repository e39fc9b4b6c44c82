"""Which webhooks an event sets off and what they say: the REST v2 shape, frozen at the event."""

import json

from jira_sandbox import fields, render
from jira_sandbox.jql import matching
from jira_sandbox.outbox import Delivery
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, ChangelogEntry, Issue, Json, User, Webhook
from jira_sandbox.world import World


def announce(
    world: World, site: Site, event: str, issue: Issue, actor: User, entry: ChangelogEntry | None = None
) -> None:
    """Queue a delivery for each webhook that listens to ``event``; the app is told of its own acts too."""
    app = site.installation
    if app is None or not app.enabled or app.deliveries_off:
        return
    if not site.may(app.user, "BROWSE_PROJECTS", space=site.space_of(issue)):
        return
    for webhook in app.webhooks:
        if webhook.event == event and _wanted(world, site, app, webhook, issue):
            content = _content(world, site, app, webhook, issue, actor, entry)
            world.outbox.append(
                Delivery(
                    site=site.name,
                    identifier=world.uuid("deliveries"),
                    url=_url(site, app, webhook, issue),
                    body=b"" if webhook.exclude_body else json.dumps(content, ensure_ascii=False).encode(),
                    event=event,
                    issue_id=issue.id,
                    due=world.clock(),
                )
            )


def _wanted(world: World, site: Site, app: AppInstallation, webhook: Webhook, issue: Issue) -> bool:
    return not webhook.filter or matching(site, webhook.filter, [issue], app.user, world.clock()) == [issue]


def _url(site: Site, app: AppInstallation, webhook: Webhook, issue: Issue) -> str:
    path = webhook.url
    space = site.space_of(issue)
    known = {
        "issue.id": issue.id,
        "issue.key": issue.key,
        "project.id": space.id,
        "project.key": space.key,
    }
    for name, value in known.items():
        path = path.replace(f"${{{name}}}", value).replace(f"{{{name}}}", value)
    return app.base_url + path


def _content(
    world: World,
    site: Site,
    app: AppInstallation,
    webhook: Webhook,
    issue: Issue,
    actor: User,
    entry: ChangelogEntry | None,
) -> Json:
    content: dict[str, Json] = {
        "timestamp": int(world.clock().timestamp() * 1000),
        "webhookEvent": webhook.event,
        "issue_event_type_name": webhook.event.removeprefix("jira:"),
        "user": render.user(site, actor),
        "issue": _issue(site, app, webhook, issue),
    }
    shown = render.changelog_entry(site, entry, app.user) if entry else None
    if shown:
        content["changelog"] = {"id": shown["id"], "items": shown["items"]}
    return content


def _issue(site: Site, app: AppInstallation, webhook: Webhook, issue: Issue) -> Json:
    shown: dict[str, Json] = {
        "id": issue.id,
        "self": f"{site.base_url}/rest/api/2/issue/{issue.id}",
        "key": issue.key,
        "fields": fields.shown(site, issue, app.user),
    }
    asked = {key: issue.properties[key] for key in webhook.property_keys if key in issue.properties}
    return shown | {"properties": asked} if webhook.property_keys else shown
