"""Files that outlive processes: each process has a slot of its own while it lives, and hands it on.

prometheus_client names its files by process id, so that workers which are replaced every few
hundred jobs would leave thousands behind, all of which have to be read at each scrape. Here a
process takes the lowest number that nobody holds and goes on counting where its predecessor
stopped; there are never more files than processes at one time.

The number is held by a POSIX lock: a forked child does not inherit it (and takes a slot of its own
with the first thing it counts), and the system lets go of it however a process ends.
"""

import fcntl
import itertools
import os
import struct
from contextlib import suppress
from pathlib import Path
from typing import Final

from prometheus_client.mmap_dict import MmapedDict

BROKEN: Final = (RuntimeError, struct.error, UnicodeDecodeError, IndexError)
"""What reading a file raises that a power failure has damaged."""


class Slots:
    """Tells this process its number within ``directory``, as prometheus_client asks at every count.

    OSError where the directory cannot be written.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process = 0
        self._number = 0
        self._file = -1

    def __call__(self) -> int:
        """Give the number, a new one after a fork."""
        if os.getpid() != self._process:
            self._take()
        return self._number

    def _take(self) -> None:
        if self._file >= 0:
            os.close(self._file)  # the parent's: its lock is not ours, and stays
        self._number, self._file = next(filter(None, map(self._held, itertools.count())))
        self._process = os.getpid()
        for path in self._directory.glob(f"*_{self._number}.db"):
            _drop_if_broken(path)

    def _held(self, number: int) -> tuple[int, int] | None:
        file = os.open(self._directory / f"{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        return number, file


def _drop_if_broken(path: Path) -> None:
    """Begin anew where a file cannot be read: nothing that is counted is worth a request that fails."""
    try:
        for _ in MmapedDict.read_all_values_from_file(str(path)):
            pass
    except BROKEN:
        with suppress(FileNotFoundError):
            path.unlink()
