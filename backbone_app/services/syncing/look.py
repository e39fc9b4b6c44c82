"""What a side holds: from the deliveries that wait (no call), or from a read (one call)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from backbone_app.core import authorship, expectation
from backbone_app.core.canonical import digest
from backbone_app.core.returning import SAME_EDIT, is_given_back, is_told
from backbone_app.core.settle import Crossed
from backbone_app.core.stamps import Order, order
from backbone_app.core.state import View
from backbone_app.core.values import Edit, Entry, FieldStep, Item, Value
from backbone_app.core.wikitext import NAMELESS
from backbone_app.jira import read, webhooks
from backbone_app.jira.fields import RICH
from backbone_app.ledger import deliveries
from backbone_app.models import Delivery, Intent
from backbone_app.models.intent import IntentKind, IntentState
from backbone_app.services.syncing.work import Half

DELETED = "jira:issue_deleted"
FIRST_ENTRY = 1
STATUS: Final = "status"
NOTHING_CROSSED: Final[Mapping[str, Crossed]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Look:
    """One side as last observed, who edited it since the base, and edits we overwrote unseen.

    ``whole``: it comes from Jira's own answer and shows rich text too; a
    delivery shows plain fields only. ``unexplained`` are the fields whose last known edit is not what
    brought the value they show: the news of a later one is still to come, or lost. ``returned`` are the
    fields that somebody changed since they were settled, and that hold, or claim, again what they held once.
    """

    item: Item
    edits: Mapping[str, Edit]
    crossed: Mapping[str, Crossed] = field(default_factory=lambda: MappingProxyType({}))
    whole: bool = True
    unexplained: frozenset[str] = frozenset()
    returned: frozenset[str] = frozenset()

    def view(self, key: bytes, people: frozenset[str] | None, names: Mapping[str, str] = NAMELESS) -> View:
        """Turn the look into what the planner takes; a crossed edit is a claim on its field.

        ``people`` are the accounts known to exist on this side's site (None: all), ``names`` its own ones'.
        """
        claims = {name: crossing.value for name, crossing in self.crossed.items()}
        edits = {name: crossing.edit for name, crossing in self.crossed.items()}
        return View(
            fields={**self.item.fields, **claims},
            key=key,
            edits={**self.edits, **edits},
            current={name: self.item.fields[name] for name in claims if name in self.item.fields},
            type_id=self.item.type_id,
            people=people,
            born=self._born(),
            returned=self.returned,
            names=names,
        )

    def _born(self) -> Edit | None:
        """Give the creation, if the whole history since then was seen."""
        item, since = self.item, self.item.complete_from
        is_whole = since is not None and since <= FIRST_ENTRY
        return Edit(item.created, item.creator) if is_whole and item.created else None

    def claims(self, key: bytes) -> dict[str, str]:
        """Give the digests of the crossed edits by field id."""
        return {name: digest(key, name, one.value) for name, one in self.crossed.items()}

    def only(self, fields: Collection[str]) -> "Look":
        """Leave out the crossed edits of all other fields: they have been weighed."""
        weighed = self.crossed.keys() - set(fields)
        crossed = {name: one for name, one in self.crossed.items() if name in fields}
        return replace(self, crossed=crossed, returned=self.returned - weighed)


@dataclass(frozen=True, slots=True)
class Folded:
    """What waiting deliveries say about one side; ``unclear`` asks for a read.

    ``echoes`` is how many of them tell of our own writes.
    """

    look: Look | None
    unclear: bool = False
    echoes: int = 0


def fold(half: Half, waiting: Iterable[Delivery]) -> Folded:
    """Fold a side's deliveries, in whatever order they came, to the newest look they allow.

    A delivery older than what is known observes nothing; its changelog still
    tells who edited what. A body that was dropped, a mere hint, new rich text
    and stamps that contradict each other make the look unclear.
    """
    newest: Item | None = None
    entries: list[Entry] = []
    unclear, echoes = False, 0
    for delivery in about(half, waiting):
        parsed = opened(delivery)
        echoes += parsed is not None and half.is_the_apps(parsed.actor)
        unclear |= parsed is None or _asks_for_a_read(half, parsed)
        if parsed is None or parsed.item is None:
            continue
        entries += parsed.item.entries
        verdict = order(parsed.item.stamp, newest.stamp if newest else half.stamp)
        unclear |= verdict is Order.UNCLEAR
        newest = parsed.item if verdict is Order.NEWER else newest
    if newest is None:
        return Folded(None, unclear, echoes)
    told = replace(newest, entries=tuple(_in_order(entries)))
    look = Look(
        told,
        last_edits(entries, half),
        whole=False,
        unexplained=_unexplained(told),
        returned=_returned(told, entries, half),
    )
    return Folded(look, unclear, echoes)


def _unexplained(told: Item) -> frozenset[str]:
    last = {step.field: step.after for entry in told.entries for step in entry.steps}
    shown = told.fields
    return frozenset(name for name, after in last.items() if name in shown and shown[name] != after)


def is_deleted(half: Half, waiting: Iterable[Delivery]) -> bool:
    """Whether a delivery tells that this side's work item was deleted."""
    return any(delivery.event == DELETED for delivery in about(half, waiting))


def about(half: Half, waiting: Iterable[Delivery]) -> list[Delivery]:
    """Pick the deliveries about this side's work item, in the order of receipt."""
    return [one for one in waiting if (one.site_id, one.item) == (half.site_id, half.item)]


def opened(delivery: Delivery) -> webhooks.Delivery | None:
    """Open a delivery's body; None when it was dropped."""
    body = deliveries.body(delivery)
    return webhooks.parse(body, identifier=delivery.key) if body is not None else None


def _asks_for_a_read(half: Half, parsed: webhooks.Delivery) -> bool:
    """Whether a delivery tells of something that it does not show and we have not read since."""
    if parsed.item is None:
        return parsed.comment is None
    return bool(parsed.hints) and order(parsed.item.stamp, half.rich) in (Order.NEWER, Order.UNCLEAR)


def read_side(half: Half, pair_id: int) -> Look:
    """Read a side from Jira, with the history since the last settled look. Raises the client's errors."""
    known = [stamp.entry for stamp in (half.stamp, half.rich) if stamp.entry is not None]
    since = min(known) if len(known) == 2 else None
    item = with_history(half, read.item(half.client, half.item), since)
    return seen(item, half, pair_id)


def seen(
    item: Item,
    half: Half,
    pair_id: int,
    crossed: Mapping[str, Crossed] = NOTHING_CROSSED,
    *,
    whole: bool = True,
) -> Look:
    """Give the look at a work item with its history since the last settled one."""
    foreign = _foreign(item, half, pair_id)
    # Whoever chose the old value anew before our write crossed that has edited as well.
    returned = _returned(item, foreign, half) | crossed.keys()
    return Look(item, last_edits(foreign, half), crossed, whole=whole, returned=returned)


def with_history(half: Half, item: Item, since: int | None) -> Item:
    """Complete the changelog of ``item`` back to the entry ``since``; Jira embeds the newest 40 only.

    None: there was no entry yet, all of them are wanted.
    """
    known = since or 0
    if item.complete_from is not None and item.complete_from <= known + 1:
        return item
    return replace(item, entries=read.entries_since(half.client, item.id, known), complete_from=known + 1)


def _foreign(item: Item, half: Half, pair_id: int) -> list[Entry]:
    """Give the entries that are no writes of this pair's own."""
    marked = [entry.intent for entry in item.entries if entry.intent]
    own = {
        str(pk) for pk in Intent.objects.filter(pair_id=pair_id, pk__in=marked).values_list("pk", flat=True)
    }
    others = [entry for entry in item.entries if entry.intent not in own]
    unnamed = _unnamed(others, half, pair_id, found=own)
    return [entry for entry in others if entry.id not in unnamed]


def _unnamed(entries: Iterable[Entry], half: Half, pair_id: int, *, found: Collection[str]) -> frozenset[int]:
    """Give the ids of this pair's own entries on a site that drops what a write says of itself.

    Taken for an edit, what we wrote would stand against the very edit that it carries.
    """
    since = min(stamp.entry or 0 for stamp in (half.stamp, half.rich))
    ours = [one for one in entries if one.id > since and one.author == half.account and one.intent is None]
    if not ours:
        return frozenset()
    happened = Intent.objects.filter(
        pair_id=pair_id, side=half.side, kind__in=(IntentKind.EDIT, IntentKind.TRANSITION)
    ).exclude(state=IntentState.VOID)
    if since:
        happened = happened.filter(seen_entry__gte=since)
    author, key = half.author, half.key
    fitting = (
        authorship.unnamed(
            ours, expectation.from_json(intent.expectation), author=author, seen=intent.seen_entry, key=key
        )
        for intent in happened.exclude(pk__in=found)
    )
    return frozenset(entry.id for entry in fitting if entry)


def last_edits(entries: Sequence[Entry], half: Half) -> dict[str, Edit]:
    """Give the last edit of each field since that field was last settled.

    Rich text has a stamp of its own: plain fields may have been settled since.
    """
    edits: dict[str, Edit] = {}
    for entry in _in_order(entries):
        for step in entry.steps:
            since = (half.rich if step.field in RICH else half.stamp).entry
            if since is None or entry.id > since:
                edits[step.field] = entry.edit(step.field, half.ahead)
    return edits


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.id)


def _returned(item: Item, entries: Iterable[Entry], half: Half) -> frozenset[str]:
    """Name the plain fields that were changed since they were settled and hold again what they held once.

    Where a pair comes to no rest that may have been agreed on since. What a write of ours has brought since
    is nobody's choice, unless it gave that very choice back: it is known where it was read.
    """
    newest = {step.field: entry for entry in _in_order(item.entries) for step in entry.steps}
    changes: defaultdict[str, list[tuple[Entry, FieldStep]]] = defaultdict(list)
    for entry in _in_order(entries):
        for step in entry.steps:
            if step.field not in RICH and not _is_settled(entry, half):
                changes[step.field].append((entry, step))
    returns = {name: _return(those, item.fields.get(name)) for name, those in changes.items()}
    return frozenset(
        name
        for name, those in returns.items()
        if those and _brings(newest[name], those[-1], name, half) and _is_chosen_anew(name, those, item, half)
    )


def _return(changes: Sequence[tuple[Entry, FieldStep]], value: Value | None) -> list[Entry]:
    """Give the changes from the last one that left ``value`` to the last of all, if that came back to it."""
    left = [number for number, (_, step) in enumerate(changes) if step.before == value]
    came_back = bool(left) and changes[-1][1].after == value
    return [entry for entry, _ in changes[left[-1] :]] if came_back else []


def _brings(newest: Entry, choice: Entry, name: str, half: Half) -> bool:
    """Whether the newest change of a field is this one, or carries it."""
    carried = newest.carried(name)
    is_same = carried is not None and abs(carried - choice.edit(name, half.ahead).at) <= SAME_EDIT
    return is_same or newest.id == choice.id


def _is_settled(entry: Entry, half: Half) -> bool:
    return half.stamp.entry is not None and entry.id <= half.stamp.entry


def _is_chosen_anew(name: str, changes: Sequence[Entry], item: Item, half: Half) -> bool:
    """Whether a person had a part in it, or another pair that carries a person's choice.

    A status comes and goes, step by step, on another pair's way: there it counts who moved it last.
    """
    if name == STATUS:
        return not _is_by_us(changes[-1], half)
    if not all(_is_by_us(entry, half) for entry in changes):
        return True
    known = [entry for entry in _in_order(item.entries) if entry.id < changes[0].id]
    before = next((one for one in reversed(known) if any(step.field == name for step in one.steps)), None)
    return is_told(name, changes) and not is_given_back(name, changes, before, half.ahead)


def _is_by_us(entry: Entry, half: Half) -> bool:
    """Whether we made it; where we act as a person, what names no write of ours is theirs."""
    return entry.author == half.account and bool(half.apps_account or entry.intent)
