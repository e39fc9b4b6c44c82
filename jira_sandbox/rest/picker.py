"""Work items suggested to somebody who types a word of them."""

from collections.abc import Callable, Iterable

from markupsafe import Markup, escape

from jira_sandbox import jql
from jira_sandbox.acts.retyping import is_subtask
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.wire import Refusal, Response, answer

MOST = 20
NONE_FOUND = "No matching issues found"


def suggest(call: Call) -> Response:
    """Show two lists: what the caller made or looked at, and with ``currentJQL`` what that finds."""
    fits = _filter(call)
    site, me = call.site, call.actor.account_id
    known = [each for each in site.issues.values() if each.creator == me or me in each.viewed]
    sections = [_section(call, "hs", "History Search", filter(fits, reversed(known)))]
    query = call.request.parameter("currentJQL")
    if query or call.request.parameter("query"):
        found = list(site.issues.values())
        if query:
            found = _found(call, query)
        sections.append(_section(call, "cs", "Current Search", filter(fits, found)))
    return answer(200, {"sections": sections})


def _found(call: Call, query: str) -> list[Issue]:
    """Find by JQL; one that cannot be read suggests nothing, for the description knows no 400 here."""
    try:
        return jql.matching(call.site, query, list(call.site.issues.values()), call.actor, call.site.now())
    except Refusal:
        return []


def _filter(call: Call) -> Callable[[Issue], bool]:
    """Give what a suggestion must fit: the word in key or summary, the space, no sub-task unless asked."""
    request = call.request
    word, but = request.parameter("query").lower(), request.parameter("currentIssueKey").upper()
    space_id = request.parameter("currentProjectId")
    with_subtasks = request.parameter("showSubTasks", "true").lower() != "false"

    def fits(issue: Issue) -> bool:
        return (
            call.site.sees(call.actor, issue)
            and not call.site.is_archived(issue)
            and issue.key != but
            and space_id in {"", issue.space_id}
            and (with_subtasks or not is_subtask(call.site, issue.type_id))
            and (word in issue.key.lower() or word in str(issue.fields["summary"]).lower())
        )

    return fits


def _section(call: Call, name: str, label: str, found: Iterable[Issue]) -> Json:
    listed = [_suggestion(call, issue) for issue, _ in zip(found, range(MOST), strict=False)]
    told = {"sub": f"Showing {len(listed)} matching issues"} if listed else {"msg": NONE_FOUND}
    return {"label": label, "id": name, **told, "issues": listed}


def _suggestion(call: Call, issue: Issue) -> Json:
    word, summary = call.request.parameter("query"), str(issue.fields["summary"])
    return {
        "id": int(issue.id),
        "key": issue.key,
        "keyHtml": str(_marked(issue.key, word)),
        "img": f"/icons/issuetypes/{issue.type_id}.svg",
        "summary": str(_marked(summary, word)),
        "summaryText": summary,
    }


def _marked(text: str, word: str) -> Markup:
    """Give the text as HTML with the word, where it first is, in bold."""
    at = text.lower().find(word.lower()) if word else -1
    if at < 0:
        return escape(text)
    end = at + len(word)
    return Markup("{}<b>{}</b>{}").format(text[:at], text[at:end], text[end:])


ROUTES = (Route("GET", "/rest/api/3/issue/picker", suggest),)
