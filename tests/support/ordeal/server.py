"""A PostgreSQL server of one's own that is shot, and comes back with everything that it had committed."""

import os
import signal
from pathlib import Path
from random import Random

import psycopg

from jira_sandbox.demo.stage import wait_for
from tests.support import databases, environment
from tests.support.databases import Database
from tests.support.processes import is_alive

PATIENCE = 30.0


class Server:
    """A server with one empty ``database``; unlike those of other tests it writes before it says so."""

    def __init__(self) -> None:
        self._url = environment.new_postgres()
        self.database: Database = databases.postgres(self._url)
        with psycopg.connect(self._url, autocommit=True) as session:
            session.execute("ALTER SYSTEM SET synchronous_commit = on")
            session.execute("SELECT pg_reload_conf()")
            ((directory,),) = session.execute("SHOW data_directory").fetchall()
        self._directory = Path(directory)

    def restart_at_once(self) -> None:
        """Shut it down as ``pg_ctl -m immediate`` does, nothing tidied up, and start it again."""
        first = self._first_process()
        os.kill(first, signal.SIGQUIT)
        assert wait_for(lambda: not is_alive(first), within=PATIENCE)
        environment.start_again(self._directory)

    def lose_a_backend(self, chance: Random) -> None:
        """Kill the process behind one connection: the server then throws everybody out and recovers."""
        with psycopg.connect(self._url) as session:
            found = session.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' ORDER BY pid"
            )
            victims = [int(pid) for (pid,) in found.fetchall()]
        os.kill(chance.choice(victims), signal.SIGKILL)
        assert wait_for(self._answers, within=PATIENCE)

    def _first_process(self) -> int:
        return int((self._directory / "postmaster.pid").read_text().splitlines()[0])

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self._url) as session:
                return session.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False
