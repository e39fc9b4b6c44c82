"""Report the people of each site to Atlassian, and do what it says of them.

Whose account is closed is erased from that site's rows; whose data changed is looked up anew when it is
next shown. ``ledger.reports`` knows whose turn it is. A site that is disabled or uninstalled is not called.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from backbone_app import gateway, logs, queue
from backbone_app.errors import BackboneError, RemoteBusy
from backbone_app.jira import reports as jira_reports
from backbone_app.ledger import erasures, people, personal, reports
from backbone_app.models import Site
from backbone_app.models.pair import PairLane
from backbone_app.queue import Job

BUDGET: Final = timedelta(seconds=20)
"""How long a run reports on: the lane's other jobs want their turn."""

Clock = Callable[[], datetime]

log = structlog.get_logger()


def drain(clock: Clock) -> int:
    """Go on with the rounds that are due until ``BUDGET`` is over; returns how many calls were answered."""
    queue.taken(Job.REPORT_ACCOUNTS)
    begun = clock()

    def must_yield() -> bool:
        return queue.must_yield(Job.REPORT_ACCOUNTS, since=begun)

    calls = 0
    for site_id in reports.due(now=begun):
        if clock() >= begun + BUDGET or must_yield():
            queue.wake(Job.REPORT_ACCOUNTS, now=clock())
            break
        with logs.about(tenant=str(site_id)):
            calls += _go_on(site_id, must_yield, clock)
    return calls


def _go_on(site_id: UUID, must_yield: Callable[[], bool], clock: Clock) -> int:
    """Go on with the round of a site until it ends, has to wait, or is cut: the sweep comes back to it.

    Who is in a round is looked up once, as it begins. The time that takes is not counted, or a site with
    very many texts would never come to its first call.
    """
    site = reports.claim(site_id, now=clock())
    if site is None:
        return 0
    try:
        if not reports.is_begun(site) and not _begin(site, must_yield, clock):
            return 0
        calls, until = 0, clock() + BUDGET
        while known := reports.following(site, most=jira_reports.MOST):
            if clock() >= until or must_yield() or not _try(site, known, clock):
                return calls
            calls += 1
        reports.end_round(site, now=clock())
        return calls
    finally:
        reports.release(site_id)


def _begin(site: Site, must_yield: Callable[[], bool], clock: Clock) -> bool:
    """Look up whom the site's rows and texts name; False where others need the worker."""
    mentioned = personal.accounts_mentioned(site.pk, must_yield)
    if mentioned is None:
        return False
    # Who works on a linked Data Center has no account that Atlassian knows of.
    named = frozenset(filter(personal.is_account, personal.accounts_of(site.pk)))
    reports.keep(site, named | mentioned, now=clock())
    return True


def _try(site: Site, known: Mapping[str, datetime], clock: Clock) -> bool:
    """Report some accounts of a site; False where it has to wait, which is noted."""
    try:
        _report(site, known, clock)
    except RemoteBusy as busy:
        reports.put_off(site, reason=busy.code, span=timedelta(seconds=busy.retry_after), now=clock())
    except BackboneError as trouble:
        log.warning("report_put_off", code=trouble.code)
        reports.put_off(site, reason=trouble.code, now=clock())
    else:
        return True
    return False


def _report(site: Site, known: Mapping[str, datetime], clock: Clock) -> None:
    verdict = jira_reports.report(gateway.client(site, clock=clock, lane=PairLane.BULK), known)
    if verdict.closed:
        # Before they count as reported: after a crash in between they are asked about again.
        erasures.note_people(verdict.closed, site.pk, now=clock())
        rows = personal.erase(verdict.closed, [site.pk], now=clock()).total()
        log.info("people_erased", people=len(verdict.closed), rows=rows)
    people.forget([site.pk], verdict.closed | verdict.updated)
    reports.reported(site, known, verdict.updated, cycle=verdict.cycle, now=clock())
