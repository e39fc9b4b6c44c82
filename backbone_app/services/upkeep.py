"""Find what no wake-up announced."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from backbone_app import mail, queue
from backbone_app.core.notices import LOOK_EVERY
from backbone_app.ledger import (
    departures,
    endpoints,
    heartbeats,
    hooks,
    leftovers,
    links,
    notices,
    points,
    reports,
    restores,
    sites,
)
from backbone_app.models import Delivery, Pair
from backbone_app.models.pair import PairLane
from backbone_app.models.prepared import Rows
from backbone_app.queue import Job

TIDY_EVERY: Final = timedelta(hours=1)
ABSENCE: Final = timedelta(minutes=5)
_UNPAIRED: Final = Rows(lambda: Delivery.objects.filter(unpaired=True).values_list("pk")[:1])
_DUE: Final = Rows(lambda lane: Pair.objects.filter(due__gt=0, lane=lane).values_list("pk")[:1])
_OLD_SECRET: Final = Rows(lambda now: sites.with_old_secret(now).values_list("pk")[:1])


def sweep(clock: Callable[[], datetime]) -> None:
    """Wake the drains where work waits; runs at least every minute.

    Wake-ups get lost with a worker, and pairs that were put off come due
    without anybody saying so.
    """
    now = clock()
    queue.taken(Job.SWEEP)
    _have_checked(now)
    heartbeats.end(heartbeats.SWEEP, now=now)
    if _UNPAIRED.exist():
        queue.wake(Job.PAIR_UP, now=now)
    for lane, job in ((PairLane.LIVE, Job.SYNC), (PairLane.BULK, Job.SYNC_BULK)):
        if _DUE.exist(lane):
            queue.wake(job, now=now)
    if _sites_wait(now):
        queue.wake(Job.MAINTAIN_SITES, now=now)
    _have_followed(now)
    if leftovers.is_due(now):
        queue.wake(Job.REMOVE_PROPERTIES, now=now)
    _have_reported(now)
    _have_told(now)
    if heartbeats.is_due(heartbeats.TIDY, every=TIDY_EVERY, now=now):
        queue.wake(Job.TIDY, now=now)


def _have_followed(now: datetime) -> None:
    """Wake what follows sites that left or are back, licences, broken links and their webhooks."""
    if departures.is_wanted(now):
        queue.wake(Job.FOLLOW_DEPARTURES, now=now)
    if endpoints.sites_at_odds(now):
        queue.wake(Job.FOLLOW_LICENCES, now=now)
    if hooks.is_due(now):
        queue.wake(Job.FOLLOW_HOOKS, now=now)
    if links.is_wanted():
        queue.wake(Job.FOLLOW_LINKS, now=now)


def _have_told(now: datetime) -> None:
    """Wake the mails where one waits, or it is time to look for errors and requests to tell of."""
    if not mail.is_configured():
        return
    is_round = heartbeats.is_due(heartbeats.NOTICES, every=LOOK_EVERY, now=now)
    if notices.is_wanted(now, is_round=is_round):
        queue.wake(Job.SEND_NOTICES, now=now)


def _have_reported(now: datetime) -> None:
    """Wake the reports of accounts where a site's round is due or under way."""
    reports.plan(now=now)
    if reports.due(now=now):
        queue.wake(Job.REPORT_ACCOUNTS, now=now)


def _have_checked(now: datetime) -> None:
    """Wake the checks that are due; after an absence, ours or a site's, they are due at once.

    Jira gives up on a delivery after a while: what it had to tell meanwhile may be lost.
    """
    points.complete(now)
    before = heartbeats.last(heartbeats.SWEEP)
    if before is not None and before.at < now - ABSENCE:
        points.want_all(now=now)
    points.want_after_outages(now=now)
    restores.end_when_checked(now, quiet=points.QUIET)
    if points.is_due(now):
        queue.wake(Job.RECONCILE, now=now)


def _sites_wait(now: datetime) -> bool:
    """Whether there is an address to confirm, a licence to ask for, or a secret that is over."""
    asks = heartbeats.is_due(sites.LICENCES, every=sites.LICENCES_EVERY, now=now)
    return (
        bool(sites.to_confirm(now, last=heartbeats.last_at(sites.ADDRESSES)))
        or _OLD_SECRET.exist(now)
        or (asks and sites.without_licence(now).exists())
    )
