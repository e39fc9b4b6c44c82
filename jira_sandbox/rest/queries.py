"""What can be done with JQL queries besides searching: match, parse, put ids for names."""

from dataclasses import replace

from jira_sandbox import jql
from jira_sandbox.auth import STRANGER
from jira_sandbox.jql import rewriting
from jira_sandbox.jql.written import query_text
from jira_sandbox.meters import Cost
from jira_sandbox.rest.querytrees import structure
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue, Json, User
from jira_sandbox.wire import Refusal, Response, answer

MOST_QUERIES, MOST_ISSUES, MOST_CLEANED, MOST_SANITIZED = 1000, 1000, 100, 20
_ADMINS = "You are not authorized to perform this action. Administrator privileges are required."
_STRICTNESS = frozenset({"strict", "warn", "none"})


def match(call: Call) -> Response:
    """Tell for each query which of the work items it would find; what is wrong with one spoils no other."""
    body = call.body()
    queries, numbers = _list(body, "jqls", MOST_QUERIES), _list(body, "issueIds", MOST_ISSUES)
    issues = [call.site.issues.get(str(each)) for each in numbers]
    seen = [each for each in issues if each and call.site.sees(call.actor, each)]
    shown = [_matched(call, str(each), seen) for each in queries]
    return answer(200, {"matches": shown}, objects=len(shown))


def parse(call: Call) -> Response:
    """Read and check queries: ``strict`` gives a tree of sound ones only, ``none`` does not check."""
    strictness = call.request.parameter("validation", "strict")
    if strictness not in _STRICTNESS:
        raise Refusal(400, f"The validation must be one of {', '.join(sorted(_STRICTNESS))}.")
    queries = _list(call.body(), "queries", MOST_QUERIES)
    if not queries:
        raise Refusal(400, "The queries has to be provided.")
    shown = [_parsed(call, str(each), strictness) for each in queries]
    return answer(200, {"queries": shown}, objects=len(shown))


def clean(call: Call) -> Response:
    """Put account ids where queries name people as of old; who cannot be found becomes ``unknown``."""
    try:
        return _cleaned(call, _list(call.body(), "queryStrings", MOST_CLEANED))
    except Refusal as refusal:  # told in plain words here, unlike everywhere else
        return answer(refusal.status, " ".join(refusal.messages), objects=0)


def sanitize(call: Call) -> Response:
    """Put ids where queries name what those people may not see; only administrators may ask."""
    if not call.site.may(call.actor, "ADMINISTER"):
        raise Refusal(403, _ADMINS)
    queries = _list(call.body(), "queries", MOST_SANITIZED)
    if not queries:
        raise Refusal(400, "The queries has to be provided.")
    return answer(200, {"queries": [_sanitized(call, each) for each in queries]}, objects=len(queries))


def _cleaned(call: Call, queries: list[Json]) -> Response:
    converted: list[Json] = []
    unknown: list[Json] = []
    for each in queries:
        query, is_complete = rewriting.with_account_ids(call.site, jql.parse(str(each)))
        if is_complete:
            converted.append(query_text(query))
        else:
            unknown.append({"originalQuery": each, "convertedQuery": query_text(query)})
    return answer(200, {"queryStrings": converted, "queriesWithUnknownUsers": unknown})


def _matched(call: Call, text: str, issues: list[Issue]) -> Json:
    try:
        found = jql.matching(call.site, text, issues, call.actor, call.site.now())
    except Refusal as refusal:
        return {"matchedIssues": [], "errors": refusal.messages}
    return {"matchedIssues": [int(each.id) for each in found], "errors": []}


def _parsed(call: Call, text: str, strictness: str) -> Json:
    try:
        query = jql.parse(text)
    except Refusal as refusal:
        return {"query": text, "errors": refusal.messages}
    tree = {"query": text, "structure": structure(query)}
    if strictness == "none":
        return tree
    errors, missing = jql.checked(jql.Asking(call.site, call.actor, call.site.now()), query)
    if strictness == "strict":
        return {"query": text, "errors": errors + missing} if errors or missing else tree
    told = {"errors": errors} if errors else {}
    return tree | told | ({"warnings": missing} if missing else {})


def _sanitized(call: Call, wanted: Json) -> Json:
    if not isinstance(wanted, dict) or not isinstance(wanted.get("query"), str):
        raise Refusal(400, "The queries has to be provided.")
    text, account_id = wanted["query"], wanted.get("accountId")
    shown: dict[str, Json] = {"initialQuery": text}
    if account_id is not None and not isinstance(account_id, str):
        raise Refusal(400, "The accountId of a query must be a text.")
    if account_id is not None:
        shown["accountId"] = account_id
    try:
        query = rewriting.sanitized(call.site, _reader(call, account_id), jql.parse(text))
    except Refusal as refusal:
        return shown | {"errors": {"errorMessages": refusal.messages, "errors": {}}}
    return shown | {"sanitizedQuery": text if query is None else query_text(query)}


def _reader(call: Call, account_id: str | None) -> User:
    if account_id is None:
        return STRANGER.user
    return call.site.users.get(account_id) or replace(STRANGER.user, account_id=account_id)


def _list(body: dict[str, Json], name: str, most: int) -> list[Json]:
    value = body.get(name)
    if not isinstance(value, list):
        raise Refusal(400, f"The {name} must be a list.")
    if len(value) > most:
        raise Refusal(400, f"The {name} must not have more than {most} entries.")
    return value


ROUTES = (
    Route("POST", "/rest/api/3/jql/match", match),
    Route("POST", "/rest/api/3/jql/parse", parse, is_public=True),
    Route("POST", "/rest/api/3/jql/pdcleaner", clean),
    Route("POST", "/rest/api/3/jql/sanitize", sanitize, scope="ADMIN", cost=Cost.CORE),
)
