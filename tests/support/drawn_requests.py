"""Requests drawn at random, as strange as a request line allows, for two programs to hash alike."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "get", "Post")
SEGMENTS: Final = (
    *("rest", "api", "3", "issue", "ALPHA-1", "a&b", "a&amp;b", "%2F", "a%2fb", "%26", "%C3%A4", "%e2%82%ac"),
    *("%20", "a+b", ".", "..", "...", ";x=1", "a,b", "a:b@c", "~", "-_.!$()*=", "%zz", "%", "", "ü"),
)
KEYS: Final = (
    *("x", "X", "y", "a", "B", "b", "A", "10", "9", "jwt", "JWT", "Jwt", "", "expand", "key[]", "a.b", "%78"),
    *("a%20b", "a+b", "%C3%A9", "é", "%zz", "jwt%20", "constructor", "length", "x,y", "x%2Cy", "a;b"),
)
VALUES: Final = (
    *(
        "",
        "1",
        "2",
        "10",
        "a+b",
        "a%20b",
        "a,b",
        "a%2Cb",
        "a%2Fb",
        "a/b",
        "a=b",
        "%26",
        "%3D",
    ),
    *(
        "*~!()'-_.",
        "%",
        "%4",
        "%zz",
        "100%",
        "ü",
        "%C3%BC",
        "%e2%82%ac",
        "日本",
        "a?b",
        "a:b",
        "%2B",
        "%25",
        ";",
    ),
    *("https%3A%2F%2Facme.atlassian.net", "a.b.c", "\u200b", "%00", "@", "[]", "%F0%9F%90%A1"),
)


@dataclass(frozen=True, slots=True)
class DrawnRequest:
    """Method, path and raw query of a request line; ``query`` is None where there is no question mark."""

    method: str
    path: str
    query: str | None

    @property
    def target(self) -> str:
        """Path and query as they are sent."""
        return self.path if self.query is None else f"{self.path}?{self.query}"


def drawn(number: int) -> DrawnRequest:
    """The request of this number: always the same one."""
    chance = random.Random(number)
    path = "/" + "/".join(_some(chance, SEGMENTS, most=5)) + chance.choice(("", "", "/", "//"))
    if not chance.randrange(8):
        return DrawnRequest(chance.choice(METHODS), path, None)
    return DrawnRequest(
        chance.choice(METHODS), path, chance.choice(("&", "&", "&&")).join(_parameters(chance))
    )


def _parameters(chance: random.Random) -> list[str]:
    keys = _some(chance, KEYS, most=6)
    repeated = [chance.choice(keys) for _ in range(chance.randrange(4))] if keys else []
    return [_parameter(chance, key) for key in (*keys, *repeated)]


def _parameter(chance: random.Random, key: str) -> str:
    return key if not chance.randrange(9) else f"{key}={chance.choice(VALUES)}"


def _some(chance: random.Random, words: Sequence[str], *, most: int) -> list[str]:
    return [chance.choice(words) for _ in range(chance.randrange(most + 1))]
