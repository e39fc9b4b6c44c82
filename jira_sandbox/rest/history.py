"""The history of a work item: page by page, and entries by their ids."""

from jira_sandbox.acts import issues
from jira_sandbox.rest import issueview
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Refusal, Response, answer

PAGE = 100


def changelog(call: Call) -> Response:
    """Show a page of the history, oldest entry first."""
    issue = _issue(call)
    start = call.number("startAt", 0, most=10**9)
    size = call.number("maxResults", PAGE, most=PAGE)
    entries = issueview.histories(call, issue)
    page = entries[start : start + size]
    link = f"{call.site.base_url}/rest/api/3/issue/{issue.id}/changelog"
    is_last = start + size >= len(entries)
    shown = {
        "self": f"{link}?maxResults={size}&startAt={start}",
        "maxResults": size,
        "startAt": start,
        "total": len(entries),
        "isLast": is_last,
        "values": page,
    }
    following = {} if is_last else {"nextPage": f"{link}?maxResults={size}&startAt={start + size}"}
    return answer(200, shown | following, objects=len(page))


def chosen(call: Call) -> Response:
    """Show the entries with these ids, the oldest first; ids of other entries are passed over."""
    issue, numbers = _issue(call), call.body().get("changelogIds")
    if not isinstance(numbers, list) or not all(type(each) is int for each in numbers):
        raise Refusal(400, errors={"changelogIds": "data was not an array of numbers"})
    wanted = {str(each) for each in numbers}
    found = [each for each in issueview.histories(call, issue) if each["id"] in wanted]
    shown = {"startAt": 0, "maxResults": len(found), "total": len(found), "histories": found}
    return answer(200, shown, objects=len(found))


def _issue(call: Call) -> Issue:
    return issues.find(call.site, call.actor, call.names["issueIdOrKey"])


_CHANGELOG = "/rest/api/3/issue/{issueIdOrKey}/changelog"
# The second only reads, and yet the published description asks for the scope WRITE.
ROUTES = (
    Route("GET", _CHANGELOG, changelog),
    Route("POST", f"{_CHANGELOG}/list", chosen, scope="WRITE"),
)
