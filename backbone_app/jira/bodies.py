"""What Jira POSTs to us of its own accord, before anybody looks at what it says."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

from backbone_app.errors import MalformedDelivery

IDENTIFIER: Final = re.compile(r"[!-~]{1,200}")
ESCAPED_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def json_object(body: bytes) -> Mapping[str, Any]:
    """Parse strictly: NaN, lone surrogates and invalid UTF-8 are refused by the parser, NUL here.

    NUL is legal JSON, but no text column takes it. Raises MalformedDelivery.
    """
    if ESCAPED_NUL.search(body):
        raise MalformedDelivery("it contains a NUL character")
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise MalformedDelivery("it is not JSON") from None
    if not isinstance(said, dict):
        raise MalformedDelivery("it is not a JSON object")
    return said


def key(body: bytes, identifier: str | None) -> str:
    """Name what Jira repeats word for word: by its identifier, else by a digest of the body."""
    if identifier is None:
        return f"digest:{hashlib.sha256(body).hexdigest()}"
    if IDENTIFIER.fullmatch(identifier) is None:
        raise MalformedDelivery("its identifier is none")
    return identifier
