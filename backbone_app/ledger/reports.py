"""Whose turn it is to be reported to Atlassian: an account of a site once in a cycle, never more often.

A site has rounds. One begins when ``Site.reports_due_at`` has passed; in it every account is reported
that was not since then, and its end sets the next due time a whole cycle ahead. So a round can be cut
anywhere and goes on where it was, and between two reports of an account there is a cycle at least.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from backbone_app.models import AccountReport, Pause, Site
from backbone_app.models.prepared import Rows, Update
from backbone_app.models.site import SiteStatus

FIRST_AFTER: Final = timedelta(days=1)
"""A site that has just come holds nobody's data yet."""
CYCLE: Final = timedelta(days=7)
"""How long a cycle is where Atlassian did not say."""
TRY_AGAIN_AFTER: Final = timedelta(hours=1)
"""Where Jira does not take a report: nothing of it is urgent to the minute."""
AT_ONCE: Final = 500
HELD: Final = timedelta(minutes=6)
"""How long a claim lasts: longer than the lane lets a task run."""
SCOPE: Final = "report:"
"""What the pause begins with that says whose round it is, or until when it is put off."""
_CLAIMED: Final = "claimed"


def plan(*, now: datetime) -> None:
    """Give each enabled site that has none yet the time of its first round."""
    _PLAN(now + FIRST_AFTER)


def due(*, now: datetime) -> tuple[UUID, ...]:
    """Name the enabled sites whose round is due or under way, and neither claimed nor put off, in order."""
    return tuple(site for (site,) in _SITES_DUE(now))


def claim(site_id: UUID, *, now: datetime) -> Site | None:
    """Take the round of a site for ``HELD``; None where somebody else has it, or it has just ended.

    The claim is a pause that no call looks at. Two workers in one round would report people twice.
    """
    scope = f"{SCOPE}{site_id}"
    before = {"site_id": site_id, "reason": _CLAIMED, "since": now, "until": now}
    with transaction.atomic():
        Pause.objects.get_or_create(scope=scope, defaults=before)
        free = Pause.objects.filter(scope=scope, until__lte=now)
        if not free.update(reason=_CLAIMED, since=now, until=now + HELD):
            return None
    site = _due(now).filter(pk=site_id).first()
    if site is None:
        release(site_id)
    return site


def release(site_id: UUID) -> None:
    """Give a round back, whether it ended or was cut; one that was put off since stays so."""
    Pause.objects.filter(scope=f"{SCOPE}{site_id}", reason=_CLAIMED).delete()


def put_off(site: Site, *, reason: str, span: timedelta = TRY_AGAIN_AFTER, now: datetime) -> None:
    """Leave the reports of a site alone for a while; its round goes on then, where it was."""
    Pause.objects.filter(scope=f"{SCOPE}{site.pk}").update(reason=reason, until=now + span)


def is_begun(site: Site) -> bool:
    """Whether somebody was reported in the round under way: then it is known who is in it."""
    return AccountReport.objects.filter(site=site, reported_at__gte=site.reports_due_at).exists()


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


def _due(now: datetime) -> "QuerySet[Site]":
    return Site.objects.filter(status=SiteStatus.ENABLED, reports_due_at__lte=now)


def _sites_due(now: datetime) -> "QuerySet[Site, tuple[UUID]]":
    waits = Pause.objects.filter(site=OuterRef("pk"), scope__startswith=SCOPE, until__gt=now)
    return _due(now).filter(~Exists(waits)).order_by("reports_due_at", "pk").values_list("pk")


_SITES_DUE: Final = Rows(_sites_due)
_PLAN: Final = Update(
    lambda first: (
        Site.objects.filter(status=SiteStatus.ENABLED, reports_due_at=None),
        {"reports_due_at": first},
    )
)
