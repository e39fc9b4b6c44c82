"""The database goes away in the middle of the work on a pair, and is there again at once."""

import contextlib

from django.db import OperationalError, connection

from jira_sandbox.wire import Request
from tests.support.scenario import Story
from tests.support.workers import EDIT


def lose_database(_: Request) -> None:
    """End this thread's connection, as a restarted server does; on SQLite it can write no more."""
    with contextlib.suppress(OperationalError), connection.cursor() as cursor:
        on_sqlite = connection.vendor == "sqlite"
        cursor.execute(
            "PRAGMA query_only = 1" if on_sqlite else "SELECT pg_terminate_backend(pg_backend_pid())"
        )


def test_a_pair_whose_work_lost_the_database_is_taken_up_again_within_seconds(story: Story) -> None:
    left = story.create("ALPHA", "Broken lamp")
    story.settle()
    right = story.twin_of(left)
    story.jira.world.hooks.after(*EDIT, lose_database)
    story.edit("alice", left, summary="Whole lamp")
    story.settle()
    assert story.pair().due > 0

    story.clock.advance(seconds=90)
    story.settle()

    assert (story.pair().due, story.pair().reason) == (0, "")
    assert story.holds(right)["summary"] == "Whole lamp"
    assert story.journal().count("edited summary") == 1
