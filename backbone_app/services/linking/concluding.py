"""Somebody has let us in: the code becomes tokens, and those a link, if that is what was asked for."""

import os
import uuid
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction

from backbone_app.errors import LinkGone
from backbone_app.gateway import tokens
from backbone_app.jira.oauth import Tokens
from backbone_app.ledger import links
from backbone_app.models import ApplicationLink, Link, LinkAttempt, Site, SynchronizationSide
from backbone_app.models.link import LinkStatus
from backbone_app.models.sealing import seal, unseal
from backbone_app.models.site import SiteStatus
from backbone_app.services.linking import offices
from backbone_app.services.linking.following import resume
from backbone_app.services.linking.landing import Return, returned
from backbone_app.services.linking.offices import NotAsIntended, Signer

DIGEST_KEY_BYTES: Final = 32
MISFITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "invalid_scope": "too_narrow",
        "invalid_request": "refused",
        "unauthorized_client": "refused",
        "unsupported_response_type": "refused",
    }
)
"""OAuth's words (RFC 6749, 4.1.2.1) for an application that may not ask; what that is on a Data Center."""

_log = structlog.get_logger()


def conclude(told: Return, *, application: UUID | None, now: datetime) -> LinkAttempt:
    """Take a browser back that was sent to sign in elsewhere; returns the attempt as it is then.

    ``application`` is whose callback it came to; None: that for Cloud sites.
    What went wrong stands in the attempt, for whoever asked and whoever signed in. Raises SignInOver for a
    browser that nobody sent, LinkGone where its application link was removed meanwhile.
    """
    row = returned(told, application=application, now=now)
    try:
        _must_allow(row, told)
        _establish(row, _exchanged(row, told.code), now=now)
    except NotAsIntended as trouble:
        _log.info("sign_in_failed", code=trouble.trouble)
        LinkAttempt.objects.filter(pk=row.pk).update(trouble=trouble.trouble)
    found = LinkAttempt.objects.filter(pk=row.pk).first()
    if found is None:
        raise LinkGone
    return found


def _must_allow(row: LinkAttempt, told: Return) -> None:
    """Tell somebody who did not allow it from an application that may not ask."""
    if told.error in MISFITS:
        raise NotAsIntended("not_given" if row.application is None else MISFITS[told.error])
    if told.error or not told.code:
        raise NotAsIntended("denied")


def _exchanged(row: LinkAttempt, code: str) -> Tokens:
    secret = unseal(row.verifier_sealed, at=LinkAttempt.verifier_sealed.field.at(row.site_id)).decode()
    return offices.of(row).exchanged(code, secret)


def _establish(row: LinkAttempt, given: Tokens, *, now: datetime) -> None:
    """Make or mend the link; whose account that is, the site is asked itself."""
    office = offices.of(row)
    try:
        signer = office.signer(given)
        with transaction.atomic():
            _must_still_be_wanted(row)
            link = _kept(row, given, signer, now=now)
            LinkAttempt.objects.filter(pk=row.pk).update(ended_at=now, link=link, trouble="")
            resume(links.to_resume().filter(site=link.pk), now=now)
    except NotAsIntended:
        office.forget(given)
        raise


def _must_still_be_wanted(row: LinkAttempt) -> None:
    """Refuse what was withdrawn while the other site was asked, or went with what it belongs to.

    In a transaction, which lets neither happen until it ends, nor two make the same link: two application
    links may lead to one address.
    """
    Site.objects.select_for_update(no_key=True).filter(pk=row.site_id).values_list("pk").first()
    known = ApplicationLink.objects.select_for_update().filter(attempts=row.pk).first()
    if known and row.application and _credentials(known) != _credentials(row.application):
        raise NotAsIntended("changed")  # what was given was given to what we were known as before
    if not LinkAttempt.objects.select_for_update().filter(pk=row.pk, ended_at=None).exists():
        raise NotAsIntended("withdrawn")


def _credentials(row: ApplicationLink) -> tuple[str, bytes]:
    return row.client_id, bytes(row.client_secret_sealed)


def _kept(row: LinkAttempt, given: Tokens, signer: Signer, *, now: datetime) -> Link:
    """Store the tokens, and who let us in."""
    link = Link.objects.select_for_update().filter(owner=row.site_id, address=row.address).first()
    site = link.site if link else _new_site(row, signer, now=now)
    if link:
        _must_fit(site, signer)
        Site.objects.filter(pk=site.pk).update(app_account=signer.account, cloud_id=signer.cloud_id)
    columns = {
        **tokens.sealed(given, site),
        "application": row.application,
        "status": LinkStatus.WORKING,
        "refreshing_until": None,
        "refused_at": None,
        "broken_reason": "",
        "broken_at": None,
        "authorized_at": now,
    }
    if link is None:
        return Link.objects.create(site=site, owner_id=row.site_id, address=row.address, **columns)
    Link.objects.filter(pk=link.pk).update(generation=link.generation + 1, **columns)
    return link


def _must_fit(site: Site, signer: Signer) -> None:
    """Make sure that a link in use keeps its site, and the account that our writes are known by.

    An account that was forgotten, because it named somebody who is erased, is any.
    """
    if not SynchronizationSide.objects.filter(site=site).exists():
        return
    if site.cloud_id != signer.cloud_id:
        raise NotAsIntended("other_site")
    if site.app_account not in {"", signer.account}:
        raise NotAsIntended("other_account")


def _new_site(row: LinkAttempt, signer: Signer, *, now: datetime) -> Site:
    site = Site(
        client_key=f"link:{uuid.uuid4()}",
        base_url=row.address,
        status=SiteStatus.LINKED,
        product=offices.of(row).product,
        app_account=signer.account,
        cloud_id=signer.cloud_id,
        installed_at=now,
    )
    fresh = os.urandom(DIGEST_KEY_BYTES)
    site.digest_key_sealed = seal(fresh, at=Site.digest_key_sealed.field.at(site.pk))
    site.save()
    return site
