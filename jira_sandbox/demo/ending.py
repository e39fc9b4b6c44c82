"""What came of the story, and every reason why it may not hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from jira_sandbox.demo import record
from jira_sandbox.demo.checker import badly_settled, judge
from jira_sandbox.demo.history import COMMENT, EXISTENCE, STATUS, Change, History, Report, field_of
from jira_sandbox.demo.work import LEADS, Work

FEWEST: Final = 180
FEWEST_EACH: Final = 40
TOGETHER: Final = timedelta(milliseconds=200)
FIELDS: Final = (EXISTENCE, "summary", "priority", "labels", "duedate", "description", STATUS, COMMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What came of it; ``faults`` are all reasons, in sentences, why the story does not hold."""

    report: Report
    faults: tuple[str, ...]


def lost_so_far(work: Work) -> int:
    """Count the changes that would be lost if nothing more came of them."""
    return judge(_history(work)).lost


def unsettled(work: Work) -> tuple[str, ...]:
    """Say which disputes did not end as they must; to be asked before anybody goes on from there."""
    return badly_settled(_history(work), tuple(work.disputes))


def ended(work: Work, faults: Sequence[str]) -> Ending:
    """Judge the whole story; ``faults`` are those found on the way."""
    history = _history(work)
    report = judge(history)
    found = (
        *report.faults,
        *_thin_spots(work.changes, {item.id: item.space for item in history.items}),
        *_story_faults(work),
        *faults,
    )
    return Ending(report=report, faults=found)


def _history(work: Work) -> History:
    with work.stage.lock:
        return record.everything(work.stage, work.changes, work.secrets)


def _thin_spots(changes: list[Change], space_of: dict[str, str]) -> Iterator[str]:
    """Say what there was too little of: changes at all, in each space, and of each kind there."""
    if len(changes) < FEWEST:
        yield f"only {len(changes)} changes"
    for space in LEADS:
        made = [change for change in changes if space_of.get(change.item) == space]
        if len(made) < FEWEST_EACH:
            yield f"only {len(made)} changes in {space}"
        touched = {field_of(cell) for change in made for cell in change.values}
        yield from (f"nobody changed {name} in {space}" for name in FIELDS if name not in touched)


def _story_faults(work: Work) -> Iterator[str]:
    """Say what else the story fell short of: edits at once, a fair price."""
    for dispute in work.disputes:
        apart = dispute.right.at - dispute.left.at
        if apart > TOGETHER:
            yield f"two edits meant to cross were {apart.total_seconds():.3f} s apart"
    for cost in work.costs:
        if not cost.is_fair:
            yield f"{cost.kind} cost {cost.reads} reads, {cost.writes} writes, {cost.echo} calls for the echo"
