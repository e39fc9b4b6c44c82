"""Mails about a work item that somebody asks for. None is sent; what Jira would refuse is refused."""

from collections.abc import Iterator

from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json, User
from jira_sandbox.wire import Refusal

_KINDS = ("reporter", "assignee", "watchers", "voters")


def notify(site: Site, actor: User, issue: Issue, wanted: Json) -> None:
    """Check whom a notification would go to; Refusal 400 when that is nobody known, or the caller alone."""
    if not isinstance(wanted, dict):
        raise Refusal(400, errors={"to": "No recipients were defined for notification."})
    found = set(_asked_for(issue, wanted)) | set(_named(site, wanted))
    reached = {each for each in found if each != actor.account_id}
    if not reached:
        raise Refusal(400, errors={"to": "No recipients were defined for notification."})


def _asked_for(issue: Issue, wanted: dict[str, Json]) -> Iterator[str]:
    people: dict[str, list[str | None]] = {
        "reporter": [issue.fields.get("reporter", issue.creator)],
        "assignee": [issue.fields.get("assignee")],
        "watchers": [*issue.watchers],
        "voters": [*issue.voters],
    }
    for kind in _KINDS:
        if wanted.get(kind) is True:
            yield from (each for each in people[kind] if each)


def _named(site: Site, wanted: dict[str, Json]) -> Iterator[str]:
    for each in _listed(wanted, "users"):
        account_id = str(each.get("accountId") or "") if isinstance(each, dict) else ""
        if account_id not in site.users:
            raise Refusal(400, errors={"users": f"User '{account_id}' does not exist."})
        yield account_id
    groups = [each if isinstance(each, dict) else {} for each in _listed(wanted, "groups")]
    for name in [*(each.get("name") or each.get("groupId") for each in groups), *_listed(wanted, "groupIds")]:
        try:
            yield from site.group(str(name)).members
        except LookupError:
            raise Refusal(400, errors={"groups": f"Group '{name}' does not exist."}) from None


def _listed(wanted: dict[str, Json], name: str) -> list[Json]:
    listed = wanted.get(name) or []
    if not isinstance(listed, list):
        raise Refusal(400, errors={name: "data was not an array"})
    return listed
