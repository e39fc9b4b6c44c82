"""Codecs between Jira's JSON and our values, one per field."""

from collections.abc import Iterable, Mapping
from typing import Final

from backbone_app.core.values import FieldStep, Value

IDS: Final = ("summary", "priority", "labels")
"""The field ids we can read and write."""


def read(fields: Mapping[str, object]) -> dict[str, Value]:
    """Read the fields a site showed; a key it did not show is absent, null is EMPTY."""
    raise NotImplementedError


def write(field: str, value: Value) -> object:
    """Return the JSON that sets ``field`` to ``value`` (null clears)."""
    raise NotImplementedError


def steps(items: Iterable[object]) -> tuple[FieldStep, ...]:
    """Read changelog items; those of fields we do not know are left out."""
    raise NotImplementedError
