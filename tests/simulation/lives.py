"""What the runner asks of a process that lives for it: a life, a failure made small, a life to read."""

import time
from collections.abc import Callable
from dataclasses import replace

from tests.simulation import faults, shrinking, timeline
from tests.simulation.ground import Grounds
from tests.simulation.life import Options, Outcome, live
from tests.simulation.orders import Order, Result, Story, packed
from tests.simulation.plan import Schedule
from tests.simulation.shrinking import Budget, kind_of


def lived(grounds: Grounds, order: Order) -> Result:
    """Live one life."""
    outcome = _outcome(grounds, order)
    report = outcome.report
    return Result(
        seed=order.seed,
        digest=outcome.digest,
        violations=outcome.violations,
        schedule=_schedule(outcome),
        lost=report.lost,
        duplicates=report.duplicates,
        echoes=report.echoes,
        changes=report.changes,
        calls=outcome.calls,
        fenced=outcome.fenced,
        happenings=len(outcome.script.happenings),
        lasted=outcome.lasted,
        kind=outcome.script.kind,
        struck=outcome.struck,
        trace=packed(timeline.whole(outcome)) if order.is_kept else b"",
    )


def told(grounds: Grounds, order: Order) -> Story:
    """Live one life and tell it."""
    return _story(grounds, order)


def shrunk(grounds: Grounds, order: Order, violations: tuple[str, ...]) -> Story:
    """Find a shorter schedule than the order's that fails as the first of ``violations`` says; tell it."""
    budget = Budget(time.process_time)  # others may need the processor too
    attempt = _attempt(grounds, order, {kind_of(each) for each in violations[:1]})
    least = shrinking.shrunk(order.schedule or Schedule(), attempt, budget)
    return _story(grounds, _with(order, least), lives=budget.used + 1)


def _attempt(grounds: Grounds, order: Order, kinds: set[str]) -> Callable[[Schedule], Schedule | None]:
    def attempt(schedule: Schedule) -> Schedule | None:
        outcome = _outcome(grounds, _with(order, schedule))
        fails = kinds & {kind_of(each) for each in outcome.violations}
        return _schedule(outcome) if fails else None

    return attempt


def _story(grounds: Grounds, order: Order, *, lives: int = 1) -> Story:
    outcome = _outcome(grounds, replace(order, is_kept=True))
    return Story(order, outcome.violations, "\n".join(timeline.readable(outcome)), lives)


def _with(order: Order, schedule: Schedule) -> Order:
    return replace(order, schedule=schedule, is_kept=False)


def _outcome(grounds: Grounds, order: Order) -> Outcome:
    among = faults.FAULTS if order.faults is None else order.faults
    wanted = Options(order.seed, among, order.schedule, is_kept=order.is_kept, kind=order.kind)
    return live(grounds, wanted)


def _schedule(outcome: Outcome) -> Schedule:
    return Schedule(tuple(outcome.interventions), tuple(each.number for each in outcome.script.happenings))
