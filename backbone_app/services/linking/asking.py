"""Asking somebody to let us in: the link to the page that says who asks, for what, and what became of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from backbone_app.core import linking
from backbone_app.errors import NotFound, Outdated
from backbone_app.jira import read
from backbone_app.jira.read import SpaceRef
from backbone_app.ledger import access, audit
from backbone_app.ledger.audit import Act
from backbone_app.models import ApplicationLink, Link, LinkAttempt
from backbone_app.models.callers import Caller
from backbone_app.models.link import LinkStatus
from backbone_app.services.linking.applications import usable

OPEN, LINKED, EXPIRED, WITHDRAWN = "open", "linked", "expired", "withdrawn"
TROUBLES: Final = {
    "denied": "Access was not allowed there. Open the link again to allow it.",
    "refused": (
        "The other site gave no access: the client ID or the client secret may be wrong, or the Redirect URL "
        "of its application link is not our callback URL. An admin of the space that asks compares them with "
        "that, enters the application link anew where that is wrong, and the link is opened again."
    ),
    "changed": (
        "The application link was entered anew meanwhile, so that nothing of this sign-in was kept. Open the "
        "link again."
    ),
    "too_narrow": (
        "The application link over there does not allow enough: its Permission has to be Admin. An admin of "
        "that Jira changes it, or makes a new one, and then the link is opened again."
    ),
    "not_given": (
        "Atlassian gave no access with this sign-in. Open the link again; if that happens once more, tell "
        "the operator of this service: its OAuth app at Atlassian does not fit its settings."
    ),
    "other_site": (
        "Access was allowed to another site than the one that is asked for: nothing of it was kept. Open the "
        "link again, sign in with an account that is on the right site, and choose that site where Atlassian "
        "asks on which one the app is to be used."
    ),
    "not_all": (
        "Less was allowed than is asked for, so that nothing of it was kept. Open the link again; if that "
        "happens once more, tell the operator of this service: its OAuth app at Atlassian lacks permissions."
    ),
    "certificate": (
        "The other site has a certificate that cannot be trusted, so that nothing was sent there. Its admins "
        "need one that the public authorities vouch for, with its whole chain; then open the link again."
    ),
    "away": "The other site did not answer. Open the link again in a while.",
    "too_old": "That Jira is older than version 8.22 and cannot let Backbone in: it has to be upgraded.",
    "withdrawn": "The link was withdrawn meanwhile. Ask whoever sent it for a new one.",
    "other_account": (
        "The synchronizations with that site work as another account. Open the link again and sign in with "
        "the one that was used before."
    ),
}
"""What went wrong at a sign-in, by code: what happened, and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is to let us in: a Data Center by its application link, or a Cloud site."""

    address: str
    application: ApplicationLink | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an attempt has come, for whoever asked: ``status`` is open, linked, expired or withdrawn.

    ``trouble`` is a sentence about the last sign-in, empty where none went wrong; ``link`` is there once
    somebody has let us in.
    """

    id: UUID
    address: str
    status: str
    trouble: str
    is_copied: bool
    expires_at: datetime
    link: UUID | None


def ask(
    caller: Caller, space: str, application: UUID, token: str, *, is_copied: bool, now: datetime
) -> Progress:
    """Make ``token``, which nobody can guess (256 bits), a link to the sign-in for this application link.

    ``is_copied``: it is to be sent to somebody, and lasts as long as that may take.
    """
    client = access.admin_of_space(caller, space, now=now)
    row = usable(caller, application)
    place = Place(row.base_url, row)
    return make(caller, read.space(client, space), place, token, is_copied=is_copied, now=now)


def make(
    caller: Caller, own: SpaceRef, place: Place, token: str, *, is_copied: bool, now: datetime
) -> Progress:
    """Make the link, for the caller's own space; whoever calls has asked whether they may."""
    lasts = linking.COPIED_LASTS if is_copied else linking.OWN_LASTS
    with transaction.atomic():
        made = LinkAttempt.objects.create(
            site_id=caller.site_id,
            application=place.application,
            address=place.address,
            space=own.id,
            space_key=own.key,
            space_name=own.name,
            account=caller.account or "",
            digest=digest(token),
            is_copied=is_copied,
            created_at=now,
            expires_at=now + lasts,
        )
        act = Act.LINK_COPIED if is_copied else Act.SIGN_IN_BEGUN
        audit.note(caller, act, space=own.id, detail=_told(made), now=now)
    return _progress(made, now=now)


def working(caller: Caller, space: str, application: UUID, *, now: datetime) -> UUID | None:
    """Give the link that this application link has led to, if it works; None: somebody has to sign in."""
    access.reader_of_space(caller, space, now=now)
    row = usable(caller, application)
    there = Link.objects.filter(owner=caller.site_id, application=row, status=LinkStatus.WORKING)
    return there.values_list("site_id", flat=True).first()


def progress(caller: Caller, space: str, attempt: UUID, *, now: datetime) -> Progress:
    """Tell how far an attempt for this space has come; raises NotFound for any other."""
    access.reader_of_space(caller, space, now=now)
    return _progress(_own(caller, space, attempt), now=now)


def withdraw(caller: Caller, space: str, attempt: UUID, *, now: datetime) -> None:
    """Take a link back that nobody has used yet; raises Outdated where somebody has."""
    access.admin_of_space(caller, space, now=now)
    row = _own(caller, space, attempt)
    with transaction.atomic():
        if not LinkAttempt.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now, state_digest=""):
            raise Outdated("Somebody has used this link already, or it was withdrawn.")
        audit.note(caller, Act.LINK_WITHDRAWN, space=space, detail=_told(row), now=now)


def digest(secret: str) -> str:
    """Give what is kept of a secret that comes back: its SHA-256, hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _told(row: LinkAttempt) -> dict[str, str]:
    return {"address": row.address, "space_key": row.space_key}


def _own(caller: Caller, space: str, attempt: UUID) -> LinkAttempt:
    row = LinkAttempt.objects.filter(pk=attempt, site=caller.site_id, space=space).first()
    if row is None:
        raise NotFound("link")
    return row


def _progress(row: LinkAttempt, *, now: datetime) -> Progress:
    return Progress(
        id=row.pk,
        address=row.address,
        status=_status(row, now),
        trouble=TROUBLES.get(row.trouble, ""),
        is_copied=row.is_copied,
        expires_at=row.expires_at,
        link=row.link_id,
    )


def _status(row: LinkAttempt, now: datetime) -> str:
    if row.ended_at is not None:
        return LINKED if row.link_id else WITHDRAWN
    return EXPIRED if now >= row.expires_at else OPEN
