"""Webhooks that an app registers over REST: up to a hundred, to one address, for thirty days at a time.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jira_sandbox import jql
from jira_sandbox.outbox import RETRIES, Delivery
from jira_sandbox.state.apps import DynamicWebhook
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

LIFE = timedelta(days=30)
REMEMBERED = timedelta(hours=72)
MOST = 100
_ITEMS = ("jira:issue_created", "jira:issue_updated", "jira:issue_deleted")
_COMMENTS = ("comment_created", "comment_updated", "comment_deleted")
_PROPERTIES = ("issue_property_set", "issue_property_deleted")
_SPRINTS = tuple(f"sprint_{what}" for what in ("created", "updated", "closed", "deleted", "started"))
_VERSIONS = tuple(
    f"jira:version_{what}"
    for what in ("released", "unreleased", "created", "moved", "updated", "merged", "deleted")
)
EVENTS = frozenset((*_ITEMS, *_COMMENTS, *_PROPERTIES, *_SPRINTS, *_VERSIONS))
_FIELDS = frozenset({"issuekey", "key", "project", "issuetype", "type", "status", "assignee", "reporter"})
_CLAUSE = re.compile(
    r"""(?P<field>"[^"]+"|[\w.]+(?:\[[^\]]*\])?[\w.]*)\s*
    (?P<operator>!=|!~|<=|>=|[=~<>]|(?:not\s+in|in|is\s+not|is|was|changed)\b)""",
    re.VERBOSE | re.IGNORECASE,
)
_LITERAL = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""")
_OPERATORS = frozenset({"=", "!=", "in", "not in"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One webhook of a registration, as the body gives it."""

    events: tuple[str, ...]
    jql: str
    field_ids: tuple[str, ...] = ()
    property_keys: tuple[str, ...] = ()


def register(world: World, site: Site, url: str, wanted: list[Wanted]) -> list[int | list[str]]:
    """Register webhooks: for each its id, or the reasons why it is not; Refusal 400 for a foreign address."""
    with world.lock:
        app = site.app
        if not url.startswith(f"{app.base_url}/"):
            raise Refusal(400, "The webhook URL must use the same base URL as the app.")
        results: list[int | list[str]] = []
        for each in wanted:
            faults = _faults(site, url, each)
            results.append(faults or _added(site, url, each))
        return results


def registered(site: Site) -> list[DynamicWebhook]:
    """List what the app has registered and what has not expired, the oldest first."""
    return [each for each in site.app.dynamic_webhooks if each.expires > site.now()]


def forget(world: World, site: Site, ids: set[int]) -> None:
    """Remove webhooks; ids that are none are passed over."""
    with world.lock:
        site.app.dynamic_webhooks[:] = [each for each in registered(site) if each.id not in ids]


def refresh(world: World, site: Site, ids: set[int]) -> datetime:
    """Let webhooks live for another thirty days and tell until when; ids that are none are passed over."""
    with world.lock:
        end = site.now() + LIFE
        site.app.dynamic_webhooks[:] = [
            replace(each, expires=end) if each.id in ids else each for each in registered(site)
        ]
        return end


def failed(world: World, site: Site, *, after: datetime | None, most: int) -> list[tuple[datetime, Delivery]]:
    """List what was given up within 72 hours and later than ``after``, with when; the oldest first.

    Jira counts in milliseconds: what was given up later in that of ``after`` was listed with it.
    """
    earliest = world.clock() - REMEMBERED
    since = milliseconds(max(earliest, after or earliest))
    listed = [
        (each.failed_at, each)
        for each in world.failed
        if each.site == site.name and each.flow and each.attempts > RETRIES and each.failed_at
    ]
    recent = [each for each in listed if milliseconds(each[0]) > since]
    return sorted(recent, key=lambda each: each[0])[:most]


def _added(site: Site, url: str, wanted: Wanted) -> int:
    number = site.next_id("webhook")
    site.app.dynamic_webhooks.append(
        DynamicWebhook(
            id=number,
            url=url,
            events=wanted.events,
            filter=wanted.jql,
            expires=site.now() + LIFE,
            field_ids=wanted.field_ids,
            property_keys=wanted.property_keys,
        )
    )
    return number


def _faults(site: Site, url: str, wanted: Wanted) -> list[str]:
    known = registered(site)
    strange = [event for event in wanted.events if event not in EVENTS]
    rules = (
        (not wanted.events, "At least one event must be specified."),
        (bool(strange), f"Unsupported webhook event: {', '.join(strange)}."),
        (len(known) >= MOST, f"An app can register at most {MOST} webhooks."),
        (any(each.url != url for each in known), "Only a single URL per app is allowed to be registered."),
    )
    return [words for is_met, words in rules if is_met] + _jql_faults(wanted.jql)


def _jql_faults(text: str) -> list[str]:
    """Name what a filter may not have: only some fields and operators can be checked for every event."""
    try:
        jql.parse(text)
    except Refusal as refusal:
        return refusal.messages
    bare = _LITERAL.sub('""', text)
    faults = []
    for clause in _CLAUSE.finditer(bare):
        field, operator = clause["field"].lower(), " ".join(clause["operator"].lower().split())
        if field not in _FIELDS and not field.startswith(("issue.property", "cf[")):
            faults.append(f"The field '{clause['field']}' is not supported in webhook filters.")
        if operator not in _OPERATORS:
            faults.append(f"The operator '{clause['operator']}' is not supported in webhook filters.")
    if re.search(r"\border\s+by\b", bare, re.IGNORECASE):
        faults.append("ORDER BY is not supported in webhook filters.")
    return faults


def details(webhook: DynamicWebhook) -> dict[str, Json]:
    """Show a registered webhook as Jira lists it; the expiry is in milliseconds since 1970."""
    told: dict[str, Json] = {
        "id": webhook.id,
        "url": webhook.url,
        "jqlFilter": webhook.filter,
        "events": list(webhook.events),
        "expirationDate": milliseconds(webhook.expires),
    }
    if webhook.field_ids:
        told["fieldIdsFilter"] = list(webhook.field_ids)
    if webhook.property_keys:
        told["issuePropertyKeysFilter"] = list(webhook.property_keys)
    return told


def milliseconds(when: datetime) -> int:
    """Give a moment in milliseconds since 1970."""
    return int(when.timestamp() * 1000)
