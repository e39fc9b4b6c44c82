"""One life: a seed's script on its ground, lived to the end, brought to rest, and judged."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from jira_sandbox.demo.history import Report
from jira_sandbox.outbox import Delivery
from jira_sandbox.world import Listener
from tests.simulation import (
    boot,
    chance,
    faults,
    judging,
    leave,
    neglect,
    post,
    processes,
    script,
    timeline,
    wire,
)
from tests.simulation.baton import Baton, Worker
from tests.simulation.clock import MICRO, clock
from tests.simulation.database.watched import watching
from tests.simulation.director import Director, Struck, Trace
from tests.simulation.disasters import Disasters
from tests.simulation.faults import Rates
from tests.simulation.ground import Ground, Grounds
from tests.simulation.mending import Mending
from tests.simulation.people import Crowd
from tests.simulation.plan import Action, Key, Plan, Schedule
from tests.simulation.processes import Processes
from tests.simulation.script import Script

REST_WITHIN = 30 * 3600.0
"""Virtual seconds after the last fault within which everything has to be at rest."""
AFTERWARDS = 20.0
"""Seconds that misfortunes still come for after the last person has acted."""
IN_WEATHER = timedelta(minutes=10)
"""How long misfortunes still come for in a spell that outlasts the people, and again before it ends."""
SWEEPS = (10.0, 290.0)
"""Seconds between two sweeps. One that finds nothing due does nothing, so most of those are left out; never
for so long that the app would think that it had been away."""
DELETION: Final = "jira:issue_deleted"


@dataclass(frozen=True, slots=True)
class Options:
    """What a life is to be like: which faults may come, what alone is to come about, what is kept.

    ``kind`` decides what the second site is (see ``kinds``), None leaves it to chance.
    """

    seed: int
    among: Collection[str] = faults.FAULTS
    schedule: Schedule | None = None
    is_kept: bool = False
    kind: str | None = None


@dataclass(slots=True)
class Outcome:
    """How a life ended; ``fenced`` counts the commits of which was looked whose claim they were under."""

    seed: int
    digest: str
    violations: tuple[str, ...]
    report: Report
    struck: Counter[str]
    script: Script
    interventions: Mapping[Key, Action]
    lines: list[tuple[float, str, str]] = field(default_factory=list)
    calls: int = 0
    fenced: int = 0
    lasted: float = 0.0


def live(grounds: Grounds, options: Options) -> Outcome:
    """Live one life."""
    try:
        return _Life(grounds, options).lived()
    finally:
        clock.end()


class _Life:
    def __init__(self, grounds: Grounds, options: Options) -> None:
        seed = options.seed
        drawn, self.script = script.whole(seed, options.among, options.kind)
        if options.schedule is not None:
            self.script = self.script.only(options.schedule.happenings)
        self.ground = _ground(grounds, self.script, drawn, seed=seed)
        self.jira = self.ground.jira
        self.baton = Baton()
        self.trace = Trace(is_kept=options.is_kept)
        self.plan = Plan(seed, frozenset(options.schedule.points) if options.schedule else None)
        self.director = Director(self.baton, self.plan, Rates.of(seed, drawn), self.trace)
        self.jira.misfortunes = Struck(self.director)
        self.processes = Processes(self.baton, self.jira.links, seed=seed)
        self.director.queued = self.processes.queued
        self.crowd = Crowd(self.ground, seed=seed, later=self.baton.at)
        self.mending = Mending(self, seed=seed)
        self.disasters = Disasters(self.jira, seed=seed)
        self.sweep_after = SWEEPS[0]
        self.swept_at = 0.0
        self.is_drawn_out = False
        self.calls_before = 0
        self.posted: Counter[tuple[str, str]] = Counter()
        self.gone_out: set[str] = set()
        self.inverted = 0
        self.neglected: dict[str, None] = {}
        self.is_kept = options.is_kept
        self.written: list[timeline.Line] = []
        if options.is_kept:
            self.jira.listeners.append(self._noted())
        self.jira.sent_by = self.sent
        boot.said.clear()

    def _noted(self) -> Listener:
        return timeline.changes_into(self.written, lambda: clock.seconds, self.jira.is_app_acting)

    def lived(self) -> Outcome:
        watching.append(self.director)
        try:
            with wire.mounted(self.jira, self.director):
                self._begin()
                self._live_through()
                self._look_for(neglect.left_lying)
                violations = [*judging.violations(self), *self.neglected]
        finally:
            self.baton.end(self.processes.all)
            watching.pop()
        report, more = judging.report(self)
        self.trace.note("end", f"{report} {sorted(violations)}")
        return Outcome(
            seed=self.plan.seed,
            digest=self.trace.digest,
            violations=(*violations, *more),
            report=report,
            struck=self._struck(),
            script=self.script,
            interventions=dict(self.plan.taken),
            lines=self._lines(),
            calls=self.jira.app_calls(),
            fenced=self.director.fence.checked,
            lasted=clock.seconds,
        )

    def _struck(self) -> Counter[str]:
        return self.director.struck + self.disasters.struck + Counter({"Secondary first": self.inverted})

    def _lines(self) -> list[tuple[float, str, str]]:
        told = [(at, "people", what) for at, what in self.crowd.told]
        told += [(at, "disaster", what) for at, what in self.disasters.told]
        told += [(at, "admins", what) for at, what in self.mending.told]
        return sorted((*self.trace.lines, *told, *self.written, *self._feed()), key=lambda line: line[0])

    def _feed(self) -> Iterable[timeline.Line]:
        return timeline.feed() if self.is_kept else ()

    def _begin(self) -> None:
        self.processes.begin()
        self.baton.at(SWEEPS[0], self._sweep)
        for happening in self.script.happenings:
            act = self.disasters.strike if happening.kind in script.DISASTERS else self.crowd.act
            self.baton.at(happening.at, lambda act=act, happening=happening: act(happening))  # type: ignore[misc]

    def _live_through(self) -> None:
        end = clock.seconds + self.script.end
        while clock.seconds < max(end, self.crowd.busy_until) + AFTERWARDS:
            self.turn()
        self._wait_for_weather()
        self.jira.weather.clear()
        self.director.is_calm = True
        self.rest()

    def _wait_for_weather(self) -> None:
        """Let what goes on come to its own end; a life is not cut short because a site is down.

        Between its first minutes and its last ones it is calm, and sweeps are few. There the app asks again
        and again whether the site is back; one that is killed at every other attempt asks oftener still and
        tells nothing new: a day of that took many minutes.
        """
        began = clock.now()
        while ends := self.jira.agenda.next:
            self.is_drawn_out = min(clock.now() - began, ends - clock.now()) > IN_WEATHER
            self.director.is_calm = self.is_drawn_out
            self.turn()
            self.jira.catch_up()
        self.is_drawn_out = False

    def rest(self) -> None:
        """Live on until nothing is under way any more; what is left then is a violation of its own."""
        end = clock.micros + int(REST_WITHIN * MICRO)
        self.turn()
        while clock.micros < end and not (self.is_quiet and judging.is_at_rest()):
            self.turn()

    @property
    def is_quiet(self) -> bool:
        """Whether nobody of the app does anything, and nothing is on its way to it."""
        return self.processes.is_idle and not self.jira.outbox

    def turn(self) -> None:
        """Let the next thing happen."""
        self.processes.wake()  # an admin may have asked for something since the last turn
        self.baton.turn()
        self.mending.look()
        self.processes.wake()

    def _look_for(self, neglected: Callable[[], Iterable[str]]) -> None:
        """Note what the app has left lying; who was killed may have left it to the sweep."""
        if self.processes.is_idle and not self.director.struck["F8"]:
            self._note(neglected())

    def _note(self, neglected: Iterable[str]) -> None:
        self.neglected |= dict.fromkeys(neglected)

    def _sweep(self) -> None:
        self.jira.catch_up()
        if self.director.paused_at < self.swept_at:  # what waited for a pause is found by the next sweep
            self._look_for(neglect.unannounced)
        self.swept_at = clock.seconds
        processes.sweep()
        calls = self.jira.app_calls()
        waits = processes.seconds_to_next_work()
        if self.is_drawn_out:
            self.sweep_after = SWEEPS[1]
        elif waits == 0.0 and calls == self.calls_before:
            self.sweep_after = min(2 * self.sweep_after, SWEEPS[1])
        else:
            self.sweep_after = min(max(waits, SWEEPS[0]), SWEEPS[1])
        self.calls_before = calls
        self.baton.at(self.sweep_after, self._sweep)

    # --- deliveries ----------------------------------------------------------------------------

    def sent(self, delivery: Delivery) -> list[Delivery]:
        """Decide what becomes of a delivery that Jira puts on its way; gives what really goes."""
        name = delivery.site, delivery.issue_id
        self.posted[name] += 1
        key = ("delivery", *name, str(self.posted[name]))
        delivery.due += timedelta(seconds=chance.between(0.02, 3.0, self.plan.seed, *key))
        on_their_way = post.fates(self.director, key, delivery)
        for each in on_their_way:
            self._expect(each)
        return on_their_way

    def _expect(self, delivery: Delivery) -> None:
        wait = (delivery.due - clock.now()) / timedelta(seconds=1)
        self.baton.at(max(wait, 0.0), lambda: self._hand_over(delivery))

    def _hand_over(self, delivery: Delivery) -> None:
        pairs = neglect.pairs_of(delivery)
        self.processes.do(lambda worker: self._deliver(worker, delivery, pairs))

    def _deliver(self, worker: Worker, delivery: Delivery, pairs: frozenset[int]) -> None:
        if delivery not in self.jira.outbox:
            return
        self.jira.catch_up()
        self.trace.note("jira", f"delivers {delivery.event} of {delivery.issue_id}")
        is_down = delivery.site in self.jira.down
        if not is_down:
            self._goes_out(delivery)
        if self.jira.send_one(delivery, self.processes.send(worker)):
            if not post.is_hint(self.jira.sites[delivery.site], delivery):
                self.jira.witness.took(delivery.body, at=self.jira.moments.next())
            self.baton.at(0.0, lambda: self._note(neglect.unkept(delivery, pairs)))
        if delivery in self.jira.outbox:
            if is_down:
                delivery.due = clock.now() + timedelta(minutes=5)
            self._expect(delivery)

    def _goes_out(self, delivery: Delivery) -> None:
        """Count it where it is Secondary (only a work item's deletion brings any about) and first."""
        self.gone_out.add(delivery.identifier)
        if delivery.flow == "Secondary":
            deletions = (
                each
                for each in self.jira.outbox
                if each.event == DELETION and _place(each) == _place(delivery)
            )
            self.inverted += any(each.identifier not in self.gone_out for each in deletions)


def _ground(grounds: Grounds, begun: Script, having: Collection[str], *, seed: int) -> Ground:
    """Give the ground of a life; where tokens are befallen, they run out."""
    ground = grounds.ground(begun.layout, begun.kind, seed=seed)
    if faults.TOKENS in having:
        leave.begin(ground.jira, ground.agreements[0].caller.site_id, seed=seed)
    return ground


def _place(delivery: Delivery) -> tuple[str, str]:
    return delivery.site, delivery.issue_id
