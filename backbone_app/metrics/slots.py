"""Files that outlive processes: each process has a slot of its own while it lives, and hands it on.

prometheus_client names its files by process id, so that workers which are replaced every few
hundred jobs would leave thousands behind, all of which have to be read at each scrape. Here a
process takes the lowest number that nobody holds and goes on counting where its predecessor
stopped; there are never more files than processes at one time.

The number is held by a POSIX lock: a forked child does not inherit it (and takes a slot of its own
with the first thing it counts), and the system lets go of it however a process ends. A child never
takes its parent's number, even where the parent is gone: the library would not notice that anything
changed, and would go on from what the parent had counted when it forked.
"""

import fcntl
import itertools
import os
import struct
from pathlib import Path
from typing import Final

from prometheus_client.mmap_dict import MmapedDict

BROKEN: Final = (RuntimeError, struct.error, UnicodeDecodeError, IndexError, OSError)
"""What reading a file raises that a power failure has damaged, or that is gone meanwhile."""


class Slots:
    """Tells this process its number within ``directory``, as prometheus_client asks at every count.

    Makes the directory; OSError where it cannot be written.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process = 0
        self._number = -1
        self._file = -1

    def __call__(self) -> int:
        """Give the number, a new one after a fork."""
        if os.getpid() != self._process:
            self._take()
        return self._number

    def _take(self) -> None:
        if self._file >= 0:
            os.close(self._file)  # the parent's: its lock is not ours, and stays
            self._file = -1
        parents = self._number
        # Again for each process: whoever empties a directory must not stop all that begin after it.
        self._directory.mkdir(mode=0o750, parents=True, exist_ok=True)
        numbers = (number for number in itertools.count() if number != parents)
        self._number, self._file = next(filter(None, map(self._held, numbers)))
        self._process = os.getpid()
        for path in self._directory.glob(f"*_{self._number}.db"):
            if not is_whole(path) or not os.access(path, os.W_OK):  # a power failure, or another user's
                path.unlink(missing_ok=True)  # nothing that is counted is worth a request that fails

    def _held(self, number: int) -> tuple[int, int] | None:
        path = self._directory / f"{number}.lock"
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError:
            if path.exists():
                return None  # another user's, who began to count here once: as good as taken
            raise
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        return number, file


def is_whole(path: Path) -> bool:
    """Whether the file can be read: one that is just being made cannot, nor one that a power failure cut."""
    try:
        for _ in MmapedDict.read_all_values_from_file(str(path)):
            pass
    except BROKEN:
        return False
    return True
