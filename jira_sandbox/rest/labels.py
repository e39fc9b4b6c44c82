"""The labels that work items have."""

from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Response, answer

PAGE = 1000


def list_page(call: Call) -> Response:
    """Show a page of all labels in use, in the order of the alphabet, whoever may see those work items."""
    start = call.number("startAt", 0, most=10**9)
    size = call.number("maxResults", PAGE, most=PAGE)
    used = {label for issue in call.site.issues.values() for label in issue.fields.get("labels") or []}
    labels = sorted(used)
    link = f"{call.site.base_url}/rest/api/3/label"
    is_last = start + size >= len(labels)
    shown = {
        "self": f"{link}?maxResults={size}&startAt={start}",
        "maxResults": size,
        "startAt": start,
        "total": len(labels),
        "isLast": is_last,
        "values": labels[start : start + size],
    }
    following = {} if is_last else {"nextPage": f"{link}?maxResults={size}&startAt={start + size}"}
    return answer(200, shown | following)


ROUTES = (Route("GET", "/rest/api/3/label", list_page),)
