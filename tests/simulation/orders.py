"""What the runner and the processes that live for it say to each other. Nothing here needs Django."""

import zlib
from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.plan import Schedule


@dataclass(frozen=True, slots=True)
class Order:
    """A life that is wanted: its faults drawn from ``faults``, or all; of ``schedule`` only what it names.

    Its trace comes along where ``is_kept``. Its second site is what ``kind`` says, None: as it is drawn.
    """

    seed: int
    faults: tuple[str, ...] | None = None
    schedule: Schedule | None = None
    is_kept: bool = False
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it; ``trace`` is packed text, a line a step, empty unless it was kept.

    ``kind`` is what the second site was.
    """

    seed: int
    digest: str
    violations: tuple[str, ...]
    schedule: Schedule
    lost: int = 0
    duplicates: int = 0
    echoes: int = 0
    changes: int = 0
    calls: int = 0
    fenced: int = 0
    happenings: int = 0
    lasted: float = 0.0
    kind: str = ""
    struck: Counter[str] = field(default_factory=Counter)
    trace: bytes = b""

    @property
    def lines(self) -> list[str]:
        """The kept trace."""
        return zlib.decompress(self.trace).decode().splitlines() if self.trace else []


@dataclass(frozen=True, slots=True)
class Story:
    """A life to read: what it was cut down to after so many ``lives``, what was wrong, and its timeline."""

    order: Order
    violations: tuple[str, ...]
    timeline: str
    lives: int = 1


def packed(lines: list[str]) -> bytes:
    """Pack a trace for its way."""
    return zlib.compress("\n".join(lines).encode(), 1)
