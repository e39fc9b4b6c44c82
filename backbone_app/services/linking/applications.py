"""Application links: what a Data Center knows us as, entered once and used by every synchronization to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from backbone_app import gateway
from backbone_app.core import linking
from backbone_app.errors import InvalidInput, NotFound, Outdated
from backbone_app.gateway import linked, tokens
from backbone_app.ledger import access, audit, distant
from backbone_app.ledger.audit import Act
from backbone_app.models import ApplicationLink, Link, SynchronizationSide
from backbone_app.models.callers import Caller
from backbone_app.models.link import LinkStatus
from backbone_app.models.sealing import seal
from backbone_app.services.linking.probed import probed

_CREDENTIAL: Final = re.compile(r"[!-~]{1,255}")
"""Letters, digits and signs without a blank: what such ids and secrets are made of."""
_CLOUD: Final = (
    "This is a Jira Cloud site. Go back and choose \N{LEFT DOUBLE QUOTATION MARK}Synchronize with another "
    "Cloud instance\N{RIGHT DOUBLE QUOTATION MARK}."
)
_LIKE_A_DATA_CENTER: Final = (
    "This is not the base URL of a Jira that can be reached from outside; it looks like "
    "https://jira.example.com, with a port or a path if yours has one."
)
_OPEN_IT: Final = (
    "A Data Center behind a firewall needs a reverse proxy with a public https address, or a rule that lets "
    "the addresses of this service in."
)
_AS_IN_THE_BROWSER: Final = (
    "Enter the address that the browser shows when Jira is open, up to the path that all its pages have in "
    "common."
)


@dataclass(frozen=True, slots=True)
class Application:
    """An application link as its site's space admins see it; ``callback`` is what goes into Jira's form.

    Until it is entered ``base_url`` and ``client_id`` are empty. Its secret is shown to nobody. ``in_use``:
    something is synchronized over it, so that it cannot be removed. ``is_working``: somebody has signed in by
    it, and that works, so that it cannot be entered anew.
    """

    id: UUID
    callback: str
    base_url: str
    client_id: str
    in_use: bool
    is_working: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed of an application link."""

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)


def known(caller: Caller, space: str, *, now: datetime) -> tuple[Application, ...]:
    """List the application links of the caller's site that can be used at once, by address."""
    access.reader_of_space(caller, space, now=now)
    rows = ApplicationLink.objects.filter(site=caller.site_id).exclude(client_id="")
    used = SynchronizationSide.objects.filter(site__link__application=OuterRef("pk"))
    working = Link.objects.filter(application=OuterRef("pk"), status=LinkStatus.WORKING)
    told = rows.annotate(in_use=Exists(used), is_working=Exists(working)).order_by("base_url", "created_at")
    return tuple(shown(row, in_use=row.in_use, is_working=row.is_working) for row in told)


def begin(caller: Caller, space: str, *, now: datetime) -> Application:
    """Give the callback URL for a new application link: the caller's own until it is entered."""
    access.reader_of_space(caller, space, now=now)
    unfinished = {"site_id": caller.site_id, "account": caller.account or "", "client_id": ""}
    row = ApplicationLink.objects.filter(**unfinished).order_by("created_at").first()
    return shown(row or ApplicationLink.objects.create(**unfinished, created_at=now))


def enter(caller: Caller, space: str, application: UUID, entry: Entry, *, now: datetime) -> Application:
    """Keep what the Data Center's form has shown, once there is a Jira at the address that has the provider.

    Raises InvalidInput beside the field; NotFound for an application link of another site; Outdated for one
    that was entered already.
    """
    access.admin_of_space(caller, space, now=now)
    row = _row(caller, application)
    address = _address(entry.base_url)
    changes = {"base_url": address, **known_as(row, entry.client_id, entry.client_secret)}
    _must_fit(address)
    with transaction.atomic():
        if not ApplicationLink.objects.filter(pk=row.pk, client_id="").update(**changes):
            raise Outdated("This application link was entered already. Choose it from the list.")
        audit.note(caller, Act.APPLICATION_LINKED, detail={"address": address}, now=now)
    row.refresh_from_db()
    return shown(row)


def known_as(row: ApplicationLink, client_id: str, client_secret: str) -> Mapping[str, Any]:
    """Give the columns that these credentials fill; raises InvalidInput beside the field for what is none."""
    told = _credential("client_id", "client ID", client_id)
    secret = _credential("client_secret", "client secret", client_secret)
    place = ApplicationLink.client_secret_sealed.field.at(row.site_id)
    return {"client_id": told, "client_secret_sealed": seal(secret.encode(), at=place)}


def usable(caller: Caller, application: UUID) -> ApplicationLink:
    """Give an application link of the caller's site that was entered; raises NotFound for any other."""
    row = _row(caller, application)
    if not row.client_id:
        raise NotFound("application link")
    return row


def _row(caller: Caller, application: UUID) -> ApplicationLink:
    row = ApplicationLink.objects.filter(pk=application, site=caller.site_id).first()
    if row is None:
        raise NotFound("application link")
    return row


def shown(row: ApplicationLink, *, in_use: bool = False, is_working: bool = False) -> Application:
    """Show an application link to its site's admins."""
    callback = tokens.of_data_center(row).redirect_uri
    return Application(row.pk, callback, row.base_url, row.client_id, in_use, is_working)


def _address(typed: str) -> str:
    address = distant.base_url(linked.any_host(), typed, otherwise=_LIKE_A_DATA_CENTER)
    if urlsplit(address).hostname not in {"localhost", "127.0.0.1"} and _is_cloud(address):
        raise InvalidInput("base_url", _CLOUD)
    return address


def _is_cloud(address: str) -> bool:
    return gateway.policy().allows_site(urlsplit(address).hostname or "")


def _credential(field: str, label: str, typed: str) -> str:
    told = typed.strip()
    if not _CREDENTIAL.fullmatch(told):
        raise InvalidInput(field, f"This is no {label}. Copy it from the page that Jira shows after Save.")
    return told


def _must_fit(address: str) -> None:
    """Make sure that there is a Jira which can let us in; raises InvalidInput that says what is not."""
    found = probed(linked.door_to_any_host(), address, open_it=_OPEN_IT, not_jira=_AS_IN_THE_BROWSER)
    if found is not None and found.is_cloud:
        raise InvalidInput("base_url", _CLOUD)
    if found is not None and linking.is_too_old(found.numbers):
        problem = (
            f"This Jira is version {found.version}. Backbone signs in with OAuth 2.0, which Jira Data Center "
            "has since version 8.22: ask its admins to upgrade it."
        )
        raise InvalidInput("base_url", problem)
