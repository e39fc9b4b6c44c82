"""The histories of many work items in one call."""

import base64
import binascii
from collections.abc import Iterator
from itertools import groupby

from jira_sandbox.acts import issues
from jira_sandbox.rest import issueview
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.wire import Refusal, Response, answer

MOST, MOST_FIELDS = 1000, 10
PAGE, MOST_ENTRIES = 1000, 10_000


def fetch(call: Call) -> Response:
    """Show a page of the entries of up to 1000 work items, the oldest first, under their work items.

    A page counts entries. What is not there, or not for the caller to see, is left out; with ``fieldIds``
    the entries that changed none of these too.
    """
    body = call.body()
    names, fields = _texts(body, "issueIdsOrKeys"), _texts(body, "fieldIds")
    if not 0 < len(names) <= MOST:
        raise Refusal(400, errors={"issueIdsOrKeys": f"The number of them must be from 1 to {MOST}."})
    if len(fields) > MOST_FIELDS:
        raise Refusal(400, errors={"fieldIds": f"The number of them must be {MOST_FIELDS} at most."})
    start, size = _start(body), _size(body)
    found = sorted(_entries(call, names, set(fields)), key=_by_age)
    page = found[start : start + size]
    shown: dict[str, Json] = {
        "issueChangeLogs": [
            {"issueId": number, "changeHistories": [entry for _, entry in entries]}
            for number, entries in groupby(sorted(page, key=_by_item), key=lambda each: each[0].id)
        ]
    }
    if start + size < len(found):
        shown["nextPageToken"] = base64.urlsafe_b64encode(str(start + size).encode()).decode()
    return answer(200, shown, objects=len(page))


def _entries(call: Call, names: list[str], fields: set[str]) -> Iterator[tuple[Issue, Json]]:
    for issue in _seen(call, names):
        for entry in issueview.histories(call, issue):
            if not fields or any(item.get("fieldId") in fields for item in entry["items"]):
                yield issue, entry


def _seen(call: Call, names: list[str]) -> list[Issue]:
    found = {}
    for name in names:
        try:
            issue = issues.find(call.site, call.actor, name)
        except Refusal:
            continue
        found[issue.id] = issue
    return list(found.values())


def _by_age(told: tuple[Issue, Json]) -> tuple[str, int, int]:
    issue, entry = told
    return entry["created"], int(issue.id), int(entry["id"])


def _by_item(told: tuple[Issue, Json]) -> int:
    return int(told[0].id)


def _start(body: dict[str, Json]) -> int:
    try:
        return int(base64.urlsafe_b64decode(str(body.get("nextPageToken") or "MA==")))
    except (binascii.Error, ValueError):
        raise Refusal(400, errors={"nextPageToken": "The provided next page token is invalid."}) from None


def _size(body: dict[str, Json]) -> int:
    size = body.get("maxResults", PAGE)
    if type(size) is not int or not 0 < size <= MOST_ENTRIES:
        raise Refusal(400, errors={"maxResults": f"It must be a number from 1 to {MOST_ENTRIES}."})
    return size


def _texts(body: dict[str, Json], name: str) -> list[str]:
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Refusal(400, errors={name: "data was not an array of texts"})
    return value


ROUTES = (Route("POST", "/rest/api/3/changelog/bulkfetch", fetch, scope="INACCESSIBLE"),)
