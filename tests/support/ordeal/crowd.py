"""Several people at work at the same time, some of them against each other."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from random import Random

import requests

from jira_sandbox.demo import record
from jira_sandbox.demo.trouble import NotOffered
from tests.support.ordeal.hands import Hand, Shared

LEADS = {"ALPHA": "alice", "BETA": "bob", "GOLD": "gina"}
RIVALS = {"ALPHA": "carol", "BETA": "carol", "GOLD": "erin"}
KINDS = ("summary", "priority", "duedate", "description", "label", "several")
BETWEEN = (0.3, 1.3)
BETWEEN_RIVALRIES = (1.0, 4.0)
"""Seconds from one act to the next."""


class Rivalry:
    """Two people who edit both sides of a pair at the same moment, mostly the same field."""

    def __init__(self, shared: Shared, chance: Random, hands: dict[str, Hand]) -> None:
        self._shared, self._chance, self._hands = shared, chance, hands

    def act(self) -> None:
        """Let both look, then both act before either could have been told of the other."""
        pair = self._some_pair()
        if pair is None:
            return
        kinds = self._chance.choices(KINDS, k=2)
        if self._chance.random() < 0.7:
            kinds = [kinds[0], kinds[0]]
        with self._shared.turns.of(*pair.values()), ThreadPoolExecutor(len(pair)) as together:
            seen = {space: self._hands[space].person.look(item) for space, item in pair.items()}
            edits = [
                together.submit(self._hands[space].edit, item, kind, seen[space])
                for (space, item), kind in zip(pair.items(), kinds, strict=True)
            ]
        for edit in edits:
            edit.result()

    def _some_pair(self) -> dict[str, str] | None:
        """Choose two work items of a family of late, by space."""
        stage = self._shared.stage
        with stage.lock:
            twins = [issue for site in stage.sites.values() for issue in site.issues.values()]
            recent = sorted(twins, key=lambda each: each.created)[-36:]
            family = record.family_of(stage, self._chance.choice(recent).id) if recent else []
            found = [(stage.home_of(each.id).space_of(each).key, each.id) for each in family]
        return dict(self._chance.sample(found, 2)) if len(found) > 1 else None


class Crowd:
    """Everybody; the same seed has them do the same, as far as what they find is the same."""

    def __init__(self, shared: Shared, seed: int) -> None:
        self._over = threading.Event()
        chances = (Random(f"{seed}:person:{number}") for number in range(7))
        leads = [
            Hand(shared, name, space, number=number, chance=next(chances))
            for number, (space, name) in enumerate(LEADS.items(), 1)
        ]
        rivals = {
            space: Hand(shared, name, space, number=number, chance=next(chances))
            for number, (space, name) in enumerate(RIVALS.items(), 4)
        }
        rivalry = Rivalry(shared, next(chances), rivals)
        self._all = [(lead.act, BETWEEN) for lead in leads] + [(rivalry.act, BETWEEN_RIVALRIES)]
        self._pauses = [Random(f"{seed}:pauses:{number}") for number in range(len(self._all))]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let everybody work meanwhile; raises what anybody's work raised."""
        with ThreadPoolExecutor(len(self._all)) as threads:
            shifts = [
                threads.submit(self._shift, act, between, pauses)
                for (act, between), pauses in zip(self._all, self._pauses, strict=True)
            ]
            try:
                yield
            finally:
                self._over.set()
        for shift in shifts:
            shift.result()

    def _shift(self, act: Callable[[], None], between: tuple[float, float], pauses: Random) -> None:
        while not self._over.wait(pauses.uniform(*between)):
            # A site that is down takes no one's call, and what one meant to do may not be offered any more.
            with suppress(requests.ConnectionError, NotOffered):
                act()
