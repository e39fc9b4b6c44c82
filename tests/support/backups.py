"""A backup of everything our tables hold, and the way back to it, on either database."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Backup:
    """All rows as they were; on SQLite the file itself, on PostgreSQL table by table."""

    kept: Any

    @classmethod
    def take(cls) -> "Backup":
        """Copy what there is now."""
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            copy = sqlite3.connect(":memory:", check_same_thread=False)
            connection.connection.backup(copy)
            return cls(copy)
        with connection.cursor() as cursor:
            return cls({table: _rows(cursor, table) for table in _tables()})

    def restore(self) -> None:
        """Put it back over whatever is there by now."""
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            self.kept.backup(connection.connection)
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SET session_replication_role = replica"
            )  # rows come in no order that keys would like
            cursor.execute(f"TRUNCATE {', '.join(self.kept)} CASCADE")
            for table, rows in self.kept.items():
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(rows)
            cursor.execute("SET session_replication_role = DEFAULT")


def _tables() -> list[str]:
    return [
        name for name in connection.introspection.table_names() if name.startswith(("backbone_", "django_q"))
    ]


def _rows(cursor: Any, table: str) -> bytes:
    with cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(bytes(part) for part in copy)
