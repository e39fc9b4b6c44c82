"""One form for equal values, and keyed digests of it.

A digest lets us tell "changed" from "as agreed" without keeping what a work
item says. The key belongs to the site: digests of two sites cannot be
compared, and destroying the key makes all of a site's digests meaningless.

Text is taken as it is: Jira stores what is sent, so two Unicode spellings of
one word are two values, and folding them would hide an edit for ever.
"""

import hashlib
import hmac
from typing import Final

from backbone_app.core.values import Day, Empty, Labels, Option, Rich, Text, Value, Wiki

CODEC: Final = 1
"""The version of ``encode``; every digest begins with it."""


def _framed(text: str) -> bytes:
    # The length keeps neighbours apart: {"a", "b"} is not {"a,b"}. A lone
    # surrogate cannot come from Jira, but no value may stop a whole pair.
    raw = text.encode("utf-8", "surrogatepass")
    return b"%d:%s" % (len(raw), raw)


def encode(value: Value) -> bytes:
    """Give the canonical form of ``value``: equal bytes for equal values, and only for them."""
    if isinstance(value, Empty):
        return b"empty"
    if isinstance(value, Labels):
        return b"labels " + b"".join(_framed(name) for name in sorted(value.names))
    tag, text = _tagged(value)
    return tag + _framed(text)


def _tagged(value: Text | Option | Day | Rich | Wiki) -> tuple[bytes, str]:
    match value:
        case Text(text):
            return b"text ", text
        case Option(name):
            return b"option ", name
        case Day(day):
            return b"day ", day
        case Rich(adf):
            return b"rich ", adf
        case _:
            return b"wiki ", value.text


def _keyed(key: bytes, field: str, form: bytes) -> str:
    return f"{CODEC}:{hmac.new(key, _framed(field) + form, hashlib.sha256).hexdigest()}"


def digest(key: bytes, field: str, value: Value) -> str:
    """Digest ``value`` of that field (a site's field id): codec version, colon, hex HMAC-SHA256."""
    return _keyed(key, field, encode(value))


def element(key: bytes, field: str, name: str) -> str:
    """Digest one label of a set; case counts, as it does for Jira's labels."""
    return _keyed(key, field, b"element " + _framed(name))
