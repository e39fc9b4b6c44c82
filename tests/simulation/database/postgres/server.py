"""A server of the process's own, with its data on the memory disk. Knows nothing of Django: see ``boot``."""

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import psycopg

from tests.support import environment

WORLD: Final = "world"
OPTIONS: Final = "-c lock_timeout=1s -c jit=off"
"""Nobody ever waits for a lock (see ``watched``): one that would is an error, and no life hangs."""


def start(parent: Path) -> str:
    """Start it, with its data in a directory of ``parent``; gives the address of its database for worlds."""
    address = environment.new_postgres(parent)
    with psycopg.connect(address, autocommit=True) as session:
        session.execute("ALTER SYSTEM SET autovacuum = off")  # nothing happens by the server's own clock
        session.execute("SELECT pg_reload_conf()")
        session.execute(f"CREATE DATABASE {WORLD}".encode())
    return urlsplit(address)._replace(path=f"/{WORLD}").geturl()
