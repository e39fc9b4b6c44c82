"""Databases for an app that runs in processes of its own, and what a test asks them behind its back."""

import sqlite3
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

WORK_LEFT = """
    SELECT (SELECT count(*) FROM backbone_pair WHERE due > 0 OR lease_until IS NOT NULL)
         + (SELECT count(*) FROM backbone_delivery WHERE unpaired)
         + (SELECT count(*) FROM backbone_intent WHERE state IN ('open', 'crossed'))
"""
LEASES = "SELECT count(*) FROM backbone_pair WHERE lease_until IS NOT NULL"
DUE = "SELECT count(*) FROM backbone_pair WHERE due > 0"


@dataclass(frozen=True, slots=True)
class Database:
    """One database by its address, as the app is told it."""

    url: str

    def number(self, query: str) -> int:
        """The one number that a query gives."""
        ((answer,),) = self.rows(query)
        return int(answer)

    def rows(self, query: str) -> list[Any]:
        """All that a query gives."""
        if self.url.startswith("sqlite:"):
            connection = sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=20)
            try:
                return connection.execute(query).fetchall()
            finally:
                connection.close()
        with psycopg.connect(self.url) as session:
            return session.execute(query.encode()).fetchall()


def sqlite(directory: Path) -> Database:
    """A new SQLite file, still without tables."""
    return Database(f"sqlite:///{directory / 'app.sqlite3'}")


def postgres(server: str) -> Database:
    """A new, empty database on the server at this address."""
    name = f"app_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name}".encode())
    return Database(urlsplit(server)._replace(path=f"/{name}").geturl())
