"""Logged work of the whole site: what changed, what was deleted, several entries by their ids."""

from jira_sandbox.acts import manyworklogs as acts
from jira_sandbox.rest import worklogs
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response, answer

PAGE = MOST_BY_ID = 1000


def updated(call: Call) -> Response:
    """Show a page of what was logged or changed."""
    return _page(call, "updated")


def deleted(call: Call) -> Response:
    """Show a page of what was deleted."""
    return _page(call, "deleted")


def by_ids(call: Call) -> Response:
    """Show those of the named entries that the caller may see; a list without a page around it."""
    numbers = worklogs.identifiers(call)
    if not numbers or len(numbers) > MOST_BY_ID:
        raise Refusal(400, errors={"ids": f"Between 1 and {MOST_BY_ID} worklogs must be given."})
    found = acts.by_ids(call.site, call.actor, set(numbers))
    listed = [worklogs.shown(call, issue, worklog) for issue, worklog in found]
    return answer(200, listed, objects=len(listed))


def _page(call: Call, which: acts.Which) -> Response:
    """Show the oldest of the changes since a moment; ``until`` is that of the youngest shown."""
    since = call.number("since", 0, most=2**63 - 1)
    found = acts.changes(call.site, call.actor, which, since=since)
    page = found[:PAGE]
    link = f"{call.site.base_url}/rest/api/3/worklog/{which}?since="
    until = page[-1].when if page else since
    told = {
        "values": [_shown(call, each) for each in page],
        "since": since,
        "until": until,
        "self": f"{link}{since}",
        "lastPage": len(found) == len(page),
    }
    following = {} if told["lastPage"] else {"nextPage": f"{link}{until}"}
    return answer(200, told | following, objects=len(page))


def _shown(call: Call, change: acts.Change) -> Json:
    is_expanded = change.worklog is not None and "properties" in call.request.parameter_list("expand")
    held = change.worklog.properties if change.worklog and is_expanded else {}
    properties = [{"key": key, "value": value} for key, value in held.items()]
    return {"worklogId": int(change.id), "updatedTime": change.when, "properties": properties}


ROUTES = (
    Route("GET", "/rest/api/3/worklog/updated", updated),
    Route("GET", "/rest/api/3/worklog/deleted", deleted),
    Route("POST", "/rest/api/3/worklog/list", by_ids),
)
