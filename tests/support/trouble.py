"""Pairs of ALPHA and BETA on acme and what stands in their way, as rows."""

from datetime import datetime

from backbone_app.core.handshake import CONNECTED
from backbone_app.core.values import Side, Text
from backbone_app.ledger import journal
from backbone_app.models import Failure, Pair, PairSide, Synchronization
from backbone_app.models.intent import JournalKind
from tests.support.app import Jira

OFF_SCREEN = "field_not_on_screen"


def add_pair(jira: Jira, number: int, *, now: datetime, twin: bool = True, **state: object) -> Pair:
    """A pair of ALPHA-number and BETA-number; without a twin the right one is yet to be created.

    It belongs to the only synchronization of the site that was accepted.
    """
    accepted = Synchronization.objects.filter(state__in=CONNECTED)
    row = accepted.get(sides__site=jira.row, sides__side=Side.LEFT)
    made = Pair.objects.create(
        synchronization=row,
        origin_side=Side.LEFT,
        origin_site=jira.row.id,
        origin_item=str(number),
        created_at=now,
        **state,
    )
    for side, key, exists in ((Side.LEFT, "ALPHA", True), (Side.RIGHT, "BETA", twin)):
        PairSide.objects.create(
            pair=made,
            side=side,
            synchronization=row,
            site=jira.row,
            item=f"{number}{len(key)}" if exists else "",
            item_key=f"{key}-{number}" if exists else "",
        )
    return made


def add_failure(
    jira: Jira, number: int, *, now: datetime, code: str = OFF_SCREEN, row: str = "", side: str = Side.RIGHT
) -> Failure:
    """A pair with this failure, as the worker leaves it."""
    pair = add_pair(jira, number, now=now, reason=code, incomplete=True)
    return Failure.objects.create(
        synchronization_id=pair.synchronization_id,
        pair=pair,
        side=side,
        row=row,
        code=code,
        wish="a digest",
        first_at=now,
        last_at=now,
    )


def embody(jira: Jira, pair: Pair) -> None:
    """Let both work items of the pair be there in Jira, so that people may see them or not."""
    for half in pair.sides.all():
        half.item = jira.person("dana").create(half.item_key.partition("-")[0], "In trouble")
        half.save()


def say(failure: Failure, words: str, *, now: datetime) -> None:
    """Keep what the Jira of the refusing side said about it."""
    half = failure.pair.sides.get(side=failure.side)
    place = journal.Place(failure.synchronization_id, failure.pair_id, half.site_id, Side(failure.side))
    journal.note(place, JournalKind.FAILED, {failure.row: Text(words)}, now=now)
