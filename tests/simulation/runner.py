"""Many lives on all cores: seeds are handed out one by one, some are lived twice, failures are made small.

The second life of a seed is lived in another process than its first, so that what lives leave behind in a
process is found: both traces have to be the same, and so has all that is told of the lives.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from multiprocessing.connection import wait
from typing import Final

from tests.simulation.hosts import LIVED, SHRUNK, Host
from tests.simulation.orders import Order, Result, Story
from tests.simulation.plan import Schedule

EVERY: Final = 20
"""Of so many seeds one is lived twice, unless all are."""
STORIES: Final = 3
"""So many failures at most are made small and told, unless another number is asked for."""
GONE: Final = "bug: the life broke off and its process with it; what it said last stands above"
MANY: Final = 12
"""So many violations of one life are enough to read."""
PATIENCE: Final = 900.0
"""Seconds without any answer after which what is lived is taken to go on for ever."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a process is asked: a life, its repetition ``not_by`` the same, or a failure to be made small."""

    order: Order
    first: Result | None = None
    is_to_shrink: bool = False
    not_by: Host | None = None


@dataclass(slots=True)
class Tally:
    """What came of all lives so far."""

    seeds: int = 0
    repeated: int = 0
    changes: int = 0
    calls: int = 0
    fenced: int = 0
    happenings: int = 0
    lost: int = 0
    duplicates: int = 0
    echoes: int = 0
    violations: int = 0
    struck: Counter[str] = field(default_factory=Counter)
    sizes: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, result: Result) -> None:
        """Count a life."""
        self.seeds += 1
        self.violations += len(result.violations)
        for name in ("changes", "calls", "fenced", "happenings", "lost", "duplicates", "echoes"):
            setattr(self, name, getattr(self, name) + getattr(result, name))
        self.struck += result.struck
        self.sizes[_size(result.happenings)] += 1
        self.kinds[result.kind] += 1

    def line(self) -> str:
        """Put what matters in one line that programs can read."""
        return (
            f"seeds={self.seeds} violations={self.violations} lost={self.lost} "
            f"duplicates={self.duplicates} echoes={self.echoes}"
        )


class Runner:
    """Lives all orders; ``say`` is told of violations and stories as they come.

    ``again`` gives the command that lives an order again in such processes as ``start`` gives.
    """

    def __init__(
        self,
        start: Callable[[], Host],
        processes: int,
        say: Callable[[str], None],
        *,
        again: Callable[[Order], str],
        patience: float = PATIENCE,
        stories: int = STORIES,
    ) -> None:
        self.tally = Tally()
        self._again = again
        self._patience = patience
        self._start = start
        self._say = say
        self._hosts = [start() for _ in range(processes)]
        self._busy: dict[int, Work] = {}
        self._waiting: deque[Work] = deque()
        self._stories = stories

    def run(self, orders: Iterable[Order]) -> Iterator[Tally]:
        """Live them all; gives the tally after each answer."""
        fresh = (Work(order) for order in orders)
        while self._hand_out(fresh):
            ready = wait([self._hosts[number].wire for number in self._busy], self._patience)
            if not ready:
                self._end_what_is_lived()
            for wire in ready:
                self._hear(wire)
                yield self.tally

    def close(self) -> None:
        """Let all processes end."""
        for host in self._hosts:
            host.close()

    def _end_what_is_lived(self) -> None:
        for number, work in self._busy.items():
            self._say(f"seed {work.order.seed}: no answer for {self._patience:.0f} s, so it is ended")
            self._hosts[number].kill()

    def _hand_out(self, fresh: Iterator[Work]) -> bool:
        for number in range(len(self._hosts)):
            work = self._next_for(number, fresh) if number not in self._busy else None
            if work is not None:
                self._busy[number] = work
                self._hosts[number].put(_question(work))
        if self._waiting and not self._busy:
            # There is one process only, and it has lived them all: another one takes its place.
            self._renew(0)
            return self._hand_out(fresh)
        return bool(self._busy)

    def _renew(self, number: int) -> None:
        self._hosts[number].close()
        self._hosts[number] = self._start()

    def _next_for(self, number: int, fresh: Iterator[Work]) -> Work | None:
        for work in self._waiting:
            if work.not_by is not self._hosts[number]:
                self._waiting.remove(work)
                return work
        return next(fresh, None)

    def _hear(self, wire: object) -> None:
        number = next(n for n, host in enumerate(self._hosts) if host.wire is wire)
        work = self._busy.pop(number)
        try:
            answer = self._hosts[number].answer()
        except EOFError:
            self._renew(number)
            answer = Result(work.order.seed, "", (GONE,), work.order.schedule or Schedule())
        if isinstance(answer, Story):
            self._say(self._told(answer))
        elif work.first is not None:
            self._compare(work.first, answer)
        else:
            self._lived(number, work, answer)

    def _lived(self, number: int, work: Work, result: Result) -> None:
        self.tally.add(result)
        if result.violations:
            self._blame(work.order, result)
        elif work.order.is_kept:
            self._waiting.append(Work(work.order, first=result, not_by=self._hosts[number]))

    def _blame(self, order: Order, result: Result) -> None:
        self._say("\n".join((f"seed {order.seed} ({_faults(order)}):", *_shortened(result.violations))))
        if result.digest and self._stories:
            self._stories -= 1
            self._waiting.append(Work(replace(order, schedule=result.schedule), result, is_to_shrink=True))

    def _compare(self, first: Result, second: Result) -> None:
        self.tally.repeated += 1
        if (first.digest, first.lines) != (second.digest, second.lines):
            self.tally.violations += 1
            self._say("\n".join(_difference(first, second)))

    def _told(self, story: Story) -> str:
        points = len(story.order.schedule.points) if story.order.schedule else 0
        things = len(story.order.schedule.happenings) if story.order.schedule else 0
        return (
            f"--- the shortest found in {story.lives} lives: "
            f"{points} interventions, {things} happenings ---\n"
            f"{story.timeline}\n--- again: {self._again(story.order)} ---"
        )


def orders(
    seeds: range, faults: tuple[str, ...] | None, kind: str | None, *, are_all_repeated: bool
) -> Iterator[Order]:
    """Give the orders for these seeds; those whose trace is kept are lived twice."""
    for seed in seeds:
        yield Order(seed, faults, is_kept=are_all_repeated or seed % EVERY == 0, kind=kind)


def command(order: Order, *, store: str, bug: str = "") -> str:
    """Give what lives this very life again, on the same database and with the same planted bug."""
    faults = "" if order.faults is None else ",".join(order.faults) or "none"
    schedule = "" if order.schedule is None else str(order.schedule)
    named = {"STORE": store, "FAULTS": faults, "KIND": order.kind, "BUG": bug, "SCHEDULE": schedule}
    asked = "".join(f' {name}="{value}"' for name, value in named.items() if value)
    return f"make simulate REPLAY={order.seed}{asked}"


def _question(work: Work) -> tuple[str, tuple[object, ...]]:
    if work.is_to_shrink and work.first is not None:
        return SHRUNK, (work.order, work.first.violations)
    return LIVED, (work.order,)


def _difference(first: Result, second: Result) -> Iterator[str]:
    yield f"seed {first.seed}: its second life went another way"
    pairs = zip(chain(first.lines, ("(its end)",)), chain(second.lines, ("(its end)",)), strict=False)
    for number, (one, other) in enumerate(pairs):
        if one != other:
            yield from (f"   {line}" for line in first.lines[max(number - 3, 0) : number])
            yield f" 1 {one}"
            yield f" 2 {other}"
            return


def _faults(order: Order) -> str:
    return "all faults" if order.faults is None else ", ".join(order.faults) or "no faults"


def _shortened(violations: tuple[str, ...]) -> Iterator[str]:
    yield from (f"   {each[:2000]}" for each in violations[:MANY])
    if len(violations) > MANY:
        yield f"   and {len(violations) - MANY} more"


def _size(happenings: int) -> str:
    return "small" if happenings < 10 else "middle" if happenings < 20 else "large"
