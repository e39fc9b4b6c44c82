"""Files of work items: upload, metadata, the files themselves, what is in an archive."""

import base64

from jira_sandbox import media, render
from jira_sandbox.acts import archives, issues
from jira_sandbox.acts import attachments as acts
from jira_sandbox.meters import Cost
from jira_sandbox.multipart import parts
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.elements import Attachment
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Request, Response, answer

_CHECKS = frozenset({"no-check", "nocheck"})
_LABEL = 40
_DEFAULT_THUMBNAIL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII="
)


def attach(call: Call) -> Response:
    """Attach the parts called ``file``: 200 with what they became; none of that name is an empty list.

    Refusal 403 without the header that a page of another site could not send, 415 for what is no form.
    """
    if call.request.headers.get("x-atlassian-token", "").lower() not in _CHECKS:
        raise Refusal(403, "XSRF check failed")
    issue = issues.find(call.site, call.actor, call.names["issueIdOrKey"])
    uploads = [
        acts.Upload(filename=part.filename, mime_type=part.mime_type, content=part.content)
        for part in parts(call.request)
        if part.name == "file" and part.filename
    ]
    added = acts.attach(call.world, call.site, call.actor, issue, uploads)
    shown = [render.attachment(call.site, each, api=call.api) for each in added]
    return answer(200, shown, objects=len(shown))


def settings(call: Call) -> Response:
    """Say whether files may be attached and how large they may be."""
    return answer(200, {"enabled": call.site.attachments_on, "uploadLimit": call.site.upload_limit})


def get(call: Call) -> Response:
    """Show what is known of a file."""
    return answer(200, render.attachment_metadata(call.site, _found(call), api=call.api))


def delete(call: Call) -> Response:
    """Delete a file: 204."""
    issue, attachment = acts.find(call.site, call.actor, call.names["id"])
    acts.delete(call.world, call.site, call.actor, issue, attachment)
    return answer(204)


def content(call: Call) -> Response:
    """Send the caller to the file with 303, or with ``redirect=false`` send the file, or a range of it."""
    attachment = _found(call)
    return media.sent(call.request, attachment) if _directly(call) else _elsewhere(call, attachment)


def thumbnail(call: Call) -> Response:
    """Send a picture small: the sandbox does not scale, so that ``width`` and ``height`` are only checked.

    For what is no picture there is a default one, sent at once, or with ``fallbackToDefault=false`` 404.
    """
    for name in ("width", "height"):
        call.number(name, 0, most=10_000)
    attachment = _found(call)
    is_picture = attachment.mime_type.startswith("image/")
    if not is_picture and call.request.parameter("fallbackToDefault").lower() == "false":
        raise Refusal(404, "The thumbnail is not available.")
    if not is_picture:
        return Response(200, {"Content-Type": "image/png"}, _DEFAULT_THUMBNAIL, objects=1)
    whole = Request(call.request.method, call.request.path)
    return media.sent(whole, attachment) if _directly(call) else _elsewhere(call, attachment)


def expand_for_people(call: Call) -> Response:
    """Show an archive and what is in it, as a person reads it."""
    attachment = _found(call)
    total, entries = archives.entries(attachment)
    shown = {
        "id": int(attachment.id),
        "name": attachment.filename,
        "mediaType": attachment.mime_type,
        "totalEntryCount": total,
        "entries": [
            {
                "index": each.index,
                "path": each.path,
                "label": _label(each.path),
                "mediaType": each.mime_type,
                "size": _size(each.size),
            }
            for each in entries
        ],
    }
    return answer(200, shown)


def expand_for_programs(call: Call) -> Response:
    """Show what is in an archive, as a program reads it."""
    total, entries = archives.entries(_found(call))
    shown: list[Json] = [
        {
            "entryIndex": each.index,
            "name": each.path,
            "abbreviatedName": _label(each.path),
            "mediaType": each.mime_type,
            "size": each.size,
        }
        for each in entries
    ]
    return answer(200, {"entries": shown, "totalEntryCount": total})


def _found(call: Call) -> Attachment:
    return acts.find(call.site, call.actor, call.names["id"])[1]


def _directly(call: Call) -> bool:
    return call.request.parameter("redirect").lower() == "false"


def _elsewhere(call: Call, attachment: Attachment) -> Response:
    return Response(303, {"Location": media.address(call.world, call.site, attachment)}, objects=1)


def _label(path: str) -> str:
    """Shorten a long path in its middle, as ``long/path/to/.../the/leaf.txt``."""
    if len(path) <= _LABEL:
        return path
    folders = path.split("/")
    return "/".join([*folders[:2], "...", *folders[-2:]]) if len(folders) > 4 else path


def _size(size: int) -> str:
    """Write a size as Jira does: ``1.36 MB``, ``119 kB``, ``0.4 kB``."""
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.2f} MB"
    return f"{size / 1024:.0f} kB" if size >= 1024 else f"{size / 1024:.1f} kB"


_ONE = "/rest/api/3/attachment/{id}"
ROUTES = (
    Route("POST", "/rest/api/3/issue/{issueIdOrKey}/attachments", attach, scope="WRITE", cost=Cost.WRITE),
    Route("GET", "/rest/api/3/attachment/meta", settings),
    Route("GET", "/rest/api/3/attachment/content/{id}", content),
    Route("GET", "/rest/api/3/attachment/thumbnail/{id}", thumbnail),
    Route("GET", _ONE, get),
    Route("DELETE", _ONE, delete, scope="DELETE", cost=Cost.WRITE),
    Route("GET", f"{_ONE}/expand/human", expand_for_people),
    Route("GET", f"{_ONE}/expand/raw", expand_for_programs),
)
