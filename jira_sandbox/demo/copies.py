"""Whose copies the app's comments are: a line that names the author, then the text of the original."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jira_sandbox.demo.families import Families
from jira_sandbox.demo.history import COMMENT, Cells, Copy, Entry, History, Item, field_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A history whose comments are in the cells of their originals, on every side; and what was wrong."""

    history: History
    duplicates: tuple[str, ...]
    strays: tuple[str, ...]
    leaks: tuple[str, ...]


def attributed(history: History) -> Told:
    """Put what people and the app wrote as comments into cells and steps, like every other field.

    Jira keeps no history of comments: people's steps are their changes, the app's are those of its copies.
    """
    families = Families(history)
    sorted_out = [_Comments(history, families, item) for item in history.items]
    return Told(
        history=replace(history, items=tuple(each.whole() for each in sorted_out)),
        duplicates=tuple(said for each in sorted_out for said in each.duplicates),
        strays=tuple(said for each in sorted_out for said in each.strays),
        leaks=tuple(said for each in sorted_out for said in each.leaks),
    )


class _Comments:
    """The comments of one work item."""

    def __init__(self, history: History, families: Families, item: Item) -> None:
        self._item = item
        self._secrets = history.secrets
        self._own = [
            Entry(id=0, at=change.at, by_app=False, values=change.values)
            for change in history.changes
            if change.item == item.id and _has_comment(change.values)
        ]
        family = {each.id for each in families.others(item)}
        self._originals = {
            text: cell
            for change in history.changes
            if change.item in family
            for cell, text in change.values.items()
            if field_of(cell) == COMMENT and text
        }
        self._copies: dict[str, Copy] = {}
        self.duplicates: list[str] = []
        self.strays: list[str] = []
        self.leaks: list[str] = []
        for copy in sorted(item.copies, key=lambda each: each.texts[0][0]):
            self._place(copy)

    def whole(self) -> Item:
        """Give the work item with its comments in cells."""
        steps = [step for cell, copy in self._copies.items() for step in _steps(cell, copy)]
        now = {cell: _said(copy.texts[-1][1]) for cell, copy in self._copies.items()}
        entries = sorted((*self._item.entries, *self._own, *steps), key=lambda each: each.at)
        return replace(self._item, entries=tuple(entries), now={**self._item.now, **now})

    def _place(self, copy: Copy) -> None:
        texts = [text for _, text in copy.texts if text]
        if any(secret in text for secret in self._secrets for text in texts):
            self.leaks.append(f"leak: {self._item.key} shows {texts[-1]!r}")
            return
        cell = next((self._originals[said] for said in map(_said, texts) if said in self._originals), None)
        if cell is None:
            self.strays.append(f"echo: nobody wrote {texts[-1:]} of {self._item.key}")
            return
        before = self._copies.get(cell)
        if before and (before.texts[-1][1] or before.texts[-1][0] > copy.texts[0][0]):
            self.duplicates.append(f"duplicate: {self._item.key} shows {texts[-1]!r} twice")
            return
        self._copies[cell] = replace(copy, texts=(*before.texts, *copy.texts)) if before else copy


def _steps(cell: str, copy: Copy) -> Iterator[Entry]:
    for at, text in copy.texts:
        yield Entry(id=0, at=at, by_app=True, values={cell: _said(text)})


def _said(text: str) -> str:
    """Leave out the line that names the author; a text without one says nothing."""
    return text.partition("\n")[2]


def _has_comment(values: Cells) -> bool:
    return any(field_of(cell) == COMMENT for cell in values)
