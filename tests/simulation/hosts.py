"""The processes that live for this one: each has a database and grounds of its own and one life at a time."""

import os
import subprocess
import sys
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, Final, TypeAlias

ROOT: Final = Path(__file__).resolve().parents[2]
LIVED: Final = "tests.simulation.lives.lived"
TOLD: Final = "tests.simulation.lives.told"
SHRUNK: Final = "tests.simulation.lives.shrunk"
Question: TypeAlias = tuple[str, tuple[Any, ...]]
"""The dotted name of a function that takes grounds first, and its further arguments (they are pickled)."""


class Host:
    """One of them; EOFError wherever it is gone, after it said why on standard error.

    Nothing of this process is in it: no child of ``multiprocessing``, which would bring along what runs here.
    """

    def __init__(self, store: str, bug: str = "") -> None:
        self.wire, theirs = Pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.simulation.host", store, str(theirs.fileno()), bug],
            pass_fds=(theirs.fileno(),),
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
        theirs.close()

    def put(self, question: Question) -> None:
        """Ask without waiting."""
        try:
            self.wire.send(question)
        except BrokenPipeError:
            raise EOFError from None

    def answer(self) -> Any:
        """Wait for what the last question gave."""
        try:
            return self.wire.recv()
        except ConnectionResetError:
            raise EOFError from None

    def ask(self, name: str, *arguments: Any) -> Any:
        """Ask, and wait for the answer."""
        self.put((name, arguments))
        return self.answer()

    def kill(self) -> None:
        """End it whatever it is at."""
        self._process.kill()

    def close(self) -> None:
        """Let it end; what it is at comes to its end first."""
        self.wire.close()
        self._process.wait()
