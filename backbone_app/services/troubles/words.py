"""Jira's own words about failures: those of the own space's Jira, for who may see the work item there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from backbone_app.errors import BackboneError
from backbone_app.jira.client import JiraClient
from backbone_app.ledger import glances, journal
from backbone_app.ledger.standing import Standing
from backbone_app.models import Failure, JournalEntry
from backbone_app.models.callers import Caller
from backbone_app.models.intent import JournalKind

_TOLD: Final = (JournalKind.FAILED, JournalKind.STUCK)
_MOST_LINES: Final = 500
_SOONER: Final = timedelta(minutes=1)
"""A refused comment is told at once, but noted as a failure only when the pair's turn is over."""


def said(seen: Standing, failures: Iterable[Failure]) -> dict[int, str]:
    """Give by failure what the own space's Jira said of it, where it was the one that refused."""
    mine = [one for one in failures if one.side == seen.side]
    lines = _lines(seen, {one.pair_id for one in mine})
    found = {one.pk: _words(one, lines.get(one.pair_id, ())) for one in mine}
    return {pk: words for pk, words in found.items() if words}


def browsable(client: JiraClient, caller: Caller, items: Collection[str], *, now: datetime) -> frozenset[str]:
    """Leave the work items that the caller may see; where Jira cannot be asked, those still remembered."""
    site_id, account = caller.site_id, caller.account or ""
    try:
        return glances.browsable(client, site_id=site_id, account=account, items=items, now=now)
    except BackboneError:
        return glances.remembered(site_id=site_id, account=account, items=items, now=now)


def _lines(seen: Standing, pair_ids: Collection[int]) -> Mapping[int, Sequence[JournalEntry]]:
    """Give the lines of the own half's feed that tell of refusals, by pair, newest first."""
    told = JournalEntry.objects.filter(
        pair__in=pair_ids, site=seen.own.site_id, side=seen.side, kind__in=_TOLD
    )
    lines: dict[int, list[JournalEntry]] = defaultdict(list)
    for line in told.order_by("-pk")[:_MOST_LINES]:
        lines[line.pair_id].append(line)
    return lines


def _words(failure: Failure, lines: Iterable[JournalEntry]) -> str:
    line = next((one for one in lines if _is_about(one, failure)), None)
    return str(journal.values(line).get(failure.row) or "") if line else ""


def _is_about(line: JournalEntry, failure: Failure) -> bool:
    """Whether a line tells of this failure, not of an earlier one in the same place.

    A status without a way is told again only when the sentence is another one:
    the newest line is about it, however old.
    """
    if failure.row not in line.rows:
        return False
    if failure.code == "no_path":
        return line.kind == JournalKind.STUCK
    return line.kind == JournalKind.FAILED and line.at >= failure.first_at - _SOONER
