"""What webhooks say of comments, files and logged work.

As Cloud's own deliveries, they name no acting user and tell little of the work item, that of logged work
nothing but its id.
"""

from jira_sandbox import render
from jira_sandbox.connect.webhooks.listening import queue
from jira_sandbox.connect.webhooks.showing import brief
from jira_sandbox.events import Event
from jira_sandbox.outbox import Flow
from jira_sandbox.state.elements import Attachment, Worklog
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Comment, Issue, Json, User
from jira_sandbox.world import World


def announce_comment(
    world: World,
    site: Site,
    event: str,
    issue: Issue,
    comment: Comment,
    *,
    flow: Flow = "Primary",
    by: User | None = None,
) -> None:
    """Queue a delivery of a comment's event, unless the app may not see the comment.

    It does not come with ``jira:issue_updated``: only Jira's Data Center sends that for comments.
    """

    def content(viewer: User, property_keys: tuple[str, ...]) -> dict[str, Json]:
        told: dict[str, Json] = {
            "comment": render.comment(site, issue, comment, api=2),
            "issue": brief(site, issue, viewer, property_keys),
        }
        return told | ({"eventType": "primaryAction"} if flow == "Primary" else {})

    about = Event(
        name=event, issue=issue, part=comment, names={"comment.id": comment.id}, flow=flow, actor=by
    )
    queue(world, site, about, content)


def announce_attachment(
    world: World, site: Site, event: str, issue: Issue, attachment: Attachment, *, flow: Flow = "Primary"
) -> None:
    """Queue ``attachment_created`` or ``attachment_deleted``."""

    def content(viewer: User, property_keys: tuple[str, ...]) -> dict[str, Json]:
        shown = brief(site, issue, viewer, property_keys)
        shown["fields"] = {name: value for name, value in shown["fields"].items() if name == "summary"}
        return {"attachment": render.attachment(site, attachment, api=2), "issue": shown}

    about = Event(name=event, issue=issue, names={"attachment.id": attachment.id}, flow=flow)
    queue(world, site, about, content)


def announce_worklog(
    world: World,
    site: Site,
    event: str,
    issue: Issue,
    worklog: Worklog,
    *,
    flow: Flow = "Primary",
    by: User | None = None,
) -> None:
    """Queue ``worklog_created``, ``_updated`` or ``_deleted``, unless the app may not see the work log."""

    def content(_viewer: User, _property_keys: tuple[str, ...]) -> dict[str, Json]:
        return {"worklog": render.worklog(site, issue, worklog, api=2)}

    about = Event(
        name=event, issue=issue, part=worklog, names={"worklog.id": worklog.id}, flow=flow, actor=by
    )
    queue(world, site, about, content)
