"""A remote licence uploaded, replaced and removed, by a Jira admin: who that is is asked of Jira now."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from backbone_app import gateway
from backbone_app.core import remote_licence
from backbone_app.core.remote_licence import LARGEST, Signed, Terms
from backbone_app.errors import InvalidInput
from backbone_app.ledger import access, audit, endpoints
from backbone_app.ledger.audit import Act
from backbone_app.models import RemoteLicence, Site
from backbone_app.models.callers import Caller
from backbone_app.services.remote_licences import following, showing

__all__ = ["LARGEST", "remove", "upload"]


def upload(caller: Caller, document: str, *, is_confirmed: bool, now: datetime) -> None:
    """Put a licence in force in place of the one there is; what it covers goes on.

    Raises InvalidInput for ``document`` with what is wrong with it, and for ``confirmed`` where something
    that runs would pause; then it takes ``is_confirmed``. One that is in force already changes nothing.
    """
    _require_jira_admin(caller, now=now)
    signed = _read(document, now=now)
    with transaction.atomic():
        endpoints.lock(caller.site_id)
        if _is_in_force(caller.site_id, signed):
            return
        if not is_confirmed:
            _require_no_pause(caller.site_id, signed.terms)
        _keep(caller.site_id, signed, now=now)
        audit.note(caller, Act.REMOTE_LICENCE_UPLOADED, detail=_told(signed.terms), now=now)
        following.settle(caller.site_id, now=now)


def remove(caller: Caller, *, now: datetime) -> None:
    """Remove the licence: what runs by it pauses. Where there is none, nothing changes."""
    _require_jira_admin(caller, now=now)
    with transaction.atomic():
        endpoints.lock(caller.site_id)
        row = RemoteLicence.objects.filter(site=caller.site_id).first()
        if row is None:
            return
        row.delete()
        audit.note(caller, Act.REMOTE_LICENCE_REMOVED, detail=_told(endpoints.terms_of(row)), now=now)
        following.settle(caller.site_id, now=now)


def _require_jira_admin(caller: Caller, *, now: datetime) -> None:
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.ask_jira_admin(client, site_id=caller.site_id, account=caller.account, now=now)


def _read(document: str, *, now: datetime) -> Signed:
    keys = settings.BACKBONE_LICENCE_PUBLIC_KEY
    if not keys:
        raise InvalidInput(
            "document", "This service has no remote licences. Ask its operator if you need one."
        )
    signed = remote_licence.read(document, keys=keys, product_key=settings.BACKBONE_APP_KEY)
    if signed.terms.is_over(now):
        raise InvalidInput(
            "document",
            f"This licence has expired: its last day was {signed.terms.last_day}. Ask for a new one.",
        )
    return signed


def _is_in_force(site_id: UUID, signed: Signed) -> bool:
    row = RemoteLicence.objects.filter(site=site_id, key=signed.key).first()
    return row is not None and endpoints.terms_of(row) == signed.terms


def _require_no_pause(site_id: UUID, terms: Terms) -> None:
    """Raise InvalidInput where something runs that a licence of these terms would not cover."""
    taken = showing.taken(site_id, granted=terms.endpoints)
    left = [use for each in taken if not each.is_covered for use in each.uses if use.is_running]
    if left:
        count, more = f"{len(left)} synchronizations", f" and {len(left) - 3} more" if len(left) > 3 else ""
        named = ", ".join(f"{use.name} ({use.space_key})" for use in left[:3])
        raise InvalidInput(
            "confirmed",
            f"This licence covers {terms.endpoints} of the {len(taken)} partner sites that are taken now: "
            "those that were taken first. With the others "
            f"{count if len(left) > 1 else 'one synchronization'} would pause, {named}{more}, until an "
            "endpoint is released or another licence covers them. Confirm that this is what you want.",
        )


def _keep(site_id: UUID, signed: Signed, *, now: datetime) -> None:
    terms = signed.terms
    values = {
        "key": signed.key,
        "holder": terms.holder,
        "creator": terms.creator,
        "created_on": terms.created_on,
        "expires_on": terms.expires_on,
        "endpoints": terms.endpoints,
        "is_evaluation": terms.is_evaluation,
        "uploaded_at": now,
        "told_turn": None,
    }
    RemoteLicence.objects.update_or_create(site_id=site_id, defaults=values)


def _told(terms: Terms) -> audit.Detail:
    return {
        "holder": terms.holder,
        "endpoints": terms.endpoints,
        "expires_on": terms.expires_on.isoformat(),
    }
