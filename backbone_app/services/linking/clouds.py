"""Cloud sites without our app: what somebody typed of one, who has let us in there, and asking for that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef

from backbone_app import gateway
from backbone_app.errors import InvalidInput, NoOAuthApp, NotFound, NotLicensed, RemoteMissing
from backbone_app.gateway.doors import door
from backbone_app.jira import read
from backbone_app.jira.read import SpaceRef
from backbone_app.ledger import access, distant, endpoints
from backbone_app.models import Link, Site, SynchronizationSide
from backbone_app.models.callers import Caller
from backbone_app.models.link import LinkStatus
from backbone_app.services.linking.asking import Place, Progress, make
from backbone_app.services.linking.probed import probed

_CHECK_IT: Final = (
    "Check the address: it is the one that the browser shows when that Jira is open, such as "
    "https://example.atlassian.net."
)
_DATA_CENTER: Final = (
    "This is a Jira Data Center. Go back and choose \N{LEFT DOUBLE QUOTATION MARK}Synchronize with a Data "
    "Center Instance\N{RIGHT DOUBLE QUOTATION MARK}."
)


@dataclass(frozen=True, slots=True)
class CloudLink:
    """A Cloud site that somebody has let us into; ``in_use``: something is synchronized over it."""

    id: UUID
    base_url: str
    is_working: bool
    in_use: bool


@dataclass(frozen=True, slots=True)
class CloudPartner:
    """A space of a Cloud site, as it was typed and brought into Jira's form.

    ``has_app``: our app is there, and a request is sent instead. ``obstacle`` is a sentence about what keeps
    anybody from signing in there at present, empty where nothing does. ``link`` is there where somebody has
    let us in already.
    """

    base_url: str
    space_key: str
    has_app: bool
    obstacle: str
    link: UUID | None


def known_clouds(caller: Caller, space: str, *, now: datetime) -> tuple[CloudLink, ...]:
    """List the Cloud sites that somebody has let us into for the caller's site, by address."""
    access.reader_of_space(caller, space, now=now)
    used = SynchronizationSide.objects.filter(site=OuterRef("site"))
    rows = Link.objects.filter(owner=caller.site_id, application=None).annotate(in_use=Exists(used))
    return tuple(
        CloudLink(row.pk, row.address, row.status == LinkStatus.WORKING, row.in_use)
        for row in rows.order_by("address")
    )


def cloud_obstacle(caller: Caller, space: str, *, now: datetime) -> str:
    """Say what keeps anybody from signing in on a further Cloud site; empty where nothing does."""
    access.reader_of_space(caller, space, now=now)
    return _obstacle(caller, None, now=now)


def cloud_partner(
    caller: Caller, space: str, *, base_url: str, space_key: str, now: datetime
) -> CloudPartner:
    """Read what an admin of ``space`` typed, and say how it goes on; raises InvalidInput beside the field."""
    access.reader_of_space(caller, space, now=now)
    address = distant.cloud_address(Site.objects.get(pk=caller.site_id), base_url)
    there = Link.objects.filter(owner=caller.site_id, address=address, application=None)
    return CloudPartner(
        base_url=address,
        space_key=distant.space_key(space_key),
        has_app=distant.enabled_at(address) is not None,
        obstacle=_obstacle(caller, there.first(), now=now),
        link=there.filter(status=LinkStatus.WORKING).values_list("site_id", flat=True).first(),
    )


def ask_for_cloud(
    caller: Caller, space: str, *, base_url: str, token: str, is_copied: bool, now: datetime
) -> Progress:
    """Make ``token`` a link to the sign-in for a Cloud site, as ``ask`` does for an application link.

    Raises InvalidInput for what is no such site, as far as it tells strangers, or has our app; NoOAuthApp;
    NotLicensed where the licence covers no further site: whoever would sign in is spared the way.
    """
    client = access.admin_of_space(caller, space, now=now)
    address = distant.cloud_address(Site.objects.get(pk=caller.site_id), base_url)
    if distant.enabled_at(address) is not None:
        raise InvalidInput(
            "base_url", "Backbone Work Sync is on this site. Send a request to it: nobody has to sign in."
        )
    known = Link.objects.filter(owner=caller.site_id, address=address).first()
    _must_be_possible(caller, known, now=now)
    if known is None:
        _must_be_there(address)
    return make(caller, read.space(client, space), Place(address), token, is_copied=is_copied, now=now)


def cloud_space(caller: Caller, space: str, link: UUID, *, space_key: str, now: datetime) -> SpaceRef:
    """Find the space with this key; raises InvalidInput where the account that signed in sees none."""
    access.reader_of_space(caller, space, now=now)
    row = Link.objects.select_related("site").filter(pk=link, owner=caller.site_id).first()
    if row is None:
        raise NotFound("link")
    key = distant.space_key(space_key)
    try:
        return read.space(gateway.client(row.site, clock=lambda: now), key)
    except RemoteMissing as missing:
        problem = (
            f"The account that signed in on this instance sees no space {key}. Check the key, or ask an "
            "admin there to give that account Browse Projects in it."
        )
        raise InvalidInput("space_key", problem) from missing


def require_oauth_app() -> None:
    """Raise NoOAuthApp where the operator has none."""
    if not settings.BACKBONE_OAUTH_CLIENT_ID:
        raise NoOAuthApp


def _must_be_there(address: str) -> None:
    """Make sure that there is such a site; raises InvalidInput."""
    found = probed(door(), address, open_it=_CHECK_IT, not_jira=_CHECK_IT)
    if found is not None and not found.is_cloud:
        raise InvalidInput("base_url", _DATA_CENTER)


def _obstacle(caller: Caller, link: Link | None, *, now: datetime) -> str:
    try:
        _must_be_possible(caller, link, now=now)
    except (NoOAuthApp, NotLicensed) as problem:
        return str(problem)
    return ""


def _must_be_possible(caller: Caller, link: Link | None, *, now: datetime) -> None:
    require_oauth_app()
    endpoints.require(caller.site_id, remote=link.pk if link else None, now=now)
