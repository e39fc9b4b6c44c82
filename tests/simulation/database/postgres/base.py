"""PostgreSQL, watched."""

from django.db.backends.postgresql import base

from tests.simulation.database.watched import Watched


class DatabaseWrapper(Watched, base.DatabaseWrapper):
    """A connection whose every step can be the last."""

    def set_autocommit(
        self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False
    ) -> None:
        """Begin a transaction, where that is what it means: no statement says so here."""
        if not autocommit:
            self.begins()
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
