"""Who tells at each point what happens there: it goes on, stands still, is frozen, killed, meets something.

All points are counted here, and the trace is kept here: two lives with the same trace were the same.
"""

import hashlib
from collections import Counter
from collections.abc import Callable

from jira_sandbox.misfortunes import Misfortune, Misfortunes
from jira_sandbox.wire import Request
from tests.simulation import chance, faults
from tests.simulation.baton import STEP, Baton, Worker
from tests.simulation.clock import clock
from tests.simulation.database.fencing import Fence
from tests.simulation.faults import Rates
from tests.simulation.plan import Action, Plan

BEFORE = (0.005, 0.15)
"""Seconds a call is under way before its effect, and an answer after it."""

OF_LINKS = 'UPDATE "backbone_link" '
COMMITTED = ("committed", "wrote")
PAUSES = tuple(f'{verb} "backbone_pause"' for verb in ("INSERT INTO", "UPDATE", "DELETE FROM"))
"""The points after which what was written stays, whatever happens to the worker."""
WEB_OFTENER = 5.0
"""How much oftener a web process dies at a step of its own: it has few, and what it said yes to must stay."""


class Trace:
    """What happened, as a digest; the lines too where somebody wants to read them."""

    def __init__(self, *, is_kept: bool) -> None:
        self.lines: list[tuple[float, str, str]] = []
        self._digest = hashlib.sha256()
        self._is_kept = is_kept

    def note(self, who: str, what: str) -> None:
        """Note that it happened now."""
        self._digest.update(f"{clock.micros} {who} {what}\n".encode())
        if self._is_kept:
            self.lines.append((clock.seconds, who, what))

    @property
    def digest(self) -> str:
        """What tells this life from others."""
        return self._digest.hexdigest()


class Director:
    """Decides at every point of every worker by the plan; see ``watched.Watch`` and ``wire.Caller``."""

    def __init__(self, baton: Baton, plan: Plan, rates: Rates, trace: Trace) -> None:
        self.plan = plan
        self.trace = trace
        self.struck: Counter[str] = Counter()
        self.fence = Fence()
        self.queued: Callable[[], None] = _nothing
        self.relinked: Callable[[], None] = _nothing
        self.is_calm = False
        self.paused_at = -1.0
        self._baton = baton
        self._rates = rates
        self._met: Misfortune | None = None

    def worker(self) -> Worker | None:
        """Who has the baton."""
        return self._baton.current

    def point(self, worker: Worker, label: str, *, may_wait: bool) -> None:
        """Pass a point of the database."""
        self._step(worker, label)
        if label in COMMITTED:
            worker.tells()
        often = WEB_OFTENER if worker.name.startswith("web") else 1.0
        if self._at(worker, "killed", self._rates.crash * often, faults.crash):
            worker.die()
        if not may_wait:
            return
        self._freeze(worker, self._rates.freeze)
        action = self._at(worker, "still", self._rates.switch, faults.at_point)
        if action:
            worker.sleep(action.seconds)
        elif self._baton.is_late():
            worker.sleep(0.0)

    def calls(self, worker: Worker, call: str) -> None:
        """Let a call be on its way for a while, and settle what it meets there."""
        self._step(worker, call)
        if self._at(worker, "killed", self._rates.crash * 5, faults.crash):
            worker.die()
        worker.sleep(chance.between(*BEFORE, self.plan.seed, "before", *worker.key))
        met = self._at(worker, "meets", self._rates.at(call), faults.at_call(self._rates.kinds, call))
        self._met = faults.misfortune(met) if met else None

    def called(self, worker: Worker, call: str, heard: str) -> None:
        """Let the answer be on its way, or the worker be no more when it comes."""
        self._met = None
        self._step(worker, f"{call} → {heard}")
        if self._at(worker, "killed", self._rates.crash * 5, faults.crash):
            worker.die()
        worker.sleep(chance.between(*BEFORE, self.plan.seed, "after", *worker.key))
        self._freeze(worker, self._rates.freeze * 8)

    def _freeze(self, worker: Worker, share: float) -> None:
        frozen = self._at(worker, "frozen", share, faults.freeze)
        if frozen:
            worker.sleep(frozen.seconds)

    def wrote(self, sql: str) -> None:
        """Look whether it was a wake-up, a pause that began or ended, or something about a link."""
        if sql.startswith(PAUSES):
            self.paused_at = clock.seconds
        if "django_q_ormq" in sql:
            self.queued()
        if sql.startswith(OF_LINKS):
            self.relinked()

    def met(self) -> Misfortune | None:
        """Give what the call that is under way meets, once."""
        met, self._met = self._met, None
        return met

    def fate(self, key: tuple[str, ...], share: float, draw: faults.DeliveryDraw) -> Action | None:
        """Decide what becomes of a delivery."""
        return self._drawn(key, share if draw.kinds else 0.0, draw)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The faults there are."""
        return self._rates.kinds

    @property
    def delivery_share(self) -> float:
        """Which share of deliveries something becomes of."""
        return self._rates.delivery

    def _step(self, worker: Worker, label: str) -> None:
        worker.step += 1
        clock.micros += STEP
        self.trace.note(worker.name, label)

    def _at(self, worker: Worker, what: str, share: float, draw: Callable[..., Action]) -> Action | None:
        return self._drawn((*worker.key, what), share, draw)

    def _drawn(self, key: tuple[str, ...], share: float, draw: Callable[..., Action]) -> Action | None:
        action = None if self.is_calm else self.plan.at(key, share, draw)
        if action:
            self.struck[_name(action)] += 1
            self.trace.note(".".join(key), str(action))
        return action


class Struck(Misfortunes):
    """Misfortunes of which the director may decide one for the call at hand."""

    def __init__(self, director: Director) -> None:
        super().__init__()
        self._director = director

    def strike(self, site: str, caller: str, request: Request) -> Misfortune | None:
        """Give what this call meets."""
        is_apps = caller == "app" or faults.is_for_tokens(request.path)  # who asks for tokens is nobody yet
        met = self._director.met() if is_apps else None
        return met or super().strike(site, caller, request)


def _name(action: Action) -> str:
    return action.detail.partition(":")[0] or action.kind


def _nothing() -> None:
    """Nobody wants to know."""
