"""Who belongs together: a work item with its twins, one for each synchronization of its space.

A twin gets no twins itself, so a family is its origin and, around it, one twin in each partner space.
What happens to one twin reaches another by way of the origin.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from jira_sandbox.demo.history import COMMENT, STATUS, History, Item, field_of


class Families:
    """The work items of a history, by family; nobody's second twin belongs to one."""

    def __init__(self, history: History) -> None:
        self._terms = history.terms
        self._items = {item.id: item for item in history.items}
        self._twins: dict[str, dict[str, Item]] = {}
        self.further: list[Item] = []
        for item in sorted(history.items, key=lambda each: each.created):
            if item.origin is None:
                continue
            first = self._twins.setdefault(item.origin, {}).setdefault(item.space, item)
            if first is not item:
                self.further.append(item)

    def item(self, item_id: str) -> Item | None:
        """Find a work item that is still there."""
        return self._items.get(item_id)

    def of(self, item_id: str) -> tuple[Item, ...]:
        """List the family of a work item, itself included; its origin comes first."""
        root = self._root(item_id)
        origin = self._items.get(root)
        twins = tuple(self._twins.get(root, {}).values())
        return (origin, *twins) if origin else twins

    def others(self, item: Item) -> tuple[Item, ...]:
        """List the rest of the family."""
        return tuple(each for each in self.of(item.id) if each.id != item.id)

    def awaited(self, item: Item, cell: str) -> tuple[Item, ...]:
        """List who has to be told of the cell; comments go to the partners and no further."""
        others = self.others(item)
        is_twin = item.origin is not None and field_of(cell) == COMMENT
        return tuple(each for each in others if each.id == item.origin) if is_twin else others

    def is_complete(self, item: Item) -> bool:
        """Whether the origin is there, and its twin in every space its own is in step with."""
        root = self._items.get(self._root(item.id))
        if root is None:
            return False
        partners = {other for tie in self._terms.ties if root.space in tie for other in tie} - {root.space}
        return partners <= self._twins.get(root.id, {}).keys()

    def tells(self, cell: str, value: str, *, of: Item, to: Item, held: str, by_app: bool) -> bool:
        """Whether ``held`` on ``to`` says what ``value`` says on ``of``.

        Workflows differ: what the app wrote has to be the status that was agreed, while a person may have
        chosen a finer one that means the same on the way between the two.
        """
        if cell != STATUS or of.id == to.id:
            return held == value
        between = self._root_space(of)
        meant, chosen = self._status(value, of.space, between), self._status(held, to.space, between)
        if held == self._status(meant, between, to.space):
            return True
        return not by_app and (meant == chosen or value == self._status(chosen, between, of.space))

    def agreed_at(self, item: Item, cell: str, value: str, *, before: datetime) -> datetime | None:
        """Give the last event ``before`` then after which it and a partner held the value, None for none.

        Statuses may mean the same by other names and comments go not to all: of those nothing is told.
        """
        if field_of(cell) in {STATUS, COMMENT}:
            return None
        partners = [each for each in self.others(item) if item.origin in {None, each.id}]
        agreed = [_agreed(item, each, cell, value, before=before) for each in partners]
        return max((at for at in agreed if at is not None), default=None)

    def is_overtaken_between(self, twin: Item, status: str, *, at: datetime) -> bool:
        """Whether a finer status was no news for the origin, and a move from another twin came there next.

        Nothing stood on the origin then that the move could have met, so nobody is told of a conflict.
        """
        origin = self._items.get(twin.origin or "")
        if origin is None:
            return False
        before = [held for moment, held, _ in origin.steps(STATUS) if moment < at]
        by_app = [is_apps for moment, _, is_apps in origin.steps(STATUS) if moment > at]
        if not before or by_app[:1] != [True]:
            return False
        return self.tells(STATUS, status, of=twin, to=origin, held=before[-1], by_app=True)

    def told(self, status: str, *, of: Item, to: Item, among: Iterable[str]) -> frozenset[str]:
        """Give those statuses of ``to`` that the app may have written there for ``status`` on ``of``."""
        return frozenset(
            each for each in among if self.tells(STATUS, status, of=of, to=to, held=each, by_app=True)
        )

    def _root(self, item_id: str) -> str:
        item = self._items.get(item_id)
        return item.origin if item is not None and item.origin is not None else item_id

    def _root_space(self, item: Item) -> str:
        root = self._items.get(self._root(item.id))
        return root.space if root else item.space

    def _status(self, name: str, source: str, target: str) -> str:
        """Give the status of that name in another space, else the first of its category, else nothing."""
        here, there = (dict(self._terms.statuses.get(space, ())) for space in (source, target))
        if name in there or source == target:
            return name
        return next((each for each, category in there.items() if category == here.get(name)), "")

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items.values())


def _agreed(one: Item, other: Item, cell: str, value: str, *, before: datetime) -> datetime | None:
    """Give the last event ``before`` then after which both held the value, or the one that existed did."""
    histories = [list(each.steps(cell)) for each in (one, other)]
    for event in sorted({at for steps in histories for at, *_ in steps if at < before}, reverse=True):
        begun = [[held for at, held, _ in steps if at <= event] for steps in histories]
        if all(held[-1] == value for held in begun if held):
            return event
    return None
