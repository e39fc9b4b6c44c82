"""What calls to a linked site bear: a token that is good, got anew by one worker for all.

Both kinds of site give a new refresh token with each new access token, and the old ones end with it (Data
Center at once, the Cloud after ten minutes): who asks has the row to themself meanwhile, and both new ones
are stored before anybody calls with them. Nothing is open while the site is asked. Who was stopped for so
long that another has the row by now does nothing to it but store what it got. An answer that got lost is
asked for once more: the Cloud gives it within its ten minutes; a Data Center refuses where it had given, and
then the link is broken, as it is wherever OAuth refuses. Nobody asks for a broken one again.

https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens/ (rotation, leeway);
https://confluence.atlassian.com/adminjiraserver/jira-oauth-2-0-provider-api-1115659070.html (both end).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db.models import Q, QuerySet

from backbone_app import metrics
from backbone_app.errors import (
    HeldOff,
    LinkBroken,
    OutcomeUnknown,
    RemoteBusy,
    RemoteError,
    RemoteUnreachable,
)
from backbone_app.gateway.linked import door_to
from backbone_app.jira.oauth import Application, Refused, Tokens, cloud, data_center
from backbone_app.models import ApplicationLink, Link, Site
from backbone_app.models.link import LinkStatus
from backbone_app.models.prepared import Rows, objects
from backbone_app.models.sealing import seal, unseal

MARGIN: Final = timedelta(seconds=60)
"""So long before its end a token is no longer used: a call may take a while."""
HELD: Final = timedelta(seconds=45)
"""How long a row is held by who asks for tokens: longer than the question may take, which is 20 s."""
SOON: Final = 1.0
"""Seconds after which those come again who found the row held."""
AGAIN: Final = timedelta(minutes=10)
"""New tokens that are refused within this time of the old ones show that new ones do not help."""
REFUSED: Final = "token_refused"
"""Why a link is broken whose new tokens are refused too; every other reason is OAuth's own word."""

Clock = Callable[[], datetime]

_log = structlog.get_logger()
_ROW: Final = Rows(lambda site: Link.objects.filter(pk=site))


@dataclass(frozen=True, slots=True)
class Bearer:
    """Authorizes the calls of one client to one linked site; each bears the newest token."""

    site: Site
    clock: Clock

    def __call__(self, method: str, path: str, query: str) -> str:  # noqa: ARG002 - the same for every call
        """Give what stands in the header.

        Raises LinkBroken; HeldOff while somebody gets new tokens, RemoteBusy and RemoteUnreachable where they
        cannot be had just now: nothing was called.
        """
        link = self._link()
        if self.clock() >= link.expires_at - MARGIN:
            link = _renewed(link, self.site, clock=self.clock)
        return _bearing(link)

    def refused(self, authorization: str) -> None:
        """Say that a call with this was refused (401); it is worth trying again with a newer token.

        Raises HeldOff for that; LinkBroken where new tokens were refused already, or none are to be had.
        """
        link, now = self._link(), self.clock()
        is_known = link.refused_at is not None and link.expires_at <= link.refused_at
        if _bearing(link) == authorization and not is_known:  # calls that were out at once say so one by one
            if not link.refresh_sealed or (link.refused_at and now < link.refused_at + AGAIN):
                _break(_of_this_generation(link), self.site, REFUSED, now=now)
            _of_this_generation(link).update(refused_at=now, expires_at=now)
        raise _held_off(self.site)

    def _link(self) -> Link:
        return _working(self.site)


def application(link: Link) -> Application:
    """Tell what the site of a link knows us as."""
    return operators() if link.application is None else of_data_center(link.application)


def of_data_center(link: ApplicationLink) -> Application:
    """Tell what a Data Center knows us as by this incoming link; its callback is unique and stays."""
    place = ApplicationLink.client_secret_sealed.field.at(link.site_id)
    secret = unseal(link.client_secret_sealed, at=place).decode() if link.client_secret_sealed else ""
    return Application(link.client_id, secret, f"{settings.BACKBONE_BASE_URL}/oauth/dc/{link.pk}")


def operators() -> Application:
    """Tell what Atlassian's Cloud knows us as: the operator's one OAuth app, with one callback."""
    return Application(
        settings.BACKBONE_OAUTH_CLIENT_ID,
        settings.BACKBONE_OAUTH_CLIENT_SECRET,
        f"{settings.BACKBONE_BASE_URL}/oauth/cloud",
    )


def sealed(tokens: Tokens, site: Site) -> Mapping[str, Any]:
    """Give the columns of a link to ``site`` that these tokens fill."""
    return {
        "access_sealed": seal(tokens.access.encode(), at=Link.access_sealed.field.at(site.pk)),
        "refresh_sealed": seal(tokens.refresh.encode(), at=Link.refresh_sealed.field.at(site.pk))
        if tokens.refresh
        else b"",
        "expires_at": tokens.expires,
    }


def newest(link: Link) -> str:
    """Open the token that stands for all that the site of a link gave; empty where it holds none."""
    column = "refresh_sealed" if link.refresh_sealed else "access_sealed"
    return _opened(link, column) if getattr(link, column) else ""


def host(site: Site) -> str:
    """Name a linked site as errors do."""
    return urlsplit(site.base_url).hostname or site.base_url


def _working(site: Site) -> Link:
    """Give a link as it is now; raises LinkBroken for one that is, or that was taken away."""
    found = objects(Link, _ROW(site.pk))
    if not found or found[0].status == LinkStatus.BROKEN:
        raise LinkBroken(host(site))
    return found[0]


def _bearing(link: Link) -> str:
    return f"Bearer {_opened(link, 'access_sealed')}"


def _opened(link: Link, column: str) -> str:
    stored: bytes = getattr(link, column)
    place: str = getattr(Link, column).field.at(link.site_id)
    return unseal(stored, at=place).decode()


def _renewed(link: Link, site: Site, *, clock: Clock) -> Link:
    """Get new tokens, unless somebody else is at it; returns the row as it is then."""
    now = clock()
    mine = _of_this_generation(link)
    is_free = Q(refreshing_until__isnull=True) | Q(refreshing_until__lte=now)
    if not mine.filter(is_free).update(refreshing_until=now + HELD):
        raise _held_off(site)
    held = mine.filter(refreshing_until=now + HELD)
    found = held.select_related("application").first()
    if found is None:  # stopped meanwhile: what is to be given for new tokens now is another's to give
        raise _held_off(site)
    if not found.refresh_sealed:
        _break(held, site, "expired", now=now)
    tokens = _asked(found, held, site, clock=clock)
    # Stored before anybody calls with them. Where somebody signed in anew meanwhile, theirs are newer.
    mine.update(**sealed(tokens, site), generation=link.generation + 1, refreshing_until=None)
    metrics.TOKENS_RENEWED.up(result="renewed")
    return _working(site)


def _asked(link: Link, held: QuerySet[Link], site: Site, *, clock: Clock) -> Tokens:
    try:
        return _refresh(link, site)
    except Refused as refused:
        _break(held, site, refused.reason, now=clock())
    except RemoteBusy as busy:
        _let_go(held, until=clock() + timedelta(seconds=busy.retry_after))
        raise
    except (OutcomeUnknown, RemoteUnreachable) as lost:
        # Of what people wanted nothing was called, whatever became of the tokens.
        _let_go(held, until=None)
        raise RemoteUnreachable(host(site)) from lost
    except BaseException:
        _let_go(held, until=None)
        raise


def _refresh(link: Link, site: Site) -> Tokens:
    token = _opened(link, "refresh_sealed")
    if link.application is None:
        auth = settings.BACKBONE_AUTH_URL
        return cloud.refresh(door_to(site), auth, operators(), refresh_token=token)
    known_as = of_data_center(link.application)
    return data_center.refresh(door_to(site), link.address, known_as, refresh_token=token)


def _of_this_generation(link: Link) -> QuerySet[Link]:
    return Link.objects.filter(pk=link.pk, generation=link.generation, status=LinkStatus.WORKING)


def _let_go(held: QuerySet[Link], *, until: datetime | None) -> None:
    held.update(refreshing_until=until)
    metrics.TOKENS_RENEWED.up(result="no answer")


def _break(mine: QuerySet[Link], site: Site, reason: str, *, now: datetime) -> NoReturn:
    """Note that nothing but signing in again helps; its synchronizations are paused by who comes upon it.

    Where the link is no longer as in ``mine``, somebody else has to find that out.
    """
    broken = {"status": LinkStatus.BROKEN, "broken_reason": reason[:64], "broken_at": now}
    if mine.update(**broken, refreshing_until=None):
        metrics.TOKENS_RENEWED.up(result="refused")
        _log.warning("link_broken", tenant=str(site.pk), reason=reason)
    elif Link.objects.filter(pk=site.pk, status=LinkStatus.WORKING).exists():
        raise _held_off(site)  # somebody signed in anew meanwhile, or is asking for tokens
    raise LinkBroken(host(site))


def _held_off(site: Site) -> RemoteError:
    return HeldOff(host(site), SOON, "token", sentence="is being asked for new access; try again in a second")
