"""What files and logged work look like in Jira's JSON."""

from urllib.parse import quote

from jira_sandbox import richtext
from jira_sandbox.pictures import told_by_name
from jira_sandbox.render.basics import moment, restriction, user
from jira_sandbox.state import durations
from jira_sandbox.state.elements import Attachment, Worklog
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Api, Issue, Json


def attachment(site: Site, value: Attachment, *, api: Api = 3) -> dict[str, Json]:
    """Show a file as work items, uploads and webhooks do; only a picture has a thumbnail."""
    base = f"{site.base_url}/rest/api/{api}/attachment"
    content, thumbnail = _addresses(site, value, base)
    shown: dict[str, Json] = {
        "self": f"{base}/{value.id}",
        "id": value.id,
        "filename": value.filename,
        "author": user(site, site.users[value.author]),
        "created": moment(value.created),
        "size": value.size,
        "mimeType": value.mime_type,
        "content": content,
    }
    is_picture = value.mime_type.startswith("image/")
    return shown | ({"thumbnail": thumbnail} if is_picture else {})


def _addresses(site: Site, value: Attachment, base: str) -> tuple[str, str]:
    """Say where the file is, and the picture in small: on Data Center outside the REST API."""
    if site.edition.is_cloud:
        return f"{base}/content/{value.id}", f"{base}/thumbnail/{value.id}"
    ending = f"{value.id}/{quote(value.filename)}"
    return f"{site.base_url}/secure/attachment/{ending}", f"{site.base_url}/secure/thumbnail/{ending}"


def attachment_metadata(site: Site, value: Attachment, *, api: Api = 3) -> dict[str, Json]:
    """Show a file as its own resource does: the id is a number there."""
    return attachment(site, value, api=api) | {"id": int(value.id), "properties": {}}


def worklog(site: Site, issue: Issue, value: Worklog, *, api: Api = 3) -> dict[str, Json]:
    """Show logged work; its comment is a document in API v3, absent when there is none, and a text in v2."""
    shown: dict[str, Json] = {
        "self": f"{site.base_url}/rest/api/3/issue/{issue.id}/worklog/{value.id}",
        "author": user(site, site.users[value.author]),
        "updateAuthor": user(site, site.users[value.update_author]),
        "created": moment(value.created),
        "updated": moment(value.updated),
        "started": moment(value.started),
        "timeSpent": durations.shown(value.seconds, site.time_tracking),
        "timeSpentSeconds": value.seconds,
        "id": value.id,
        "issueId": issue.id,
    }
    if api == 2:
        shown["comment"] = richtext.to_wiki(told_by_name(value.body, issue))
    elif value.body:
        shown["comment"] = value.body
    return shown | restriction(value.visibility)
