"""The audit log as a site's Jira admins read it: on a page, and as a whole to download."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from backbone_app import gateway
from backbone_app.errors import RemoteError
from backbone_app.ledger import access, audit, people, tickets
from backbone_app.ledger.audit import KEPT, Act
from backbone_app.ledger.tickets import Grant, What
from backbone_app.models import AuditEntry, Site
from backbone_app.models.callers import Caller
from backbone_app.services.audit_log.words import LABELS, Line, line

__all__ = ["KEPT", "LABELS", "PAGE", "Line", "Log", "Wanted", "listed", "offer", "sheet"]

PAGE: Final = 50
COLUMNS: Final = (
    "Time (UTC)",
    "Who",
    "Account",
    "What",
    "About",
    "Space",
    "Partner space",
    "Page",
    "Synchronization",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: older than ``before``, of one space (Jira's id), of one kind of act; empty: all."""

    before: int | None = None
    space: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """One page of the log, newest first; ``older`` is what to ask for next, ``spaces`` are keys by id."""

    lines: tuple[Line, ...]
    older: int | None
    spaces: Mapping[str, str]


def listed(caller: Caller, wanted: Wanted, *, now: datetime) -> Log:
    """List one page of the site's log to a Jira admin; raises NotAllowed and RemoteError."""
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.known_jira_admin(client, site_id=caller.site_id, account=caller.account, now=now)
    found = AuditEntry.objects.filter(site=caller.site_id)
    entries = list(_only(found, wanted).order_by("-at", "-pk")[: PAGE + 1])
    shown = entries[:PAGE]
    names = _names(caller.site_id, (entry.account for entry in shown), now=now)
    older = shown[-1].pk if len(entries) > PAGE else None
    return Log(tuple(line(entry, names) for entry in shown), older, _spaces(found))


def offer(caller: Caller, ticket: str, *, now: datetime) -> None:
    """Make ``ticket`` good for a download of the whole log, if Jira says now that they administer it."""
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.ask_jira_admin(client, site_id=caller.site_id, account=caller.account, now=now)
    tickets.issue(caller, What.AUDIT_LOG, ticket, now=now)


def sheet(grant: Grant, *, now: datetime) -> Iterator[tuple[str, ...]]:
    """Give the whole log as rows of text, the names of the columns first; that is an act of its own."""
    audit.note(grant, Act.AUDIT_DOWNLOADED, now=now)
    found = AuditEntry.objects.filter(site=grant.site_id)
    people_of = found.exclude(account="").order_by().values_list("account", flat=True).distinct()
    names = _names(grant.site_id, people_of, now=now)
    entries = found.order_by("-at", "-pk").iterator(chunk_size=500)
    return chain([COLUMNS], (_row(line(entry, names)) for entry in entries))


def _only(found: QuerySet[AuditEntry], wanted: Wanted) -> QuerySet[AuditEntry]:
    if wanted.before is not None:
        last = found.filter(pk=wanted.before).values("at")[:1]
        found = found.filter(Q(at__lt=last) | Q(at=last, pk__lt=wanted.before))
    if wanted.space:
        found = found.filter(Q(space=wanted.space) | Q(detail__partner_space=wanted.space))
    return found.filter(act=wanted.act) if wanted.act else found


def _spaces(found: QuerySet[AuditEntry]) -> Mapping[str, str]:
    """Give the site's spaces that anything is told of: the keys they were last told with, by id."""
    partners = found.filter(detail__has_key="partner_space")
    keys = {
        **_newest(partners, "detail__partner_space", "detail__partner_key"),
        **_newest(found.exclude(space=""), "space", "detail__space_key"),
    }
    return dict(sorted(keys.items(), key=lambda one: one[1]))


def _newest(found: QuerySet[AuditEntry], space: str, key: str) -> dict[str, str]:
    newest = found.order_by().values(space).annotate(newest=Max("pk")).values("newest")
    return dict(AuditEntry.objects.filter(pk__in=newest).values_list(space, key))


def _names(site_id: UUID, accounts: Iterable[str], *, now: datetime) -> Mapping[str, str] | None:
    """Look up what people are called; None where Jira does not answer: they go without a name then."""
    client = gateway.client(Site.objects.get(pk=site_id), clock=lambda: now)
    try:
        return people.names(client, site_id, {account for account in accounts if account})
    except RemoteError:
        return None


def _row(one: Line) -> tuple[str, ...]:
    return (
        f"{one.at:%Y-%m-%d %H:%M:%S}",
        one.who,
        one.account,
        one.what,
        one.about,
        one.space_key,
        one.partner,
        one.page,
        str(one.synchronization or ""),
    )
