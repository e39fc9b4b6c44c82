"""What was last seen of a pair's sides, and what they held when they last agreed, as rows."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef

from backbone_app import gateway
from backbone_app.core import authorship, expectation, marks
from backbone_app.core.state import Base, BaseChange, ElementBase, FieldBase
from backbone_app.core.values import Item, Side, Stamp
from backbone_app.jira import read
from backbone_app.jira.client import JiraClient
from backbone_app.models import ElementBase as ElementRow
from backbone_app.models import Failure, Intent, Pair, PairSide, Site, SynchronizationSide
from backbone_app.models import FieldBase as FieldRow
from backbone_app.models.intent import IntentKind, IntentState
from backbone_app.models.pair import PairState
from backbone_app.models.prepared import Rows, Update

LATE_EFFECT: Final = timedelta(seconds=settings.BACKBONE_LATE_EFFECT_SECONDS)
"""A gateway may still finish what the client gave up at its deadline."""
TAKEN: Final = "twin_taken"
"""The reason of a pair whose new twin is another one's by now."""

Halves = Mapping[Side, int]
"""The id of each side's ``PairSide`` row."""
_DIGESTS: Final = Rows(
    lambda left, right: FieldRow.objects.filter(half__in=[left, right]).values_list(
        "half_id", "row", "digest"
    )
)
_ELEMENTS: Final = Rows(
    lambda pair: ElementRow.objects.filter(pair_id=pair).values_list("row", "left", "right")
)
_MARKED: Final = Rows(lambda half, row: FieldRow.objects.filter(half_id=half, row=row).values_list("pk")[:1])
_MARK: Final = Update(
    lambda half, row, digest: (FieldRow.objects.filter(half_id=half, row=row), {"digest": digest})
)


def load(pair_id: int, halves: Halves) -> Base:
    """Put the two halves' digests together to the base the planner compares with."""
    digests: dict[str, dict[Side, str]] = {}
    side_of = {half: side for side, half in halves.items()}
    for half, row, digest in _DIGESTS(halves[Side.LEFT], halves[Side.RIGHT]):
        digests.setdefault(row, {})[side_of[half]] = digest
    elements: dict[str, set[ElementBase]] = {}
    for row, left, right in _ELEMENTS(pair_id):
        elements.setdefault(row, set()).add(ElementBase(left, right))
    return Base(
        {
            row: FieldBase(one.get(Side.LEFT) or None, one.get(Side.RIGHT) or None)
            for row, one in digests.items()
        },
        {row: frozenset(members) for row, members in elements.items()},
    )


def apply(pair_id: int, halves: Halves, changes: Iterable[BaseChange]) -> None:
    """Write ``changes`` as ``Base.after`` means them; call inside the caller's transaction."""
    for change in changes:
        for side, half in halves.items():
            _mark(half, change.row, change.on(side))
        for element in change.remove:
            ElementRow.objects.filter(
                pair_id=pair_id, row=change.row, left=element.left, right=element.right
            ).delete()
        ElementRow.objects.bulk_create(
            [
                ElementRow(
                    pair_id=pair_id, row=change.row, left=element.left or "", right=element.right or ""
                )
                for element in change.add
            ],
            ignore_conflicts=True,
        )


def remember(half: int, item: Item, *, rich: Stamp) -> None:
    """Store how new the look is that a side now settles with; ``rich`` that of its rich text.

    An observation without a changelog does not take back the entry that is known.
    """
    entries = {"stamp_entry": item.stamp.entry, "rich_entry": rich.entry}
    PairSide.objects.filter(pk=half).update(
        stamp_updated=item.stamp.updated,
        rich_updated=rich.updated,
        item_key=item.key,
        **{name: entry for name, entry in entries.items() if entry is not None},
    )


def confirm(half: int, stamp: Stamp) -> None:
    """Note that everything of a half is known as of ``stamp``. In the transaction that settles its pair.

    What a check has found since then is still to be read: it made the pair due again.
    """
    PairSide.objects.filter(pk=half).update(confirmed=stamp.updated)
    PairSide.objects.filter(pk=half, pair__due=0).update(stale=False)


def doubt(site_id: UUID, item: str) -> None:
    """Have a work item read before its next twin is made: it was not found. In a transaction."""
    waiting = PairSide.objects.filter(item="").values("pair")
    PairSide.objects.filter(site=site_id, item=item, pair__in=waiting).update(stale=True)


def twin_found(intent: Intent, *, item: str, key: str, now: datetime) -> bool:
    """Settle a creation: ``item`` is the twin that ``intent`` asked for.

    The answer to the call and the twin's own delivery both come here, in
    either order; the first one settles, the second changes nothing. Where the
    item has been paired by hand meanwhile, the creation's own pair is set aside
    and taken from its worker: nothing is created again. Returns whether this
    call settled it. In the caller's transaction.
    """
    still_open = Intent.objects.filter(pk=intent.pk, state=IntentState.OPEN)
    if not still_open.update(state=IntentState.DONE, item=item):
        return False
    _take(intent, item, key, now)
    return True


def twin_found_after_all(intent: Intent, *, item: str, key: str, now: datetime) -> bool:
    """Settle a creation that had been given up: its twin shows up before another one was created.

    Returns whether it did; its line in the feed was withdrawn. One that was begun instead stands
    against it while it may still take effect; later it is one that was not answered, as any other.
    In the caller's transaction.
    """
    creations = Intent.objects.filter(pair_id=intent.pair_id, kind=IntentKind.CREATE)
    instead = creations.filter(state=IntentState.OPEN, deadline__gt=now - LATE_EFFECT)
    waits = PairSide.objects.filter(pair_id=intent.pair_id, side=intent.side, item="")
    given_up = Intent.objects.filter(pk=intent.pk, state=IntentState.VOID)
    if instead.exists() or not waits.exists():
        return False
    if not given_up.update(state=IntentState.DONE, item=item):
        return False
    _take(intent, item, key, now)
    return True


def _take(intent: Intent, item: str, key: str, now: datetime) -> None:
    half = PairSide.objects.filter(pair_id=intent.pair_id, side=intent.side, item="")
    try:
        with transaction.atomic():
            is_new = bool(half.update(item=item, item_key=key))
    except IntegrityError:
        _set_aside(intent, now)
        return
    if not is_new:  # an earlier creation had come about after all
        return
    halves = {
        Side(side): half
        for half, side in PairSide.objects.filter(pair_id=intent.pair_id).values_list("pk", "side")
    }
    apply(intent.pair_id, halves, expectation.creation_becomes(expectation.from_json(intent.expectation)))


def creation(site_id: UUID, nonce: str) -> Intent | None:
    """Find the creation on a site that left a mark; None for what is none of ours: people can write marks."""
    intent = marks.named(nonce)
    ours = Intent.objects.filter(site_id=site_id, kind=IntentKind.CREATE)
    return ours.filter(pk=intent).first() if intent else None


def note_if_made_and_gone(site: Site, space: str, told: Item) -> None:
    """Note which open creation seems to have made a work item that is gone before anybody could look at it.

    Its mark is not told everywhere: what was told of the work item has to do. Whoever deleted it wants no
    other one.
    """
    if told.creator != site.app_account:
        return
    key = gateway.digest_key(site)
    for intent in _open_creations(site.pk, space):
        if authorship.made(expectation.from_json(intent.expectation), told.fields, key=key):
            may_have_made(intent, told.id)


def _open_creations(site_id: UUID, space: str) -> list[Intent]:
    halves = SynchronizationSide.objects.filter(
        synchronization=OuterRef("pair__synchronization"), side=OuterRef("side"), space=space
    )
    open_ones = Intent.objects.filter(site_id=site_id, kind=IntentKind.CREATE, state=IntentState.OPEN)
    return list(open_ones.filter(Exists(halves)).order_by("started_at"))


def may_have_made(intent: Intent, item: str) -> None:
    """Note which work item a creation that is still open seems to have made: the oldest heard of."""
    heard = Intent.objects.filter(pk=intent.pk, state=IntentState.OPEN)
    known = heard.values_list("item", flat=True).first()
    if known is not None and (not known or marks.age(item) < marks.age(known)):
        heard.update(item=item)


def made_by_us(client: JiraClient, site_id: UUID, space: str, since: datetime) -> list[Item]:
    """Search for what a creation of ours may have made, with the marks; raises the client's errors.

    What another creation is known to have made bears that one's mark: nobody asks for it where each mark
    takes a call, or many a twin made at once would cost as many calls for each answer that was lost.
    """
    found = read.created_by_us(client, space, since)
    unmarked = [one.id for one in found if not one.mark_known]
    settled = Intent.objects.filter(site_id=site_id, kind=IntentKind.CREATE, state=IntentState.DONE)
    others = set(settled.filter(item__in=unmarked).values_list("item", flat=True))
    return [read.marked(client, one) for one in found if one.id not in others]


def _set_aside(intent: Intent, now: datetime) -> None:
    pair = Pair.objects.filter(pk=intent.pair_id)
    pair.update(state=PairState.SET_ASIDE, reason=TAKEN, due=0, lease_until=None, epoch=F("epoch") + 1)
    Failure.objects.update_or_create(
        pair_id=intent.pair_id,
        side=intent.side,
        row="",
        defaults={
            "synchronization_id": pair.get().synchronization_id,
            "code": TAKEN,
            "first_at": now,
            "last_at": now,
        },
    )


def _mark(half: int, row: str, digest: str | None) -> None:
    """Set one side's digest; without one only the fact that the row has a base."""
    if digest is None and not _MARKED.exist(half, row):
        FieldRow.objects.get_or_create(half_id=half, row=row)
    elif digest is not None and not _MARK(half, row, digest):
        FieldRow.objects.update_or_create(half_id=half, row=row, defaults={"digest": digest})
