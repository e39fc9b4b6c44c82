"""Programs of others that run under Node: one process each, asked and answering a line of JSON at a time.

``make build/node/ready`` installs what tests/node names, and Node itself where the system's is missing or too
old. A test that needs what was not to be had is skipped with the reason; under CI it fails.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / "tests" / "node"
INSTALLED = ROOT / "build" / "node"
MODULES = INSTALLED / "node_modules"
END_SECONDS = 10


class Program:
    """A program that answers each line with a line."""

    def __init__(self, asked: IO[str], told: IO[str]) -> None:
        self._asked = asked
        self._told = told

    def ask(self, question: object) -> dict[str, Any]:
        """Ask and wait for the answer; EOFError if the program ended, having said why on stderr."""
        self._asked.write(f"{json.dumps(question)}\n")
        self._asked.flush()
        line = self._told.readline()
        if not line:
            raise EOFError("the program has ended")
        return dict(json.loads(line))


@contextmanager
def running(name: str, *arguments: str, needs: str) -> Iterator[Program]:
    """Run a program of tests/node that uses the package ``needs``, as long as the context lasts."""
    command = [_node(needs), str(PROGRAMS / name), *arguments]
    environment = {**os.environ, "NODE_PATH": str(MODULES)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    ) as process:
        assert process.stdin
        assert process.stdout
        yield Program(process.stdin, process.stdout)
        process.stdin.close()
        process.wait(END_SECONDS)


def _node(needs: str) -> str:
    """Where Node is, if the package is installed too; else the test goes no further."""
    found = shutil.which("node", path=INSTALLED) or shutil.which("node")
    if found and (MODULES / needs).is_dir():
        return found
    reason = f"{needs} is not installed in {MODULES.relative_to(ROOT)}" if found else "there is no node"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
