"""How the webhook of a synchronization's linked site stands, and how it is made by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db import transaction

from backbone_app import queue
from backbone_app.core.hooks import HookForm
from backbone_app.errors import NotFound
from backbone_app.ledger import access, audit, hooks, standing
from backbone_app.ledger.audit import Act
from backbone_app.models import Link, LinkHook
from backbone_app.models.callers import Caller
from backbone_app.queue import Job

MISSING, MADE, VERIFIED = "missing", "made", "verified"
NOT_ALLOWED, REFUSED, NOT_TAKEN, AWAY = "not_allowed", "refused", "not_taken", "away"
TROUBLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        NOT_ALLOWED: (
            "The account that signed in there does not administer Jira, so Backbone may neither make the "
            "webhook nor look at it. An admin of that Jira makes it by the steps below, or gives the account "
            "the global permission Jira Administrators."
        ),
        REFUSED: (
            "That Jira did not take the webhook. An admin of it makes it by the steps below; the log of that "
            "Jira says why it was refused."
        ),
        NOT_TAKEN: (
            "That Jira did not take the webhook. For each account it takes five from an app, all for one "
            "address: that is why where the account has let Backbone in for somebody else as well. An admin "
            "of that Jira makes the webhook by the steps below."
        ),
        AWAY: "That Jira did not answer. Backbone asks it again by itself.",
    }
)
"""What stood in the way at the last look, by code: what happened, and what to do."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What goes into Jira's form; ``secret`` is empty where it has no place for one (Data Center up to 9)."""

    url: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Webhook:
    """How it stands: ``status`` is missing, made or verified, by the first delivery that proved itself.

    ``form`` is filters for a Jira up to 9, configuration from 10 on, dynamic for a Cloud site, and empty
    while nobody knows.
    ``trouble`` is a sentence about the last look, empty where nothing was wrong. ``steps`` are there where
    somebody has to make it by hand.
    """

    status: str
    address: str
    form: str
    is_ours: bool
    made_at: datetime | None
    verified_at: datetime | None
    looked_at: datetime | None
    trouble: str
    steps: Steps | None


def show(caller: Caller, space: str, synchronization: UUID, *, now: datetime) -> Webhook:
    """Show the webhook of the linked partner site; raises NotFound where no link leads to the partner."""
    access.reader_of_space(caller, space, now=now)
    return _shown(_link(caller, space, synchronization))


def beyond(link: UUID) -> Webhook:
    """Show it to somebody of the linked site: whoever calls has shown that they let us in by this link."""
    return _shown(Link.objects.get(pk=link))


def _shown(link: Link) -> Webhook:
    row = LinkHook.objects.filter(link=link).first()
    if row is None:
        row = LinkHook(link=link)  # none was made yet
    return Webhook(
        status=_status(row),
        address=link.address,
        form=row.form,
        is_ours=row.is_ours,
        made_at=row.made_at if row.number else None,
        verified_at=row.verified_at,
        looked_at=row.looked_at,
        trouble=TROUBLES.get(row.trouble, ""),
        steps=_steps(row) if row.trouble in {NOT_ALLOWED, REFUSED, NOT_TAKEN} else None,
    )


def look_again(caller: Caller, space: str, synchronization: UUID, *, now: datetime) -> None:
    """Have the webhook looked at now: after somebody gave our account the right to make it, say."""
    access.admin_of_space(caller, space, now=now)
    link = _link(caller, space, synchronization)
    with transaction.atomic():
        if hooks.ask(link.pk, now=now):
            audit.note(
                caller,
                Act.WEBHOOK_ASKED,
                space=space,
                synchronization=synchronization,
                detail={"address": link.address},
                now=now,
            )
        queue.wake(Job.FOLLOW_HOOKS, now=now)


def _link(caller: Caller, space: str, synchronization: UUID) -> Link:
    seen = standing.find(caller.site_id, space, synchronization)
    link = Link.objects.filter(site=seen.other.site_id, owner=caller.site_id).first()
    if link is None:
        raise NotFound("webhook")
    return link


def _status(row: LinkHook) -> str:
    if row.verified_at:
        return VERIFIED
    return MADE if row.number else MISSING


def _steps(row: LinkHook) -> Steps:
    return Steps(hooks.address(row), "" if row.form == HookForm.FILTERS else hooks.secret(row))
