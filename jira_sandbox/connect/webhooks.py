"""Which webhooks an event sets off and what they say: the REST v2 shape, frozen at the event."""

import json
from collections.abc import Callable

from jira_sandbox import fields, render
from jira_sandbox.jql import matching
from jira_sandbox.outbox import Delivery, Flow
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, ChangelogEntry, Comment, Issue, Json, User, Webhook
from jira_sandbox.version2 import told_in_version_2
from jira_sandbox.world import World

_FEW = ("summary", "issuetype", "project", "assignee", "priority", "status")
"""The fields of the work item that a comment's delivery tells."""
Content = Callable[[AppInstallation, Webhook], dict[str, Json]]


def announce(
    world: World,
    site: Site,
    event: str,
    issue: Issue,
    actor: User,
    entry: ChangelogEntry | None = None,
    *,
    kind: str = "",
) -> None:
    """Queue a delivery for each webhook that listens to ``event``; the app is told of its own acts too.

    ``kind`` is Jira's finer name of the event, by default that of the event itself.
    """

    def content(app: AppInstallation, webhook: Webhook) -> dict[str, Json]:
        told: dict[str, Json] = {
            "issue_event_type_name": kind or event.removeprefix("jira:"),
            "user": render.user(site, actor),
            "issue": _issue(site, webhook, issue, fields.shown(site, issue, app.user, api=2)),
        }
        shown = render.changelog_entry(site, entry, app.user) if entry else None
        return told | {"changelog": {"id": shown["id"], "items": shown["items"]}} if shown else told

    _queue(world, site, event, issue, content)


def announce_comment(
    world: World, site: Site, event: str, issue: Issue, comment: Comment, *, flow: Flow = "Primary"
) -> None:
    """Queue a delivery of a comment's event, unless the app may not see the comment.

    As Cloud's own deliveries, it names no acting user, tells little of the work item, and does not come with
    ``jira:issue_updated``: only Jira's Data Center sends that for comments.
    """
    app = site.installation
    if app is None or not comments_seen_by(site, app.user, issue, [comment]):
        return

    def content(app: AppInstallation, webhook: Webhook) -> dict[str, Json]:
        shown = fields.shown(site, issue, app.user, api=2)
        few = {name: shown[name] for name in _FEW if name in shown}
        return {
            "comment": render.comment(site, issue, comment, api=2),
            "issue": _issue(site, webhook, issue, few),
        }

    _queue(world, site, event, issue, content, flow=flow)


def comments_seen_by(site: Site, viewer: User, issue: Issue, listed: list[Comment]) -> list[Comment]:
    """Leave out what is restricted to roles and groups ``viewer`` does not belong to."""
    space = site.space_of(issue)
    return [
        each
        for each in listed
        if each.visibility is None or site.belongs(viewer, each.visibility, space=space)
    ]


def _queue(
    world: World, site: Site, event: str, issue: Issue, content: Content, *, flow: Flow = "Primary"
) -> None:
    """Queue the event for each webhook that wants it, as long as the app may see the work item."""
    app = site.installation
    if app is None or not app.enabled or app.deliveries_off:
        return
    if not site.sees(app.user, issue):
        return
    for webhook in app.webhooks:
        if webhook.event == event and _wanted(site, app, webhook, issue):
            stamp = {"timestamp": int(site.now().timestamp() * 1000), "webhookEvent": event}
            told = told_in_version_2(stamp | content(app, webhook))
            world.post(
                Delivery(
                    site=site.name,
                    identifier=world.uuid("deliveries"),
                    url=_url(site, app, webhook, issue),
                    body=b"" if webhook.exclude_body else json.dumps(told, ensure_ascii=False).encode(),
                    event=event,
                    issue_id=issue.id,
                    due=world.clock(),
                    flow=flow,
                )
            )


def _wanted(site: Site, app: AppInstallation, webhook: Webhook, issue: Issue) -> bool:
    return not webhook.filter or matching(site, webhook.filter, [issue], app.user, site.now()) == [issue]


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


def _issue(site: Site, webhook: Webhook, issue: Issue, shown: dict[str, Json]) -> dict[str, Json]:
    told: dict[str, Json] = {
        "id": issue.id,
        "self": f"{site.base_url}/rest/api/2/issue/{issue.id}",
        "key": issue.key,
        "fields": shown,
    }
    asked = {key: issue.properties[key] for key in webhook.property_keys if key in issue.properties}
    return told | {"properties": asked} if webhook.property_keys else told
