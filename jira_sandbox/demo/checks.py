"""What the page of a synchronization says of how it stands, and the checks that people ask for there."""

import re
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jira_sandbox.demo.costs import calls
from jira_sandbox.demo.stage import Stage
from jira_sandbox.demo.trouble import Busy, NotOffered
from jira_sandbox.demo.visitor import Page, Visitor

STILL: Final = 1.0
LOOK_AGAIN: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a synchronization stands; ``checked_at`` is when it was last checked, None for never."""

    pairs: int
    in_step: int
    errors: int
    checked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The app's calls for a check of all synchronizations and all that came of it; ``is_over``: in time."""

    reads: int
    writes: int
    seconds: float
    is_over: bool


def standing(visitor: Visitor) -> Standing:
    """Open the page of the only synchronization of the visitor's space, and read it."""
    visitor.look_again()
    visitor.press("Troubleshoot")
    page = visitor.page
    pairs, in_step = _numbers(page, r"Pairs (\d+), (\d+) of them in step")
    (errors,) = _numbers(page, r"Errors \((\d+)\)")
    checked = [moment for place, moment in page.times if place > page.text.index("Last check")]
    return Standing(pairs=pairs, in_step=in_step, errors=errors, checked_at=next(iter(checked), None))


def wait_until_in_step(
    stage: Stage, visitors: Collection[Visitor], *, within: float, checked_since: datetime | None = None
) -> bool:
    """Wait until all pages say that all pairs are in step, and nothing is under way; tells whether it was so.

    With ``checked_since`` they also have to say that there was a check since then.
    """
    end = time.monotonic() + within
    while time.monotonic() < end:
        told = all(_says_in_step(visitor, checked_since) for visitor in visitors)
        if told and stage.wait_until_quiet(still=STILL, within=STILL * 2):
            return True
        time.sleep(LOOK_AGAIN)
    return False


def check(stage: Stage, visitors: Collection[Visitor], *, within: float) -> Checked:
    """Press "Check now" in each visitor's synchronization, and wait for all that comes of it."""
    began, since, before = time.monotonic(), stage.clock(), calls(stage)
    for visitor in visitors:
        _ask_for_check(visitor, within=within)
    is_over = wait_until_in_step(stage, visitors, within=within, checked_since=since)
    reads, writes = (after - earlier for after, earlier in zip(calls(stage), before, strict=True))
    return Checked(reads=reads, writes=writes, seconds=time.monotonic() - began, is_over=is_over)


def _ask_for_check(visitor: Visitor, *, within: float) -> None:
    """Press "Check now"; while a check is under way, after the start say, the page does not offer it."""
    end = time.monotonic() + within
    while True:
        visitor.look_again()
        visitor.press("Troubleshoot")
        try:
            visitor.press("Check now")
        except NotOffered:
            if time.monotonic() > end:
                raise
            time.sleep(LOOK_AGAIN)
        else:
            return


def _says_in_step(visitor: Visitor, checked_since: datetime | None) -> bool:
    try:
        told = standing(visitor)
    except Busy:
        return False
    if checked_since and (told.checked_at is None or told.checked_at < checked_since):
        return False
    return told.in_step == told.pairs


def _numbers(page: Page, pattern: str) -> tuple[int, ...]:
    found = re.search(pattern, " ".join(page.text.split()))
    if found is None:
        raise NotOffered(f"the page does not say {pattern!r}")
    return tuple(int(each) for each in found.groups())
