"""Webhook deliveries on their way: when each is due, how it is signed, what happens when it fails."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from jira_sandbox.connect import tokens
from jira_sandbox.state.threelo import OAuthApp
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
    ``hook_id`` names the administrator's webhook of a Data Center that it goes to, instead of to the app;
    ``client_id`` the OAuth app whose webhook it is.
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
    hook_id: int | None = None
    client_id: str = ""


def signed_call(delivery: Delivery, app: AppInstallation, now: datetime) -> OutgoingCall:
    """Sign the delivery as it goes over the wire at ``now``; the token lives three minutes."""
    issued = int(now.timestamp())
    claims = {
        "iss": app.client_key,
        "iat": issued,
        "exp": issued + TOKEN_LIFE,
        "qsh": tokens.hash_for_url("POST", delivery.url, app.base_url),
    }
    return _authorized(delivery, f"JWT {tokens.sign_hs256(claims, app.shared_secret)}")


def bearer_call(delivery: Delivery, app: OAuthApp, now: datetime) -> OutgoingCall:
    """Sign the delivery to an OAuth app with its client secret.

    Atlassian documents the secret and ``Bearer`` alone; these claims are our own, after those for Connect.
    https://developer.atlassian.com/cloud/jira/platform/webhooks/#webhooks-authentication-for-oauth-2-0-apps
    """
    issued = int(now.timestamp())
    claims = {"iss": app.client_id, "iat": issued, "exp": issued + TOKEN_LIFE}
    return _authorized(delivery, f"Bearer {tokens.sign_hs256(claims, app.client_secret)}")


def _authorized(delivery: Delivery, authorization: str) -> OutgoingCall:
    headers = {
        "Authorization": authorization,
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


def attempt(delivery: Delivery, call: OutgoingCall, send: Send) -> int | None:
    """Send it once, as ``call``, and note the answer: the status, or None when no answer came."""
    delivery.attempts += 1
    try:
        status: int | None = send(call)
    except OSError:
        status = None
    delivery.answers.append(status)
    return status


def is_over(delivery: Delivery, status: int | None) -> bool:
    """Whether it is not to be sent again: accepted, refused for good, or tried often enough."""
    if delivery.hook_id is not None:  # Data Center sends each once, whatever becomes of it
        return True
    return (status is not None and status not in RETRIED) or delivery.attempts > RETRIES


def next_due(now: datetime, chance: random.Random) -> datetime:
    """When to try again: Jira waits between five and fifteen minutes, at random."""
    return now + timedelta(seconds=chance.uniform(300, 900))
