"""Which parts of a wiki text a normalisation looks at: code is left alone, and so is what is monospaced."""

import re
from collections.abc import Callable
from typing import Final

By = str | Callable[[re.Match[str]], str]
"""What is put in place of something: a template, or who tells it."""
CODE: Final = r"\{code(?::[^{}\n]*)?\}.*?\{code\}|\{noformat(?::[^{}\n]*)?\}.*?\{noformat\}"
MONOSPACED: Final = r"(?<!\\)\{\{(?! )[^\n]*?[^\n ]\}\}(?![a-zA-Z0-9]|[^\x00-\x7f\u00a0])"
"""Closed by signs with no letter after them: what is before one closes nothing."""
PICTURE: Final = r"(?<![\w!\\])!(?! )[^!\n ]*\.[^!\n]*[^!\n ]!(?!\w)|(?<![\w!\\])![^!\n |]+\|[^!\n ]+!(?!\w)"
LINK: Final = r"\[[^\[\]\n]+\]"


def outside(pattern: str, text: str, write: Callable[[str], str]) -> str:
    """Rewrite what is outside of everything that the pattern finds, which has no groups of its own."""
    parts = re.split(f"(?s)({pattern})", text)
    return "".join(part if place % 2 else write(part) for place, part in enumerate(parts))


def prose(text: str, write: Callable[[str], str]) -> str:
    """Rewrite what is not code."""
    return outside(CODE, text, write)


def lines(pattern: str, by: By, text: str) -> str:
    """Replace in what is not code; ``^`` and ``$`` are those of its lines."""
    found = re.compile(pattern, re.MULTILINE)
    return prose(text, lambda part: found.sub(by, part))


def words(pattern: str, by: By, text: str, *, besides: str = MONOSPACED) -> str:
    """Replace in what is neither code nor monospaced, nor found by the pattern ``besides``."""
    found = re.compile(pattern)
    return prose(text, lambda part: outside(besides, part, lambda one: found.sub(by, one)))
