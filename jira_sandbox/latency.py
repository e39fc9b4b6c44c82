"""How long a site takes to answer: always the same, or log-normal as waits over a network are.

Drawn from the world's chance. Time passes as the world's own does: a test's clock is moved on, a served world
sleeps.
"""

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Delay:
    """Half of the answers take longer than ``median`` seconds; ``sigma`` is that of the logarithm.

    With a sigma of 0 all take the same; with 0.5 one in twenty takes more than 2.3 times the median, with 1.0
    more than 5.2 times.
    """

    median: float
    sigma: float = 0.0

    def draw(self, chance: random.Random) -> float:
        """Draw the seconds of one answer."""
        return self.median * math.exp(chance.gauss(0.0, self.sigma))


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """What calls to the REST API wait for: ``usual``, or what stands for their method and template.

    ``wait`` lets so many seconds pass. Calls wait before their effect, without the world's lock.
    """

    usual: Delay
    wait: Callable[[float], None]
    by_endpoint: Mapping[str, Delay] = field(default_factory=dict)

    def pass_by(self, endpoint: str, chance: random.Random) -> None:
        """Let the time of one call to ``endpoint`` pass."""
        self.wait(self.by_endpoint.get(endpoint, self.usual).draw(chance))


def parsed(text: str) -> Delay:
    """Read ``0.2`` (constant seconds) or ``0.2~0.5`` (median and sigma); ValueError for anything else."""
    median, mark, sigma = text.partition("~")
    numbers = [float(median), *([float(sigma)] if mark else [])]
    if not all(math.isfinite(number) and number >= 0 for number in numbers):
        raise ValueError(f"{text!r} is neither seconds nor median~sigma")
    return Delay(*numbers)
