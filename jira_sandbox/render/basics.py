"""What people, work types, statuses and the parts of a work item look like in Jira's JSON."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from jira_sandbox import richtext
from jira_sandbox.pictures import told_by_name
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import (
    Api,
    ChangelogEntry,
    ChangelogItem,
    Comment,
    Issue,
    Json,
    Priority,
    Space,
    Status,
    User,
    Visibility,
    WorkType,
)

CATEGORIES = {
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}
"""The categories of statuses by key: id, name and colour."""
_AVATARS = {"Bug": 10_303, "Epic": 10_307, "Story": 10_315, "Subtask": 10_316, "Task": 10_318}
"""The pictures of Jira's own work types; others have the first one."""
TRASH = timedelta(days=60)


@lru_cache(maxsize=4096)
def moment(when: datetime) -> str:
    """Show a time in Jira's form, milliseconds and a zone without colon: ``2026-11-22T01:02:03.456+0000``.

    It is kept, since most work items are shown more than once.
    """
    return when.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "+0000"


def user(site: Site, person: User) -> Json:
    """Show an account; the e-mail address only of people who do not hide it."""
    link = f"{site.base_url}/rest/api/3/user?accountId={person.account_id}"
    shown: dict[str, Json] = {
        "self": link,
        "accountId": person.account_id,
        "avatarUrls": {f"{size}x{size}": f"{site.base_url}/avatar/{size}" for size in (16, 24, 32, 48)},
        "displayName": person.display_name,
        "active": person.active,
        "timeZone": person.time_zone,
        "accountType": person.account_type,
    }
    is_silent = person.account_type == "app" or person.hides_email
    return shown if is_silent else shown | {"emailAddress": person.email}


def work_type(site: Site, kind: WorkType) -> Json:
    """Show a work type; one of a team-managed space names its space."""
    shown = {
        "self": f"{site.base_url}/rest/api/3/issuetype/{kind.id}",
        "id": kind.id,
        "description": kind.description,
        "iconUrl": f"{site.base_url}/icons/issuetypes/{kind.id}.svg",
        "name": kind.name,
        "subtask": kind.hierarchy_level < 0,
        "avatarId": _AVATARS.get(kind.name, 10_300),
        "hierarchyLevel": kind.hierarchy_level,
    }
    return shown | _scope(kind.space_id)


def priority(site: Site, value: Priority) -> Json:
    """Show a priority as it appears in a work item."""
    return {
        "self": f"{site.base_url}/rest/api/3/priority/{value.id}",
        "iconUrl": f"{site.base_url}/icons/priorities/{value.id}.svg",
        "name": value.name,
        "id": value.id,
    }


def resolution(site: Site, number: str) -> Json:
    """Show a resolution."""
    return {
        "self": f"{site.base_url}/rest/api/3/resolution/{number}",
        "id": number,
        "description": site.resolution_texts.get(number, ""),
        "name": site.resolutions[number],
    }


def status(site: Site, value: Status) -> Json:
    """Show a status with its category; one of a team-managed space names its space."""
    shown = {
        "self": f"{site.base_url}/rest/api/3/status/{value.id}",
        "description": value.description,
        "iconUrl": f"{site.base_url}/icons/statuses/{value.id}.svg",
        "name": value.name,
        "id": value.id,
        "statusCategory": status_category(site, value.category),
    }
    return shown | _scope(value.space_id)


def status_category(site: Site, key: str) -> Json:
    """Show the category with this key; LookupError if there is none."""
    number, name, color = CATEGORIES[key]
    return {
        "self": f"{site.base_url}/rest/api/3/statuscategory/{number}",
        "id": number,
        "key": key,
        "colorName": color,
        "name": name,
    }


def space(site: Site, value: Space) -> dict[str, Json]:
    """Show a space in short, as lists show it."""
    style = "next-gen" if value.is_team_managed else "classic"
    return space_of_item(site, value) | {"style": style, "isPrivate": False}


def space_of_item(site: Site, value: Space) -> dict[str, Json]:
    """Show a space as its work items name it: they do not say of which style it is and who may see it."""
    shown: dict[str, Json] = {
        "self": f"{site.base_url}/rest/api/3/project/{value.id}",
        "id": value.id,
        "key": value.key,
        "name": value.name,
        "projectTypeKey": value.type_key,
        "simplified": value.is_team_managed,
        "avatarUrls": {
            size: f"{site.base_url}/avatar/space/{value.id}?size={size}"
            for size in ("16x16", "24x24", "32x32", "48x48")
        },
    }
    if value.category_id in site.space_categories:
        category = site.space_categories[value.category_id]
        shown["projectCategory"] = {
            "self": f"{site.base_url}/rest/api/3/projectCategory/{category.id}",
            "id": category.id,
            "name": category.name,
            "description": category.description,
        }
    if value.retired:
        shown |= _retired(site, value, *value.retired)
    return shown


def _scope(space_id: str | None) -> dict[str, Json]:
    return {"scope": {"type": "PROJECT", "project": {"id": space_id}}} if space_id else {}


def _retired(site: Site, value: Space, when: datetime, who: str) -> dict[str, Json]:
    """Tell of the archival, or of the deletion of what is in the trash, from which it goes after 60 days."""
    if value.is_archived:
        return {"archived": True, "archivedDate": moment(when), "archivedBy": user(site, site.users[who])}
    return {
        "deleted": True,
        "deletedDate": moment(when),
        "deletedBy": user(site, site.users[who]),
        "retentionTillDate": moment(when + TRASH),
    }


def comment(site: Site, issue: Issue, value: Comment, *, api: Api = 3) -> dict[str, Json]:
    """Show a comment; its text is a document in API v3 and wiki text in v2."""
    shown: dict[str, Json] = {
        "self": f"{site.base_url}/rest/api/3/issue/{issue.id}/comment/{value.id}",
        "id": value.id,
        "author": user(site, site.users[value.author]),
        "body": richtext.to_wiki(told_by_name(value.body, issue)) if api == 2 else value.body,
        "updateAuthor": user(site, site.users[value.update_author]),
        "created": moment(value.created),
        "updated": moment(value.updated),
        "jsdPublic": value.is_public,
    }
    return shown | restriction(value.visibility)


def restriction(value: Visibility | None) -> dict[str, Json]:
    """Show to whom a comment or logged work is restricted; nothing when it is not."""
    if value is None:
        return {}
    return {"visibility": {"type": value.kind, "value": value.name, "identifier": value.identifier}}


def changelog_item(item: ChangelogItem) -> Json:
    """One field's step; the same shape in answers and in webhooks. Links and keys have no ``fieldId``."""
    return {
        "field": item.field,
        "fieldtype": item.field_type,
        **({"fieldId": item.field_id} if item.field_id else {}),
        "from": item.before,
        "fromString": item.before_text,
        "to": item.after,
        "toString": item.after_text,
    }


def changelog_entry(site: Site, entry: ChangelogEntry, viewer: User) -> Json | None:
    """Show an entry without the fields hidden from ``viewer``; None when nothing is left of it."""
    items = [changelog_item(item) for item in entry.items if not site.hides(item.field_id, viewer)]
    if not items:
        return None
    shown = {
        "id": str(entry.id),
        "author": user(site, site.users[entry.author]),
        "created": moment(entry.created),
        "items": items,
    }
    return shown if entry.history_metadata is None else shown | {"historyMetadata": entry.history_metadata}
