"""Note what somebody is to be told, in the transaction of its cause."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from backbone_app import mail
from backbone_app.core.notices import KIND_OF, Event
from backbone_app.core.values import Side
from backbone_app.errors import LinkBroken
from backbone_app.ledger.notices.addresses import listening
from backbone_app.models import Notice, NoticeAddress, SynchronizationSide

Detail = Mapping[str, str | int]
"""Keys and names of spaces, a synchronization's name, codes and counts; never a text of a work item."""
NOTHING: Final[Detail] = MappingProxyType({})


def note(
    site_id: UUID, space: str, event: Event, *, detail: Detail, with_site: bool = True, now: datetime
) -> None:
    """Have told whoever of a space (Jira's id) wants to know this, and ``with_site`` whoever of the site.

    An empty ``space`` is something that concerns the site and none of its spaces. Nothing is noted where no
    mail can be sent.
    """
    if not mail.is_configured():
        return
    places = {space, ""} if with_site else {space}
    hearing = listening().filter(site=site_id, space__in=places)
    kinds = hearing.order_by("pk").values_list("pk", "kinds")
    Notice.objects.bulk_create(
        Notice(address_id=pk, event=event, detail=dict(detail), at=now)
        for pk, wanted in kinds
        if KIND_OF[event] in wanted
    )


def note_half(
    half: SynchronizationSide,
    other: SynchronizationSide,
    event: Event,
    *,
    detail: Detail = NOTHING,
    with_site: bool = True,
    now: datetime,
) -> None:
    """Have the side of ``half`` told; a half without a space (none was found) has nobody to tell."""
    if half.space:
        told = {**_told(half, other), **detail}
        note(half.site_id, half.space, event, detail=told, with_site=with_site, now=now)


def note_paused(
    one: SynchronizationSide, other: SynchronizationSide, *, reason: str, side: Side | None, now: datetime
) -> None:
    """Have both sides told that we paused a synchronization, and in whose space the reason (a code) lies.

    Of a broken link it is told whoever wants to hear of links.
    """
    event = Event.LINK_BROKEN if reason == LinkBroken.code else Event.PAUSED
    _note_both(one, other, event, side, {"reason": reason}, now)


def note_resumed(one: SynchronizationSide, other: SynchronizationSide, *, now: datetime) -> None:
    """Have both sides told that it goes on by itself."""
    _note_both(one, other, Event.RESUMED, None, NOTHING, now)


def note_mended(one: SynchronizationSide, other: SynchronizationSide, *, now: datetime) -> None:
    """Have both sides told that it goes on because its link was mended."""
    _note_both(one, other, Event.LINK_MENDED, None, NOTHING, now)


def failed(
    row: NoticeAddress, half: SynchronizationSide, other: SynchronizationSide, *, count: int, now: datetime
) -> Notice:
    """Make the notice for one address of so many new errors; whoever has counted them keeps it."""
    detail = {**_told(half, other), "count": count}
    return Notice(address_id=row.pk, event=Event.FAILED, detail=detail, at=now)


def _note_both(
    one: SynchronizationSide,
    other: SynchronizationSide,
    event: Event,
    side: Side | None,
    detail: Detail,
    now: datetime,
) -> None:
    for half, partner in ((one, other), (other, one)):
        lies = {} if side is None else {"lies": "own" if half.side == side else "partner"}
        # Who listens for the whole site hears once of what happened between two of its spaces.
        is_first = half is one or half.site_id != one.site_id
        note_half(half, partner, event, detail={**detail, **lies}, with_site=is_first, now=now)


def _told(half: SynchronizationSide, other: SynchronizationSide) -> Detail:
    """Name both spaces as the people of ``half`` may know them: by the key they asked for, if they did."""
    across = {"partner_site": other.site.base_url} if half.site_id != other.site_id else {}
    return {
        "name": half.name,
        "space_key": half.space_key,
        "space_name": half.space_name,
        "partner_key": half.asked_key or other.space_key,
        **across,
    }
