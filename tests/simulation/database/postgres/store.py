"""The database of worlds on a server of the process's own: put back by copying the one that was kept.

Copied are files, so that each life finds its rows where the one before it found them, not only the same rows.
"""

import psycopg
from django.db import connections
from psycopg.sql import SQL, Identifier

from tests.simulation.database.postgres.server import WORLD


class Postgres:
    """The database that Django is set up for."""

    def __init__(self) -> None:
        address = connections["default"].get_connection_params() | {"dbname": "postgres"}
        self._session = psycopg.connect(**address, autocommit=True)

    def keep(self, name: str) -> None:
        """Remember what it holds."""
        self._copy(WORLD, f"kept_{name}")

    def put_back(self, name: str) -> None:
        """Let it hold that again."""
        self._copy(f"kept_{name}", WORLD)

    def _copy(self, source: str, target: str) -> None:
        connections.close_all()
        names = {"source": Identifier(source), "target": Identifier(target)}  # with blanks and dots
        self._session.execute(SQL("DROP DATABASE IF EXISTS {target} WITH (FORCE)").format(**names))
        copied = SQL("CREATE DATABASE {target} TEMPLATE {source} STRATEGY file_copy")
        self._session.execute(copied.format(**names))
