"""Django for simulated worlds: the tests' settings, a watched database, our clock. Before anything else."""

import gc
import os
import shutil
import tempfile
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final, Literal

from tests.simulation import clock
from tests.simulation.database.postgres import server
from tests.support import environment

Store = Literal["sqlite", "postgres"]
ENGINES: Final = {
    "sqlite": "tests.simulation.database.sqlite",
    "postgres": "tests.simulation.database.postgres",
}
MEMORY_DISK: Final = Path("/dev/shm")
said: Final[list[dict[str, Any]]] = []
"""What the app logged as an error since somebody last looked."""


def boot(store: Store) -> Path:
    """Set Django up; gives a directory of this process's own, in memory where the machine has such a disk."""
    clock.install()
    if not environment.is_prepared():
        os.environ["TEST_DATABASE"] = "sqlite"
        environment.prepare()
    roomy = MEMORY_DISK if os.access(MEMORY_DISK, os.W_OK) else Path(tempfile.gettempdir())
    directory = Path(tempfile.mkdtemp(prefix="backbone-sim-", dir=roomy))
    world = directory / "world.sqlite3"
    os.environ["DATABASE_URL"] = server.start(roomy) if store == "postgres" else f"sqlite:///{world}"
    _set_up(store)
    gc.freeze()
    return directory


def leave(directory: Path) -> None:
    """Leave nothing behind."""
    shutil.rmtree(directory, ignore_errors=True)


def _set_up(store: Store) -> None:
    import django
    import structlog
    from django.conf import settings
    from django.test.utils import setup_test_environment

    database: dict[str, Any] = settings.DATABASES["default"]
    database["ENGINE"] = ENGINES[store]
    database["CONN_HEALTH_CHECKS"] = False
    # Nobody ever waits for a lock: see `watched`.
    patience: dict[str, Any] = {"options": server.OPTIONS} if store == "postgres" else {"timeout": 0}
    database["OPTIONS"] = {**database.get("OPTIONS", {}), **patience}
    # One thread a worker: who runs is the baton's to say. Both lanes, whatever the database.
    settings.BACKBONE_WORKER_THREADS = 1
    settings.BACKBONE_LANES = ("live", "bulk")
    settings.BACKBONE_SITE_WEBHOOKS_PER_MINUTE = 10_000_000
    django.setup()
    setup_test_environment()  # requests come in as the test client sends them
    clock.in_database()
    structlog.configure(processors=[_kept], wrapper_class=structlog.make_filtering_bound_logger("error"))


def _kept(_logger: object, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    import structlog

    said.append({"level": method, **structlog.processors.format_exc_info(None, method, event)})
    raise structlog.DropEvent
