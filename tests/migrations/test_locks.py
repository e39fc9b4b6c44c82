"""What this release's migrations do to tables that are in use while they run.

Each takes its locks for a moment only: no table is read through or written anew under one. A migration that
has to do more is taken apart: add, fill in batches, and take away in the release after.
"""

import re
from typing import Final

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.migrations.test_old_code import FORMER_RELEASE

_ALL: Final = [name for app, name in MigrationLoader(None).disk_migrations if app == "backbone"]
NAMES: Final = sorted(name for name in _ALL if name > FORMER_RELEASE)
TAKES_LONG: Final = {
    "writes the table anew": r"ALTER COLUMN \S+ TYPE ",
    "reads the whole table": r"SET NOT NULL|ALTER TABLE (?P<checked>\S+) ADD CONSTRAINT (?!.*NOT VALID)",
    "keeps writers out": r"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)\S+ ON (?P<indexed>\S+) ",
    "takes from the former release what it uses": r"DROP (?:COLUMN|TABLE|CONSTRAINT)|RENAME ",
    "is refused for the former release's rows": r"ADD COLUMN (?!.*DEFAULT)\S+ [^;]*(?<!NULL) NOT NULL",
}


def statements(name: str) -> list[str]:
    """The SQL of one migration, as ``sqlmigrate`` shows it."""
    loader = MigrationLoader(connection, replace_migrations=False)
    plan = [(loader.graph.nodes["backbone", name], False)]
    return [line for line in loader.collect_sql(plan) if not line.startswith("--")]


def troubles(lines: list[str]) -> list[str]:
    """What of these statements makes others wait or fail; a table that they make is nobody's yet."""
    new = set(re.findall(r"CREATE TABLE (\S+)", "\n".join(lines)))
    return [
        what
        for line in lines
        for what, pattern in TAKES_LONG.items()
        for found in re.finditer(pattern, line)
        if not new & {table for table in found.groupdict().values() if table}
    ]


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer, who locks everything")
@pytest.mark.parametrize("name", NAMES)
def test_nobody_waits_for_long_for(name: str) -> None:
    lines = statements(name)

    assert lines
    assert troubles(lines) == []


@pytest.mark.parametrize(
    "line",
    [
        'ALTER TABLE "site" ALTER COLUMN "status" TYPE varchar(64);',
        'ALTER TABLE "site" ALTER COLUMN "status" SET NOT NULL;',
        'ALTER TABLE "site" ADD CONSTRAINT "one" UNIQUE ("status");',
        'CREATE INDEX "by_status" ON "site" ("status");',
        'ALTER TABLE "site" DROP COLUMN "status" CASCADE;',
        'ALTER TABLE "site" RENAME COLUMN "status" TO "state";',
        'ALTER TABLE "site" ADD COLUMN "size" integer NOT NULL;',
    ],
)
def test_what_makes_others_wait_or_fail_is_found(line: str) -> None:
    assert len(troubles([line])) == 1


def test_what_costs_a_moment_is_let_through() -> None:
    lines = [
        'CREATE TABLE "new" ("id" bigint NOT NULL PRIMARY KEY);',
        'CREATE INDEX "by_id" ON "new" ("id");',
        'ALTER TABLE "new" ADD CONSTRAINT "one" UNIQUE ("id");',
        'ALTER TABLE "site" ADD COLUMN "note" varchar(64) DEFAULT \'\' NOT NULL;',
        'ALTER TABLE "site" ADD COLUMN "at" timestamp with time zone NULL;',
    ]

    assert troubles(lines) == []
