"""How long ``manage.py migrate`` waits for those who work, and what it says when it gives up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.db.models.signals import pre_migrate

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite's only writer waits as it always does"
    ),
]


@contextmanager
def migrating(step: Callable[[], object]) -> Iterator[None]:
    """While this lasts a migration does ``step`` on its own connection."""

    def receive(**_: Any) -> None:
        step()

    pre_migrate.connect(receive)
    try:
        yield
    finally:
        pre_migrate.disconnect(receive)


def asked(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def test_a_migration_waits_for_three_seconds_and_whoever_comes_after_it_for_as_long_as_before() -> None:
    seen = []

    with migrating(lambda: seen.append(asked("SHOW lock_timeout"))):
        call_command("migrate", verbosity=0)

    assert set(seen) == {"3s"}
    assert asked("SHOW lock_timeout") == "0"


def test_a_migration_that_would_wait_for_longer_says_that_nothing_is_changed_and_what_to_do() -> None:
    other = connection.copy()
    other.set_autocommit(False)
    other.cursor().execute("LOCK TABLE backbone_site IN ACCESS SHARE MODE")

    def change() -> None:
        asked("SET lock_timeout = '10ms'")
        with transaction.atomic():
            asked("LOCK TABLE backbone_site IN ACCESS EXCLUSIVE MODE")

    with migrating(change), pytest.raises(CommandError) as told:
        call_command("migrate", verbosity=0)

    other.close()
    assert "has changed nothing. Everything works on as before; give the command again." in str(told.value)


def test_another_fault_of_the_database_is_told_as_it_is() -> None:
    def fail() -> None:
        asked("SET statement_timeout = '10ms'")
        try:
            asked("SELECT pg_sleep(1)")
        finally:
            asked("RESET statement_timeout")

    with migrating(fail), pytest.raises(OperationalError, match="statement timeout"):
        call_command("migrate", verbosity=0)
