"""Webhooks that our OAuth app registers at a Cloud site, as the person who let us in.

They lead to one address, take no other filter than a few clauses of JQL, cannot be changed, and are forgotten
after thirty days unless they are refreshed. Of an app a site takes five for each person.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from backbone_app.errors import OutcomeUnknown, RemoteRefused
from backbone_app.jira import items, webhooks
from backbone_app.jira.client import JiraClient
from backbone_app.jira.read.paging import paged
from backbone_app.jira.times import moment

LONGEST_ADDRESS: Final = 2048
LONGEST_FILTER: Final = 10_000


@dataclass(frozen=True, slots=True)
class DynamicHook:
    """A webhook of ours as its site shows it; ``number`` is its id there, ``lasts_until`` its end.

    ``is_whole``: it tells of all events that we use.
    """

    number: str
    url: str = field(repr=False)
    jql: str
    is_whole: bool
    lasts_until: datetime | None


def filter_of(spaces: Collection[str]) -> str:
    """Write the filter for all work items of these spaces, by their ids: keys change."""
    return f"project in ({', '.join(sorted(spaces, key=int))})"


def registered(client: JiraClient) -> list[DynamicHook]:
    """List what our app has registered there as this person, the oldest first; raises the client's errors."""
    found = [_read(each) for each in paged(client, "/rest/api/3/webhook", "values")]
    return sorted((each for each in found if each.number), key=lambda each: int(each.number))


def register(client: JiraClient, *, url: str, jql: str) -> str:
    """Register one for all that we use; returns its id. Raises the client's errors.

    RemoteRefused too where Jira gives reasons not to, OutcomeUnknown for an answer that says neither.
    """
    wanted = {"events": sorted(webhooks.USED), "jqlFilter": jql}
    said = client.call("POST", "/rest/api/3/webhook", json={"url": url, "webhooks": [wanted]})
    results = items.mapping(said).get("webhookRegistrationResult")
    made = items.mapping(results[0]) if isinstance(results, list) and results else {}
    if isinstance(reasons := made.get("errors"), list) and reasons:
        raise RemoteRefused(client.site, 400, messages=tuple(map(str, reasons)))
    if not (number := items.identifier(made.get("createdWebhookId"))):
        raise OutcomeUnknown(client.site)
    return number


def refresh(client: JiraClient, number: str) -> None:
    """Have one last for another thirty days."""
    client.call("PUT", "/rest/api/3/webhook/refresh", json={"webhookIds": [int(number)]})


def delete(client: JiraClient, number: str) -> None:
    """Take one away, if it is there."""
    client.call("DELETE", "/rest/api/3/webhook", json={"webhookIds": [int(number)]})


def _read(said: Mapping[str, Any]) -> DynamicHook:
    events = said.get("events")
    told = set(filter(None, map(items.text, events))) if isinstance(events, list) else set()
    return DynamicHook(
        number=items.identifier(said.get("id")),
        url=items.text(said.get("url"), longest=LONGEST_ADDRESS),
        jql=items.text(said.get("jqlFilter"), longest=LONGEST_FILTER),
        is_whole=told >= webhooks.USED,
        lasts_until=moment(said.get("expirationDate")),
    )
