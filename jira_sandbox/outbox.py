"""Webhook deliveries on their way: when each is due, how it is signed, what happens when it fails."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from jira_sandbox.connect import tokens
from jira_sandbox.state.values import AppInstallation
from jira_sandbox.wire import OutgoingCall, Send

RETRIES = 5
Flow = Literal["Primary", "Secondary"]
RETRIED = frozenset({408, 409, 425, 429, *range(500, 600)})
TOKEN_LIFE = 180


@dataclass(slots=True, kw_only=True, eq=False)
class Delivery:
    """A webhook call not yet accepted. ``body`` is as it was at the event; ``due`` the earliest time to send.

    ``identifier`` stays the same however often it is sent; ``attempts`` counts how often it was.
    ``flow`` is ``Secondary`` for what another event brought about; ``trace`` is what the app's call that
    brought it about was marked with. A call of a post function, which is no webhook, has no ``flow``.
    """

    site: str
    identifier: str
    url: str
    body: bytes
    event: str
    issue_id: str
    due: datetime
    flow: Flow | None = "Primary"
    trace: str = ""
    attempts: int = 0
    answers: list[int | None] = field(default_factory=list)
    failed_at: datetime | None = None


def signed_call(delivery: Delivery, app: AppInstallation, now: datetime) -> OutgoingCall:
    """Sign the delivery as it goes over the wire at ``now``; the token lives three minutes."""
    issued = int(now.timestamp())
    claims = {
        "iss": app.client_key,
        "iat": issued,
        "exp": issued + TOKEN_LIFE,
        "qsh": tokens.hash_for_url("POST", delivery.url, app.base_url),
    }
    headers = {
        "Authorization": f"JWT {tokens.sign_hs256(claims, app.shared_secret)}",
        "Content-Type": "application/json; charset=UTF-8",
        "User-Agent": "Atlassian Webhook HTTP Client",
    }
    headers |= _marks(delivery) if delivery.flow else {}
    return OutgoingCall(
        site=delivery.site, method="POST", url=delivery.url, headers=headers, body=delivery.body
    )


def _marks(delivery: Delivery) -> dict[str, str]:
    """Give the headers by which a webhook is known."""
    marks = {
        "X-Atlassian-Webhook-Identifier": delivery.identifier,
        "X-Atlassian-Webhook-Flow": str(delivery.flow),
    }
    if delivery.trace:
        marks["X-Atlassian-Webhook-Trace"] = delivery.trace
    if delivery.attempts:
        marks["X-Atlassian-Webhook-Retry"] = str(delivery.attempts)
    return marks


def attempt(delivery: Delivery, app: AppInstallation, now: datetime, send: Send) -> int | None:
    """Send it once and note the answer: the status, or None when no answer came."""
    call = signed_call(delivery, app, now)
    delivery.attempts += 1
    try:
        status: int | None = send(call)
    except OSError:
        status = None
    delivery.answers.append(status)
    return status


def is_over(delivery: Delivery, status: int | None) -> bool:
    """Whether it is not to be sent again: accepted, refused for good, or tried often enough."""
    return (status is not None and status not in RETRIED) or delivery.attempts > RETRIES


def next_due(now: datetime, chance: random.Random) -> datetime:
    """When to try again: Jira waits between five and fifteen minutes, at random."""
    return now + timedelta(seconds=chance.uniform(300, 900))
