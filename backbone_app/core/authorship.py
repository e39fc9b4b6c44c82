"""Which entry of a work item's history a write of ours made: by its name, else by what it brought."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from backbone_app.core.canonical import digest, element
from backbone_app.core.collections import names_of
from backbone_app.core.expectation import Expectation, Expected
from backbone_app.core.values import EMPTY, Entry, FieldStep, Side, Value, Wiki

SUMMARY: Final = "summary"
"""The field that every work item has, and that hardly two have alike."""


@dataclass(frozen=True, slots=True)
class Author:
    """The account that our writes are made with; ``is_shared``: a person works with it by hand as well.

    Their edits name no write of ours either.
    """

    account: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is known of a write that was tried, besides what it should have done.

    ``intent`` is its name, ``author`` whose entry it makes, ``seen`` the newest changelog id that its plan
    had seen (None: no entry yet), ``window`` the time, by our clock, that the call may have taken effect in.
    Of one that ``has_happened``, as Jira has said or was found out before, no clock has to tell which entry
    is ours: the site's may have been set just before.
    """

    intent: str
    author: Author
    seen: int | None
    window: tuple[datetime, datetime]
    has_happened: bool


def entry_of(
    attempt: Attempt, entries: Sequence[Entry], expectation: Expectation, *, key: bytes, ahead: timedelta
) -> Entry | None:
    """Find the entry of a write among those that are newer than what its plan had seen.

    ``key`` is the digest key of the written side, ``ahead`` how far its clock is ahead of ours.
    """
    ours = _named(entries, attempt.intent) or _recognized(entries, expectation, attempt, key, ahead)
    if ours is None and attempt.has_happened:
        return _unmistakable(entries, expectation, attempt, key)
    return ours


def _named(entries: Sequence[Entry], intent: str) -> Entry | None:
    return next((entry for entry in reversed(entries) if entry.intent == intent), None)


def _recognized(
    entries: Sequence[Entry], expectation: Expectation, attempt: Attempt, key: bytes, ahead: timedelta
) -> Entry | None:
    """Find our entry on a site that drops what an edit says about itself.

    An entry that names another intent is another write of ours, whatever else fits.
    """
    begin, end = attempt.window
    for entry in reversed(entries):
        if begin <= entry.at - ahead <= end and _fits(entry, expectation, attempt.author, key):
            return entry
    return None


def _unmistakable(
    entries: Sequence[Entry], expectation: Expectation, attempt: Attempt, key: bytes
) -> Entry | None:
    """Find the entry of a write that has happened by what was sent, else by its fields alone.

    History may tell a text in another form than it was sent in.
    """
    for author in (attempt.author, replace(attempt.author, is_shared=False)):
        if found := unnamed(entries, expectation, author=author, seen=attempt.seen, key=key):
            return found
    return None


def unnamed(
    entries: Iterable[Entry], expectation: Expectation, *, author: Author, seen: int | None, key: bytes
) -> Entry | None:
    """Find the entry of a write known to have happened, on a site that dropped what it said of itself.

    No clock is asked, which may have been set since: the first that fits of ``entries``, from the oldest.
    Of an account that a person shares one that brought just what we sent goes for ours: it makes no
    difference whose it was.
    """
    fresh = (entry for entry in entries if entry.id > (seen or 0))
    return next((entry for entry in fresh if _fits(entry, expectation, author, key)), None)


def _fits(entry: Entry, expectation: Expectation, author: Author, key: bytes) -> bool:
    is_nameless = entry.author == author.account and entry.intent is None and bool(entry.steps)
    return is_nameless and all(_was_sent(step, expectation, author, key) for step in entry.steps)


def _was_sent(step: FieldStep, expectation: Expectation, author: Author, key: bytes) -> bool:
    expected = next((expected for expected in expectation.writes if expected.field == step.field), None)
    if expected is None:
        return False
    if isinstance(step.after, Wiki) and not author.is_shared:
        # History tells a rich text in wiki form only: that one was sent has to do.
        return expected.sent != digest(key, expected.field, EMPTY)
    return holds(expected, expectation.side, step.after, key)


def made(expectation: Expectation, fields: Mapping[str, Value], *, key: bytes) -> bool:
    """Tell whether a work item that shows these fields is what a creation has sent, as far as they tell.

    One that does not show its summary might be any.
    """
    shown = [one for one in expectation.writes if one.field in fields]
    is_told = any(one.field == SUMMARY for one in shown)
    return is_told and all(holds(one, expectation.side, fields[one.field], key) for one in shown)


def holds(expected: Expected, side: Side, value: Value, key: bytes) -> bool:
    """Tell whether ``value`` is what was sent; of a set, whether what joined is in and what left is out."""
    if expected.sent is not None:
        return digest(key, expected.field, value) == expected.sent
    names = {element(key, expected.field, name) for name in names_of(value)}
    joined = all(member.on(side) in names for member in expected.becomes.add)
    return joined and not any(member.on(side) in names for member in expected.becomes.remove)
