"""PostgreSQL's tables are emptied after each test by deleting what is in them.

Django truncates: a new file for each table and index, however few rows there were, and that is most of what
a small test takes there.
"""

from collections.abc import Sequence

from django.core.management.color import Style
from django.db import connections


def sql_flush(
    style: Style, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False
) -> list[str]:
    """Stand in for Django's; foreign keys are checked at the commit, so any order will do.

    No test asks for numbers that begin at 1 again, nor for what else refers to the tables: these are all.
    """
    assert (reset_sequences, allow_cascade) == (False, False)
    quoted = connections["default"].ops.quote_name
    return [f"DELETE FROM {quoted(table)}" for table in tables]  # noqa: S608 - its own tables


def pytest_configure() -> None:
    """Let the connection that tests are cleaned up with do it this way."""
    if connections["default"].vendor == "postgresql":
        connections["default"].ops.sql_flush = sql_flush  # type: ignore[method-assign]
