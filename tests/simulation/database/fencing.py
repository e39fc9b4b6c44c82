"""I11: a worker that lost its claim commits nothing about the pair: watched where the database is written to.

No two workers ever have the same claim, so that the one that lost it can be told from the one that has it.

The claims are read off the statements themselves, so nothing that the app believes goes into it.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

CLAIM: Final = 'UPDATE "backbone_pair" SET "epoch" = '
PAIR: Final = '"backbone_pair"."id" = %s'
DONE: Final = 'DELETE FROM "django_q_ormq"'
"""With it a worker ends its task, and with that all its claims."""
OF_PAIRS: Final = tuple(
    f' "backbone_{table}"'
    for table in ("pairside", "fieldbase", "elementbase", "commenttwin", "intent", "journalentry")
)
"""Where a pair's worker writes what it found and did."""
Epoch = Callable[[int], int | None]
"""Reads a pair's epoch as the database has it, in the transaction at hand."""


class Fence:
    """Knows each worker's claim by the name of its incarnation; ``found`` is what should not be."""

    def __init__(self) -> None:
        self.claims: dict[str, tuple[int, int]] = {}
        self.found: list[str] = []
        self.checked = 0
        self._claimed: dict[tuple[int, int], str] = {}
        self._written: dict[str, list[str]] = {}

    def stated(self, worker: str, sql: str, params: Sequence[Any], rows: int) -> None:
        """Note a statement that changed so many rows."""
        if sql.startswith(DONE):
            self.claims.pop(worker, None)
        elif rows > 0 and sql.startswith(CLAIM):
            number = sql[: sql.index(PAIR)].count("%s")
            self._claims(worker, int(params[number]), int(params[0]))
        elif rows > 0 and worker in self.claims and any(table in sql for table in OF_PAIRS):
            self._written.setdefault(worker, []).append(sql.partition(" SET ")[0][:60])

    def _claims(self, worker: str, pair: int, epoch: int) -> None:
        other = self._claimed.setdefault((pair, epoch), worker)
        if other != worker:
            self.found.append(f"I11: {worker} claims pair {pair} with epoch {epoch}, which is {other}'s")
        self.claims[worker] = pair, epoch

    def commits(self, worker: str, epoch_of: Epoch) -> None:
        """Look whether what a worker is about to commit is its own to write."""
        written = self._written.pop(worker, None)
        if not written or worker not in self.claims:
            return
        self.checked += 1
        pair, epoch = self.claims[worker]
        now = epoch_of(pair)
        if now is not None and now != epoch:
            self.found.append(
                f"I11: {worker} claimed pair {pair} with epoch {epoch}, and commits {'; '.join(written)} "
                f"when {now} is in force"
            )

    def rolls_back(self, worker: str) -> None:
        """Forget what never came to be."""
        self._written.pop(worker, None)
