"""The people in ``JournalEntry.causes``: by row, whose edits came across and whose gave way.

The form is that of ``ledger.journal``: ``{row: {"edits": [{"author", "at", "entry"}], "gave_way": {…}}}``.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

FORMER: Final = "former user"
"""Stands where an erased person's account id stood; with its space it is none. Jira says "Former user"."""

Causes = Mapping[str, Mapping[str, Any]]


def authors(causes: Causes) -> frozenset[str]:
    """Name the accounts whose edits these are, those that gave way among them."""
    every = (edit["author"] for _, edit in _edits(causes))
    return frozenset(author for author in every if author and author != FORMER)


def of_author(causes: Causes, account: str) -> dict[str, list[Mapping[str, Any]]]:
    """Give by row the edits of one person, and nobody else's."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row, edit in _edits(causes):
        if edit["author"] == account:
            found.setdefault(row, []).append(edit)
    return found


def without(causes: Causes, is_gone: Callable[[str], bool]) -> dict[str, dict[str, Any]]:
    """Put ``FORMER`` in the place of each author who is gone; when and what they edited stays."""

    def masked(edit: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**edit, "author": FORMER} if is_gone(edit["author"]) else edit

    return {row: _masked(cause, masked) for row, cause in causes.items()}


def _masked(
    cause: Mapping[str, Any], masked: Callable[[Mapping[str, Any]], Mapping[str, Any]]
) -> dict[str, Any]:
    changed = dict(cause)
    if "edits" in cause:
        changed["edits"] = [masked(edit) for edit in cause["edits"]]
    if "gave_way" in cause:
        changed["gave_way"] = masked(cause["gave_way"])
    return changed


def _edits(causes: Causes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for row, cause in causes.items():
        yield from ((row, edit) for edit in cause.get("edits", ()))
        if "gave_way" in cause:
            yield row, cause["gave_way"]
