"""The query string hash that binds a token to one request.

Rules as Atlassian's ``atlassian-jwt`` applies them: method, path and sorted
query, joined by ``&`` and hashed. Keys and values are handled as bytes, so that
no two different queries become equal through a failed decoding.
"""

import hashlib
from collections import defaultdict
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

CONTEXT_QSH: Final = "context-qsh"
"""The literal claim of tokens that our own pages get from ``AP.context.getToken``."""


def query_hash(method: str, path: str, query: str) -> str:
    """Hash one request as the ``qsh`` claim wants it (hex SHA-256).

    ``path`` is as received, without scheme, host and base path; ``query`` is the raw
    query string. A parameter ``jwt`` carries the token itself and does not count.
    """
    canonical = "&".join((method.upper(), _canonical_path(path), _canonical_query(query)))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _canonical_path(path: str) -> str:
    """Strip one trailing slash; anything else, doubled slashes included, is hashed as it came."""
    absolute = path if path.startswith("/") else f"/{path}"
    trimmed = absolute[:-1] if len(absolute) > 1 and absolute.endswith("/") else absolute
    return trimmed.replace("&", "%26")


def _canonical_query(query: str) -> str:
    """Sort by key, then value; a repeated key appears once, its values joined by a literal comma."""
    values: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for parameter in query.split("&"):
        if not parameter:
            continue
        key, _, value = parameter.partition("=")
        values[_decoded(key)].append(_decoded(value))
    values.pop(b"jwt", None)
    return "&".join(
        f"{_encoded(key)}={','.join(map(_encoded, sorted(values[key])))}" for key in sorted(values)
    )


def _decoded(part: str) -> bytes:
    return unquote_to_bytes(part.replace("+", " "))


def _encoded(part: bytes) -> str:
    """RFC 3986: only unreserved characters stay bare."""
    return quote_from_bytes(part, safe="")
