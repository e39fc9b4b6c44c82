"""The files themselves: whole or a range of one, and the address that a signed token opens to anybody.

Jira sends who asks for a file on to Atlassian's media service; here that is a path of the same site.
"""

import re
from urllib.parse import quote, urlencode

from jira_sandbox.acts import attachments
from jira_sandbox.connect import tokens
from jira_sandbox.files import Stretch
from jira_sandbox.state.elements import Attachment
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Refusal, Request, Response
from jira_sandbox.world import World

PATH = "/_media/"
LIFETIME = 600
"""Seconds for which an address opens its file."""
_ADDRESS = re.compile(r"/_media/file/([^/]+)/binary")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def address(world: World, site: Site, attachment: Attachment) -> str:
    """Make an address at which whoever has it gets the file, for a while."""
    claims = {"sub": attachment.media_id, "exp": int(world.clock().timestamp()) + LIFETIME}
    query = urlencode({"token": tokens.sign_hs256(claims, world.media_secret), "name": attachment.filename})
    return f"{site.base_url}{PATH}file/{attachment.media_id}/binary?{query}"


def serve(world: World, site: Site, request: Request) -> Response:
    """Answer at such an address: Refusal 403 for a token that does not open it, 404 when the file is gone."""
    found = _ADDRESS.fullmatch(request.path)
    if found is None or request.method not in {"GET", "HEAD"}:
        raise Refusal(404, "Not found.")
    try:
        claims = tokens.read_hs256(request.parameter("token"), world.media_secret)
    except tokens.BadToken:
        claims = {}
    if claims.get("sub") != found[1] or claims.get("exp", 0) < world.clock().timestamp():
        raise Refusal(403, "The token does not open this file, or has expired.")
    with world.lock:
        return sent(request, attachments.find_media(site, found[1]))


def sent(request: Request, attachment: Attachment) -> Response:
    """Answer with the file: 200, or 206 with what ``Range`` asks for; Refusal 400 if that cannot be read.

    416 when the file has no such bytes. Of several ranges at once none is served: the whole file is.
    """
    headers = {
        "Content-Type": attachment.mime_type,
        "Content-Disposition": _disposition(attachment.filename),
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
    }
    asked = request.headers.get("range", "")
    if not asked or "," in asked:
        return Response(200, headers, file=Stretch(attachment.content, 0, attachment.size), objects=1)
    stretch = _stretch(asked, attachment)
    if stretch is None:
        return Response(416, {"Content-Range": f"bytes */{attachment.size}"})
    last = stretch.start + stretch.size - 1
    told = {"Content-Range": f"bytes {stretch.start}-{last}/{attachment.size}"}
    return Response(206, headers | told, file=stretch, objects=1)


def _stretch(asked: str, attachment: Attachment) -> Stretch | None:
    """Find the bytes a range is about; None when there are none, Refusal 400 when it is no range."""
    found = _RANGE.fullmatch(asked.replace(" ", ""))
    first, last = found.groups() if found else ("", "")
    if not first and not last:
        raise Refusal(400, f"The Range header is malformed: {asked}")
    if not first:
        size = min(int(last), attachment.size)
        return Stretch(attachment.content, attachment.size - size, size) if size else None
    start, end = int(first), min(int(last or attachment.size - 1), attachment.size - 1)
    if last and int(last) < start:
        raise Refusal(400, f"The Range header is malformed: {asked}")
    return Stretch(attachment.content, start, end - start + 1) if start < attachment.size else None


def _disposition(filename: str) -> str:
    """Name the file in the plain form and in that of RFC 6266, which any character fits."""
    plain = re.sub(r"[^ !#-\[\]-~]", "_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
