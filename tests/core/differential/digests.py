"""Digests that can be read back, since every one that a comparison may meet was made here."""

from functools import cache

from backbone_app.core.canonical import digest, element
from backbone_app.core.state import UNDER_WAY
from backbone_app.core.values import Value
from tests.core.reference import Known

_READ: dict[tuple[bytes, str, str], Value | str] = {}


@cache
def of_value(key: bytes, field: str, value: Known) -> str | None:
    if value is None or isinstance(value, str):
        return value
    made = digest(key, field, value)
    _READ[key, field, made] = value
    return made


@cache
def of_name(key: bytes, field: str, name: str) -> str:
    made = element(key, field, name)
    _READ[key, field, made] = name
    return made


def read(key: bytes, field: str, made: str | None) -> Value | str | None:
    """Give back what was digested; a digest of anything else stays as it is, and so differs."""
    if made is None or made == UNDER_WAY:
        return made
    return _READ.get((key, field, made), made)
