"""How a synchronization stands, in numbers."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from backbone_app.core.failures import rule
from backbone_app.core.handshake import State
from backbone_app.ledger import departures, holds, links, restores
from backbone_app.ledger.standing import Standing
from backbone_app.models import Failure, Pair, Reconciliation
from backbone_app.models.pair import PairState
from backbone_app.models.site import SiteStatus
from backbone_app.services.troubles import rows
from backbone_app.services.troubles.shown import Health, Paused


def health(seen: Standing, now: datetime) -> Health:
    """Count pairs and failures; nothing is at work or under way while a site must not be called."""
    pairs, active = Pair.objects.filter(synchronization=seen.row), rows.active(seen)
    found = Failure.objects.filter(synchronization=seen.row)
    unfailing = ~Exists(Failure.objects.filter(pair=OuterRef("pk")))
    checks = list(Reconciliation.objects.filter(half__synchronization=seen.row))
    restored = restores.lasting(now)
    holding = (restored.sentence(now),) if restored else holds.sentences(seen.own, seen.other, now)
    if not restored and seen.state is State.RUNNING and any(each.whole_at is None for each in checks):
        holding = (*holding, restores.CHECKED_FIRST)
    held = (*departures.notices(seen.other.site), *holding)
    goes_on = seen.state is State.RUNNING and not held
    return Health(
        name=seen.own.name,
        description=seen.own.description,
        partner=seen.partner,
        status=seen.status(now),
        pairs=pairs.count(),
        in_step=active.filter(unfailing, reason="", due=0, incomplete=False).count(),
        failing=found.filter(ignored=False).count(),
        ignored=found.filter(ignored=True).count(),
        waiting=rows.waiting(seen).count(),
        alone=pairs.filter(unfailing, state=PairState.SET_ASIDE).count(),
        at_work=active.filter(due__gt=0).exclude(not_before__gt=now).count() if goes_on else 0,
        paused=_paused(seen) if seen.state is State.PAUSED else None,
        link_broken=bool(links.broken_among([seen.other.site_id])),
        holds=held,
        checked_at=min((each.last_at for each in checks if each.last_at), default=None),
        found=sum(each.found for each in checks),
        checking=goes_on and any(each.whole for each in checks),
        has_webhook=seen.other.site.status == SiteStatus.LINKED,
    )


def _paused(seen: Standing) -> Paused:
    code = seen.row.pause_reason
    known, where = rule(code), seen.where(seen.row.pause_side)
    return Paused(code, where, known.sentence, known.remedy, seen.row.paused_at)
