"""JSON that nobody would send who means well, as one member of an object that is fine otherwise."""

import json
from collections.abc import Mapping
from typing import Any, Final

NO_JSON: Final[Mapping[str, bytes]] = {
    "lists 10,000 deep": b'"odd":' + b"[" * 10_000 + b"]" * 10_000,
    "objects 10,000 deep": b'"odd":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "not a number": b'"odd":NaN',
    "infinity": b'"odd":-Infinity',
    "1e400": b'"odd":1e400',
    "400 digits": b'"odd":' + b"9" * 400,
    "half a character": b'"odd":"\\ud800"',
    "the other half": b'"odd":"\\udc00x"',
    "half a character as a name": b'"\\ud800":1',
    "broken UTF-8": b'"odd":"\xff"',
    "a surrogate in UTF-8": b'"odd":"\xed\xa0\x80"',
    "a control character": b'"odd":"\x01"',
    "a NUL as it is": b'"odd":"\x00"',
    "hexadecimal": b'"odd":0x10',
    "a comment": b'"odd":1/**/',
    "a comma too many": b'"odd":1,',
}
"""What no strict parser takes."""

NUL: Final[Mapping[str, bytes]] = {
    "in a value": b'"odd":"a\\u0000b"',
    "in a name": b'"a\\u0000b":1',
    "deep down": b'"odd":[{"a":["\\u0000"]}]',
    "after a backslash": b'"odd":"\\\\\\u0000"',
}
"""Good JSON that no text column takes."""

HARMLESS: Final[Mapping[str, bytes]] = {
    "beyond 64 bits": b'"odd":18446744073709551616',
    "below 64 bits": b'"odd":-' + b"9" * 300,
    "a tiny number": b'"odd":1e-400',
    "the same name twice": b'"odd":1,"odd":{"odd":2}',
    "lists 900 deep": b'"odd":' + b"[" * 900 + b"]" * 900,
    "only looks like a NUL": b'"odd":"\\\\u0000"',
    "a character beyond the first plane": b'"odd":"\\ud83d\\ude00"',
    "an empty name": b'"":1',
    "a name of Python's": b'"__class__":"x","__proto__":{"polluted":true}',
}
"""Odd, but JSON, and nothing is to be taken from it."""


def with_member(said: Mapping[str, Any], member: bytes) -> bytes:
    """Put a member, written as it is, at the end of an object."""
    return json.dumps(said).encode()[:-1] + b"," + member + b"}"


def around(said: Mapping[str, Any]) -> dict[str, bytes]:
    """The object in an encoding or with surroundings that make it no JSON text."""
    text = json.dumps(said)
    return {
        "with a byte order mark": "\ufeff".encode() + text.encode(),
        "in UTF-16": text.encode("utf-16"),
        "twice": text.encode() * 2,
        "cut off": text.encode()[:-1],
        "in single quotes": text.replace('"', "'").encode(),
        "in a list": f"[{text}]".encode(),
        "as a text": json.dumps(text).encode(),
        "nothing at all": b"",
        "blanks": b" \n ",
        "null": b"null",
    }
