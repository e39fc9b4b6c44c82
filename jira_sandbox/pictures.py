"""Files shown in rich text: a document names one by its media id, wiki text by its file name.

What stands between is the list of the work item's attachments; of several of one name the newest is meant.
"""

from collections.abc import Iterator, Mapping

from jira_sandbox.richtext import Written
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.wire import Refusal

_KINDS = frozenset({"media", "mediaInline"})
REFUSED = "ATTACHMENT_VALIDATION_ERROR"


def told_by_name(document: Json, issue: Issue) -> Json:
    """Give the document with the names of files where their ids were, for its way into wiki text."""
    if not issue.attachments or not document or isinstance(document, Written):
        return document
    names = {each.media_id: each.filename for each in issue.attachments}
    return _renamed(document, names)


def held_by_id(document: Json, issue: Issue | None) -> Json:
    """Give the document, come from wiki text, with the ids of files where their names are.

    What names no file of the work item, not made yet when it is None, is a picture from elsewhere: it
    is told as it was written, and needs no file to be there.
    """
    if not document:
        return document
    ids = {each.filename: each.media_id for each in issue.attachments} if issue else {}
    return _unknown_outside(_renamed(document, ids), frozenset(ids.values()))


def must_be_attached(site: Site, field: str, document: Json, *, before: Json = None) -> None:
    """Refusal 400 for a document that shows a file of no work item, unless it did so ``before``."""
    shown = set(_ids(document)) - set(_ids(before))
    if shown and shown - {each.media_id for issue in site.issues.values() for each in issue.attachments}:
        raise Refusal(400, REFUSED, errors={field: REFUSED})


def _ids(node: Json) -> Iterator[str]:
    if not isinstance(node, dict) or isinstance(node, Written):
        return  # wiki text may name what is not there
    attrs = node.get("attrs")
    if node.get("type") in _KINDS and isinstance(attrs, dict) and attrs.get("type", "file") != "external":
        yield str(attrs.get("id", ""))
    for each in node.get("content") or []:
        yield from _ids(each)


def _unknown_outside(node: Json, ids: frozenset[str]) -> Json:
    attrs = node.get("attrs")
    if node.get("type") in _KINDS and isinstance(attrs, dict) and attrs.get("type") == "file":
        if attrs.get("id") in ids:
            return node
        others = {key: value for key, value in attrs.items() if key not in {"id", "collection"}}
        return node | {"attrs": {**others, "type": "external", "url": attrs.get("id")}}
    content = node.get("content")
    return node | {"content": [_unknown_outside(each, ids) for each in content]} if content else node


def _renamed(node: Json, names: Mapping[str, str]) -> Json:
    attrs = node.get("attrs")
    if node.get("type") in _KINDS and isinstance(attrs, dict):
        name = str(attrs.get("id") or attrs.get("url") or "")
        if name not in names:
            return node
        others = {key: value for key, value in attrs.items() if key != "url"}
        return node | {"attrs": {**others, "type": "file", "id": names[name], "collection": ""}}
    content = node.get("content")
    return node | {"content": [_renamed(each, names) for each in content]} if content else node
