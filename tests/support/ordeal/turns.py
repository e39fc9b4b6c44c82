"""Who may touch a work item now, and who may move it on."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from jira_sandbox.demo import record
from jira_sandbox.demo.checker import has_arrived
from jira_sandbox.demo.history import Change
from jira_sandbox.demo.ideas import Ideas
from jira_sandbox.demo.people import Person
from jira_sandbox.demo.stage import Stage


class Turns:
    """One person at a time for each work item: an edit that finds its value there already is none."""

    def __init__(self) -> None:
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    @contextmanager
    def of(self, *items: str) -> Iterator[None]:
        """Wait until nobody is at any of these."""
        with ExitStack() as held:
            for item in sorted(items):
                held.enter_context(self._locks[item])
            yield


class Moves:
    """One goal at a time for a family of work items: nobody moves one on before all have arrived.

    Whoever takes a goal back while the app walks towards it may find the twin halfway, in a status that means
    the same, and then nobody can say from the outside whose goal it has reached.
    """

    def __init__(self, stage: Stage, changes: Sequence[Change]) -> None:
        self._stage, self._changes = stage, changes
        self._lock = threading.Lock()
        self._last: dict[str, Change] = {}

    def make(self, person: Person, item: str, ideas: Ideas) -> None:
        """Move the work item on in the rounds of its space, if the family's last move is over."""
        with self._lock:
            with self._stage.lock:
                family = {issue.id for issue in record.family_of(self._stage, item)}
                moves = [self._last[each] for each in family & self._last.keys()]
                around = record.around(self._stage, item, self._changes)
            if all(has_arrived(around, move) for move in moves):
                self._last[item] = person.move(item, ideas.next_status(item))
