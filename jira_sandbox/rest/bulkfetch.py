"""Many work items by id or key in one call."""

from collections.abc import Iterator

from jira_sandbox.acts import issues as acts
from jira_sandbox.rest import issueview
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.wire import Refusal, Response, answer

MOST, MOST_PROPERTIES = 100, 5


def fetch(call: Call) -> Response:
    """Show those of at most 100 work items that the caller may see, by rising id and each once.

    What is not there, or not for the caller to see, is left out without a word: by the description of the
    API ``issueErrors`` is for what Jira failed to read.
    """
    body = call.body()
    wanted = _texts(body, "issueIdsOrKeys")
    if not 0 < len(wanted) <= MOST:
        raise Refusal(400, f"The number of issue ids or keys must be from 1 to {MOST}.")
    properties = _texts(body, "properties")
    if len(properties) > MOST_PROPERTIES:
        raise Refusal(400, f"The maximum number of properties is {MOST_PROPERTIES}.")
    fields, expand = _texts(body, "fields"), _texts(body, "expand")
    if body.get("fieldsByKeys") is True:
        fields = issueview.by_keys(call.site, fields)
    found = {issue.id: issue for issue in _seen(call, wanted)}
    shown = [
        issueview.listed(call, found[number], wanted=fields, properties=properties, expand=expand)
        for number in sorted(found, key=int)
    ]
    return answer(200, {"issues": shown, "issueErrors": []}, objects=len(shown))


def _seen(call: Call, wanted: list[str]) -> Iterator[Issue]:
    for name in wanted:
        try:
            yield acts.find(call.site, call.actor, name)
        except Refusal:
            continue


def _texts(body: dict[str, Json], name: str) -> list[str]:
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Refusal(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    return value


# A read, and yet the published description asks for the scope WRITE.
ROUTES = (Route("POST", "/rest/api/3/issue/bulkfetch", fetch, scope="WRITE"),)
