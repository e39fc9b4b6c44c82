"""What pairing two work items would do, field by field, before it is done."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from backbone_app import gateway
from backbone_app.core.comparison import Compared, Verdict, compare, words
from backbone_app.core.configuration import field_name
from backbone_app.core.state import EMPTY_BASE
from backbone_app.core.values import Side, Value
from backbone_app.ledger import access
from backbone_app.ledger.standing import Partner
from backbone_app.models import Site
from backbone_app.models.callers import Caller
from backbone_app.services.twinning.finding import connected, found, keeps_values

LONGEST: Final = 300
"""Characters of a value that are shown."""


class Outlook(StrEnum):
    """What will happen to a field, seen from the own space; STAYS: nothing, it may differ."""

    EQUAL = "equal"
    FILLS_OWN = "fills own"
    FILLS_PARTNER = "fills partner"
    DIFFERS = "differs"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class FieldPreview:
    """One field: its name, what will happen, and the own work item's value."""

    name: str
    outlook: Outlook
    own: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Two work items by their present keys; counts first. Of the partner's no value is told.

    They are no pair yet: nothing of the partner's work item has been sent to anybody,
    and nobody there would learn that it was read. ``is_kept``: a value that gives way
    stays in both sides' activity.
    """

    own_key: str
    partner_key: str
    equal: int
    fills_own: int
    fills_partner: int
    differs: int
    fields: tuple[FieldPreview, ...]
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Spaces:
    """The two spaces that work items can be paired of."""

    id: uuid.UUID
    name: str
    own_key: str
    own_name: str
    partner: Partner


def ready(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> Spaces:
    """Name the spaces to an admin who wants to pair work items; raises NotAllowed, NotFound, Outdated."""
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.known_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    seen = connected(caller, space, synchronization_id)
    return Spaces(seen.row.id, seen.own.name, seen.own.space_key, seen.own.space_name, seen.partner)


def preview(
    caller: Caller,
    space: str,
    synchronization_id: uuid.UUID,
    *,
    own_key: str,
    partner_key: str,
    now: datetime,
) -> Preview:
    """Show what would become of two work items; writes nothing.

    Raises InvalidInput for what cannot be paired (``own_key`` or ``partner_key``),
    NotAllowed, NotFound, Outdated and the client's errors.
    """
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.known_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    seen = connected(caller, space, synchronization_id)
    both = found(seen, caller, own_key=own_key, partner_key=partner_key, now=now)
    views = both.views()
    rows = compare(both.configuration, EMPTY_BASE, views[Side.LEFT], views[Side.RIGHT])
    fields = tuple(_preview(one, both.own.side) for one in rows)
    counts = [field.outlook for field in fields]
    return Preview(
        own_key=both.own.item.key,
        partner_key=both.partner.item.key,
        equal=counts.count(Outlook.EQUAL),
        fills_own=counts.count(Outlook.FILLS_OWN),
        fills_partner=counts.count(Outlook.FILLS_PARTNER),
        differs=counts.count(Outlook.DIFFERS),
        fields=fields,
        is_kept=keeps_values(seen),
    )


def shortened(value: Value) -> str:
    """Say a value in plain text, of at most ``LONGEST`` characters."""
    text = words(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _preview(one: Compared, own: Side) -> FieldPreview:
    return FieldPreview(field_name(one.row.on(own)), _outlook(one.verdict, own), shortened(one.on(own)))


_PLAIN: Final[Mapping[Verdict, Outlook]] = MappingProxyType(
    {
        Verdict.EQUAL: Outlook.EQUAL,
        Verdict.DIFFERENT: Outlook.DIFFERS,
        Verdict.APART: Outlook.STAYS,
    }
)


def _outlook(verdict: Verdict, own: Side) -> Outlook:
    if verdict in _PLAIN:
        return _PLAIN[verdict]
    filled = Side.LEFT if verdict is Verdict.FILL_LEFT else Side.RIGHT
    return Outlook.FILLS_OWN if filled is own else Outlook.FILLS_PARTNER
