"""Somebody has let us in: the code becomes tokens, and those a link, if that is what was asked for."""

import os
import uuid
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.db import transaction

from backbone_app.core import linking
from backbone_app.errors import BackboneError, LinkGone, OutcomeUnknown, RemoteError
from backbone_app.gateway import linked, tokens
from backbone_app.jira import oauth, probing, read
from backbone_app.jira.client import JiraClient
from backbone_app.jira.dialects import DATA_CENTER
from backbone_app.jira.oauth import Refused, Tokens, data_center
from backbone_app.ledger import links
from backbone_app.models import ApplicationLink, Link, LinkAttempt, Site, SynchronizationSide
from backbone_app.models.link import LinkStatus
from backbone_app.models.sealing import seal, unseal
from backbone_app.models.site import Product, SiteStatus
from backbone_app.services.linking.following import resume
from backbone_app.services.linking.landing import Return, returned

DIGEST_KEY_BYTES: Final = 32

_log = structlog.get_logger()


class _NotAsIntended(BackboneError):
    """The sign-in came to its end, and cannot be used; ``trouble`` says why."""

    code = "sign_in"

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def conclude(told: Return, *, application: UUID, now: datetime) -> LinkAttempt:
    """Take a browser back that was sent to sign in on a Data Center; returns the attempt as it is then.

    What went wrong stands in the attempt, for whoever asked and whoever signed in. Raises SignInOver for a
    browser that nobody sent, LinkGone where its application link was removed meanwhile.
    """
    row = returned(told, application=application, now=now)
    try:
        _must_allow(told)
        _establish(row, _exchanged(row, told.code), now=now)
    except _NotAsIntended as trouble:
        _log.info("sign_in_failed", code=trouble.trouble)
        LinkAttempt.objects.filter(pk=row.pk).update(trouble=trouble.trouble)
    found = LinkAttempt.objects.filter(pk=row.pk).first()
    if found is None:
        raise LinkGone
    return found


def _must_allow(told: Return) -> None:
    if told.error or not told.code:
        raise _NotAsIntended("denied")


def _exchanged(row: LinkAttempt, code: str) -> Tokens:
    assert row.application is not None  # noqa: S101 - for the type checker: ``returned`` asked for it
    secret = unseal(row.verifier_sealed, at=LinkAttempt.verifier_sealed.field.at(row.site_id)).decode()
    known_as = tokens.of_data_center(row.application)
    try:
        return data_center.exchange(
            linked.door_to_any_host(), row.address, known_as, code=code, verifier=secret
        )
    except Refused as refused:
        raise _NotAsIntended("refused") from refused
    except (RemoteError, OutcomeUnknown) as away:
        raise _NotAsIntended("away") from away


def _establish(row: LinkAttempt, given: Tokens, *, now: datetime) -> None:
    """Make or mend the link; whose account that is, and how new that Jira is, it is asked itself."""
    try:
        account = _account(row, given)
        with transaction.atomic():
            _must_still_be_wanted(row)
            link = _kept(row, given, account, now=now)
            LinkAttempt.objects.filter(pk=row.pk).update(ended_at=now, link=link, trouble="")
            resume(links.to_resume().filter(site=link.pk), now=now)
    except _NotAsIntended:
        _forget(row, given)
        raise


def _must_still_be_wanted(row: LinkAttempt) -> None:
    """Refuse what was withdrawn while the other site was asked, or went with its application link.

    In a transaction, which lets neither happen until it ends.
    """
    ApplicationLink.objects.select_for_update().filter(attempts=row.pk).first()
    if not LinkAttempt.objects.select_for_update().filter(pk=row.pk, ended_at=None).exists():
        raise _NotAsIntended("withdrawn")


def _account(row: LinkAttempt, given: Tokens) -> str:
    host = urlsplit(row.address).hostname or row.address
    door = linked.door_to_any_host()
    bearing = f"Bearer {given.access}"
    client = JiraClient(
        base_url=row.address,
        authorize=lambda _method, _path, _query: bearing,
        door=door,
        account="",
        dialect=DATA_CENTER,
    )
    try:
        found = probing.instance(door, row.address, host=host, authorization=bearing)
        if found is not None and linking.is_too_old(found.numbers):
            raise _NotAsIntended("too_old")
        return read.account(client)
    except RemoteError as away:
        raise _NotAsIntended("away") from away


def _kept(row: LinkAttempt, given: Tokens, account: str, *, now: datetime) -> Link:
    """Store the tokens. A link that is in use keeps the account that our writes are known by.

    One that was forgotten, because it named somebody who is erased, is any.
    """
    link = Link.objects.select_for_update().filter(owner=row.site_id, address=row.address).first()
    site = link.site if link else _new_site(row, account, now=now)
    if link and site.app_account != account:
        if site.app_account and SynchronizationSide.objects.filter(site=site).exists():
            raise _NotAsIntended("other_account")
        Site.objects.filter(pk=site.pk).update(app_account=account)
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


def _new_site(row: LinkAttempt, account: str, *, now: datetime) -> Site:
    site = Site(
        client_key=f"link:{uuid.uuid4()}",
        base_url=row.address,
        status=SiteStatus.LINKED,
        product=Product.DATA_CENTER,
        app_account=account,
        installed_at=now,
    )
    fresh = os.urandom(DIGEST_KEY_BYTES)
    site.digest_key_sealed = seal(fresh, at=Site.digest_key_sealed.field.at(site.pk))
    site.save()
    return site


def _forget(row: LinkAttempt, given: Tokens) -> None:
    """Give back what cannot be used; where that does not work, it ends by itself."""
    assert row.application is not None  # noqa: S101 - for the type checker
    known_as = tokens.of_data_center(row.application)
    try:
        oauth.data_center.revoke(linked.door_to_any_host(), row.address, known_as, token=given.refresh)
    except BackboneError as trouble:
        _log.info("tokens_not_revoked", code=trouble.code)
