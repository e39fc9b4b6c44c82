"""The machine itself: room to write, and where the metrics lie."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from backbone_app.services.doctor.findings import Finding, bad, fine, odd

LITTLE: Final = 1024**3
TOO_LITTLE: Final = 100 * 1024**2


def metrics_directory(_now: datetime) -> Iterator[Finding]:
    """See that the processes can add up what they count."""
    directory = settings.BACKBONE_METRICS_DIR
    if not directory:
        yield odd(
            "metrics",
            "BACKBONE_METRICS_DIR is not set: each process has metrics of its own, the listener the least.",
            "Name a directory that is empty after a start of the machine, such as /run/backbone/metrics.",
        )
    elif not all(os.access(path, os.W_OK) for path in (Path(directory), *Path(directory).glob("*.lock"))):
        yield bad(
            "metrics",
            "BACKBONE_METRICS_DIR, or a file in it, cannot be written: what is counted may be missing.",
            "Start the service, which makes it; its user needs the right to write there and to all within.",
        )
    else:
        yield fine("metrics", "added up over all processes of this machine")


def disks(_now: datetime) -> Iterator[Finding]:
    """See that there is room where this machine writes."""
    yield from room(_places(), little=LITTLE, too_little=TOO_LITTLE)


def room(places: dict[str, Path], *, little: int, too_little: int) -> Iterator[Finding]:
    """See that there are as many bytes free at each place."""
    free = {name: shutil.disk_usage(path).free for name, path in places.items() if path.exists()}
    for name, left in free.items():
        told = f"{left / 1024**2:.0f} MB are left for {name}"
        if left < too_little:
            yield bad("disk", f"{told}: writing will fail.", "Make room.")
        elif left < little:
            yield odd("disk", f"{told}.", "Make room.")
    if all(left >= little for left in free.values()):
        yield fine("disk", f"at least {min(free.values()) / 1024**3:.0f} GB are left")


def _places() -> dict[str, Path]:
    places = {"temporary files": Path(tempfile.gettempdir())}
    if connection.vendor == "sqlite":
        places["the database"] = Path(str(connection.settings_dict["NAME"])).absolute().parent
    if settings.BACKBONE_ERASURE_LOG:
        places["the erasure log"] = settings.BACKBONE_ERASURE_LOG.parent
    return places
