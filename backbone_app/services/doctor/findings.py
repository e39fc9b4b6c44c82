"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is; the last one is for what must be mended before the service does its work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what it is like and, unless all is well, what to do about it."""

    level: Level
    what: str
    why: str
    remedy: str = ""


def fine(what: str, why: str) -> Finding:
    """Say that all is well."""
    return Finding(Level.OK, what, why)


def odd(what: str, why: str, remedy: str) -> Finding:
    """Say that somebody should look at it."""
    return Finding(Level.WARN, what, why, remedy)


def bad(what: str, why: str, remedy: str) -> Finding:
    """Say that it does not work like that."""
    return Finding(Level.FAIL, what, why, remedy)
