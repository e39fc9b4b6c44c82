"""The gate in front of a site: pauses, points and pace, in tables that all workers share."""

import math
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db import IntegrityError

from backbone_app import metrics
from backbone_app.core import moments
from backbone_app.core.budget import Lane
from backbone_app.errors import HeldOff, RemoteBusy
from backbone_app.gateway import pacing, pauses, points
from backbone_app.gateway.pauses import UNREACHABLE, Length
from backbone_app.jira.gate import FIRST_WAIT
from backbone_app.jira.limits import Asked, Call, Scope
from backbone_app.models import Pause, Site
from backbone_app.models.prepared import Rows
from backbone_app.models.site import Product, SiteStatus

LONGEST_WAIT: Final = 30.0
FIRST_OUTAGE: Final = 5.0
LONGEST_OUTAGE: Final = 300.0
JITTER: Final = 0.3
GONE_FOR: Final = 60.0
"""When to ask again about a site that removed the app: it may be back."""

Chance = Callable[[], float]
"""A random number from 0 to 1."""
chance: Final[Chance] = random.SystemRandom().random
_HERE: Final = Rows(
    lambda site: (
        Site.objects.filter(pk=site)
        .exclude(status=SiteStatus.UNINSTALLED)
        .exclude(link__owner__status=SiteStatus.UNINSTALLED)
        .values_list("pk")[:1]
    )
)
"""A linked site is called for its owner, and not once that has removed the app."""


@dataclass(frozen=True, slots=True)
class SiteGate:
    """Decides about each call to one site, for one lane; ``chance`` spreads the ends of pauses."""

    site: Site
    lane: Lane
    clock: Callable[[], datetime]
    chance: Chance = chance

    def admit(self, call: Call) -> "SiteTurn":
        """Let the call out; else raise ``HeldOff`` or ``RemoteBusy`` (out of turn).

        It is held off for a pause, where no points are left, and for a site that removed the app, or whose
        link belongs to one that did. Points are the Cloud's: a Data Center has none to spend.
        """
        now = self.clock()
        # Whoever began before the site removed us has its secret still: no call begins after that.
        if not _HERE.exist(self.site.pk):
            raise self._gone()
        names = pauses.names(self.site.pk, call)
        known = pauses.known(names.values())
        lasting = max((one for one in known if one.until > now), key=lambda one: one.until, default=None)
        if lasting is not None:
            raise self._held_off(lasting.until, lasting.reason, _told(lasting, now), now=now)
        if self.counts_points and not points.are_left(self.site.pk, call, lane=self.lane, now=now):
            until = points.hour_of(now) + points.HOUR
            sentence = f"has spent its share of calls; it goes on at {moments.said(until, now)}"
            raise self._held_off(until, "points", sentence, now=now)
        try:
            wait = pacing.take(self.site.pk, pacing.buckets(self.site.pk, call), now=now)
        except IntegrityError as gone:  # somebody removed its link at this very moment, and the row with it
            raise self._gone() from gone
        if wait:
            raise RemoteBusy(self._host, _seconds(wait), "pace")
        return SiteTurn(self, names, known)

    def _gone(self) -> HeldOff:
        is_linked = self.site.status == SiteStatus.LINKED
        sentence = f"{'is linked to a site that ' if is_linked else ''}has removed Backbone Work Sync"
        return HeldOff(self._host, GONE_FOR, "uninstalled", sentence=sentence)

    @property
    def counts_points(self) -> bool:
        """Whether what the site is asked counts among the points that Atlassian gives our app an hour."""
        return self.site.product != Product.DATA_CENTER

    def _held_off(self, until: datetime, reason: str, sentence: str, *, now: datetime) -> HeldOff:
        return HeldOff(self._host, _seconds(until - now), reason, sentence=sentence)

    @property
    def _host(self) -> str:
        return urlsplit(self.site.base_url).hostname or self.site.base_url


@dataclass(slots=True)
class SiteTurn:
    """One call on its way; ``known`` are pauses that were over when it was let out."""

    gate: SiteGate
    names: dict[Scope, str]
    known: tuple[Pause, ...] = field(repr=False)

    def spent(self, cost: int) -> None:
        """Count the points, where there are any; a call that succeeds ends the row of strikes."""
        now = self.gate.clock()
        if self.gate.counts_points:
            with suppress(IntegrityError):  # the site was erased while this call was out: see ``_pause``
                points.spend(self.gate.site.pk, cost, lane=self.gate.lane, now=now)
            metrics.POINTS.up(cost, pool=str(self.gate.lane))
        self._forget(self.known, now)

    def asked(self, asked: Asked) -> float:
        """Pause the part of Jira that was named, for what was asked or longer; returns the seconds.

        The quota of all sites is one of points: a Data Center that names it speaks for itself alone.
        """
        named = self.names if self.gate.counts_points else self.names.keys() - {Scope.APP}
        scope = asked.scope if asked.scope in named else Scope.SITE
        if asked.retry_after is None:
            length = self._doubling(FIRST_WAIT, LONGEST_WAIT)
        else:
            length = self._doubling(asked.retry_after, asked.retry_after)
        return self._pause(scope, asked.reason, length)

    def unreachable(self) -> None:
        """Leave the site alone for a while, each time longer."""
        self._pause(Scope.SITE, UNREACHABLE, self._doubling(FIRST_OUTAGE, LONGEST_OUTAGE))

    def reached(self) -> None:
        """End an outage: the first answer does, whatever it says."""
        self._forget(tuple(one for one in self.known if one.reason == UNREACHABLE), self.gate.clock())

    def _pause(self, scope: Scope, reason: str, length: Length) -> float:
        now = self.gate.clock()
        site_id = None if scope is Scope.APP else self.gate.site.pk
        try:
            until = pauses.begin(self.names[scope], site_id=site_id, reason=reason, length=length, now=now)
        except IntegrityError:  # the site was erased while this call was out: nothing is kept of it any more
            return length(1).total_seconds()
        metrics.RETRY_WAIT.took((until - now).total_seconds(), reason=reason)
        return (until - now).total_seconds()

    def _doubling(self, first: float, longest: float) -> Length:
        """Double from ``first`` to ``longest`` seconds, spread upwards: never less than was asked."""
        spread = 1 + JITTER * self.gate.chance()

        def length(strikes: int) -> timedelta:
            doublings = min(strikes - 1, 16)  # beyond it every length is the longest
            return timedelta(seconds=min(first * 2**doublings, longest) * spread)

        return length

    def _forget(self, over: tuple[Pause, ...], now: datetime) -> None:
        if over:
            pauses.forget([one.pk for one in over], now=now)
            self.known = tuple(one for one in self.known if one not in over)


def _told(pause: Pause, now: datetime) -> str:
    """Say of a pause why the site is left alone, in the words that follow its name."""
    if pause.reason == UNREACHABLE:
        return f"cannot be reached since {moments.said(pause.since, now)}"
    return f"asked us to make no calls until {moments.said(pause.until, now)}"


def _seconds(wait: timedelta) -> float:
    """Round up to milliseconds: a microsecond too early would be too early."""
    return math.ceil(wait / timedelta(milliseconds=1)) / 1000
