"""Files: where a world keeps the large ones, and stretches of them on their way to whoever asked."""

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

IN_MEMORY = 1_000_000
"""Bytes; a larger file lies on disk."""
PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Stretch:
    """``size`` bytes of a file from ``start`` on; one that lies on disk is read no sooner than it is sent."""

    source: bytes | Path
    start: int
    size: int

    def first(self, size: int | None) -> "Stretch":
        """Give no more than the first ``size`` bytes of it, all for None."""
        return self if size is None else Stretch(self.source, self.start, min(size, self.size))

    def pieces(self) -> Iterator[bytes]:
        """Give the bytes, piece by piece."""
        if isinstance(self.source, bytes):
            yield self.source[self.start : self.start + self.size]  # no copy when that is all
            return
        left = self.size
        with self.source.open("rb") as file:
            file.seek(self.start)
            while left > 0 and (piece := file.read(min(left, PIECE))):
                left -= len(piece)
                yield piece


class Files:
    """The large files of a world, in a temporary folder that goes away with it.

    A file stays until then even if nobody can ask for it any more: an answer may still be reading it.
    """

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._last = 0
        self._end: Callable[[], object] | None = None

    def clear(self) -> None:
        """Remove the folder now."""
        if self._end:
            self._end()

    def keep(self, content: bytes) -> bytes | Path:
        """Keep a file: a small one is given back as it is, of a large one the place where it lies."""
        if len(content) <= IN_MEMORY:
            return content
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="jira-sandbox-"))
            self._end = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._last += 1
        path = self._folder / str(self._last)
        path.write_bytes(content)
        return path
