"""Looks as the planner takes them: who is known where, and what a delivery cannot show."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from backbone_app.core import texts
from backbone_app.core.canonical import digest
from backbone_app.core.configuration import Direction, FieldRow
from backbone_app.core.merge import TIE
from backbone_app.core.operations import Plan
from backbone_app.core.plan import differs
from backbone_app.core.state import Base, View
from backbone_app.core.values import FieldKind, Side
from backbone_app.ledger import people
from backbone_app.services.syncing import claims
from backbone_app.services.syncing.look import Look
from backbone_app.services.syncing.work import Work

Looks = Mapping[Side, Look]


def of(work: Work, looks: Looks) -> dict[Side, View]:
    """Give a view of every look; raises the client's errors where somebody mentioned has to be asked for."""
    return {
        side: replace(look, returned=look.returned - _carried(work, side, look)).view(
            work.halves[side].key,
            known_there(work, side, _mentions(looks.get(side.other))),
            called(work, side, _mentions(look)),
        )
        for side, look in looks.items()
    }


def _carried(work: Work, side: Side, look: Look) -> frozenset[str]:
    """Name the fields whose old value, chosen anew, a write of ours has brought across already.

    It has been weighed. Where something else stands in the way of the pair, its edits stay to be seen: this
    one must not be weighed once more, against whoever went on from it.
    """
    if not look.returned:
        return frozenset()
    brought: dict[str, int] = {}
    for one in claims.brought(work, side.other):
        brought[one.row] = max(brought.get(one.row, 0), one.carries or 0)
    edits = {**look.edits, **{name: crossed.edit for name, crossed in look.crossed.items()}}
    last = {name: edit.entry for name, edit in edits.items() if edit.entry is not None}
    names = {row.key: row.on(side) for row in work.configuration.fields}
    return frozenset(
        name for key, name in names.items() if key in brought and name in last and last[name] <= brought[key]
    )


def known_there(work: Work, side: Side, accounts: frozenset[str]) -> frozenset[str] | None:
    """Tell which of ``accounts`` exist on a side's site; None where both spaces are on one site."""
    half = work.halves[side]
    if half.site_id == work.halves[side.other].site_id:
        return None
    return people.known(half.client, half.site_id, accounts, of=work.halves[side.other].client)


def called(work: Work, side: Side, accounts: frozenset[str]) -> Mapping[str, str]:
    """Tell what those of a side's people are called whose ids say nothing on the other side's site."""
    half = work.halves[side]
    return people.names_for(half.client, half.site_id, accounts, to=work.halves[side.other].client)


def twin_people(work: Work, looks: Looks) -> frozenset[str] | None:
    """Tell who of those mentioned in the origin exists where its twin is to be created."""
    return known_there(work, work.origin.other, _mentions(looks.get(work.origin)))


def any_differs(work: Work, base: Base, looks: Looks) -> bool:
    """Whether a side differs from the base in anything that may travel: then its partner is worth a read."""
    return any(
        differs(work.configuration, base, side, look.view(work.halves[side].key, None))
        for side, look in looks.items()
    )


def unread_partners(work: Work, base: Base, looks: Looks) -> list[Side]:
    """List the sides known from deliveries only whose partner's rich text has changed.

    A read that shows an edit we then leave unplanned would count as known: its
    own delivery, when it comes, would be taken for old news.
    """
    rows = [row for row in work.configuration.fields if row.kind is FieldKind.RICH]

    def changed(side: Side) -> bool:
        fields, key = looks[side].item.fields, work.halves[side].key
        return any(
            row.key in base.fields
            and row.on(side) in fields
            and digest(key, row.on(side), fields[row.on(side)]) != base.fields[row.key].on(side)
            for row in rows
        )

    return [
        side.other
        for side, look in looks.items()
        if look.whole and not looks[side.other].whole and changed(side)
    ]


def unshown(work: Work, looks: Looks) -> list[Side]:
    """List the sides whose rich text a delivery does not show: a twin is not to be made without it."""
    rows = [row for row in work.configuration.fields if row.kind is FieldKind.RICH]
    return [
        side
        for side, look in looks.items()
        if not look.whole and any(row.on(side) not in look.item.fields for row in rows)
    ]


def undated(work: Work, planned: Plan, looks: Looks) -> list[Side]:
    """List the sides of a conflict whose edit, or its time, a delivery does not tell: a read knows it.

    Of an entry by our own account a delivery does not say which write it was:
    one of this pair carries an edit that is older than itself.
    """
    rows = {row.key: row for row in work.configuration.fields}
    sides = set()
    for conflict in planned.conflicts:
        edits = {Side.LEFT: conflict.left_edit, Side.RIGHT: conflict.right_edit}
        sides |= {
            side
            for side, edit in edits.items()
            if edit is None
            or edit.author == work.halves[side].account
            or (side in looks and rows[conflict.row].on(side) in looks[side].unexplained)
        }
    return [side for side in Side if side in sides and side in looks and not looks[side].whole]


def unheard(work: Work, base: Base, planned: Plan, looks: Looks) -> list[Side]:
    """List the sides that an edit of their partner reaches without a write: they hold all it says already.

    A write would have met an edit made there whose news is still under way; so
    they are read, or that edit would go for a later one and overwrite its partner unsaid.
    Where nobody can tell whose edit is the older one of two, both sides are.
    """
    rows = {row.key: row for row in work.configuration.fields if row.direction is Direction.BOTH}
    agreed = [one for one in planned.agreements if one.agrees and one.row in rows and one.row in base.fields]
    sides: set[Side] = set()
    for one in agreed:
        reached = [side.other for side in Side if base.fields[one.row].on(side) != one.on(side)]
        sides |= set(reached) if len(reached) == 1 else _not_newer(rows[one.row], looks, reached)
    return [side for side in Side if side in sides and side in looks and not looks[side].crossed]


def _not_newer(row: FieldRow, looks: Looks, sides: Collection[Side]) -> set[Side]:
    """Name those of two ``sides`` that say the same whose edit is not known to be the newer one."""
    at = {side: look.edits[row.on(side)].at for side, look in looks.items() if row.on(side) in look.edits}
    return {side for side in sides if len(at) < 2 or at[side] - at[side.other] < TIE}


def unproven(work: Work, base: Base, planned: Plan, looks: Looks) -> list[Side]:
    """List the sides to be overwritten where a delivery tells of an edit, and they hold what was agreed on.

    Somebody may have chosen that anew: on a third work item, so that our own account brought it, or after
    an edit whose news is lost. Only the whole history tells; and where a pair has not agreed yet it alone
    tells that nobody has edited the side that is to be overwritten.
    """
    names = {row.key: row for row in work.configuration.fields}
    told = {conflict.row for conflict in planned.conflicts}
    written = [(operation.side, one.row) for operation in planned.operations for one in operation.writes]
    sides = {
        side
        for side, row in written
        if row not in told
        and side in looks
        and (names[row].on(side) in looks[side].edits or row not in base.fields)
    }
    return [side for side in Side if side in sides and not looks[side].whole]


def _mentions(look: Look | None) -> frozenset[str]:
    if look is None:
        return frozenset()
    return texts.mentions([*look.item.fields.values(), *(one.value for one in look.crossed.values())])
