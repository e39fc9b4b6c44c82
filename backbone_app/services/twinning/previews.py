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
from backbone_app.core.values import Side
from backbone_app.ledger import access
from backbone_app.ledger.standing import Caller, Partner
from backbone_app.models import Site
from backbone_app.services.twinning.finding import connected, found

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
    """One field: its name, what will happen, both values as far as the own space may see them.

    ``partner`` is None where the configuration does not send the field to the own space.
    """

    name: str
    outlook: Outlook
    own: str
    partner: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """Two work items by their present keys; counts first."""

    own_key: str
    partner_key: str
    equal: int
    fills_own: int
    fills_partner: int
    differs: int
    fields: tuple[FieldPreview, ...]


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
    both = found(
        connected(caller, space, synchronization_id), own_key=own_key, partner_key=partner_key, now=now
    )
    views = both.views()
    rows = compare(both.configuration, EMPTY_BASE, views[Side.LEFT], views[Side.RIGHT])
    fields = shown(rows, both.own.side)
    counts = [field.outlook for field in fields]
    return Preview(
        own_key=both.own.item.key,
        partner_key=both.partner.item.key,
        equal=counts.count(Outlook.EQUAL),
        fills_own=counts.count(Outlook.FILLS_OWN),
        fills_partner=counts.count(Outlook.FILLS_PARTNER),
        differs=counts.count(Outlook.DIFFERS),
        fields=fields,
    )


def shown(rows: tuple[Compared, ...], own: Side) -> tuple[FieldPreview, ...]:
    """Show compared rows to the people of side ``own``."""
    return tuple(
        FieldPreview(
            name=field_name(one.row.on(own)),
            outlook=_outlook(one.verdict, own),
            own=_short(words(one.on(own))),
            partner=_short(words(one.on(own.other))) if one.row.direction.writes(own) else None,
        )
        for one in rows
    )


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


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
