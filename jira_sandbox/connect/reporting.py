"""The personal data reporting API: an app tells of whom it keeps data, and hears whom to erase or refresh.

``POST https://api.atlassian.com/app/report-accounts/``, at most 90 accounts a call, each once in a cycle.
https://developer.atlassian.com/cloud/jira/platform/user-privacy-developer-guide/
"""

import json
from datetime import datetime

from jira_sandbox import auth
from jira_sandbox.connect.refusals import MessageRefusal
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Request, Response, answer
from jira_sandbox.world import World

HOST = "api.atlassian.com"
PATH = "/app/report-accounts/"
MOST = 90
CYCLE = "P7D"
_WAIT = 60


def at_host(world: World, request: Request) -> Response:
    """Answer at Atlassian's own host, where the token alone says which site's installation is asking."""
    for site in world.sites.values():
        try:
            caller = auth.identify(site, request, world.clock().timestamp())
        except Refusal:
            continue
        if caller and caller.is_app:
            return answered(world, site, request)
    return MessageRefusal(403, "The caller is not an app that may report personal data.").answer()


def answered(world: World, site: Site, request: Request) -> Response:
    """Answer a report: 200 with accounts closed or updated, 204 for none, 400 and 429 with their words."""
    with world.lock:
        if world.reports_refused:
            world.reports_refused -= 1
            refused = MessageRefusal(429, "Too many requests.").answer()
            return Response(429, {**refused.headers, "Retry-After": str(_WAIT)}, refused.body)
        try:
            told = [shown for each in _accounts(request) if (shown := _state(site, *each))]
        except MessageRefusal as refusal:
            return refusal.answer()
    made = answer(200, {"accounts": told}) if told else answer(204)
    return Response(made.status, {**made.headers, "Cycle-Period": CYCLE}, made.body, made.objects)


def _accounts(request: Request) -> list[tuple[str, datetime]]:
    try:
        listed = json.loads(request.body)["accounts"]
        read = [(str(each["accountId"]), _moment(each["updatedAt"])) for each in listed]
    except (ValueError, KeyError, TypeError):
        raise MessageRefusal(400, "Each account must have an accountId and an updatedAt.") from None
    if not 0 < len(read) <= MOST:
        raise MessageRefusal(400, f"Between 1 and {MOST} accounts can be reported at a time.")
    return read


def _moment(text: Json) -> datetime:
    """Read an RFC 3339 moment; ValueError when it is none or has no zone."""
    when = datetime.fromisoformat(str(text))
    if when.tzinfo is None:
        raise ValueError(text)
    return when


def _state(site: Site, account_id: str, fetched: datetime) -> Json | None:
    """Tell what became of an account since its data was fetched; None when it is as it was."""
    if account_id in site.closed_accounts:
        return {"accountId": account_id, "status": "closed"}
    changed = site.updated_accounts.get(account_id)
    if changed and changed > fetched:
        return {"accountId": account_id, "status": "updated"}
    return None
