"""What webhooks say of work items, their properties and the links between them."""

from dataclasses import replace

from jira_sandbox import fields, render
from jira_sandbox.connect.webhooks.listening import queue
from jira_sandbox.connect.webhooks.showing import brief, last, whole
from jira_sandbox.events import Event
from jira_sandbox.state.elements import IssueLink
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, ChangelogItem, Issue, Json, User
from jira_sandbox.world import World

DELETED = "jira:issue_deleted"
"""Cloud gives it no finer name."""


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
    told_entry = _birth(site, issue, actor) if event == "jira:issue_created" else entry

    def content(viewer: User, property_keys: tuple[str, ...]) -> dict[str, Json]:
        told: dict[str, Json] = {"user": render.user(site, actor)}
        if event != DELETED:
            told = {"issue_event_type_name": kind or _kind(event, entry)} | told
        show = last if event == DELETED else whole
        told["issue"] = show(site, issue, viewer, property_keys)
        shown = render.changelog_entry(site, told_entry, viewer) if told_entry else None
        return told | {"changelog": {"id": shown["id"], "items": shown["items"]}} if shown else told

    changed = frozenset(item.field_id for item in entry.items) if entry else frozenset()
    world.happened(site, issue, actor, entry)
    about = Event(name=event, issue=issue, changed=changed, kind=kind, actor=actor)
    queue(world, site, about, content)


def announce_link(world: World, site: Site, event: str, link: IssueLink, *, by: User | None = None) -> None:
    """Queue ``issuelink_created`` or ``issuelink_deleted``; its numbers are numbers, unlike everywhere else.

    The source is the work item that shows the link with the type's outward reading.
    """
    kind = next(each for each in site.link_types if each.id == link.type_id)

    def content(_viewer: User, _property_keys: tuple[str, ...]) -> dict[str, Json]:
        return {
            "issueLink": {
                "id": int(link.id),
                "sourceIssueId": int(link.inward_id),
                "destinationIssueId": int(link.outward_id),
                "issueLinkType": {
                    "id": int(kind.id),
                    "name": kind.name,
                    "outwardName": kind.outward,
                    "inwardName": kind.inward,
                    "isSubTaskLinkType": False,
                    "isSystemLinkType": False,
                },
                "systemLink": False,
            }
        }

    queue(world, site, Event(name=event, names={"issueLink.id": link.id}, actor=by), content)


def announce_property(world: World, site: Site, event: str, issue: Issue, key: str) -> None:
    """Queue ``issue_property_set``, with the value it has now, or ``issue_property_deleted``."""

    def content(viewer: User, property_keys: tuple[str, ...]) -> dict[str, Json]:
        link = f"{site.base_url}/rest/api/3/issue/{issue.id}/properties/{key}"
        told: dict[str, Json] = {"self": link, "key": key}
        if key in issue.properties:
            told["value"] = issue.properties[key]
        return {"property": told, "issue": brief(site, issue, viewer, property_keys)}

    about = Event(name=event, issue=issue, names={"property.key": key}, changed=frozenset({key}))
    queue(world, site, about, content)


def _birth(site: Site, issue: Issue, actor: User) -> ChangelogEntry:
    """Describe a creation as Cloud's webhooks do, with a number of its own; no history holds this entry."""
    place, known = fields.place_of(site, issue), fields.at(fields.place_of(site, issue))
    filled = [(known[name], value) for name, value in issue.fields.items() if value and name in known]
    items = [step for each, value in filled for step in each.steps(place, before=each.empty, after=value)]
    status = site.status(issue.status_id)
    items.append(
        ChangelogItem(
            field="Status",
            field_id="status",
            before=None,
            before_text=None,
            after=status.id,
            after_text=status.name,
        )
    )
    return ChangelogEntry(
        id=site.next_id("changelog"),
        author=actor.account_id,
        created=issue.created,
        items=tuple(
            replace(item, before=None, before_text=None)
            for item in sorted(items, key=lambda item: item.field_id)
        ),
    )


def _kind(event: str, entry: ChangelogEntry | None) -> str:
    """Name an update of the assignee alone as Jira does, and all else after the event."""
    if entry and {item.field_id for item in entry.items} == {"assignee"}:
        return "issue_assigned"
    return event.removeprefix("jira:")
