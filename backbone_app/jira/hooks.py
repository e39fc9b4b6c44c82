"""Webhooks that an administrator of a Data Center registers, in the form that its version takes.

Up to 9 that is ``/rest/webhooks/1.0``, whose deliveries nobody signs, from 10 on ``/rest/jira-webhook/1.0``
with a secret; there the older address is answered too, and what it says of a filter is not heeded
(https://jira.atlassian.com/browse/JRASERVER-78733). Who does not administer Jira is refused with 403.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from backbone_app.core.hooks import HookForm
from backbone_app.errors import OutcomeUnknown, RemoteMissing
from backbone_app.jira import items, webhooks
from backbone_app.jira.client import JiraClient, segment

NAME: Final = "Backbone Work Sync"
SCOPE: Final = "global"
PAGE: Final = 100
LONGEST_ADDRESS: Final = 2048


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook as its site shows it; ``number`` is its id there.

    ``is_whole``: it is switched on and tells of all events that we use, of every work item, with a body.
    """

    number: str
    url: str = field(repr=False)
    is_whole: bool


def create(client: JiraClient, form: HookForm, *, url: str, secret: str) -> Hook:
    """Register a webhook for all that we use, of every work item; raises the client's errors.

    OutcomeUnknown too for an answer that does not say which one was made.
    """
    asked: dict[str, object] = {"name": NAME, "url": url, "events": sorted(webhooks.USED)}
    if form is HookForm.FILTERS:
        said = client.call("POST", "/rest/webhooks/1.0/webhook", json=asked | {"excludeBody": False})
    else:
        asked |= {"active": True, "scopeType": SCOPE, "sslVerificationRequired": True}
        configuration = {"SECRET": secret, "EXCLUDE_BODY": "false"}
        body = asked | {"configuration": configuration}
        said = client.call("POST", "/rest/jira-webhook/1.0/webhooks", json=body)
    made = _read(items.mapping(said))
    if not made.number:
        raise OutcomeUnknown(client.site)
    return made


def one(client: JiraClient, form: HookForm, number: str) -> Hook | None:
    """Look one up; None where it is not there any more."""
    try:
        if form is HookForm.FILTERS:
            said = client.call("GET", f"/rest/webhooks/1.0/webhook/{segment(number)}")
        else:
            said = client.call("GET", f"/rest/jira-webhook/1.0/webhooks/{segment(number)}")
    except RemoteMissing:
        return None
    return _read(items.mapping(said))


def at(client: JiraClient, form: HookForm, url: str) -> list[Hook]:
    """List those that deliver to this address, the oldest first."""
    if form is HookForm.FILTERS:
        found = _listed(client.call("GET", "/rest/webhooks/1.0/webhook"))
    else:
        found, more = [], True
        while more:
            params = [("start", str(len(found))), ("limit", str(PAGE))]
            came = _listed(client.call("GET", "/rest/jira-webhook/1.0/webhooks", params=params))
            found += came
            more = len(came) == PAGE
    mine = [each for each in found if each.url == url and each.number]
    return sorted(mine, key=lambda each: int(each.number))


def delete(client: JiraClient, form: HookForm, number: str) -> None:
    """Take one away, if it is there."""
    try:
        if form is HookForm.FILTERS:
            client.call("DELETE", f"/rest/webhooks/1.0/webhook/{segment(number)}")
        else:
            client.call("DELETE", f"/rest/jira-webhook/1.0/webhooks/{segment(number)}")
    except RemoteMissing:
        return


def _listed(said: object) -> list[Hook]:
    return [_read(items.mapping(each)) for each in said] if isinstance(said, list) else []


def _read(said: Mapping[str, Any]) -> Hook:
    """Read either form; the older one tells the id by the webhook's own address only."""
    events = said.get("events")
    told = set(filter(None, map(items.text, events))) if isinstance(events, list) else set()
    is_on = said.get("active", said.get("enabled")) is not False
    return Hook(
        items.identifier(said.get("id")) or items.identifier(items.text(said.get("self")).rpartition("/")[2]),
        items.text(said.get("url"), longest=LONGEST_ADDRESS),
        is_whole=is_on and told >= webhooks.USED and not _is_narrowed(said),
    )


def _is_narrowed(said: Mapping[str, Any]) -> bool:
    """Whether it leaves out work items, or all that it could say of them."""
    configuration = items.mapping(said.get("configuration"))
    is_bare = items.text(configuration.get("EXCLUDE_BODY")).lower() == "true"
    filters = (*items.mapping(said.get("filters")).values(), configuration.get("FILTERS"))
    return is_bare or said.get("excludeBody") is True or any(filters)
