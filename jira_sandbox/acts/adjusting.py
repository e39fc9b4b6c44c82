"""What becomes of the remaining estimate when work is logged, changed or deleted, and what history says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from jira_sandbox import fields
from jira_sandbox.state import durations
from jira_sandbox.state.elements import Estimates, Worklog
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogItem, Issue
from jira_sandbox.wire import Refusal

Mode = Literal["new", "leave", "manual", "auto"]
MODES: tuple[Mode, ...] = ("new", "leave", "manual", "auto")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What a call says of the estimate; durations as texts, empty where none was given.

    ``auto`` follows the work logged, ``new`` sets ``new_estimate``, ``leave`` leaves the estimate alone,
    ``manual`` takes ``reduce_by`` from it when work is added, gives ``increase_by`` back when it is deleted.
    """

    mode: str = "auto"
    new_estimate: str = ""
    reduce_by: str = ""
    increase_by: str = ""


def spent(issue: Issue) -> int | None:
    """Add up the work logged, in seconds; None when there is none."""
    return sum(each.seconds for each in issue.worklogs) if issue.worklogs else None


def after_adding(site: Site, issue: Issue, seconds: int, wanted: Adjustment) -> int | None:
    """Give the remaining estimate once so much was logged; Refusal 400 names what is missing or wrong."""
    _must_be_known(wanted)
    if wanted.mode == "manual":
        return _less(issue, _duration(site, "reduceBy", wanted.reduce_by))
    return _less(issue, seconds) if wanted.mode == "auto" else _told(site, issue, wanted)


def after_changing(site: Site, issue: Issue, more: int, wanted: Adjustment) -> int | None:
    """Give the remaining estimate once ``more`` was logged, or less; there is no amount by hand here."""
    _must_be_known(wanted)
    return _less(issue, more) if wanted.mode == "auto" else _told(site, issue, wanted)


def after_deleting(site: Site, issue: Issue, seconds: int, wanted: Adjustment) -> int | None:
    """Give the remaining estimate once so much was taken back: ``auto`` gives it back.

    The description has the words of adding there ("Reduces the estimate"); Jira's histories show the estimate
    rise, and its own form says "increased".
    """
    _must_be_known(wanted)
    if wanted.mode == "manual":
        return _less(issue, -_duration(site, "increaseBy", wanted.increase_by))
    return _less(issue, -seconds) if wanted.mode == "auto" else _told(site, issue, wanted)


def store(issue: Issue, rest: int | None) -> None:
    """Keep the remaining estimate, beside the original one."""
    held: Estimates = issue.fields.get("timetracking") or Estimates()
    kept = replace(held, remaining=rest)
    issue.fields["timetracking"] = kept if kept != Estimates() else None


def steps(
    site: Site, issue: Issue, worklog: Worklog, *, before: int | None, rest: int | None, is_gone: bool = False
) -> list[ChangelogItem]:
    """Store the remaining estimate and tell what changed; ``before`` is the time spent until now.

    The number of the work log stands on the left side even when it is new, as Jira has it.
    """
    estimate, stored = remaining(issue), ("timetracking", issue.fields.get("timetracking"))
    store(issue, rest)
    told = [replace(each, stored=stored) for each in _step("timeestimate", estimate, rest)]
    told += _step("timespent", before, spent(issue))
    told.append(_gone("WorklogId", worklog.id, worklog.id))
    if is_gone:
        words = durations.in_words(worklog.seconds, site.time_tracking)
        told.append(_gone("WorklogTimeSpent", str(worklog.seconds), words))
    return told


def remaining(issue: Issue) -> int | None:
    """Give the remaining estimate, in seconds; None when there is none."""
    held: Estimates | None = issue.fields.get("timetracking")
    return held.remaining if held else None


def _must_be_known(wanted: Adjustment) -> None:
    if wanted.mode not in MODES:
        raise Refusal(400, errors={"adjustEstimate": f"adjustEstimate must be one of {', '.join(MODES)}."})


def _told(site: Site, issue: Issue, wanted: Adjustment) -> int | None:
    if wanted.mode == "new":
        return _duration(site, "newEstimate", wanted.new_estimate)
    return remaining(issue)


def _less(issue: Issue, seconds: int) -> int:
    """Take so much off the estimate, which never falls below nothing; one that was not there starts at it."""
    return max(0, (remaining(issue) or 0) - seconds)


def _duration(site: Site, name: str, text: str) -> int:
    if not text.strip():
        raise fields.wrong(name, f"You must supply {name}, a valid amount of time.")
    try:
        return durations.parsed(text, site.time_tracking)
    except ValueError:
        raise fields.wrong(name, "Invalid time duration entered.") from None


def _step(name: str, before: int | None, after: int | None) -> Iterator[ChangelogItem]:
    if before != after:
        left, right = (None if each is None else str(each) for each in (before, after))
        yield ChangelogItem(
            field=name, field_id=name, before=left, before_text=left, after=right, after_text=right
        )


def _gone(name: str, value: str, text: str) -> ChangelogItem:
    return ChangelogItem(
        field=name, field_id=name, before=value, before_text=text, after=None, after_text=None
    )
