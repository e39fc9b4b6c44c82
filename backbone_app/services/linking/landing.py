"""What whoever opens a link meets: who asks for which access to which site, and the way on to sign in there.

Nobody is signed in here. The link's token opens the page; a cookie holds the browser that went on from it to
the browser that comes back; the state that goes along is used once.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import QuerySet

from backbone_app import gateway
from backbone_app.core import linking
from backbone_app.errors import BackboneError, LinkGone, SignInOver
from backbone_app.jira import read
from backbone_app.jira.oauth import verifier
from backbone_app.models import LinkAttempt
from backbone_app.models.link import LinkStatus
from backbone_app.models.sealing import seal
from backbone_app.models.site import SiteStatus
from backbone_app.services.linking import offices
from backbone_app.services.linking.asking import TROUBLES, digest

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""What 256 bits are in base64."""
SOMEBODY: Final = "An admin"


@dataclass(frozen=True, slots=True)
class Landing:
    """A link as whoever opens it sees it: ``asked_by`` of ``space_name`` at ``site`` wants into ``address``.

    ``is_done``: somebody has let us in with it. ``is_in_force``: we may still act there by that, and nobody
    has signed in again since; ``link`` is there then. ``trouble`` is a sentence about the last sign-in.
    ``is_cloud``: they sign in at Atlassian, and choose the site there.
    """

    attempt: UUID
    asked_by: str
    space_key: str
    space_name: str
    site: str
    address: str
    is_cloud: bool
    scope: str
    expires_at: datetime
    is_done: bool
    link: UUID | None
    trouble: str

    @property
    def is_in_force(self) -> bool:
        """Whether what was given with it still is."""
        return self.link is not None

    @property
    def host(self) -> str:
        """The host name of the site that is asked for."""
        return urlsplit(self.address).hostname or self.address


@dataclass(frozen=True, slots=True)
class Opening:
    """What a link's token opens, as far as it is known without asking its site."""

    attempt: UUID


@dataclass(frozen=True, slots=True)
class Departure:
    """What goes along to the other site and has to come back: ``browser`` is what the cookie holds."""

    state: str = field(repr=False)
    browser: str = field(repr=False)
    random: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Return:
    """What a browser says that comes back: ``browser`` is what its cookie holds, the rest its address.

    Either ``code`` or ``error`` is what the other site gave it along, and ``issuer`` what that calls itself
    (RFC 9207), empty where it does not.
    """

    state: str = field(repr=False)
    browser: str = field(repr=False)
    code: str = field(repr=False)
    error: str
    issuer: str


def opening(token: str, *, now: datetime) -> Opening:
    """Find what a token opens; raises LinkGone for a link that is unknown, too old or withdrawn."""
    row = _open(token, now=now)
    return Opening(row.pk)


def landing(token: str, *, now: datetime) -> Landing:
    """Show a link to whoever has it; raises LinkGone for one that is unknown, too old or withdrawn."""
    return _shown(_open(token, now=now), now=now)


def _shown(row: LinkAttempt, *, now: datetime) -> Landing:
    site, is_cloud = row.site, row.application_id is None
    return Landing(
        attempt=row.pk,
        asked_by=_asker(row, now=now),
        space_key=row.space_key,
        space_name=row.space_name,
        site=site.display_url or site.base_url,
        address=row.address,
        is_cloud=is_cloud,
        scope=linking.CLOUD_SCOPE if is_cloud else linking.DATA_CENTER_SCOPE,
        expires_at=row.expires_at,
        is_done=row.ended_at is not None,
        link=row.link_id if _is_in_force(row) else None,
        trouble=TROUBLES.get(row.trouble, ""),
    )


def _is_in_force(row: LinkAttempt) -> bool:
    link = row.link
    return link is not None and link.status == LinkStatus.WORKING and link.authorized_at == row.ended_at


def depart(token: str, departure: Departure, *, now: datetime) -> str:
    """Give the address to sign in at; what was begun before with this link is over. Raises LinkGone."""
    return _sent_off(_open(token, now=now), departure)


def depart_again(attempt: UUID, departure: Departure, *, now: datetime) -> str:
    """Do the same for the browser that comes from a sign-in which came to nothing. Raises LinkGone."""
    return _sent_off(_seen_before(attempt, departure.browser, now=now), departure)


def _sent_off(row: LinkAttempt, departure: Departure) -> str:
    secret = verifier(lambda _size: departure.random)
    leads_to = offices.of(row).sign_in_at(departure.state, secret)
    begun = {
        "state_digest": digest(departure.state),
        "browser_digest": digest(departure.browser),
        "verifier_sealed": seal(secret.encode(), at=LinkAttempt.verifier_sealed.field.at(row.site_id)),
        "trouble": "",
    }
    if not LinkAttempt.objects.filter(pk=row.pk, ended_at=None).update(**begun):
        raise LinkGone
    return leads_to


def returned(told: Return, *, application: UUID | None, now: datetime) -> LinkAttempt:
    """Use up the state that a browser comes back with, at the callback of this application link.

    None: at the one callback for all Cloud sites.

    Raises SignInOver for one that is unknown, used or too old, of another callback, browser or site.
    """
    if not (_TOKEN.fullmatch(told.state) and _TOKEN.fullmatch(told.browser)):
        raise SignInOver
    state = {"state_digest": digest(told.state)}
    mine = {"browser_digest": digest(told.browser), "application": application, "ended_at": None}
    row = _lasting(now).filter(**state, **mine).first()
    if row is None or told.issuer not in {"", offices.of(row).issuer}:
        raise SignInOver
    if not LinkAttempt.objects.filter(pk=row.pk, **state).update(state_digest=""):
        raise SignInOver
    return row


def arrived(attempt: UUID, browser: str, *, now: datetime) -> Landing:
    """Show what became of a sign-in to the browser that was there; raises LinkGone for any other."""
    return _shown(_seen_before(attempt, browser, now=now), now=now)


def _seen_before(attempt: UUID, browser: str, *, now: datetime) -> LinkAttempt:
    row = _lasting(now).filter(pk=attempt, browser_digest=digest(browser)).first()
    if row is None or not _TOKEN.fullmatch(browser):
        raise LinkGone
    return row


def _open(token: str, *, now: datetime) -> LinkAttempt:
    """Find what a token opens: what is open or, for the rest of its time, what somebody let us in with."""
    row = _lasting(now).filter(digest=digest(token)).first() if _TOKEN.fullmatch(token) else None
    if row is None or (row.ended_at is not None and row.link_id is None):
        raise LinkGone
    return row


def _lasting(now: datetime) -> QuerySet[LinkAttempt]:
    rows = LinkAttempt.objects.filter(expires_at__gt=now, site__status=SiteStatus.ENABLED)
    return rows.select_related("site", "application", "link")


def _asker(row: LinkAttempt, *, now: datetime) -> str:
    """Name whoever asked, as Jira does: names are not kept. Where Jira does not say, nobody is named."""
    try:
        names = read.names(gateway.client(row.site, clock=lambda: now), [row.account])
    except BackboneError:
        return SOMEBODY
    return names.get(row.account) or SOMEBODY
