"""What webhooks say of comments, files and logged work.

As Cloud's own deliveries, they name no acting user and tell little of the work item, that of logged work
nothing but its id.
"""

from jira_sandbox import render, richtext
from jira_sandbox.connect.webhooks.items import brief
from jira_sandbox.connect.webhooks.listening import Event, queue
from jira_sandbox.outbox import Flow
from jira_sandbox.state.elements import Attachment, Worklog
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, Comment, Issue, Json, User, Visibility
from jira_sandbox.world import World


def announce_comment(
    world: World, site: Site, event: str, issue: Issue, comment: Comment, *, flow: Flow = "Primary"
) -> None:
    """Queue a delivery of a comment's event, unless the app may not see the comment.

    It does not come with ``jira:issue_updated``: only Jira's Data Center sends that for comments.
    """
    app = site.installation
    if app is None or not comments_seen_by(site, app.user, issue, [comment]):
        return

    def content(app: AppInstallation, property_keys: tuple[str, ...]) -> dict[str, Json]:
        told: dict[str, Json] = {
            "comment": render.comment(site, issue, comment, api=2),
            "issue": brief(site, issue, app.user, property_keys),
        }
        return told | ({"eventType": "primaryAction"} if flow == "Primary" else {})

    about = Event(name=event, issue=issue, names={"comment.id": comment.id}, flow=flow)
    queue(world, site, about, content)


def announce_attachment(
    world: World, site: Site, event: str, issue: Issue, attachment: Attachment, *, flow: Flow = "Primary"
) -> None:
    """Queue ``attachment_created`` or ``attachment_deleted``."""

    def content(app: AppInstallation, property_keys: tuple[str, ...]) -> dict[str, Json]:
        shown = brief(site, issue, app.user, property_keys)
        shown["fields"] = {name: value for name, value in shown["fields"].items() if name == "summary"}
        return {"attachment": _attachment(site, attachment), "issue": shown}

    about = Event(name=event, issue=issue, names={"attachment.id": attachment.id}, flow=flow)
    queue(world, site, about, content)


def announce_worklog(
    world: World, site: Site, event: str, issue: Issue, worklog: Worklog, *, flow: Flow = "Primary"
) -> None:
    """Queue ``worklog_created``, ``_updated`` or ``_deleted``, unless the app may not see the work log."""
    app = site.installation
    if app is None or not _is_seen(site, app.user, issue, worklog.visibility):
        return

    def content(_app: AppInstallation, _property_keys: tuple[str, ...]) -> dict[str, Json]:
        return {"worklog": _worklog(site, issue, worklog)}

    about = Event(name=event, issue=issue, names={"worklog.id": worklog.id}, flow=flow)
    queue(world, site, about, content)


def comments_seen_by(site: Site, viewer: User, issue: Issue, listed: list[Comment]) -> list[Comment]:
    """Leave out what is restricted to roles and groups ``viewer`` does not belong to."""
    space = site.space_of(issue)
    return [
        each
        for each in listed
        if each.visibility is None or site.belongs(viewer, each.visibility, space=space)
    ]


def _is_seen(site: Site, viewer: User, issue: Issue, visibility: Json) -> bool:
    if not visibility:
        return True
    name = str(visibility.get("value", ""))
    restricted = Visibility(
        kind=visibility["type"], name=name, identifier=str(visibility.get("identifier") or name)
    )
    return site.belongs(viewer, restricted, space=site.space_of(issue))


def _attachment(site: Site, value: Attachment) -> Json:
    return {
        "self": f"{site.base_url}/rest/api/3/attachment/{value.id}",
        "id": value.id,
        "filename": value.filename,
        "author": render.user(site, site.users[value.author]),
        "created": render.moment(value.created),
        "size": value.size,
        "mimeType": value.mime_type,
        "content": f"{site.base_url}/rest/api/2/attachment/content/{value.id}",
    }


def _worklog(site: Site, issue: Issue, value: Worklog) -> Json:
    return {
        "self": f"{site.base_url}/rest/api/3/issue/{issue.id}/worklog/{value.id}",
        "author": render.user(site, site.users[value.author]),
        "updateAuthor": render.user(site, site.users[value.update_author]),
        "comment": richtext.to_wiki(value.body) if value.body else "",
        "created": render.moment(value.created),
        "updated": render.moment(value.updated),
        "started": render.moment(value.started),
        "timeSpent": f"{value.seconds // 60}m",
        "timeSpentSeconds": value.seconds,
        "id": value.id,
        "issueId": issue.id,
    }
