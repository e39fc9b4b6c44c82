"""What every setting is made of: a text of the environment, and the names that somebody reads."""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured

PREFIX: Final = "BACKBONE_"


class Mode(StrEnum):
    """Where this process runs: production is strict, development may use loopback."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Basics:
    """Reads plain settings and remembers their names, so that strangers can be refused."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._known: set[str] = set()
        self.mode = Mode(self.choice("MODE", tuple(Mode)))

    def text(self, name: str, default: str | None = None) -> str:
        """Read a non-empty text; without a default it is required."""
        self._known.add(PREFIX + name)
        value = self._environment.get(PREFIX + name) or default
        if value is None:
            raise ImproperlyConfigured(f"{PREFIX}{name} is missing.")
        return value

    def both(self, *names: str) -> tuple[str, ...]:
        """Read texts of which all are there or none is: then they are empty."""
        found = tuple(self.text(name, "") for name in names)
        if any(found) and not all(found):
            said = " and ".join(f"{PREFIX}{name}" for name in names)
            raise ImproperlyConfigured(f"{said} go together: set both, or neither.")
        return found

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """Read one of the words in ``allowed``."""
        value = self.text(name, default)
        if value not in allowed:
            raise ImproperlyConfigured(
                f"{PREFIX}{name} is {value!r}; it must be one of {', '.join(allowed)}."
            )
        return value

    def words(self, name: str, default: str) -> tuple[str, ...]:
        """Read words separated by commas; an empty entry is dropped."""
        return tuple(word.strip() for word in self.text(name, default).split(",") if word.strip())

    def file(self, name: str) -> Path | None:
        """Read the path of a file that this process can read; without one, None."""
        self._known.add(PREFIX + name)
        value = self._environment.get(PREFIX + name)
        if not value:
            return None
        path = Path(value)
        if not path.is_absolute() or not os.access(path, os.R_OK) or not path.is_file():
            raise ImproperlyConfigured(f"{PREFIX}{name} must be the whole path of a file that can be read.")
        return path

    def kept_file(self, name: str) -> Path | None:
        """Read the path of a file that this process makes where there is none; without one, None."""
        self._known.add(PREFIX + name)
        value = self._environment.get(PREFIX + name)
        if not value:
            return None
        path = Path(value)
        if not path.is_absolute() or not path.parent.is_dir() or path.is_dir():
            raise ImproperlyConfigured(
                f"{PREFIX}{name} must be the whole path of a file, in a directory that is there."
            )
        return path

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """Read a whole number between ``least`` and ``most``."""
        value = self.text(name, str(default))
        if not value.isdecimal() or not least <= int(value) <= most:
            raise ImproperlyConfigured(
                f"{PREFIX}{name} is {value!r}; it must be a number from {least} to {most}."
            )
        return int(value)

    def yes_no(self, name: str, default: str) -> bool:
        """``yes`` or ``no``; everything else is refused rather than guessed."""
        return self.choice(name, ("yes", "no"), default) == "yes"

    def refuse_strangers(self) -> None:
        """Stop at a ``BACKBONE_…`` name that no setting reads: it is misspelt."""
        strangers = {name for name in self._environment if name.startswith(PREFIX)} - self._known
        if strangers:
            raise ImproperlyConfigured(f"Unknown setting: {', '.join(sorted(strangers))}.")
