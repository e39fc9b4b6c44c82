"""Families of samples whose label values are declared, and the text that Prometheus reads."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

import prometheus_client
import structlog
from django.conf import settings
from prometheus_client import CollectorRegistry, generate_latest, values
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from backbone_app.metrics.labels import OTHER
from backbone_app.metrics.slots import BROKEN, Slots, is_whole

Allowed = Mapping[str, frozenset[str]]
"""The values that each label takes, by the label's name."""

SERVICES: Final = frozenset({"run_workers", "run_lane", "serve_metrics", "runserver"})
"""Commands of ``manage.py`` that go on; the others end soon, and may be given as another user."""

_log = structlog.get_logger()
_REGISTRY: Final = CollectorRegistry()
_TOLD: Final[set[str]] = set()
"""The kinds of trouble with counting that this process has told: each once, however often it comes."""


def _share(directory: str) -> bool:
    """Have everything that is counted from here on kept in ``directory``; False where that cannot be."""
    prometheus_client.disable_created_metrics()  # when a process began to count says nothing
    if not directory:
        return False
    try:
        identify = Slots(Path(directory))
        identify()
    except OSError as trouble:
        # To count is not worth a service that does not start; ``manage.py doctor`` says it as well.
        _log.error("metrics_not_shared", trouble=type(trouble).__name__)
        return False
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory  # where the library looks for it
    values.ValueClass = values.MultiProcessValue(identify)
    return True


def is_service(arguments: list[str]) -> bool:
    """Whether a program that was started so serves: its files stay, and have to be the service user's."""
    program, command = Path(arguments[0]).name, arguments[1:2]
    return program != "manage.py" or bool(SERVICES.intersection(command))


_IS_SHARED: Final = _share(settings.BACKBONE_METRICS_DIR if is_service(sys.argv) else "")


def _try(count: Callable[[], None]) -> None:
    """Count, or pass it by: what cannot be counted is worth no request or job that fails."""
    try:
        count()
    except (*BROKEN, ValueError) as trouble:  # ValueError: a file that was closed half-way through all this
        kind = type(trouble)
        if kind.__name__ not in _TOLD:
            _TOLD.add(kind.__name__)
            _log.error("not_counted", trouble=kind.__name__)


class Counter:
    """Counts what happens; its name ends in ``_total``. ``allowed`` names the labels and their values."""

    def __init__(self, name: str, text: str, **allowed: frozenset[str]) -> None:
        self.name: Final = name
        self.allowed: Final[Allowed] = MappingProxyType(allowed)
        self._family = prometheus_client.Counter(name, text, tuple(allowed), registry=_REGISTRY)
        COUNTERS.append(self)

    def up(self, amount: float = 1.0, **labels: str) -> None:
        """Count; nothing for an ``amount`` of 0. ValueError for labels that were not declared."""
        if amount:
            told = _declared(self.allowed, labels)
            _try(lambda: (self._family.labels(**told) if told else self._family).inc(amount))


class Measure:
    """Measures how long something took, in seconds, as a histogram with these upper ``bounds``."""

    def __init__(self, name: str, text: str, *, bounds: tuple[float, ...], **allowed: frozenset[str]) -> None:
        self.name: Final = name
        self.allowed: Final[Allowed] = MappingProxyType(allowed)
        self._family = prometheus_client.Histogram(
            name, text, tuple(allowed), buckets=bounds, registry=_REGISTRY
        )
        MEASURES.append(self)

    def took(self, seconds: float, **labels: str) -> None:
        """Take in one; where two clocks disagree it may look shorter than nothing, and counts as nothing."""
        told = _declared(self.allowed, labels)
        _try(lambda: (self._family.labels(**told) if told else self._family).observe(max(0.0, seconds)))

    @contextmanager
    def timed(self, **labels: str) -> Iterator[None]:
        """Measure a block, however it ends; also to stand above a function."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.took(time.perf_counter() - began, **labels)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a gauge shows now, for one combination of labels."""

    gauge: "Gauge"
    value: float
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Gauge:
    """Something that the tables tell when they are asked; no process keeps it."""

    def __init__(self, name: str, text: str, **allowed: frozenset[str]) -> None:
        self.name: Final = name
        self.text: Final = text
        self.allowed: Final[Allowed] = MappingProxyType(allowed)
        GAUGES.append(self)

    def shows(self, value: float, **labels: str) -> Reading:
        """Make a reading of it."""
        return Reading(self, value, _declared(self.allowed, labels))


COUNTERS: Final[list[Counter]] = []
MEASURES: Final[list[Measure]] = []
GAUGES: Final[list[Gauge]] = []


def exposition(readings: Iterable[Reading]) -> bytes:
    """Write down everything that was counted, and these readings, in Prometheus's text format 0.0.4."""
    counted = Together(Path(settings.BACKBONE_METRICS_DIR)) if _IS_SHARED else _REGISTRY
    return generate_latest(counted) + generate_latest(_Shown(readings))


class Together:
    """What all processes of a machine have counted, as the library takes a registry.

    A file that cannot be read is passed by: whoever takes its slot begins it anew, which may be never.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def collect(self) -> Iterable[Metric]:
        """Add the files up."""
        files = [str(path) for path in self._directory.glob("*.db") if is_whole(path)]
        found: Iterable[Metric] = MultiProcessCollector.merge(files)
        return found


class _Shown:
    """The readings, as the library takes a registry."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._readings = tuple(readings)

    def collect(self) -> Iterable[Metric]:
        """Give a family for each gauge that shows something; one reading for each combination of labels."""
        families: dict[str, GaugeMetricFamily] = {}
        summed: dict[tuple[str, tuple[str, ...]], float] = {}
        for each in self._readings:
            made = GaugeMetricFamily(each.gauge.name, each.gauge.text, labels=tuple(each.gauge.allowed))
            families.setdefault(each.gauge.name, made)
            place = each.gauge.name, tuple(each.labels[name] for name in each.gauge.allowed)
            summed[place] = summed.get(place, 0.0) + each.value  # what is not declared is "other" together
        for (name, labels), value in summed.items():
            families[name].add_metric(labels, value)
        return families.values()


def _declared(allowed: Allowed, labels: Mapping[str, str]) -> dict[str, str]:
    if labels.keys() != allowed.keys():
        raise ValueError("not the labels of this family")
    return {name: value if value in allowed[name] else OTHER for name, value in labels.items()}
