"""How a delivery goes over the wire: with a mark, from 10 on signed with the webhook's secret."""

import hashlib
import hmac
from datetime import datetime

from jira_sandbox.datacenter.hooks.known import hook
from jira_sandbox.outbox import Delivery
from jira_sandbox.state.hooks import Invocation
from jira_sandbox.state.site import Site
from jira_sandbox.wire import OutgoingCall


def call(site: Site, delivery: Delivery) -> OutgoingCall | None:
    """Give the call; None when its webhook is gone or switched off by now."""
    known = hook(site, delivery.hook_id)
    if known is None or not known.settings.active:
        return None
    headers = {
        "Content-Type": "application/json; charset=UTF-8",
        "User-Agent": f"Atlassian HttpClient / JIRA-{site.edition.told} ({site.edition.build}) / Default",
        "X-Atlassian-Webhook-Identifier": delivery.identifier,
    }
    if known.settings.secret and site.edition.signs_webhooks:
        headers["X-Hub-Signature"] = signature(known.settings.secret, delivery.body)
    return OutgoingCall(site=site.name, method="POST", url=delivery.url, headers=headers, body=delivery.body)


def signature(secret: str, body: bytes) -> str:
    """Sign a body as WebSub does: https://www.w3.org/TR/websub/#authenticated-content-distribution."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def note(site: Site, delivery: Delivery, status: int | None, now: datetime) -> None:
    """Count how a delivery to an administrator's webhook went; others are not counted here."""
    known = hook(site, delivery.hook_id)
    if known:
        known.note(
            Invocation(
                identifier=delivery.identifier,
                event=delivery.event,
                url=delivery.url,
                at=now,
                status=status,
            )
        )
