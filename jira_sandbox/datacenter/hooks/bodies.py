"""What Data Center tells of an event, and which events it makes of one of the Cloud's.

By the recorded deliveries of servers: a comment is told alone, and once more as an update of its work item;
logged work is told alone, and once more by an event of its own; a work item's creation has no changelog.
"""

from collections.abc import Iterator
from dataclasses import replace

from jira_sandbox import render
from jira_sandbox.datacenter import dialect
from jira_sandbox.datacenter.hooks.known import LOGGED_WORK
from jira_sandbox.events import Event
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json
from jira_sandbox.version2 import told_in_version_2

Body = dict[str, Json]
CREATED, UPDATED = "jira:issue_created", "jira:issue_updated"
_OF_COMMENTS = {
    "comment_created": "issue_commented",
    "comment_updated": "issue_comment_edited",
    "comment_deleted": "issue_comment_deleted",
}
"""The finer names of the updates that comments are."""
_OF_WORK = frozenset({"issue_work_logged", "issue_worklog_updated", "issue_worklog_deleted"})


def events(event: Event) -> Iterator[Event]:
    """Give what one event is here. What goes along with a work item that is deleted is no event at all."""
    if event.flow == "Secondary":
        return
    yield replace(event, name=LOGGED_WORK) if event.kind in _OF_WORK else event
    if event.name in _OF_COMMENTS:
        yield replace(event, name=UPDATED, kind=_OF_COMMENTS[event.name])


def told(site: Site, event: Event, content: Body) -> Body:
    """Say as Data Center does what ``content`` says as the Cloud does."""
    stamp: Body = {"timestamp": int(site.now().timestamp() * 1000), "webhookEvent": event.name}
    said: Body = stamp | _members(site, event, content)
    shown: Body = dialect.translated(site, told_in_version_2(said))
    return shown


def _members(site: Site, event: Event, content: Body) -> Body:
    user: Body = {"user": render.user(site, event.actor)} if event.actor else {}
    if event.name in _OF_COMMENTS:
        known = {} if event.name == "comment_created" else user
        return known | {"comment": content["comment"]}
    if event.name in {CREATED, UPDATED, LOGGED_WORK}:
        finer = event.kind or event.name.removeprefix("jira:")
        return {"issue_event_type_name": finer} | user | _item(event, content)
    return content


def _item(event: Event, content: Body) -> Body:
    if event.name == CREATED:
        return {"issue": content["issue"]}
    is_gone = event.kind == _OF_COMMENTS["comment_deleted"]
    left_out = {"user", "issue_event_type_name", "eventType"} | ({"comment"} if is_gone else set())
    return {name: value for name, value in content.items() if name not in left_out}
