"""Whose turn it is to be reported to Atlassian: an account of a site once in a cycle, never more often.

A site has rounds. One begins when ``Site.reports_due_at`` has passed; in it every account is reported
that was not since then, and its end sets the next due time a whole cycle ahead. So a round can be cut
anywhere and goes on where it was, and between two reports of an account there is a cycle at least.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from backbone_app.models import AccountReport, Pause, Site
from backbone_app.models.site import SiteStatus

FIRST_AFTER: Final = timedelta(days=1)
"""A site that has just come holds nobody's data yet."""
CYCLE: Final = timedelta(days=7)
"""How long a cycle is where Atlassian did not say."""
TRY_AGAIN_AFTER: Final = timedelta(hours=1)
"""Where Jira does not take a report: nothing of it is urgent to the minute."""
AT_ONCE: Final = 500
_SCOPE: Final = "report:"


def plan(*, now: datetime) -> None:
    """Give each enabled site that has none yet the time of its first round."""
    new = Site.objects.filter(status=SiteStatus.ENABLED, reports_due_at=None)
    new.update(reports_due_at=now + FIRST_AFTER)


def due(*, now: datetime) -> "QuerySet[Site]":
    """Give the enabled sites whose round is due or under way and not put off, longest due first."""
    waits = Pause.objects.filter(site=OuterRef("pk"), scope__startswith=_SCOPE, until__gt=now)
    sites = Site.objects.filter(~Exists(waits), status=SiteStatus.ENABLED, reports_due_at__lte=now)
    return sites.order_by("reports_due_at", "pk")


def put_off(site: Site, *, reason: str, span: timedelta = TRY_AGAIN_AFTER, now: datetime) -> None:
    """Leave the reports of a site alone for a while; its round goes on then, where it was.

    It is a pause that concerns nothing else: no call looks at it.
    """
    kept = {"site": site, "reason": reason, "since": now, "until": now + span}
    Pause.objects.update_or_create(scope=f"{_SCOPE}{site.pk}", defaults=kept)


def keep(site: Site, accounts: Collection[str], *, now: datetime) -> None:
    """Make the site's rows those of just these accounts; who is new is known from now on."""
    kept = AccountReport.objects.filter(site=site)
    known = set(kept.values_list("account", flat=True))
    with transaction.atomic():
        gone = [row for row, account in kept.values_list("pk", "account") if account not in accounts]
        for start in range(0, len(gone), AT_ONCE):
            AccountReport.objects.filter(pk__in=gone[start : start + AT_ONCE]).delete()
        AccountReport.objects.bulk_create(
            [AccountReport(site=site, account=account, known_at=now) for account in set(accounts) - known],
            ignore_conflicts=True,
            batch_size=AT_ONCE,
        )


def following(site: Site, *, most: int) -> Mapping[str, datetime]:
    """Give who is next in the round under way, each with the time we last learned something of them."""
    rest = AccountReport.objects.filter(site=site).filter(
        Q(reported_at=None) | Q(reported_at__lt=site.reports_due_at)
    )
    return dict(rest.order_by("pk").values_list("account", "known_at")[:most])


def reported(
    site: Site, accounts: Collection[str], updated: Collection[str], *, cycle: timedelta, now: datetime
) -> None:
    """Note that these accounts were reported, and that what we know of the ``updated`` ones is new again.

    Were they the last ones of the round, it ends; the next begins after a ``cycle``.
    """
    rows = AccountReport.objects.filter(site=site)
    with transaction.atomic():
        rows.filter(account__in=accounts).update(reported_at=now)
        rows.filter(account__in=updated).update(known_at=now)
        if not following(site, most=1):
            Site.objects.filter(pk=site.pk).update(reports_due_at=now + cycle)


def end_round(site: Site, *, now: datetime) -> None:
    """End a round in which there was nobody to report; one that ended is left as it is."""
    under_way = Site.objects.filter(pk=site.pk, reports_due_at=site.reports_due_at)
    under_way.update(reports_due_at=now + CYCLE)
