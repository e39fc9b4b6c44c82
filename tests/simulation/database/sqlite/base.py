"""SQLite, watched."""

from django.db.backends.sqlite3 import base

from tests.simulation.database.watched import Watched


class DatabaseWrapper(Watched, base.DatabaseWrapper):
    """A connection whose every step can be the last."""
