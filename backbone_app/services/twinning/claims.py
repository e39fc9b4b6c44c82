"""Make two existing work items a pair: the row is the claim, the same one that a creation takes."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from backbone_app import gateway, queue
from backbone_app.core.handshake import State
from backbone_app.core.values import Edit, Side
from backbone_app.errors import Outdated
from backbone_app.ledger import access, audit, journal
from backbone_app.ledger.audit import Act
from backbone_app.models import Pair, PairSide, Site
from backbone_app.models.callers import Caller
from backbone_app.models.intent import JournalKind
from backbone_app.models.pair import Choice
from backbone_app.services.twinning.finding import Candidate, Candidates, connected, found, must_be_free
from backbone_app.services.twinning.wishes import choice_of


@dataclass(frozen=True, slots=True)
class Paired:
    """A pair that was made; the keys are the present ones.

    ``is_running``: it is brought in step now, else after the start.
    """

    id: int
    own_key: str
    partner_key: str
    is_running: bool


def pair_up(
    caller: Caller,
    space: str,
    synchronization_id: uuid.UUID,
    *,
    own_key: str,
    partner_key: str,
    choice: str,
    now: datetime,
) -> Paired:
    """Pair two existing work items; ``choice`` (a ``Wish``) says whose values stand where they differ.

    Both are read and compared by the worker, which fills what is empty on one
    side. Both sides' activity says who paired them. Raises InvalidInput for what
    cannot be paired (``own_key``, ``partner_key``, ``choice``), NotAllowed,
    NotFound, Outdated and the client's errors.
    """
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.ask_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    seen = connected(caller, space, synchronization_id)
    chosen = choice_of(choice, seen.side)
    both = found(seen, caller, own_key=own_key, partner_key=partner_key, now=now)
    try:
        pair = _insert(both, chosen, caller, now=now)
    except IntegrityError as taken:
        must_be_free(both)
        raise Outdated("Somebody else was faster. Look at the two work items again.") from taken
    is_running = seen.state is State.RUNNING
    return Paired(pair.pk, both.own.item.key, both.partner.item.key, is_running)


@transaction.atomic
def _insert(both: Candidates, chosen: Choice, caller: Caller, *, now: datetime) -> Pair:
    """Insert the pair, due at once; the older of the two is where its content came from."""
    origin = _older(both)
    pair = Pair.objects.create(
        synchronization=both.seen.row,
        origin_side=origin.side,
        origin_site=origin.half.site_id,
        origin_item=origin.item.id,
        created_at=now,
        choice=chosen,
        due=1,
        incomplete=True,
    )
    PairSide.objects.bulk_create(
        PairSide(
            pair=pair,
            side=side,
            synchronization=both.seen.row,
            site_id=each.half.site_id,
            item=each.item.id,
            item_key=each.item.key[:255],
            joined=each.item.stamp.updated or now,
        )
        for side, each in both.by_side.items()
    )
    _tell(both, pair, Edit(now, caller.account or ""))
    keys = both.own.item.key, both.partner.item.key
    audit.note_shared(caller, Act.PAIRED, both.seen.own, both.seen.other, items=keys, now=now)
    queue.wake(queue.Job.SYNC, now=now)
    return pair


def _tell(both: Candidates, pair: Pair, act: Edit) -> None:
    """Note in both halves whose act it was: in no Jira's history stands a word of it."""
    version = both.seen.row.configurations.latest("version").version
    why = {journal.WHOLE: journal.Why((act,), both.seen.side)}
    for side, each in both.by_side.items():
        place = journal.Place(both.seen.row.id, pair.pk, each.half.site_id, side, version)
        journal.note(place, JournalKind.PAIRED, {}, now=act.at, why=why)


def _older(both: Candidates) -> Candidate:
    """Give the one created first, the left one where that is not known."""
    left, right = both.by_side[Side.LEFT], both.by_side[Side.RIGHT]
    if left.item.created and right.item.created and right.item.created < left.item.created:
        return right
    return left
