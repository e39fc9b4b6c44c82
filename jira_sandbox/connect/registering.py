"""Webhooks that an app registers over REST: a Connect app up to a hundred, an OAuth app five for each person.

They lead to one address and live for thirty days at a time. An OAuth app's are told what that person sees.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jira_sandbox import jql
from jira_sandbox.outbox import RETRIES, Delivery
from jira_sandbox.state.apps import DynamicWebhook
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, Json
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

LIFE = timedelta(days=30)
REMEMBERED = timedelta(hours=72)
MOST, MOST_FOR_A_PERSON = 100, 5
"""https://developer.atlassian.com/cloud/jira/platform/webhooks/#limitations"""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Who registers webhooks at a site: those that are its own, and how many of them it may have.

    ``base_url`` is what their address must begin with; an OAuth app has none, so that any will do.
    """

    webhooks: list[DynamicWebhook]
    most: int
    base_url: str = ""


def connected(app: AppInstallation) -> Subscriber:
    """Give the Connect app as a subscriber."""
    return Subscriber(webhooks=app.dynamic_webhooks, most=MOST, base_url=app.base_url)


def authorized(site: Site, client_id: str, account_id: str) -> Subscriber:
    """Give the OAuth app that acts as this person as a subscriber."""
    webhooks = site.oauth_webhooks.setdefault((client_id, account_id), [])
    return Subscriber(webhooks=webhooks, most=MOST_FOR_A_PERSON)


def register(
    world: World, site: Site, subscriber: Subscriber, url: str, wanted: list[Wanted]
) -> list[int | list[str]]:
    """Register webhooks: for each its id, or the reasons why it is not; Refusal 400 for a foreign address."""
    with world.lock:
        if subscriber.base_url and not url.startswith(f"{subscriber.base_url}/"):
            raise Refusal(400, "The webhook URL must use the same base URL as the app.")
        if not url.startswith(("https://", "http://")):
            raise Refusal(400, "The webhook URL must be a whole address.")
        results: list[int | list[str]] = []
        for each in wanted:
            faults = _faults(site, subscriber, url, each)
            results.append(faults or _added(site, subscriber, url, each))
        return results


def registered(site: Site, subscriber: Subscriber) -> list[DynamicWebhook]:
    """List what the app has registered and what has not expired, the oldest first."""
    return [each for each in subscriber.webhooks if each.expires > site.now()]


def forget(world: World, site: Site, subscriber: Subscriber, ids: set[int]) -> None:
    """Remove webhooks; ids that are none of the app's are passed over."""
    with world.lock:
        subscriber.webhooks[:] = [each for each in registered(site, subscriber) if each.id not in ids]


def refresh(world: World, site: Site, subscriber: Subscriber, ids: set[int]) -> datetime:
    """Let webhooks live for another thirty days and tell until when; ids that are none are passed over."""
    with world.lock:
        end = site.now() + LIFE
        subscriber.webhooks[:] = [
            replace(each, expires=end) if each.id in ids else each for each in registered(site, subscriber)
        ]
        return end


def failed(world: World, site: Site, *, after: datetime | None, most: int) -> list[tuple[datetime, Delivery]]:
    """List what the Connect app missed within 72 hours and later than ``after``, with when; oldest first.

    Jira counts in milliseconds: what was given up later in that of ``after`` was listed with it.
    """
    earliest = world.clock() - REMEMBERED
    since = milliseconds(max(earliest, after or earliest))
    listed = [
        (each.failed_at, each)
        for each in world.failed
        if each.site == site.name
        and each.flow
        and not each.client_id
        and each.attempts > RETRIES
        and each.failed_at
    ]
    recent = [each for each in listed if milliseconds(each[0]) > since]
    return sorted(recent, key=lambda each: each[0])[:most]


def _added(site: Site, subscriber: Subscriber, url: str, wanted: Wanted) -> int:
    number = site.next_id("webhook")
    subscriber.webhooks.append(
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


def _faults(site: Site, subscriber: Subscriber, url: str, wanted: Wanted) -> list[str]:
    known = registered(site, subscriber)
    strange = [event for event in wanted.events if event not in EVENTS]
    rules = (
        (not wanted.events, "At least one event must be specified."),
        (bool(strange), f"Unsupported webhook event: {', '.join(strange)}."),
        (len(known) >= subscriber.most, f"An app can register at most {subscriber.most} webhooks."),
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
