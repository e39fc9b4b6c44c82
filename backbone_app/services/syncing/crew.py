"""The threads of one drain, and which sites they work for.

A site that hangs holds each thread that calls it until the call's time-out; so it
never gets more than half of them while there is work for others.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from backbone_app.ledger import leases
from backbone_app.models.pair import PairLane
from backbone_app.services.syncing.work import Clock


class Crew:
    """``threads`` threads that take pairs of one lane; safe to share between them."""

    def __init__(self, threads: int, lane: PairLane, clock: Clock) -> None:
        self._most = max(1, threads // 2)
        self._lane = lane
        self._clock = clock
        self._at_work: Counter[UUID] = Counter()
        self._one_looks = threading.Lock()
        self._is_dry = False

    @contextmanager
    def next(self) -> Iterator[leases.Claim | None]:
        """Hold the next pair's claim while it is worked on; None if nothing is due."""
        claim = self._take()
        try:
            yield claim
        finally:
            if claim is not None:
                with self._one_looks:
                    self._at_work.subtract(claim.sites)
                    self._is_dry = False  # the work may have made more, and its site has a thread less

    def _take(self) -> leases.Claim | None:
        """Claim in turn: who looks later sees the turns of who looked before.

        Where one found nothing the others need not look: what becomes due meanwhile wakes the next drain.
        """
        with self._one_looks:
            if self._is_dry:
                return None
            served = [site for site, count in self._at_work.items() if count >= self._most]
            claims = self._claim(served) or (self._claim([]) if served else ())
            self._is_dry = not claims
            for claim in claims:
                self._at_work.update(claim.sites)
        return claims[0] if claims else None

    def _claim(self, avoid: list[UUID]) -> tuple[leases.Claim, ...]:
        return leases.claim_due(now=self._clock(), limit=1, lane=self._lane, avoid=avoid)
