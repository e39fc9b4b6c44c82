"""PostgreSQL, watched."""

from django.db.backends.postgresql import base

from tests.simulation.database.watched import Watched


class DatabaseWrapper(Watched, base.DatabaseWrapper):
    """A connection whose every step can be the last."""
