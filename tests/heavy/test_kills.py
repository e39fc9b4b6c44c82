"""Many killings: whatever dies when, nothing is lost and nothing is doubled."""

import os
from pathlib import Path

import pytest

from tests.support import databases, environment
from tests.support.databases import Database
from tests.support.survival import killings, stand, survive

pytestmark = pytest.mark.heavy
RUNS = int(os.environ.get("RUNS", "20"))
SEED = int(os.environ.get("SEED", "2026"))


def database(kind: str, directory: Path) -> Database:
    """A new database of this kind."""
    if kind == "sqlite":
        return databases.sqlite(directory)
    return databases.postgres(environment.postgres_url())


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_workers_killed_at_random_calls_lose_nothing_and_double_nothing(tmp_path: Path, kind: str) -> None:
    with stand(tmp_path, database(kind, tmp_path), seed=SEED) as one:
        for number, killing in enumerate(killings(SEED, RUNS)):
            survive(one, killing, number)
        one.wait_until_quiet()
        report = one.report()

    print(f"\nkill: database={kind} runs={RUNS} lost={report.lost} duplicates={report.duplicates}")
    assert (report.lost, report.duplicates) == (0, 0), report.faults
